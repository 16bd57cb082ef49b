"""What holds for every text, and the cost, which must grow no faster than the text."""

import time
from unittest import mock

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from corpus.segmentation import Cue, Structure, model, recover, recover_each, recovery
from corpus.spans import Span

LINE_ENDS = ["\n", "\r", "\r\n", "\x85", "\u2028", "\u2029"]
SPACES = ["\t", "\u00a0", "\v", "\f", "\x1c", "\u3000", " "]
SIGNS = [*"ab>:.,-_\"'", "> ", ">> ", "🦉", "\u202e", "\u0301", "漢", "ß", "İ", "\u200b"]
PARAGRAPHS = [
    "The heron stood in the mill pond until the frost came back.",
    "Nobody has seen the heron since the sluice was mended, as far as I know.",
    "nobody has seen the heron since the sluice was repaired, as far as I know",
    "Yes.",
    "a :-) b",
    ":)",
    "Wren wrote:",
    "seen the heron since the sluice was mended, as far",
]

any_text = st.one_of(
    st.text(),
    st.lists(st.sampled_from(LINE_ENDS + SPACES + SIGNS)).map("".join),
)


@st.composite
def thread_like(draw):
    """Few different paragraphs, so that copies are frequent, under every gap and mark."""
    end = draw(st.sampled_from(LINE_ENDS))
    parts = []
    for _ in range(draw(st.integers(0, 14))):
        parts.append(draw(st.sampled_from(["", "", "", "> ", "> > ", ">"])))
        parts.append(draw(st.sampled_from(PARAGRAPHS)))
        parts.append(end * draw(st.integers(1, 4)))
    return "".join(parts)


# The first text loads the model, which no deadline allows for.
@settings(deadline=None)
@given(st.lists(any_text | thread_like(), max_size=4), st.integers(1, 200))
def test_texts_recovered_together_are_those_recovered_alone(several, together):
    with mock.patch.object(recovery, "_TOGETHER", together):
        assert list(recover_each(several)) == list(map(recover, several))


def test_no_model_is_asked_for_where_there_is_nothing_to_decide(monkeypatch):
    def broken():
        raise OSError("no such weights")

    monkeypatch.setattr(model, "source", broken)
    assert list(recover_each([])) == []
    assert [found.utterances for found in recover_each(["", "A title\n"])] == [(), ()]


def check(text):
    structure = recover(text)
    assert structure == recover(text)
    check_cover(text, structure)
    check_utterances(text, structure)
    check_quotations(text, structure)


def check_cover(text, structure):
    """Every non-space character is in exactly one utterance or boilerplate span."""
    spans = sorted(part.span for part in (*structure.utterances, *structure.boilerplate))
    at = 0
    for span in spans:
        assert at <= span.start < span.end <= len(text)
        assert not text[at : span.start].strip()
        at = span.end
    assert not text[at:].strip()


def check_utterances(text, structure):
    for number, post in enumerate(structure.utterances):
        assert post.span == post.span.trimmed(text)
        assert 0.0 < post.confidence <= 1.0
        assert (post.cue is Cue.FIRST) == (number == 0 and post.header is None)
        assert (post.reply_to is None) == (post.reply_confidence is None)
        assert post.reply_to is None or 0 <= post.reply_to < number


def check_quotations(text, structure):
    at = 0
    for quotation in structure.quotations:
        span, source = quotation.span, quotation.source
        assert at <= span.start
        at = span.end
        assert structure.utterances[quotation.utterance].span.contains(span)
        assert span == span.trimmed(text)
        if source is None:
            assert quotation.marked
            assert not quotation.whole
            assert quotation.source_utterance is None
            assert quotation.similarity is None
            continue
        assert source.end <= span.start
        assert quotation.source_utterance < quotation.utterance
        assert structure.utterances[quotation.source_utterance].span.contains(source)
        assert 0.0 < quotation.similarity <= 1.0


# The first text of all loads the model, which no deadline allows for.
@settings(deadline=None)
@given(any_text)
@example("\r\n\r\n")
@example(">")
@example("> \n\n>")
def test_recover_keeps_its_promises_on_any_text(text):
    check(text)


@settings(max_examples=400, deadline=None)
@given(thread_like())
def test_recover_keeps_its_promises_on_threads(text):
    check(text)


@pytest.mark.parametrize("text", ["", "  ", "\r\n\x85\u2028\t\u00a0"])
def test_recover_finds_nothing_in_white_space(text):
    assert recover(text) == Structure("", (), (), ())


def test_recover_reads_one_line_as_a_title_without_posts():
    structure = recover("\nOn \t herons\n")
    assert structure.title == "On herons"
    assert [part.span for part in structure.boilerplate] == [Span(1, 12)]
    assert structure.utterances == ()


def test_recover_finds_posts_without_a_title():
    structure = recover("Is it\ncold?\n\n\nYes.")
    assert structure.title == ""
    assert [post.span for post in structure.utterances] == [Span(0, 11), Span(14, 18)]


@pytest.mark.parametrize(
    ("text", "posts"),
    [
        ("T\n\none\n\ntwo\n\n\nthree", ["one\n\ntwo", "three"]),
        ("T\n\none\n\n\ntwo\n\n\nthree", ["one", "two", "three"]),
        ("T\n\none\ntwo\n\n\n\nthree", ["one\ntwo", "three"]),
        ("T\r\rone\r\r\r\u00a0two\r", ["one", "two"]),
    ],
)
def test_longer_gap_opens_a_post(text, posts):
    assert [post.span.of(text) for post in recover(text).utterances] == posts


SENTENCE = "the quick vole ran under the old barn door again and again"

HOSTILE = {
    "one line": lambda size: "word vole " * (size // 10),
    "one word": lambda size: "a" * size,
    "same word": lambda size: "word\n" * (size // 5),
    "identical lines": lambda size: f"{SENTENCE}\n" * (size // 60),
    "identical posts": lambda size: "T\n\n" + f"{SENTENCE}\n\n\n" * (size // 60),
    "near copies": lambda size: "\n\n".join(f"{SENTENCE} x{n} ends" for n in range(size // 60)),
    "marked": lambda size: f"T\n\n{SENTENCE}\n\n" + f"> {SENTENCE}\n\n" * (size // 60),
    "blank lines": lambda size: "a" + "\n" * size + "b",
    "marks": lambda size: ">" * (size // 2) + "\n\n" + "> " * (size // 4),
    "stops": lambda size: "." * size + "x",
    "signs before a name": lambda size: (
        "T\n\n"
        + "\n\n".join(f"Wren\n{n + 1} May 2011, 10:00\n\nyes {n}" for n in range(8))
        + "\n\n"
        + "- " * (size // 2)
        + "Ada\n9 May 2011, 10:00\n\nno"
    ),
    "addresses as names": lambda size: (
        "T\n\n"
        + "\n\n".join(
            f"{'a ' * (size // 16)}@ <\n{n + 1} May 2011, 10:00\n\nyes {n}" for n in range(8)
        )
    ),
    "blanks before an address": lambda size: (
        "T\n\n" + f"{'a' * 60}{' ' * 120}@x wrote:\n" * (size // 190)
    ),
    "tags": lambda size: "T\n\n" + "[quote=Ada]a\n" * (size // 26) + "[/quote]b\n" * (size // 26),
    "unclosed tags": lambda size: "T\n\n" + "[quote=" * (size // 7),
    "attributions": lambda size: "T\n\n" + "Wren wrote:\nyes\n" * (size // 16),
    "dates": lambda size: (
        "T\n\n" + "\n\n".join(f"{n % 28 + 1} May 2011, 10:{n % 60:02}" for n in range(size // 20))
    ),
    "headers": lambda size: (
        "T\n\n"
        + "\n\n".join(
            f"wren{n % 9} » {n % 28 + 1} May 2011, 10:00\n\nWren wrote:\nyes {n}\n\nno {n}"
            for n in range(size // 60)
        )
    ),
    "introductions": lambda size: "a:\n" * (size // 3),
    "fragments of a long post": lambda size: (
        "T\n\n"
        + " ".join(f"w{n}" for n in range(size // 20))
        + "".join(
            "\n\n\n" + " ".join(f"w{k}" for k in range(n, n + 12)) + "\n\nyes"
            for n in range(0, size // 20 - 12, 12)
        )
    ),
}


@pytest.mark.parametrize("shape", HOSTILE)
def test_recover_costs_no_more_than_linear_time(shape):
    """Four times the text takes about four times as long; a quadratic step would take sixteen."""

    def seconds(size):
        text = HOSTILE[shape](size)
        start = time.process_time()
        recover(text)
        return time.process_time() - start

    small, large = min(seconds(100_000) for _ in range(2)), seconds(400_000)
    assert large < 10 * small + 0.3
