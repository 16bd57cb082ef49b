"""The measures against published worked examples, the library, and what must always hold."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.annotation.agreement import (
    Coded,
    Interval,
    Measured,
    alpha,
    coincidences,
    hits,
    intervals,
    kappa,
    measured,
    percent,
    runs,
    span_f1,
)
from corpus.spans import Span

#: Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability", examples A, B and C.
BINARY = ["0100000010", "1110010000"]
NOMINAL = ["aabbdcccedda", "babbbccceddd"]
MISSING = ["123321412...", "1233224125.3", ".3332342251.", "12332441251."]

#: Artstein and Poesio (2008), "Inter-Coder Agreement for Computational Linguistics", table 1:
#: 100 utterances as statement, information request or check.
DIALOGUE_ACTS = {
    ("stat", "stat"): 46,
    ("stat", "ireq"): 6,
    ("ireq", "ireq"): 32,
    ("chck", "ireq"): 6,
    ("chck", "chck"): 10,
}


def units(rows):
    return [(1, [said for said in unit if said != "."]) for unit in zip(*rows, strict=True)]


@pytest.mark.parametrize(("rows", "value"), [(BINARY, 0.095), (NOMINAL, 0.692), (MISSING, 0.743)])
def test_alpha_is_that_of_krippendorffs_examples(rows, value):
    assert alpha(coincidences(units(rows))) == pytest.approx(value, abs=0.0005)


def test_kappa_and_alpha_are_those_of_artstein_and_poesio():
    assert percent(DIALOGUE_ACTS) == pytest.approx(0.88)
    assert kappa(DIALOGUE_ACTS) == pytest.approx(0.8013, abs=0.00005)
    counted = coincidences((n, said) for said, n in DIALOGUE_ACTS.items())
    # Their pi is 0.7995; alpha corrects it for the number of units: 1 - 199/200 * (1 - pi).
    assert alpha(counted) == pytest.approx(1 - 199 / 200 * (1 - 0.79953), abs=0.0001)


def test_library_gives_the_published_values():
    codings = [
        (coder, str(at), said)
        for coder, row in zip(["Meg", "Owen"], BINARY, strict=True)
        for at, said in enumerate(row)
    ]
    # Cohen's kappa by hand: observed 0.6; chance 0.8 * 0.6 + 0.2 * 0.4 = 0.56.
    assert measured(codings) == Measured(
        percent=pytest.approx(0.6),
        kappa=pytest.approx(0.04 / 0.44),
        alpha=pytest.approx(0.095, abs=0.0005),
    )


labels = st.sampled_from("abc")
codings = st.lists(st.tuples(labels, labels), min_size=1, max_size=30)


@settings(deadline=None)
@given(codings)
def test_measures_are_the_librarys(said):
    pairs = Counter(said)
    by_library = measured(
        (coder, str(at), pair[place])
        for at, pair in enumerate(said)
        for place, coder in enumerate(["one", "two"])
    )
    assert percent(pairs) == pytest.approx(by_library.percent)
    if by_library.kappa is not None:
        assert kappa(pairs) == pytest.approx(by_library.kappa)
        assert alpha(coincidences((1, pair) for pair in said)) == pytest.approx(by_library.alpha)


@settings(deadline=None)
@given(codings)
def test_measures_are_bounded_symmetric_and_one_where_all_agree(said):
    pairs = Counter(said)
    turned = Counter((second, first) for first, second in said)
    counted = coincidences((1, pair) for pair in said)
    assert 0 <= percent(pairs) <= 1
    for value in (kappa(pairs), alpha(counted)):
        assert value is None or -1 <= value <= 1 + 1e-9
    assert percent(turned) == percent(pairs)
    assert kappa(turned) == pytest.approx(kappa(pairs))
    assert alpha(coincidences((1, pair) for pair in turned.elements())) == pytest.approx(
        alpha(counted)
    )
    same = Counter((first, first) for first, _second in said)
    assert percent(same) == 1
    varied = len(same) > 1
    assert kappa(same) == (pytest.approx(1) if varied else None)
    agreed = alpha(coincidences((n, pair) for pair, n in same.items()))
    assert agreed == (pytest.approx(1) if varied else None)


spans = st.tuples(st.integers(0, 30), st.integers(1, 12)).map(lambda t: Span(t[0], t[0] + t[1]))
coded = st.lists(st.builds(Coded, spans, labels), max_size=6, unique=True)


@settings(deadline=None)
@given(coded, coded)
def test_runs_say_of_every_character_what_its_spans_say(one, other):
    stretch = Span(3, 35)
    found = list(runs(stretch, [one, other]))
    assert found[0].span.start == 3
    assert found[-1].span.end == 35
    characters = [said for run in found for said in [run.said] * len(run)]
    expected = [
        tuple(
            frozenset(c.code for c in coding if c.span.start <= at < c.span.end)
            for coding in (one, other)
        )
        for at in range(3, 35)
    ]
    assert characters == expected


@settings(deadline=None)
@given(coded, coded)
def test_span_f1_is_bounded_and_symmetric(one, other):
    for exact in (True, False):
        value = span_f1(one, other, exact=exact)
        assert value == span_f1(other, one, exact=exact)
        assert value is None or 0 <= value <= 1
        assert span_f1(one, one, exact=exact) == (1 if one else None)
    assert hits(one, other, exact=True) <= hits(one, other, exact=False)


def test_span_f1_counts_as_the_conll_task_does():
    # One of two found exactly, one overlapping, one with another code: P = 1/3, R = 1/2.
    one = [Coded(Span(0, 4), "a"), Coded(Span(10, 14), "a")]
    other = [Coded(Span(0, 4), "a"), Coded(Span(11, 14), "a"), Coded(Span(0, 4), "b")]
    assert span_f1(one, other) == pytest.approx(2 * (1 / 3) * (1 / 2) / (1 / 3 + 1 / 2))
    assert span_f1(one, other, exact=False) == pytest.approx(4 / 5)


def share(row):
    return row[0] / row[1] if row[1] else None


def test_intervals_hold_the_value_and_repeat_with_their_seed():
    counts = [(1, 1)] * 30 + [(0, 1)] * 10
    (interval,) = intervals(counts, share, seed=7)
    assert intervals(counts, share, seed=7) == [interval]
    assert interval.low < 0.75 < interval.high
    # The normal approximation: 0.75 ± 1.96 * sqrt(0.75 * 0.25 / 40).
    assert (interval.low, interval.high) == pytest.approx((0.616, 0.884), abs=0.03)


def test_intervals_of_too_little_are_none():
    assert intervals([(1, 1)], share) == [None]
    assert intervals([(0, 0)] * 5, share) == [None]
    assert intervals([(1, 1)] * 5, share) == [Interval(1.0, 1.0)]
