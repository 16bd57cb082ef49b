"""Tables as spreadsheets and databases write them: delimiters, line ends, encodings."""

import codecs

import pytest

from forumimport.readers import Source, Unreadable, reader_for
from tests.readers.reading import posts, problems, read, thread

ROWS = [
    ("thread_id", "author", "date", "text"),
    ("t1", "Ada", "2019-05-03 10:00", "How deep do leeks go, and how far apart?"),
    ("t1", "Bö", "2019-05-03 10:05", "Für große: tief, für üppige: tiefer."),
]
POSTS = [(text, author, None) for _thread, author, _date, text in ROWS[1:]]


def table(delimiter="\t", *, end="\n", above=""):
    return above + end.join(delimiter.join(row) for row in ROWS) + end


def detected(content, name="file"):
    return reader_for(Source(name, content)).id


@pytest.mark.parametrize("delimiter", ["\t", ";", "|", "^", "~", "\x01", "\x1f"])
def test_table_is_told_by_its_delimiter(delimiter):
    content = table(delimiter).encode()
    assert detected(content) == "table"
    assert posts(thread(content)) == POSTS


@pytest.mark.parametrize("above", ["sep=;\n", '"sep=;"\n', "SEP=;\n"])
def test_line_that_names_the_delimiter_is_no_row(above):
    content = table(";", above=above).encode() + b"t1;Cy\n"
    assert detected(content) == "table"
    failed, draft = read(content)
    assert (failed.locator, failed.reason) == (
        "line 5",
        "It has 2 cells where the header has 4 columns.",
    )
    assert posts(draft) == POSTS


def test_line_ends_of_old_machines_are_read():
    content = table(end="\r").encode()
    assert detected(content) == "table"
    failed, draft = read(content + b"t1\r")
    assert (failed.locator, posts(draft)) == ("line 4", POSTS)


@pytest.mark.parametrize("mark", [codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE])
def test_utf_16_is_told_by_its_mark(mark):
    name = "utf-16-le" if mark == codecs.BOM_UTF16_LE else "utf-16-be"
    content = mark + table(end="\r\n").encode(name)
    assert detected(content) == "table"
    draft = thread(content)
    assert posts(draft) == POSTS
    (document,) = draft.documents
    assert (document.encoding, document.encoding_guessed) == ("utf-16", False)


def test_encoding_that_nobody_states_is_guessed_and_told():
    draft = thread(table(";").encode("cp1252"))
    assert posts(draft) == POSTS
    (document,) = draft.documents
    assert (document.encoding, document.encoding_guessed) == ("cp1252", True)
    assert problems(draft) == [
        (
            "thread t1",
            "The encoding is not stated; read as cp1252. If characters look wrong, import it with "
            "--encoding NAME.",
        )
    ]


@pytest.mark.parametrize("name", ["words.csv", "words.tsv.gz"])
def test_file_called_a_table_is_no_thread_text(name):
    content = b"Leeks\n\nHow deep do they go?\n"
    assert detected(content, name) == "table"
    with pytest.raises(Unreadable) as refusal:
        read(content, format="table")
    assert str(refusal.value) == (
        "file is no table: its first line names no columns, parted by comma, tab, semicolon or "
        "bar; write them there, as thread_id, author, date, text."
    )
