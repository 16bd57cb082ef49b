"""Whatever the bytes: a reader yields drafts that hold together and refusals, or says in one
sentence that it cannot read them."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.spans import complement
from forumimport import readers
from forumimport.drafts import ThreadDraft
from forumimport.readers import Options, Source, Unreadable
from tests.readers.reading import KNOWN, SAMPLES, STATED

FILES = [name for name in KNOWN if (SAMPLES / name).is_file()]
#: What parsers trip over, put in at random places.
AWKWARD = [
    *(b"\0", b"\xff", b'"', b"\\", b"\\ud800", b"\\u0000", b"{", b"}", b"[", b"]", b"<", b">"),
    *(b"\n", b"\r\n\r\n", b",", b"\t", b"null", b"-1e999", b"NaN", b"<blockquote>", b"</div>"),
    *(
        b"\nFrom x\n",
        b"Content-Type: text/plain; charset=klingon\n",
        b"=?utf-8?q?=ff?=",
        b"\x1f\x8b",
    ),
]


def assert_sound(drafts):
    """Everything that is promised of a draft, without a database."""
    for draft in drafts:
        if not isinstance(draft, ThreadDraft):
            assert draft.reason.endswith(".")
            assert "\0" not in draft.locator
            continue
        for document in draft.documents:
            document.text.encode()
            assert "\0" not in document.text
            assert len(document.sha256) == 64
        for document, structure in draft.structures():
            spans = sorted(
                [post.span for post in structure.utterances]
                + [row.span for row in structure.boilerplate]
            )
            assert all(span.end <= len(document.text) for span in spans)
            assert list(complement(spans, document.text)) == []
            for quotation in structure.quotations:
                assert structure.utterances[quotation.utterance].span.contains(quotation.span)


def survives(content, format, options):
    sentence = "f is read."
    try:
        assert_sound(readers.read(Source("f", content), format=format, options=options))
    except Unreadable as refusal:
        sentence = str(refusal)
    assert (sentence[:2], sentence[-1]) == ("f ", ".")


def mutated(content, seed):
    """Return a sample with some bytes lost, doubled, changed, or awkward ones put in."""
    chance = random.Random(seed)
    made = bytearray(content)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(made) + 1)
        end = min(len(made), at + chance.choice([1, 1, 3, 40]))
        change = chance.randrange(4)
        if change == 0:
            del made[at:end]
        elif change == 1:
            made[at:at] = made[at:end]
        elif change == 2:
            made[at:at] = chance.choice(AWKWARD)
        else:
            del made[at:]
    return bytes(made)


@pytest.mark.parametrize("format", readers.READERS)
@given(content=st.binary(max_size=300))
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_any_bytes_are_read_or_refused(format, content):
    survives(content, format, Options())


@pytest.mark.parametrize("name", FILES)
@given(seed=st.integers(0, 2**32))
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_damaged_sample_is_read_or_refused(name, seed):
    content = mutated((SAMPLES / name).read_bytes(), seed)
    survives(content, KNOWN[name][0], STATED.get(name, Options()))


@pytest.mark.parametrize("format", readers.READERS)
@pytest.mark.parametrize("name", FILES)
def test_sample_of_one_format_forced_to_another_is_read_or_refused(name, format):
    survives((SAMPLES / name).read_bytes(), format, STATED.get(name, Options()))
