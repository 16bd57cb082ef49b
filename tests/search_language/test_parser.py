"""A query becomes a tree, or a hint that points at the place."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.search.language import (
    And,
    Anything,
    Dated,
    FieldIs,
    Fuzzy,
    Not,
    Or,
    Pattern,
    Phrase,
    Query,
    QueryError,
    Scope,
    Word,
    parse,
)
from tests.texts import characters

A, B, C = Word("a"), Word("b"), Word("c")


@pytest.mark.parametrize(
    ("query", "node"),
    [
        ("", Anything()),
        ("*", Anything()),
        ("Frost", Word("frost")),
        ("and", Word("and")),
        ("a b", And((A, B))),
        ("a AND b", And((A, B))),
        ("a OR b c", Or((A, And((B, C))))),
        ("(a OR b) c", And((Or((A, B)), C))),
        ("a NOT b", And((A, Not(B)))),
        ("a -b", And((A, Not(B)))),
        ("-a", Not(A)),
        ("NOT NOT a", Not(Not(A))),
        ("a, b & c", And((A, B, C))),
        ("well-known", Phrase(("well", "known"))),
        ('"a b"', Phrase(("a", "b"))),
        ("“a b”", Phrase(("a", "b"))),
        ("„a b“", Phrase(("a", "b"))),
        ("«a b»", Phrase(("a", "b"))),
        ('"a"', Phrase(("a",))),
        ('"a b"~5', Phrase(("a", "b"), apart=5)),
        (f'"{"a " * 10}"~5', Phrase(("a",) * 10, apart=5)),
        (f'"{"a " * 99}"', Phrase(("a",) * 99)),
        ("gard*", Pattern("gard*")),
        ("Gr?y", Pattern("gr?y")),
        ("what?", Word("what")),
        ("colour~", Fuzzy("colour", 1)),
        ("colour~2", Fuzzy("colour", 2)),
        ("speaker:Ada", FieldIs("speaker", "Ada")),
        ('Thread:"copper tape"', FieldIs("thread", "copper tape")),
        ("-speaker:Ada", Not(FieldIs("speaker", "Ada"))),
        ("after:2004", Dated(start=date(2004, 1, 1))),
        ("before:2004-05", Dated(end=date(2004, 5, 1))),
        ("after:2004-05-17", Dated(start=date(2004, 5, 17))),
        ("http://x.org", Phrase(("http", "x", "org"))),
        ("http://x.org/a?b=c", Phrase(("http", "x", "org", "a", "b", "c"))),
        ("हिन्*", Pattern("हिन्*")),
        ("हिन्दी~", Fuzzy("हिन्दी", 1)),
        ("note: a", And((Word("note"), A))),
        ("10:30", Word("10:30")),
        ("don’t", Word("don't")),
        ("#beans @ada", And((Word("#beans"), Word("@ada")))),
    ],
)
def test_query_is_read(query, node):
    assert parse(query) == Query(node)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("in:quotes a", Query(A, Scope.QUOTES)),
        ("a in:all", Query(A, Scope.ALL)),
        ("in:quotes", Query(Anything(), Scope.QUOTES)),
    ],
)
def test_scope_is_said_anywhere(query, expected):
    assert parse(query) == expected


@pytest.mark.parametrize(
    ("query", "place", "hint"),
    [
        ('frost "late', '"', "not closed"),
        ("(a", "(", "not closed"),
        ("a)", ")", "closes none"),
        ("a ()", "()", "nothing between"),
        ("a OR", "OR", "nothing after “OR”"),
        ("AND a", "AND", "nothing before “AND”"),
        ("a OR OR b", "OR", "nothing after “OR”"),
        ("(OR a)", "OR", "nothing before “OR”"),
        ("a NOT", "NOT", "nothing after “NOT”"),
        ("poster:Ada", "poster:", "no field “poster:”"),
        ("speaker: Ada", "speaker:", "Say what “speaker:” should be"),
        ("speaker:(Ada)", "speaker:", "Say what “speaker:” should be"),
        ("after:May", "May", "no date"),
        ("after:2004-13", "2004-13", "no date"),
        ("in:brackets", "brackets", "in:quotes"),
        ("(in:quotes a)", "quotes", "outside all brackets"),
        ("in:quotes in:all", "all", "said once"),
        ('""', '""', "no words"),
        ('"a b"~0', "~0", "~1 to ~50"),
        ('"a b"~999999', "~999999", "~1 to ~50"),
        (f'x "{"a " * 11}"~5', f'"{"a " * 11}"~5', "At most 10 words"),
        ("a~9", "~9", "~1 or ~2"),
        ("well-known~", "well-known~", "one word at a time"),
        ("a*-b", "a*-b", "inside one word"),
        ("(" * 25 + "a" + ")" * 25, "(", "at most 20 deep"),
        ("a " * 101, "a", "at most 100 parts"),
    ],
)
def test_bad_query_gets_a_hint_at_its_place(query, place, hint):
    with pytest.raises(QueryError, match=hint.replace("(", r"\(")) as caught:
        parse(query)
    assert caught.value.parts[1] == place
    assert "".join(caught.value.parts) == query


def test_too_long_a_query_is_refused():
    with pytest.raises(QueryError, match="at most 2000 characters"):
        parse("x" * 2001)


def _read(query):
    try:
        return parse(query)
    except QueryError as error:
        return error


_parts = st.one_of(
    st.sampled_from(
        [
            "AND", "OR", "NOT", "-", "(", ")", '"', "“", "”", "~", "~3", "*", "?", ":", "in:",
            "in:quotes", "after:", "2004-05", "speaker:", "thread:", "code:", "foo:", "\0", "\n",
        ]
    ),
    st.text(characters, max_size=6),
)  # fmt: skip


@given(st.lists(st.tuples(_parts, st.sampled_from(["", " "])), max_size=25))
def test_any_query_is_read_or_hinted_at(parts):
    query = "".join(part + gap for part, gap in parts)
    answer = _read(query)
    if isinstance(answer, QueryError):
        assert answer.hint
        assert 0 <= answer.start <= answer.end <= len(query)
    else:
        assert isinstance(answer, Query)


_words = st.sampled_from(["frost", "beans", "spring", "don't", "3.5"])
_leaves = st.one_of(
    _words.map(lambda word: (word, Word(word))),
    st.lists(_words, min_size=1, max_size=3).map(
        lambda words: (f'"{" ".join(words)}"', Phrase(tuple(words)))
    ),
    _words.map(lambda word: (f"speaker:{word}", FieldIs("speaker", word))),
    _words.map(lambda word: (f"{word}~2", Fuzzy(word, 2))),
    st.just(("b?an*", Pattern("b?an*"))),
)


def _several(joined, into):
    def made(parts):
        return (
            "(" + joined.join(text for text, _ in parts) + ")",
            into(tuple(node for _, node in parts)),
        )

    return made


_trees = st.recursive(
    _leaves,
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(_several(" ", And)),
        st.lists(inner, min_size=2, max_size=3).map(_several(" AND ", And)),
        st.lists(inner, min_size=2, max_size=3).map(_several(" OR ", Or)),
        inner.map(lambda part: (f"NOT {part[0]}", Not(part[1]))),
    ),
    max_leaves=8,
)


@given(_trees)
def test_what_is_written_is_what_is_read(written):
    text, node = written
    assert parse(text).node == node
