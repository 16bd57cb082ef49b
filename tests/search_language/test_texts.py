"""What a query finds in a text."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.search import analysis
from corpus.search.language import parse
from corpus.search.language.fields import fields
from corpus.search.language.texts import (
    Occurrence,
    Post,
    all_occurrences,
    forms,
    matches,
    regex,
    windows,
)
from corpus.search.language.tree import Pattern, Scope
from corpus.search.whoosh_backend.lexicon import _forms
from tests.texts import characters

TEXT = "The late frost took my beans; no late spring, no Frost-proof #beans grew."


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("frost", ["frost", "Frost"]),
        ('"late frost"', ["late frost"]),
        ('"frost late"', []),
        ('"frost late"~1', ["late frost"]),
        ('"frost spring"~2', ["spring, no Frost"]),
        ('"frost beans"~2', ["frost took my beans", "Frost-proof #beans"]),
        ("beans", ["beans", "#beans"]),
        ("#beans", ["#beans"]),
        ("l?te", ["late", "late"]),
        ("*ing", ["spring"]),
        ("frist~", ["frost", "Frost"]),
        ("frist~2 spring", ["frost", "spring", "Frost"]),
        ("took NOT spring", ["took"]),
        ("speaker:late", []),
    ],
)
def test_occurrences(query, found):
    tokens = list(analysis.tokens(TEXT))
    places = all_occurrences(parse(query).node, [word for word, _, _ in tokens])
    assert [TEXT[tokens[at][1] : tokens[at + n - 1][2]] for at, n in places] == found


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("frost speaker:ada", True),
        ('speaker:"ada lovelace"', True),
        ("speaker:love*", True),
        ("speaker:*", True),
        ("language:*", False),
        ("-language:*", True),
        ("speaker:ben OR spring", True),
        ("frost NOT spring", False),
        ("in:quotes hail", True),
        ("hail", False),
        ("in:all hail frost", True),
        ("after:2000", False),
    ],
)
def test_posts(query, expected):
    texts = {"own": [analysis.words(TEXT)], "quotes": [["hail"]]}
    texts["all"] = texts["own"] + texts["quotes"]
    post = Post({"speaker": "Ada Lovelace", "created": None}, texts.__getitem__)
    parsed = parse(query)
    assert matches(parsed.node, post, Scope(parsed.scope)) is expected


@given(
    st.lists(st.sampled_from(["a", "b", "c", "-"]), max_size=13),
    st.lists(st.sampled_from(["a", "b", "c"]), min_size=2, max_size=3),
    st.integers(0, 4),
)
def test_windows_are_the_least_that_hold_every_word(text, asked, apart):
    places = [[at for at, word in enumerate(text) if word == one] for one in asked]

    def holds(start, stop):
        def assign(rest, taken):
            if not rest:
                return True
            return any(
                assign(rest[1:], taken | {place})
                for place in rest[0]
                if start <= place < stop and place not in taken
            )

        return assign(places, frozenset())

    longest = len(places) + apart
    expected = [
        Occurrence(start, length)
        for start in range(13)
        for length in range(1, longest + 1)
        if holds(start, start + length)
        and not holds(start + 1, start + length)
        and not holds(start, start + length - 1)
    ]
    assert sorted(windows(places, apart)) == expected


class Watched(list):
    """Places that count how many of them are read."""

    read = 0

    def __getitem__(self, at):
        found = super().__getitem__(at)
        self.read += len(found) if isinstance(at, slice) else 1
        return found

    def __iter__(self):
        self.read += len(self)
        return super().__iter__()


def test_places_far_from_a_stretch_are_not_read():
    first, second = Watched(range(0, 6000, 3)), Watched(range(1, 6000, 3))
    assert len(list(windows([first, second], 50))) == 3999
    assert first.read + second.read < 300 * (len(first) + len(second))


def globbed(pattern, word):
    """Whether the pattern is of the whole word, by trying everything."""
    if not pattern:
        return not word
    if pattern[0] == "*":
        return any(globbed(pattern[1:], word[at:]) for at in range(len(word) + 1))
    return bool(word) and pattern[0] in ("?", word[0]) and globbed(pattern[1:], word[1:])


_patterned = st.text("ab.*?", min_size=1, max_size=8)
_plain = st.lists(st.text("ab.", min_size=1, max_size=8), min_size=1, max_size=6)


@given(_patterned, _plain)
def test_wildcards_stand_for_any_letters(pattern, words):
    expected = [word for word in words if globbed(pattern, word)]
    assert [word for word in words if regex(pattern).fullmatch(word)] == expected
    lexicon = sorted(set(words))
    forms = _forms(lexicon, Pattern(pattern), ["en"], fold=True)
    assert list(forms) == [word for word in lexicon if word in expected]


@given(st.text("ab*?", min_size=1, max_size=8), st.text("ab", min_size=1, max_size=8))
def test_wildcards_of_fields_are_those_of_words(pattern, word):
    plain = not set("*?") & set(pattern)
    expected = pattern == word if plain else globbed(pattern, word)
    assert fields["thread"].accepts(word, pattern) is expected
    assert fields["thread"].accepts(f"x {word} y", f"x {pattern}") is expected


@pytest.mark.parametrize("wanted", ["Chloé", "chloe", "CHLO?", "chl*é D", "CHLOE\u0301 d"])
def test_names_are_found_with_and_without_accents(wanted):
    assert fields["speaker"].accepts("Chloé D.", wanted)


def test_many_wildcards_are_answered():
    """Tried one by one, the ways to divide a word among these stars would outlast the tests."""
    pattern, word = "?*" * 20 + "z", "donaudampfschifffahrtsgesellschaftskapitaen"
    assert forms(Pattern(pattern), {word, word + "z"}) == {word + "z"}
    assert list(_forms([word, word + "z"], Pattern(pattern), ["de"], fold=True)) == [word + "z"]
    assert not fields["thread"].accepts(word, pattern)
    assert fields["thread"].accepts(word + "z", pattern)


@given(st.text(characters, max_size=60))
def test_words_are_those_of_the_tokens(text):
    assert analysis.words(text) == [word for word, _, _ in analysis.tokens(text)]


@given(st.text("ab1#@'_.,: -\n", max_size=30))
def test_ascii_words_are_those_of_the_pattern(text):
    assert list(analysis.tokens(text)) == [
        (match.group(), *match.span()) for match in re.finditer(analysis.WORD, text)
    ]


@given(st.text(characters, max_size=60))
def test_places_are_those_of_the_words(text):
    assert list(analysis.places(text)) == [(start, end) for _, start, end in analysis.tokens(text)]
