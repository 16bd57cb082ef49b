from dataclasses import replace

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import rendering
from corpus.rendering import Hidden, Quoted
from corpus.spans import Span
from tests.texts import bodies


def read_back(html: str) -> str:
    """What a browser shows of an utterance, without the lines we add about quotations."""
    root = html5lib.parse(html, treebuilder="etree", namespaceHTMLElements=False)
    for parent in root.iter():
        for child in list(parent):
            if "corpus-attribution" in child.get("class", ""):
                parent.remove(child)
    return "".join(root.find("body").itertext())


@st.composite
def documents(draw):
    """A text, a span of it, disjoint quotations in the span and redactions anywhere."""
    text = draw(bodies.filter(lambda text: len(text) > 1))
    start = draw(st.integers(0, len(text) - 1))
    span = Span(start, draw(st.integers(start + 1, len(text))))
    # Quotations are trimmed: none begins or ends inside a line end.
    places = [at for at in range(span.start, span.end + 1) if text[at - 1 : at + 1] != "\r\n"]
    cuts = sorted(draw(st.sets(st.sampled_from(places or [0]), max_size=6)))
    quotations = [
        Quoted(Span(a, b), *draw(st.sampled_from([("", ""), ("from post 1", "/u/1/")])))
        for a, b in zip(cuts[::2], cuts[1::2], strict=False)
    ]
    if draw(st.booleans()):
        quotations = [replace(quoted, marked=True) for quoted in quotations]
    hidden = []
    for at in draw(st.lists(st.integers(0, len(text) - 1), max_size=3)):
        hidden.append(Hidden(Span(at, draw(st.integers(at + 1, len(text)))), "name"))
    return text, span, quotations, hidden


@given(documents())
def test_html_reads_back_as_exactly_the_reading_text(document):
    text, span, quotations, hidden = document
    expected = rendering.reading_text(text, span, hidden)
    assert read_back(rendering.html(text, span, quotations, hidden)) == expected


@given(documents(), st.lists(st.tuples(st.integers(0, 60), st.integers(1, 9)), max_size=9))
def test_reading_text_shows_what_nothing_hides_and_each_placeholder_once(document, more):
    text, span, _quotations, hidden = document
    hidden = [*hidden, *(Hidden(Span(at, at + length), "name") for at, length in more)]
    read, at = "", span.start
    for row in sorted(hidden, key=lambda row: (row.span.start, -row.span.end)):
        if row.span.overlaps(span) and at < row.span.end:
            read += text[at : max(at, row.span.start)] + "[name]"
            at = row.span.end
    expected = rendering.lines_folded(read + text[at : span.end])
    assert rendering.reading_text(text, span, hidden) == expected


@given(bodies.filter(bool))
def test_reading_text_differs_from_the_text_in_line_ends_only(text):
    read = rendering.reading_text(text, Span(0, len(text)))
    assert read == text.replace("\r\n", "\n").translate(
        str.maketrans(dict.fromkeys("\r\x85\u2028\u2029", "\n"))
    )


@pytest.mark.parametrize(
    ("hidden", "expected"),
    [
        ([], "call Ada on 555"),
        ([Hidden(Span(5, 8), "name")], "call [name] on 555"),
        ([Hidden(Span(12, 99), "phone")], "call Ada on [phone]"),
        ([Hidden(Span(0, 6), "a"), Hidden(Span(4, 8), "b")], "[a][b] on 555"),
        ([Hidden(Span(0, 15), "all"), Hidden(Span(5, 8), "name")], "[all]"),
    ],
)
def test_reading_text_replaces_redactions(hidden, expected):
    assert rendering.reading_text("call Ada on 555", Span(0, 15), hidden) == expected


def test_html_shows_quotation_with_its_source():
    assert rendering.html(
        "she said\n\nno", Span(0, 12), [Quoted(Span(0, 8), "from post 1 <b>", "/u/1/")]
    ) == (
        '<div class="corpus-utterance"><blockquote class="corpus-quotation">'
        '<div class="corpus-text" dir="auto" style="white-space: pre-wrap">she said</div>'
        '<footer class="corpus-attribution">'
        '<a href="/u/1/" title="Go to the quoted post"><bdi>from post 1 &lt;b&gt;</bdi></a>'
        "</footer></blockquote>\n\n"
        '<div class="corpus-text" dir="auto" style="white-space: pre-wrap">no</div></div>'
    )


def test_html_sets_quote_marks_apart():
    html = rendering.html("> > yes & no", Span(0, 12), [Quoted(Span(0, 12), marked=True)])
    assert '<span class="corpus-mark">&gt; &gt; </span>yes &amp; no' in html


@pytest.mark.parametrize(
    ("text", "length", "expected"),
    [
        ("short", 10, "short"),
        ("two\n\nlines", 20, "two lines"),
        ("a long line of words", 10, "a long li…"),
    ],
)
def test_excerpt_is_one_line(text, length, expected):
    assert rendering.excerpt(text, Span(0, len(text)), length=length) == expected


def test_excerpt_hides_what_is_redacted():
    hidden = [Hidden(Span(5, 8), "name")]
    assert rendering.excerpt("call Ada on 555", Span(0, 15), hidden) == "call [name] on 555"
