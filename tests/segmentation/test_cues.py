"""The small pure functions behind the cues, one table each."""

import pytest

from corpus.segmentation import gaps, lines, marks, titles, words
from corpus.spans import Span


@pytest.mark.parametrize(
    "end", ["\n", "\r", "\r\n", "\x85", "\u2028", "\u2029"], ids=lambda end: repr(end)
)
def test_lines_end_at_every_line_end_and_count_blank_ones(end):
    text = f"one{end}{end} \t{end}two{end}three{end}"
    assert [(line.span.of(text), line.blanks) for line in lines.filled(text)] == [
        ("one", 0),
        ("two", 2),
        ("three", 0),
    ]


@pytest.mark.parametrize("character", ["\v", "\f", "\x1c", "\x1d", "\x1e"])
def test_lines_do_not_end_at_other_separators(character):
    assert [line.span for line in lines.filled(f"one{character}two")] == [Span(0, 7)]


@pytest.mark.parametrize("text", ["", " ", "\r\n\r\n", "\u00a0\u2028"])
def test_no_line_is_filled_in_white_space(text):
    assert list(lines.filled(text)) == []


@pytest.mark.parametrize(
    ("widths", "paragraph"),
    [
        ([], 0),
        ([1, 1, 1], 1),
        ([0, 0], 1),
        ([0, 2, 0], 1),
        ([1, 2, 1, 4], 1),
        ([2, 3, 2], 0),
        ([1, 3, 1, 5, 3], 3),
    ],
)
def test_paragraph_gap_follows_the_document(widths, paragraph):
    assert gaps.paragraph_gap(widths) == paragraph


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("\n\nOn  moles\n\nWhy?", "On  moles"),
        ("On moles", "On moles"),
        ("On moles\nWhy?\n\nWhy not.", None),
        ("m" * 301 + "\n\nWhy?", None),
        ("", None),
    ],
)
def test_title_is_the_first_line_set_off(text, title):
    span = titles.find(list(lines.filled(text)))
    assert (span and span.of(text)) == title


@pytest.mark.parametrize(
    ("line", "depth"),
    [
        ("plain", 0),
        (">", 1),
        ("> one", 1),
        (">one", 1),
        (">> two", 2),
        ("> > > three", 3),
        ("> - bullet", 1),
        (">_<", 0),
        (">:(", 0),
        ("-> arrow", 0),
    ],
)
def test_marks_say_how_deep_a_line_is_quoted(line, depth):
    assert marks.depth(line) == depth


@pytest.mark.parametrize(
    ("one", "other"),
    [("Straße, GROSS", "STRASSE gross"), ("well-kept", "Well kept!"), ("漢字 kana", "漢 字 KANA")],
)
def test_words_are_equal_whatever_their_case_and_signs(one, other):
    ids = words.find(f"{one}\n{other}").ids
    half = len(ids) // 2
    assert ids[:half] == ids[half:]


def test_words_know_their_places():
    text = "No, 🦉 flies."
    found = words.find(text)
    assert [text[a:b] for a, b in zip(found.starts, found.ends, strict=True)] == ["No", "flies"]
    assert found.between(Span(3, 12)) == range(1, 2)
    assert found.span(range(2)) == Span(0, 11)
