"""What words weigh all at once is what their buckets weigh, whatever else is weighed with them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.segmentation import blocks, copies, document
from corpus.segmentation.gathering import Gathered
from corpus.segmentation.wording import SIZE, Wording
from tests import texts

WEIGHTS = np.append(np.random.default_rng(5).normal(size=SIZE), 0.0)


def worded(*threads):
    read = list(map(document.read, threads))
    return Wording(Gathered.of([blocks.find(one, copies.find(one)) for one in read]))


@given(texts.threads())
def test_words_weigh_what_their_buckets_weigh(text):
    """The weights are learned from the buckets, and used without listing them."""
    words = worded(text)
    begins, ends = words.weighed(WEIGHTS)
    for weighed, listed in ((begins, words.opened()), (ends, words.closed())):
        summed = [sum(WEIGHTS[key] * share for key, share in row.items()) for row in listed]
        assert weighed.tolist() == pytest.approx(summed)


@given(st.lists(texts.threads(), min_size=2, max_size=4))
def test_words_of_other_documents_make_no_difference(threads):
    together = np.array(worded(*threads).weighed(WEIGHTS))
    alone = [np.array(worded(thread).weighed(WEIGHTS)) for thread in threads]
    assert together.tolist() == np.concatenate(alone, axis=1).tolist()
