"""The sample threads against their truth, which was written down by hand with the threads.

A post marked ``hard`` starts where the text shows nothing that the present cues can weigh; it may
be missed, with the quotation it opens with. Nothing else may be missed, and nothing be found that
is not there.
"""

import json
from bisect import bisect_right
from pathlib import Path

import pytest

import corpus
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
    found = [utterance.span for utterance in recover(text).utterances]
    kept = {span.start for span in found}
    posts = []
    for post in truth["posts"]:
        if post.get("hard") and post["start"] not in kept:
            posts[-1] = (posts[-1][0], post["end"])
        else:
            posts.append((post["start"], post["end"]))
    assert [span.of(text) for span in found] == [text[start:end] for start, end in posts]


def test_samples_quotations(sample):
    text, truth = sample
    structure = recover(text)
    starts = [post["start"] for post in truth["posts"]]
    missed = set(starts) - {utterance.span.start for utterance in structure.utterances}
    expected = [
        (text[quote["start"] : quote["end"]], quote["source_post"])
        for post in truth["posts"]
        for quote in post["quotes"]
        if quote["start"] not in missed
    ]
    assert [
        (
            quotation.span.of(text),
            bisect_right(starts, quotation.source.start) - 1 if quotation.source else None,
        )
        for quotation in structure.quotations
    ] == expected
