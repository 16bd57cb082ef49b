"""What is counted all at once is what is counted one by one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.segmentation import blocks, copies, document, features
from corpus.segmentation.gathering import Gathered
from tests import texts
from tests.segmentation import one_by_one

#: Paragraphs that show what is counted, beside those of any thread.
telling = st.sampled_from(
    ["Thanks, it was you?", "I agree... well.... so", "we went\n-- Fen", "Hi Fen, me too",
     "> frost", "1. beans", "- peas", "www.example.org http://x", "x = {1} <b>", "BEANS! Why?!",
     "…", "Fen wrote:\nnobody saw", "> Fen wrote:\n> > we planted", "“Oh” — (why) ,", "i", "Fen",
     "beans came early and nobody saw it but frost " * 16, "1999", "no\nyes\nno\nno\nno"]
)  # fmt: skip


@st.composite
def threads(draw):
    """Posts and paragraphs, any of which may repeat one above."""
    said = []
    for _ in range(draw(st.integers(1, 12))):
        new = draw(st.one_of(texts.paragraphs, telling))
        said.append(draw(st.sampled_from(said)) if said and draw(st.booleans()) else new)
    gaps = st.sampled_from(["\n\n", "\n\n", "\n\n\n"])
    return "A title" + "".join(draw(gaps) + paragraph for paragraph in said)


def read(text):
    found = document.read(text)
    return found, copies.find(found)


def counted(*documents):
    """The columns of documents that are given as ``read`` has them."""
    parts = features.columns(Gathered.of([blocks.find(*one) for one in documents]))
    return np.concatenate([np.empty((len(features.NAMES), 0)), *parts], axis=1)


@given(threads())
def test_what_is_counted_all_at_once_is_what_is_counted_one_by_one(text):
    found = read(text)
    if not found[0].headers:
        check(counted(found), one_by_one.rows(*found))


def test_what_is_counted_of_a_long_thread_is_what_is_counted_one_by_one():
    """Of which some is so far away, and some gaps so wide, that they count no further."""
    paragraphs = [
        f"{'Owls ' * (n % 9 == 0)}{'herons ' * (n % 12 == 5)}and {n}" + " long" * 40 * (n % 16 > 2)
        for n in range(60)
    ]
    # A name that is the tenth word, and one that is the eleventh.
    paragraphs += ["Fen", "so " * 9 + "Fen", "so " * 10 + "Fen"]
    gaps = ["\n" * (9 if n in (3, 50) else 2) for n in range(len(paragraphs))]
    text = "A title" + "".join(gap + one for gap, one in zip(gaps, paragraphs, strict=True))
    long, short = read(text), read("A title\n\nOwls and 9\n\nno")
    expected = one_by_one.rows(*long)
    check(counted(long), expected)
    check(counted(short, long, short)[:, 1:-1], expected)


def check(table, expected):
    assert table.shape[1] == len(expected)
    for place, row in zip(table.T.tolist(), expected, strict=True):
        assert dict(enumerate(place)) == pytest.approx(dict(enumerate(map(float, row))))


@given(st.lists(threads(), min_size=2, max_size=4))
def test_other_documents_make_no_difference(several):
    found = list(map(read, several))
    alone = np.concatenate([counted(one) for one in found], axis=1)
    assert counted(*found).tolist() == alone.tolist()


@given(texts.threads())
def test_any_text_has_a_number_for_every_column(text):
    found = read(text)
    table = counted(found)
    assert table.shape == (len(features.NAMES), len(blocks.find(*found)) - 1)
    assert np.isfinite(table).all()


def test_places_that_are_looked_at_in_parts_are_the_same(monkeypatch):
    several = [
        read("Title\n\n" + "\n\n\n".join(f"beans {n % 5} again, Fen?" for n in range(count)))
        for count in (9, 1, 12)
    ]
    whole = counted(*several)
    monkeypatch.setattr(features, "PART", 8)
    assert counted(*several).tolist() == whole.tolist()
