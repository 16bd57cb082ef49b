import pytest

from corpus.spans import Span, complement


@pytest.mark.parametrize(("start", "end"), [(-1, 3), (3, 3), (4, 3)])
def test_span_refuses_what_is_no_range(start, end):
    with pytest.raises(ValueError, match=f"Cannot make a span from {start} to {end}; start must"):
        Span(start, end)


@pytest.mark.parametrize(
    ("one", "other", "contains", "overlaps"),
    [
        (Span(2, 6), Span(2, 6), True, True),
        (Span(2, 6), Span(3, 5), True, True),
        (Span(3, 5), Span(2, 6), False, True),
        (Span(2, 6), Span(5, 8), False, True),
        (Span(2, 6), Span(6, 8), False, False),
    ],
)
def test_span_compares_with_another(one, other, contains, overlaps):
    assert one.contains(other) is contains
    assert one.overlaps(other) is overlaps
    assert other.overlaps(one) is overlaps


def test_span_counts_code_points():
    assert Span(1, 3).of("a🦉éz") == "🦉é"
    assert len(Span(1, 3)) == 2


def test_spans_are_ordered_by_start_then_end():
    assert sorted([Span(4, 5), Span(1, 9), Span(1, 2)]) == [Span(1, 2), Span(1, 9), Span(4, 5)]


@pytest.mark.parametrize(
    ("text", "trimmed"),
    [("\u2028 owl\u00a0", Span(2, 5)), ("owl", Span(0, 3)), (" \x85\t", None)],
)
def test_trimmed_leaves_out_surrounding_white_space(text, trimmed):
    assert Span(0, len(text)).trimmed(text) == trimmed


@pytest.mark.parametrize(
    ("spans", "rest"),
    [
        ([], ["one two three"]),
        ([Span(4, 7)], ["one", "three"]),
        ([Span(0, 3), Span(4, 13)], []),
        ([Span(0, 7)], ["three"]),
    ],
)
def test_complement_yields_what_no_span_holds(spans, rest):
    text = "one two three"
    assert [span.of(text) for span in complement(spans, text)] == rest
