"""Links and pictures of the source: the words stay, and no address does anything but lead away."""

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import rendering
from corpus.admin.workbench import words
from corpus.models.links import followable
from corpus.rendering import Hidden, Linked
from corpus.spans import Span
from tests.rendering.test_rendering import documents, read_back

HOSTILE = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "java\nscript:alert(1)",
    "\x01javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "//evil.example/x",
    "/admin/logout/",
    "mailto:ada@garden.example",
    'http://a.example/" onmouseover="alert(1)',
    "http://a.example/' onfocus='alert(1)",
    "http://a.example/<script>",
    "http://a.example/ x",
    "http://a.example/\n&gt; x",
    "http://a.example/\u202egnp.exe",
    "http:\\\\a.example",
    "http://",
    "",
]
addresses = st.one_of(
    st.sampled_from([*HOSTILE, "https://garden.example/1?a=1&b=2#c", "HTTP://A.example"]),
    st.text(max_size=40),
    st.text(max_size=40).map("https://".__add__),
)


@st.composite
def linked(draw, text):
    start = draw(st.integers(0, len(text) - 1))
    span = Span(start, draw(st.integers(start + 1, len(text))))
    return Linked(span, draw(addresses), draw(st.booleans()))


@st.composite
def linked_documents(draw):
    text, span, quotations, hidden = draw(documents())
    return text, span, quotations, hidden, draw(st.lists(linked(text), max_size=6))


def elements(html):
    root = html5lib.parse(html, treebuilder="etree", namespaceHTMLElements=False)
    return [one for one in root.find("body").iter() if one.tag != "body"]


@given(linked_documents())
def test_text_with_links_reads_as_without(document):
    text, span, quotations, hidden, links = document
    expected = rendering.reading_text(text, span, hidden)
    assert read_back(rendering.html(text, span, quotations, hidden, links)) == expected


@given(linked_documents())
def test_addresses_are_inert_whatever_they_are(document):
    text, span, quotations, hidden, links = document
    ours = {quoted.source_url for quoted in quotations}
    for one in elements(rendering.html(text, span, quotations, hidden, links)):
        assert one.tag in {"div", "blockquote", "footer", "a", "bdi", "span"}
        assert not {"src", "srcset", "background"} & set(one.attrib)
        assert not any(name.startswith("on") for name in one.attrib)
        if one.tag == "a" and one.get("href") not in ours:
            assert one.get("href").lower().startswith(("http://", "https://"))
            assert one.get("rel") == "nofollow noopener ugc"


@given(linked_documents())
def test_sheet_of_the_workbench_keeps_every_character_in_its_place(document):
    text, span, _quotations, hidden, links = document
    shown = rendering.shown_links(text, links, hidden)
    for part in words.paragraphs(text, span):
        html = words.html(text, part, (), hidden, shown)
        plain = words.html(text, part, (), hidden)
        assert "".join(one.text or "" for one in elements(html)) == "".join(
            one.text or "" for one in elements(plain)
        )
        for run in elements(html):
            if run.tag == "span" and not run.get("data-to"):
                at = int(run.get("data-from"))
                assert text[at:].startswith((run.text or "")[:1])
            if run.tag == "a":
                assert run.get("href").lower().startswith(("http://", "https://"))


@pytest.mark.parametrize("address", HOSTILE)
def test_hostile_addresses_are_not_followed(address):
    assert followable(address) == ""
    assert "<a" not in rendering.html("beans", Span(0, 5), links=[Linked(Span(0, 5), address)])


def test_link_that_holds_hidden_words_is_no_link():
    html = rendering.html(
        "Ask Ada now",
        Span(0, 11),
        hidden=[Hidden(Span(4, 7), "name")],
        links=[Linked(Span(0, 7), "https://garden.example/ada")],
    )
    assert "garden.example" not in html


def test_picture_is_linked_and_not_loaded():
    html = rendering.html(
        "\ufffc", Span(0, 1), links=[Linked(Span(0, 1), "https://a.example/1.png", True)]
    )
    (link,) = (one for one in elements(html) if one.tag == "a")
    assert link.get("aria-label") == "Picture: https://a.example/1.png"
    assert not [one for one in elements(html) if one.tag == "img"]
