"""Tables as databases write them: backslashes, signs for nothing, and what only looks like them."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forumimport.readers.notations import notation
from tests.readers.reading import posts, problems, read, thread

TOLD = "The table is read as databases write it: a backslash and the sign behind it are one sign"
HEADER = "thread_id\tid\tauthor\ttext\n"


def words(content, **options):
    """Return the writer and words of each post."""
    return [(speaker, text) for text, speaker, _ in posts(thread(content.encode(), **options))]


def told(content):
    return [reason for _place, reason in problems(thread(content.encode()))]


def test_copy_of_postgres_is_read():
    content = HEADER + (
        't1\t1\tAda\tOne \\\\ two\\nthree\\tfour\nt1\t2\t\\N\t"Hi" he said\nt1\t3\tNULL\t"Yes"\n'
    )
    assert words(content) == [
        ("Ada", "One \\ two\nthree\tfour"),
        ("", '"Hi" he said'),
        ("NULL", '"Yes"'),
    ]
    assert told(content) == [f"{TOLD}, and \\N no words."]


def test_words_in_quotation_marks_keep_them_where_others_have_none():
    content = HEADER + 't1\t1\t\\N\tOne\\ntwo\nt1\t2\tBo\t"Three"\nt1\t3\tCy\tFour\n'
    assert words(content) == [("", "One\ntwo"), ("Bo", '"Three"'), ("Cy", "Four")]


def test_outfile_of_mysql_is_read():
    content = (
        "thread_id,id,author,text\n"
        '1,1,\\N,"Do you say \\"deep\\",\\\nor C:\\\\deep?"\n'
        '1,2,NULL,"One, ""two"""\n'
        '1,3,"NULL","\\\\"\n'
    )
    assert words(content) == [
        ("", 'Do you say "deep",\nor C:\\deep?'),
        ("", 'One, "two"'),
        ("NULL", "\\"),
    ]
    assert told(content) == [f"{TOLD}, and \\N and NULL no words."]


def test_rows_without_quotation_marks_may_hold_line_ends_behind_a_backslash():
    content = HEADER + "t1\t1\t\\N\tOne\\\ntwo\\\tthree\nt1\t2\tBo\tFour\n"
    assert words(content) == [("", "One\ntwo\tthree"), ("Bo", "Four")]
    failed, draft = read((content + "t1\n").encode())
    assert (failed.locator, len(posts(draft))) == ("line 5", 2)


def test_half_a_line_end_in_a_cell_ends_no_row():
    content = HEADER + "t1\t1\t\\N\tOne.\r\\ntwo\nt1\t2\tBo\tFour\n"
    assert words(content) == [("", "One.\r\ntwo"), ("Bo", "Four")]


def test_output_of_the_client_of_mysql_is_read():
    content = HEADER + 't1\t1\tAda\tOne.\\n\\n"Two" \\\\ three\nt1\t2\tNULL\tFour\n'
    assert words(content) == [("Ada", 'One.\n\n"Two" \\ three'), ("", "Four")]


def test_null_is_no_word_where_all_words_are_quoted():
    content = (
        'thread_id,id,author,text\n1,1,NULL,"One ""two"" C:\\new"\n1,2,"NULL","a,NULL,b\nNULL"\n'
    )
    assert words(content) == [("", 'One "two" C:\\new'), ("NULL", "a,NULL,b\nNULL")]
    assert told(content) == []


def test_sign_for_nothing_stands_in_tables_without_backslashes_too():
    content = 'thread_id,id,author,text\n1,1,\\N,"One ""two"" C:\\new"\n'
    assert words(content) == [("", 'One "two" C:\\new')]


@pytest.mark.parametrize(
    ("content", "read_as"),
    [
        ("thread_id,author,text\n1,NULL,One\n1,Bo,Two\n", [("NULL", "One"), ("Bo", "Two")]),
        ('thread_id,author,text\n1,"A","C:\\new"\n1,"B","ends in \\"\n', [
            ("A", "C:\\new"), ("B", "ends in \\"),
        ]),
        ('thread_id,author,text\n1,"A","a \\""quoted\\"" b"\n', [("A", 'a \\"quoted\\" b')]),
        ("thread_id\tauthor\ttext\n1\tA\tput '\\n' or '\\t'\n", [("A", "put '\\n' or '\\t'")]),
        ("thread_id\tauthor\ttext\n1\tA\tOne.\\nC:\\Users\n", [("A", "One.\\nC:\\Users")]),
        ('thread_id\tauthor\ttext\n1\tA\tsaid \\"so\\"\n', [("A", 'said \\"so\\"')]),
    ],
)  # fmt: skip
def test_other_tables_are_read_as_they_stand(content, read_as):
    assert words(content) == read_as
    assert told(content) == []


def test_who_escapes_only_quotation_marks_keeps_other_backslashes():
    content = 'thread_id,author,text\n1,"A","in C:\\Users, \\"new\\" and \\new"\n'
    assert words(content) == [("A", 'in C:\\Users, "new" and \\new')]


def test_notation_is_told_once_a_table():
    rows = "".join(f"t{number}\t1\t\\N\tOne\\ntwo\n" for number in range(3))
    drafts = read((HEADER + rows).encode())
    assert [len(problems(draft)) for draft in drafts] == [1, 0, 0]


PHPBB = "post_id,topic_id,post_time,post_username,post_subject,post_text\n"


@pytest.mark.parametrize(
    ("stored", "meant"),
    [
        ("[quote=&quot;Ada&quot;:3k2j1abc]Why?[/quote:3k2j1abc]", '[quote="Ada"]Why?[/quote]'),
        ("[quote:3f2a1b9c0d=$Ada$]Why?[/quote:3f2a1b9c0d]", "[quote=$Ada$]Why?[/quote]"),
        ("[list=1:3k2j1abc][*:3k2j1abc]a[/*:m:3k2j1abc][/list:o:3k2j1abc]",
         "[list=1][*]a[/*][/list]"),
        ("5 &lt; 6 &amp;amp; &#58;", "5 < 6 &amp; :"),
        ("<!-- s:) --><img src=$x$ alt=$:)$ /><!-- s:) -->", ":)"),
        ("<!-- m --><a class=$postlink$ href=$http://a.example/long/way$>http://a.ex ... way</a>"
         "<!-- m -->", "http://a.example/long/way"),
        ("<t>One &amp; two<br/>\nthree</t>", "One & two\nthree"),
        ("<r><QUOTE author=$Ada$><s>[quote=Ada]</s>Why?<e>[/quote]</e></QUOTE>&lt;b&gt;</r>",
         "[quote=Ada]Why?[/quote]<b>"),
        ("as it is: <b> &amp; AT&T", "as it is: <b> &amp; AT&T"),
        ("[b:3k2j1abc]not closed", "[b:3k2j1abc]not closed"),
    ],
)  # fmt: skip
def test_text_stored_by_phpbb_is_read_as_written(stored, meant):
    cell = stored.replace("$", '""')
    content = f'{PHPBB}1,7,1556877600,Ada &amp; Bo,Q&amp;A,"{cell}"\n'
    draft = thread(content.encode())
    assert draft.title == "Q&A"
    assert posts(draft) == [(meant.replace("$", '"'), "Ada & Bo", None)]


@pytest.mark.parametrize("text", ["Q &amp; A", "[/b:nothing]", "<t>tag</t>", "a <!-- s:) --> b"])
def test_text_of_other_tables_is_no_text_of_phpbb(text):
    assert words(f'thread_id,author,text\n1,A,"{text}"\n') == [("A", text)]


@given(
    st.lists(
        st.tuples(st.sampled_from(["Ada", None]), st.text("ab \\\"\n\r\tN,n'0", min_size=1)),
        min_size=1,
    )
)
@settings(deadline=None)
def test_what_databases_write_is_read_back(rows):
    def copied(text):
        if text is None:
            return "\\N"
        for sign, written in (("\\", "\\\\"), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t")):
            text = text.replace(sign, written)
        return text

    plain = [(None, "x")] * (len(rows) + 1)
    lines = [f"{copied(author)}\t{copied(text)}\n" for author, text in [*plain, *rows]]
    table = "author\ttext\n" + "".join(lines)
    chosen = notation(table, "\t")
    given_lines = chosen.whole(iter(table.splitlines(keepends=True)[1:]), "author\ttext\n")
    assert list(chosen.rows(given_lines)) == [[a or "", t] for a, t in [*plain, *rows]]


@pytest.mark.parametrize(
    "sign",
    [
        *(
            '"',
            "\\",
            '\\"',
            "\\N,",
            '"\\',
            ",",
            '",',
            "\r",
            "\\\n",
            "[/b:aaaaaa]",
            "<r>",
            "<",
            "&#",
        ),
        *("<!-- m --><a ", '<!-- m --><a href="', "<!-- s", "[b:aaaaaa]"),
    ],
)
def test_any_signs_are_read_in_time(sign):
    start = time.perf_counter()
    for delimiter in ",\t":
        header = delimiter.join(("topic_id", "author", "post_text")) + "\n"
        row = delimiter.join(("1", "\\N", '"\\"x"')) + "\n"
        read((header + row + delimiter.join(("1", "A", sign * 100_000))).encode(), format="table")
    assert time.perf_counter() - start < 10
