"""Every word is found, by its stem and as written."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.search import analysis
from corpus.search.whoosh_backend.stems import stem


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("I and not a", ["i", "and", "not", "a"]),
        ("Don't, don’t", ["don't", "don't"]),
        ("the dogs' rock'n'roll", ["the", "dogs", "rock'n'roll"]),
        ("well-known", ["well", "known"]),
        ("end.Next e.g.", ["end", "next", "e", "g"]),
        ("3.14 10:30 1,000", ["3.14", "10:30", "1,000"]),
        ("#beans @Ada_L", ["#beans", "@ada_l"]),
        ("ada@example.org", ["ada", "@example", "org"]),
        ("https://example.org/a?b=1", ["https", "example", "org", "a", "b", "1"]),
        ("_so_ snake_case", ["so", "snake", "case"]),
        ("cafe\u0301 CAFÉ", ["café", "café"]),
        ("हिन्दी", ["हिन्दी"]),
        ("東京 です", ["東", "京", "で", "す"]),
        ("👍🏽 👩‍👩‍👧❤️", ["👍🏽", "👩‍👩‍👧", "❤️"]),
        ("שלום مرحبا", ["שלום", "مرحبا"]),
        ("gar\u00adden im\u2060possible", ["garden", "impossible"]),
        ("м’ята мʼята ʼtis", ["м'ята", "м'ята", "tis"]),
        ("🇮🇸🇳🇴", ["🇮🇸", "🇳🇴"]),
        (": ) …", []),
    ],
)
def test_words(text, words):
    assert analysis.words(text) == words
    assert [word for word, _, _ in analysis.tokens(text)] == words


@given(
    st.text("aé가각", max_size=3),
    st.text(
        "\u0301\u0316\u0327\u0344\u0f71\u0f72\u0f73\u05b0\u3099\u0345\u034f\u0488\U0001d165",
        min_size=16,
    ),
    st.text("b\u0301", max_size=3),
)
def test_words_with_many_marks_are_composed_as_unicode_says(before, marks, behind):
    word = before + marks + behind
    assert analysis.plain(word) == unicodedata.normalize("NFC", word)


def test_thousands_of_marks_on_a_letter_cost_no_more_than_their_number():
    """Ten times as many took a hundred times as long."""
    start = time.process_time()
    assert analysis.words("a" + "\u0301\u0316" * 50_000)
    assert analysis.folded("a" + "\u0301\u0316" * 50_000) == "a"
    assert time.process_time() - start < 3


def test_words_that_no_language_has_have_no_stem():
    word = "aya" * 100_000
    assert stem(word, "en") == word


def test_tokens_say_where_they_stand():
    text = "Ö, cafe\u0301 😀!"
    assert [text[start:end] for _, start, end in analysis.tokens(text)] == ["Ö", "cafe\u0301", "😀"]


@pytest.mark.parametrize(
    ("word", "language", "expected"),
    [
        ("running", "en", "run"),
        ("ada's", "en", "ada"),
        ("#beans", "en", "bean"),
        ("l'homme", "fr", "homm"),
        ("maisons", "fr", "maison"),
        ("häuser", "de", "haus"),
        ("þjóðir", "is", "þjoðir"),
        ("книги", "ru", "книг"),
        ("résumés", "en", stem("resumes")),
        ("straße", "xx", "strasse"),
        ("ISPARTA'da".lower(), "tr", stem("ısparta", "tr")),
        ("👍🏽", "en", "👍"),
        ("☕️", "en", "☕"),
    ],
)
def test_stem(word, language, expected):
    assert stem(word, language) == expected


def test_stem_keeps_accents_by_choice():
    assert stem("voilà", "xx", fold=False) == "voilà"
