"""The network sees what it should, and its weights move against the error."""

from unittest import mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.segmentation import network
from corpus.segmentation.learning import network as learning

COLUMNS = 3


@pytest.fixture(scope="module")
def weights():
    return learning._Weights(COLUMNS, np.random.default_rng(7))


def made(weights):
    scale = {"usual": [0.0] * COLUMNS, "spread": [1.0] * COLUMNS}
    return network.from_weights({**scale, **weights.stored()}, COLUMNS)


def said(asked, *documents):
    """Of all places of the documents, which are given as rows."""
    return asked.odds((rows.T for rows in documents), map(len, documents))


def test_places_know_of_fifteen_around_and_of_the_document(weights):
    rows = np.random.default_rng(1).normal(size=(40, COLUMNS))
    changed = rows.copy()
    changed[30] += 2.0
    page = np.zeros_like(weights.known["page"])
    alone = learning._Weights(COLUMNS, np.random.default_rng(7))
    alone.known["page"] = page
    moved = said(made(alone), rows) != said(made(alone), changed)
    assert np.flatnonzero(moved).tolist() == list(range(15, 40))
    told = said(made(weights), rows) != said(made(weights), changed)
    assert told[0]


def exactly(known):
    """The network of these weights, with all their digits."""

    def layer(name):
        return network.Layer(known[name], known[f"{name}_bias"])

    return network.Network(
        usual=np.zeros(COLUMNS),
        spread=np.ones(COLUMNS),
        entry=layer("entry"),
        layers=[layer(f"layer{reach}") for reach in network.REACHES],
        page=layer("page"),
        close=layer("close"),
        last=known["last"][:, 0],
        bias=float(known["last_bias"][0]),
    )


@given(st.lists(st.integers(1, 12), min_size=1, max_size=5), st.integers(1, 12))
def test_what_stands_around_is_of_the_same_document(lengths, reach):
    documents = [number for number, length in enumerate(lengths) for _ in range(length)]
    nothing = len(documents)
    for own, beside in enumerate(network.around(np.array(lengths), reach).tolist()):
        expected = [
            row if 0 <= row < nothing and documents[row] == documents[own] else nothing
            for row in (own - reach, own, own + reach)
        ]
        assert beside == expected


@given(st.integers(0, 70))
def test_products_a_few_rows_at_a_time_are_the_same(rows):
    chance = np.random.default_rng(rows)
    table, weights = chance.normal(size=(rows, COLUMNS)), chance.normal(size=(COLUMNS, 4))
    assert network.product(table, weights) == pytest.approx(table @ weights)


def test_places_that_come_in_parts_are_those_of_one_document(weights):
    columns = np.random.default_rng(2).normal(size=(COLUMNS, 2 * network.TILE + 50))
    parts = [columns[:, :30], columns[:, 30:31], columns[:, 31:]]
    lengths = [columns.shape[1]]
    assert made(weights).odds(parts, lengths) == pytest.approx(
        made(weights).odds([columns], lengths)
    )


@settings(max_examples=30)
@given(st.lists(st.integers(0, 45), min_size=2, max_size=4))
def test_other_documents_make_no_difference(weights, lengths):
    chance = np.random.default_rng(sum(lengths))
    documents = [chance.normal(size=(length, COLUMNS)) for length in lengths]
    with mock.patch.object(network, "TILE", 2 * network.ROWS):
        alone = [said(made(weights), one) for one in documents]
        assert said(made(weights), *documents).tolist() == np.concatenate(alone).tolist()


def test_network_without_places_says_nothing(weights):
    assert made(weights).odds([], [0]).tolist() == []


def test_layers_that_do_not_fit_are_refused(weights):
    stored = {"usual": [0.0] * 4, "spread": [1.0] * 4, **weights.stored()}
    with pytest.raises(ValueError, match="do not fit 4 columns"):
        network.from_weights(stored, 4)


def test_gradients_are_those_of_the_error(monkeypatch):
    """Compared with what a small change of single weights does to the error."""
    monkeypatch.setattr(learning, "OUT", 0.0)
    monkeypatch.setattr(learning, "COLUMNS_OUT", 0.0)
    chance = np.random.default_rng(3)
    rows = chance.normal(size=(30, COLUMNS)).astype(np.float32)
    answers = chance.integers(0, 2, 30)
    steps = learning._Learning(rows, answers, [(0, 13), (13, 30)])
    batch = steps._batch([(0, 13), (13, 30)])
    known = steps.weights.known
    for name, weight in known.items():
        known[name] = weight.astype(np.float64)

    def error():
        odds = said(exactly(known), rows[:13], rows[13:])
        return float(np.mean(np.log1p(np.exp(odds)) - answers * odds))

    gradients = learning._gradients(batch, known, chance)
    assert set(gradients) == set(known)
    for name, weight in known.items():
        at = np.unravel_index(np.abs(gradients[name]).argmax(), weight.shape)
        before, step = weight[at], 1e-5
        weight[at] = before + step
        more = error()
        weight[at] = before - step
        less = error()
        weight[at] = before
        assert gradients[name][at] == pytest.approx((more - less) / (2 * step), rel=1e-3), name
