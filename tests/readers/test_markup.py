"""HTML of posts: the words as a browser shows them, and what the markup says as spans."""

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forumimport.readers import BadRecord
from forumimport.readers.markup import fragment
from tests.texts import lines


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("one  two\n three", "one two three"),
        ("<p>one</p><p>two</p>", "one\n\ntwo"),
        ("one<br>two<br/><br />three", "one\ntwo\n\nthree"),
        ("<div>one</div><div>two</div>", "one\ntwo"),
        ("<b>one</b> <i>two</i>, <u>three</u>", "one two, three"),
        ("<ul><li>one</li><li>two</li></ul>three", "one\ntwo\n\nthree"),
        ("<table><tr><td>1<td>2<tr><td>3</table>", "1\t2\n3"),
        ("a<pre>  b\n   c</pre>d", "a\n\n  b\n   c\n\nd"),
        ("&lt;b&gt; &amp;amp; &nbsp;&#233;", "<b> &amp; \xa0é"),
        ("one<script>alert(1)</script><style>p {}</style><!-- two -->", "one"),
        ("<p>one<p>two<div>three", "one\n\ntwo\n\nthree"),
        ("", ""),
        ("<frameset><frame src=x></frameset>words", "words"),
        ("</body></html>words after all", "words after all"),
        ("<img src='a.jpg' alt='a.jpg'>", "\ufffc"),
        ("so <img class=smilie src=a.gif alt=':)'>", "so :)"),
    ],
)
def test_markup_is_read_as_text(html, text):
    assert fragment(html).text == text


QUOTES = {
    "plain": ("<blockquote>Old</blockquote>New", "", ""),
    "XenForo 2": (
        '<blockquote data-attributes="member: 5" data-quote="Ada" data-source="post: 12" '
        'class="bbCodeBlock bbCodeBlock--quote"><div class="bbCodeBlock-title"><a href="/goto/">'
        'Ada said:</a></div><div class="bbCodeBlock-content">Old<div '
        'class="bbCodeBlock-expandLink">Click to expand...</div></div></blockquote>New',
        "Ada",
        "12",
    ),
    "XenForo 1": (
        '<div class="bbCodeBlock bbCodeQuote" data-author="Ada"><aside><div class="attribution '
        'type">Ada said: <a href="goto/post?id=12#post-12">&uarr;</a></div><blockquote>'
        '<div class="quote">Old</div><div class="quoteExpand">Click to expand...</div>'
        "</blockquote></aside></div>New",
        "Ada",
        "12",
    ),
    "phpBB 3.2": (
        '<blockquote cite="./viewtopic.php?p=12#p12"><div><cite><a href="./u=5">Ada</a> wrote: '
        '<a href="./viewtopic.php?p=12#p12" data-post-id="12">↑</a><span>Tue Mar 03, 2009</span>'
        "</cite>Old</div></blockquote>New",
        "Ada",
        "12",
    ),
    "phpBB 3.0": ("<blockquote><div><cite>Ada wrote:</cite>Old</div></blockquote>New", "Ada", ""),
    "phpBB 3, subsilver": (
        '<div class="quotetitle">Ada wrote:</div><div class="quotecontent">Old</div>New',
        "Ada",
        "",
    ),
    "phpBB 2": (
        '<table><tr><td><span class="genmed"><b>Ada wrote:</b></span></td></tr><tr>'
        '<td class="quote">Old</td></tr></table>New',
        "Ada",
        "",
    ),
    "vBulletin 3": (
        '<div><div class="smallfont">Quote:</div><table><tr><td class="alt2"><div>Originally '
        'Posted by <strong>Ada</strong> <a href="showthread.php?p=12#post12"><img alt="View Post">'
        '</a></div><div style="font-style:italic">Old</div></td></tr></table></div>New',
        "Ada",
        "12",
    ),
    "vBulletin 4": (
        '<div class="bbcode_container"><div class="bbcode_quote"><div class="quote_container">'
        '<div class="bbcode_quote_container"></div><div class="bbcode_postedby"><img alt="Quote"> '
        'Originally Posted by <strong>Ada</strong> <a href="showthread.php?p=12#post12"></a></div>'
        '<div class="message">Old</div></div></div></div>New',
        "Ada",
        "12",
    ),
    "Discourse": (
        '<aside class="quote no-group" data-username="Ada" data-post="12" data-topic="7">'
        '<div class="title"><div class="quote-controls"></div><img class="avatar"> Ada:</div>'
        "<blockquote><p>Old</p></blockquote></aside><p>New</p>",
        "Ada",
        "7/12",
    ),
    "Invision": (
        '<blockquote class="ipsQuote" data-ipsquote-contentcommentid="12" '
        'data-ipsquote-username="Ada"><div class="ipsQuote_citation">On 5/15/2013, Ada said:</div>'
        '<div class="ipsQuote_contents"><p>Old</p></div></blockquote><p>New</p>',
        "Ada",
        "12",
    ),
    "SMF 2.0": (
        '<div class="quoteheader"><div class="topslice_quote"><a href="/index.php?topic=5.msg12'
        '#msg12">Quote from: Ada on March 03, 2009</a></div></div><blockquote>Old</blockquote>'
        '<div class="quotefooter"><div class="botslice_quote"></div></div>New',
        "Ada",
        "12",
    ),
    "SMF 2.1": (
        '<blockquote class="bbc_standard_quote"><cite><a href="https://x.example/index.php?msg=12">'
        "Quote from: Ada on March 03, 2009</a></cite>Old</blockquote>New",
        "Ada",
        "12",
    ),
}


@pytest.mark.parametrize("engine", QUOTES)
def test_markup_of_quotation_tells_whose_words_it_holds(engine):
    html, writer, post = QUOTES[engine]
    marked = fragment(html)
    (quotation,) = marked.quotations
    assert marked.text == "Old\n\nNew"
    assert quotation.span.of(marked.text) == "Old"
    assert (quotation.attributed, quotation.of, quotation.basis) == (writer, post, "attested")


def test_markup_of_nested_quotations_gives_the_outermost():
    marked = fragment(
        "<blockquote><cite>Ada wrote:</cite>One<blockquote><cite>Bo wrote:</cite>Two</blockquote>"
        "Three</blockquote>Four<blockquote>Five</blockquote>"
    )
    assert marked.text == "One\n\nTwo\n\nThree\n\nFour\n\nFive"
    assert [(q.span.of(marked.text), q.attributed) for q in marked.quotations] == [
        ("One\n\nTwo\n\nThree", "Ada"),
        ("Five", ""),
    ]


def test_markup_keeps_a_cited_title_that_names_no_writer():
    marked = fragment("<blockquote><cite>The Book of Leeks</cite> is good.</blockquote>")
    assert marked.text == "The Book of Leeks is good."


def test_markup_keeps_links_and_pictures_as_spans():
    marked = fragment(
        'See <a href="https://a.example/?q=1&amp;r=2">the <b>pots</b></a>, <a href="#top">top</a>, '
        '<a href="javascript:alert(1)">this</a> <img src="data:image/png;base64,AAAA"> '
        '<img src="p.jpg"> <iframe src="https://v.example/1"></iframe>'
    )
    assert [(link.span.of(marked.text), link.address, link.kind) for link in marked.links] == [
        ("the pots", "https://a.example/?q=1&r=2", "link"),
        ("\ufffc", "data:image/png;base64", "image"),
        ("\ufffc", "p.jpg", "image"),
        ("\ufffc", "https://v.example/1", "link"),
    ]


def test_markup_of_signature_is_boilerplate():
    marked = fragment('Words.<div class="signature">-- <br>Ada</div>')
    assert [(row.span.of(marked.text), row.kind, row.basis) for row in marked.boilerplate] == [
        ("--\nAda", "signature", "attested")
    ]


TAGS = ["b", "p", "div", "blockquote", "a", "td", "pre", "cite", "ul", "li", "aside", "table"]
CLASSES = [
    "",
    "quote",
    "signature",
    "quotetitle",
    "bbcode_quote",
    "alt2",
    "lastedited",
    "smallfont",
]


@st.composite
def fragments(draw):
    """HTML of words in tags of all kinds, opened and closed at random."""
    parts = []
    for _ in range(draw(st.integers(0, 25))):
        tag, name = draw(st.sampled_from(TAGS)), draw(st.sampled_from(CLASSES))
        parts.append(
            draw(
                st.sampled_from(
                    [f'<{tag} class="{name}" href="x" cite="?p=5">', f"</{tag}>", "<br>", "word ",
                     "Ada wrote:", " \n ", '<img src="y" alt=":)">', "&amp;"]
                )
            )
        )  # fmt: skip
    return "".join(parts)


def assert_marked(marked):
    spans = [q.span for q in marked.quotations]
    assert all(first.end <= second.start for first, second in pairwise(spans))
    for row in (*marked.quotations, *marked.boilerplate, *marked.links):
        assert row.span.end <= len(marked.text)
        assert row.span.trimmed(marked.text) == row.span


@given(fragments())
def test_markup_of_any_nesting_gives_text_without_markup(html):
    marked = fragment(html)
    assert "<" not in marked.text
    assert ">" not in marked.text
    assert_marked(marked)


@given(st.one_of(st.text(), lines))
def test_markup_of_any_text_is_read(html):
    assert_marked(fragment(html))


@given(st.text(st.characters(categories=["L", "N"]), min_size=1))
def test_markup_leaves_words_as_they_are(word):
    assert fragment(f"<p>{word}</p>").text == word


@pytest.mark.parametrize(
    "html",
    [
        "word " * 200_000,
        "<b><i>" * 4000,
        "<p>x" * 100_000,
        "<blockquote>" * 9_000 + "x",
        "<" * 10**6,
    ],
    ids=["words", "unclosed", "paragraphs", "nested", "signs"],
)
def test_markup_of_a_million_characters_is_read_in_seconds(html):
    start = time.monotonic()
    fragment(html)
    assert time.monotonic() - start < 20


def test_markup_nested_beyond_use_is_refused():
    with pytest.raises(BadRecord) as refusal:
        fragment("<div>" * 100_000)
    assert str(refusal.value) == "Its markup is nested more than 10,000 elements deep."
