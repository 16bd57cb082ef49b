"""Quotations between posts that the source tells apart cost no more than the posts' length."""

import time

import pytest

from corpus.segmentation import known_posts
from corpus.spans import Span
from forumimport.composition import composed
from forumimport.drafts import PostDraft, QuotationDraft


def marked(identifier, words, count):
    """A post of quotations of another one, each with an answer."""
    text, quotations = "", []
    for number in range(count):
        quoted = words(number)
        span = Span(len(text), len(text) + len(quoted))
        quotations.append(QuotationDraft(span, of=identifier))
        text += f"{quoted}\n\nyes\n\n"
    return PostDraft(text, "last", "Fen", quotations=tuple(quotations))


def twice(count):
    """A post in which every shingle recurs, so that each can be an original."""
    words = " ".join(f"w{number}" for number in range(count))
    return PostDraft(f"{words}\n\n{words}", "1", "Ada")


HOSTILE = {
    "quotations of a named post": lambda count: [
        twice(count),
        marked("1", lambda n: f"z{n} z{n + 1} z{n + 2} z{n + 3}", count // 5),
    ],
    "short quotations of a named post": lambda count: [
        twice(count),
        marked("1", lambda n: f"w1 w{n} q", count // 5),
    ],
    "short words under a name": lambda count: [
        *(PostDraft("b " * (count // 10), str(number), "Fen") for number in range(20)),
        PostDraft("".join(f"Fen wrote:\nb c{n}\n\n" for n in range(count // 10)), "x", "Ada"),
    ],
    "copies of a post with a gap": lambda count: [
        PostDraft(f"one two three four five{' ' * (40 * count)}six seven eight nine ten", "1", "A"),
        PostDraft("one two three four five six seven eight nine ten\n\nyes\n\n" * (count // 10)),
    ],
    "posts with tags": lambda count: [
        PostDraft(f"[quote]a{n}[/quote]\nb", str(n), "A") for n in range(count // 2)
    ],
    "short stretches that go on": lambda count: [
        PostDraft("zz yy\n\nfoo bar", "1", "A"),
        PostDraft("\n\n".join(f"foo bar\n\nq{n}" for n in range(count)), "2", "B"),
    ],
}


@pytest.mark.parametrize("shape", HOSTILE)
def test_quotations_are_resolved_in_linear_time(shape):
    """Four times the posts take about four times as long; a quadratic step would take sixteen."""

    def seconds(count):
        whole = composed(HOSTILE[shape](count), title="T")
        start = time.process_time()
        known_posts.resolved(whole.text, whole.structure)
        return time.process_time() - start

    small, large = (min(seconds(count) for _ in range(2)) for count in (3_000, 12_000))
    assert large < 8 * small + 0.1


def test_quotations_between_tags_are_found():
    posts = [
        PostDraft("Where do you hang them?", "1", "Ada"),
        PostDraft("[quote=Ada]Where do you hang them?[/quote]On the ash.", "2", "Wren"),
    ]
    whole = composed(posts, title="T")
    found = known_posts.resolved(whole.text, whole.structure)
    (quotation,) = found.quotations
    assert (quotation.marked, quotation.attributed) == (True, "Ada")
    assert quotation.span.of(whole.text) == "Where do you hang them?"
    assert (quotation.source_utterance, found.utterances[1].reply_to) == (0, 0)


def test_short_words_are_found_in_the_post_that_is_named():
    posts = [
        PostDraft("Beans again.\n\nToo dry, then?", "1", "Ada"),
        PostDraft("Too wet, then?", "2", "Wren"),
        marked("1", lambda _: "dry, then?", 1),
    ]
    whole = composed(posts, title="T")
    (quotation,) = known_posts.resolved(whole.text, whole.structure).quotations
    assert quotation.source is not None
    assert quotation.source.of(whole.text) == "dry, then?"
