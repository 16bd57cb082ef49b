"""The sample threads against their truth, which was written down by hand with the threads.

A post marked ``hard`` starts where the text shows little; it may be missed, with the quotation it
opens with. Nothing else may be missed, nothing be cut that is shown as sure (``unsure_below``), and
of all cuts hardly any be wrong.
"""

import json
from bisect import bisect_right
from pathlib import Path

import pytest

import corpus
from corpus.conf import unsure_below
from corpus.segmentation import recover

SAMPLES = sorted((Path(corpus.__file__).parent / "samples").glob("*.txt"))
TRUTH = Path(__file__).parents[1] / "samples"


@pytest.fixture(params=SAMPLES, ids=lambda path: path.stem)
def sample(request):
    truth = json.loads((TRUTH / f"{request.param.stem}.json").read_text("utf-8"))
    return request.param.read_bytes().decode(), truth


def test_samples_each_have_their_truth():
    assert [path.stem for path in SAMPLES] == sorted(path.stem for path in TRUTH.glob("*.json"))


def test_samples_title(sample):
    text, truth = sample
    assert recover(text).title == truth["title"]


def test_samples_posts(sample):
    text, truth = sample
    starts = {post["start"] for post in truth["posts"]}
    sure = {post["start"] for post in truth["posts"] if not post.get("hard")}
    found = {utterance.span.start: utterance for utterance in recover(text).utterances}
    assert sure <= found.keys()
    wrong = [utterance for start, utterance in found.items() if start not in starts]
    assert len(wrong) <= 2
    assert all(utterance.confidence < unsure_below() for utterance in wrong)


def test_samples_quotations(sample):
    text, truth = sample
    structure = recover(text)
    found = {utterance.span.start for utterance in structure.utterances}
    starts = [post["start"] for post in truth["posts"]]
    expected = {
        (text[quote["start"] : quote["end"]], quote["source_post"])
        for post in truth["posts"]
        if post["start"] in found
        for quote in post["quotes"]
    }
    recovered = {
        (
            quotation.span.of(text),
            bisect_right(starts, quotation.source.start) - 1 if quotation.source else None,
        )
        for quotation in structure.quotations
    }
    assert len(expected & recovered) >= len(expected) - 1
    assert len(recovered - expected) <= 1
