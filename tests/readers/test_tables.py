"""Tables as spreadsheets and databases write them: delimiters, line ends, encodings."""

import codecs
import time

import pytest

from forumimport import readers
from forumimport.drafts import segmented_each
from forumimport.readers import Source, Unreadable, reader_for, tables
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


NEVER = "A quotation mark is never closed; put one where its cell ends, or take it out."
WIDE = "thread_id,id,author,text\n"


@pytest.mark.parametrize(
    ("rows", "line", "words"),
    [
        ('1,1,ada,"one\n1,2,bob,two\n1,3,eve,three\n', 2, ["two", "three"]),
        ('1,1,ada,one\n1,2,bob,"two', 3, ["one"]),
        ('1,1,ada,"one, or\n1,2,bob,"two\nlines"\n1,3,eve,three\n', 2, ["two\nlines", "three"]),
        ('"1","1","ada","one\n"1","2","bob","two\nlines"\n', 2, ["two\nlines"]),
    ],
    ids=["at the end", "in the last row", "by a quotation", "all quoted"],
)
def test_quotation_that_is_never_closed_costs_its_line(rows, line, words):
    failed, draft = read((WIDE + rows).encode(), format="table")
    assert (failed.locator, failed.reason) == (f"line {line}", NEVER)
    assert [text for text, _, _ in posts(draft)] == words


def test_quotation_that_is_never_closed_costs_no_thread():
    content = WIDE + '1,1,ada,"one\n1,2,bob,two\n2,3,eve,three\n2,4\n'
    never, short, first, second = read(content.encode(), format="table")
    assert [never.locator, short.locator] == ["line 2", "line 5"]
    assert (posts(first), posts(second)) == ([("two", "bob", None)], [("three", "eve", None)])


@pytest.mark.parametrize(
    "words",
    [
        "Hello, friends,\nI have, well, things, to say",
        "Thanks!\nCheers,",
        "As lists go:\nleeks,pots\nand,so,on",
        'He said "deep".\n\nVery.',
        "line\n" * 30_000 + "end",
    ],
    ids=["commas", "comma at the end", "lists", "quotations", "long"],
)
def test_cell_of_several_lines_is_one_cell(words):
    quoted = '"' + words.replace('"', '""') + '"'
    for header in ("thread_id,text\n1,", WIDE + "1,1,ada,", "thread_id\ttext\n1\t"):
        assert posts(thread(f"{header}{quoted}\n".encode(), format="table"))[0][0] == words


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ('"Hello" she said', '"Hello" she said'),
        ('"Hello"', '"Hello"'),
        ('"never closed', '"never closed'),
        ('"Hello, ""you"""', 'Hello, "you"'),
        ('"two\nlines"', "two\nlines"),
        ('"a tab\tin it"', "a tab\tin it"),
    ],
)
def test_quotation_marks_in_cells_parted_by_tabs_are_words_or_around_them(cell, words):
    content = f'thread_id\tid\ttext\n1\t1\t{cell}\n1\t2\t5" pots\n1\t3\tA 5"\n'
    assert [text for text, _, _ in posts(thread(content.encode()))] == [words, '5" pots', 'A 5"']


def test_cells_parted_by_tabs_are_quoted_where_several_are():
    content = 'thread_id\tauthor\ttext\n"1"\t"ada"\t"One."\n'
    assert posts(thread(content.encode())) == [("One.", "ada", None)]


def test_quotation_that_is_never_closed_is_told_by_rows_that_follow():
    rows = "".join(f"1,{n},bob,two\n" for n in range(2, 152))
    content = WIDE + '1,1,ada,"one\n' + rows + '1,152,eve,"a\nb"\n'
    failed, draft = read(content.encode(), format="table")
    assert (failed.locator, failed.reason) == ("line 2", NEVER)
    assert [text for text, _, _ in posts(draft)] == ["two"] * 150 + ["a\nb"]


def test_quotations_that_are_never_closed_take_no_time_by_the_square(monkeypatch):
    monkeypatch.setattr(tables, "_REACH", 1024)
    row = '1,a"b,"c\n'  # Behind an open quotation it closes that and opens another.
    start = time.process_time()
    read(("thread_id,x,y,text\n" + row * 40_000).encode(), format="table")
    assert time.process_time() - start < 10


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        (
            b"\x8a",
            "Its thread's name holds half a character, a lone surrogate (character 1), so it is "
            "damaged.",
        ),
        (b"a" * 200_000, "Its thread's name is longer than 1,000 characters."),
    ],
    ids=["half a character", "without end"],
)
def test_row_whose_thread_has_no_name_to_keep_costs_itself(name, reason):
    content = b"id,thread_id,text\n1," + name + b",One.\n2,a,Two.\n"
    failed, draft = read(content, format="table", encoding="utf-7")
    assert (failed.locator, failed.reason) == ("line 2", reason)
    assert posts(draft) == [("Two.", "", None)]


@pytest.mark.parametrize(
    ("table", "text"),
    [
        ('thread,text\nt1,"Beans\n1,5 kr"\nt1,"fine"\n', "Beans\n1,5 kr"),
        ('thread,author,text\nt1,Fen,"See:\n1,2,3"\nt1,Wren,fine\n', "See:\n1,2,3"),
        ('thread,text\nt1,"Dear all\nyes,no\nup,down"\nt1,fine\n', "Dear all\nyes,no\nup,down"),
    ],
)
def test_lines_of_a_cell_may_look_like_rows(table, text):
    drafts = list(readers.read(Source("a.csv", table.encode()), format="table"))
    assert [type(draft).__name__ for draft in drafts] == ["ThreadDraft"]
    assert text in segmented_each(drafts)[0].documents[0].text
