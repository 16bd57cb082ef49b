"""Floors on real threads, which stand beside the repository and are no part of it.

Floors may rise; one that falls says in its commit why.
"""

import json

import pytest

from corpus.segmentation import recover

from .measure import SHARED, measure, threads

pytestmark = pytest.mark.skipif(
    not SHARED.is_dir(), reason=f"The measured threads are not here; {SHARED} would hold them."
)

# A little below what is measured on dev.jsonl.gz.
FLOORS = {
    # The labels know nothing of quotations between BBCode tags left in the text, which are found.
    #              boundary F1, quotation span F1, quotation with right source F1
    "bare-double": (0.995, 0.938, 0.934),
    "bare-mixed": (0.893, 0.889, 0.889),
    "bare-single": (0.796, 0.878, 0.878),
    "email-quote": (0.795, 0.984, 0.976),
    "header": (0.999, 0.934, 0.930),
}


@pytest.fixture(scope="module")
def dev():
    return measure("dev")


@pytest.mark.parametrize("dialect", FLOORS)
def test_dev_threads_stay_above_their_floors(dev, dialect):
    reached = [counts[dialect].f1 for counts in dev]
    assert all(f1 >= floor for f1, floor in zip(reached, FLOORS[dialect], strict=True)), reached


def test_dev_headers_name_every_speaker_and_end_where_the_words_begin():
    below_headers = [thread for thread in threads("dev") if thread["dialect"] == "header"]
    assert below_headers
    for thread in below_headers:
        structure = recover(thread["text"])
        # The truth counts what a device or a person signs every post with to the post.
        signed = {
            len(thread["text"][: part.span.start].rstrip()): part.span.end
            for part in structure.boilerplate
            if part.kind == "signature"
        }
        assert [
            (post["start"], post["body_start"], post["end"], post["author"])
            for post in thread["truth"]["posts"]
        ] == [
            (
                post.header.start,
                post.span.start,
                signed.get(post.span.end, post.span.end),
                post.speaker,
            )
            for post in structure.utterances
        ]
        assert all(post.date_text for post in structure.utterances)


@pytest.fixture(scope="module")
def sample():
    text = (SHARED / "threads" / "seed.txt").read_text(encoding="utf-8")
    truth = json.loads((SHARED / "truth" / "seed-thread.json").read_text(encoding="utf-8"))
    return text, truth, recover(text)


def test_sample_has_its_title_and_all_posts_but_one(sample):
    _, truth, structure = sample
    starts = {post["start"] for post in truth["posts"]}
    found = {post.span.start for post in structure.utterances}
    assert structure.title == truth["title"]
    assert found <= starts
    assert len(found) >= 22


def test_sample_has_all_quotations_with_their_source_posts(sample):
    _, truth, structure = sample
    expected = [
        ((quote["start"], quote["end"]), quote["source_post"])
        for post in truth["posts"]
        for quote in post["quotes"]
    ]
    found = [
        (
            (quotation.span.start, quotation.span.end),
            next(
                number
                for number, post in enumerate(truth["posts"])
                if post["start"] <= quotation.source.start and quotation.source.end <= post["end"]
            ),
        )
        for quotation in structure.quotations
    ]
    assert found == expected
    assert all(quotation.similarity == 1.0 for quotation in structure.quotations)
