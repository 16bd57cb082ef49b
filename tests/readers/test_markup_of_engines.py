"""What engines put into bodies of posts: notes, labels of quotations, cards, counts, buttons."""

import time

import pytest

from forumimport.readers.markup import fragment
from tests.readers.reading import posts, quotations, thread

NOTES = {
    "Invision 4": "<span class='ipsType_light' data-excludequote><strong>Edited <time>May 3</time> "
    "by Ada</strong><br>typo</span>",
    "Invision 5": '<div class="ipsEdited">Edited May 3 by Ada<br>typo</div>',
    "XenForo": '<div class="message-lastEdit">Edited May 3 by Ada<br>typo</div>',
    "vBulletin 4": '<blockquote class="postcontent lastedited">Edited May 3 by Ada<br>typo'
    "</blockquote>",
    "SMF": '<span class="smalltext modified" id="modified_1">Edited May 3 by Ada<br>typo</span>',
    "MyBB": '<span class="post_edit" id="edited_by_1">Edited May 3 by Ada<br>typo</span>',
}


@pytest.mark.parametrize("engine", NOTES)
def test_note_of_an_edit_is_nobodys_words(engine):
    marked = fragment(f"<p>Very.</p>{NOTES[engine]}")
    assert marked.text.split() == ["Very.", "Edited", "May", "3", "by", "Ada", "typo"]
    assert [(row.span.of(marked.text), row.kind) for row in marked.boilerplate] == [
        ("Edited May 3 by Ada\ntypo", "navigation")
    ]
    assert marked.quotations == ()


def test_note_stands_on_a_line_of_its_own():
    assert fragment("Very.<span data-excludequote>Edited</span>").text == "Very.\nEdited"


def test_small_print_of_the_writer_is_kept_as_theirs():
    assert fragment('<span class="modified">Very.</span>').boilerplate == ()


LABEL = (
    "<blockquote><div><cite>{} <a href='./viewtopic.php?p=1#p1' data-post-id='1'>↑</a>"
    "<div class='responsive-hide'>Fri May 03, 2019 10:00 am</div></cite>How deep?</div>"
    "</blockquote>Very."
)
LINKED = "<a href='./memberlist.php?u=2'>Ada</a>"


@pytest.mark.parametrize("wrote", ["píše:", "さんが書きました:", "寫:", "je napisao/la:", "كتب:"])
@pytest.mark.parametrize(("name", "attributed"), [(LINKED, "Ada"), ("Ada", "")])
def test_cite_that_links_a_post_is_the_label_whatever_its_words(wrote, name, attributed):
    marked = fragment(LABEL.format(f"{name} {wrote}"))
    assert marked.text == "How deep?\n\nVery."
    (quotation,) = marked.quotations
    assert (quotation.attributed, quotation.of) == (attributed, "1")
    assert marked.links == ()


def test_cite_of_a_quotation_in_another_is_a_label_too():
    inner = LABEL.format(f"{LINKED} píše:")
    outer = LABEL.format("Bo píše:").replace("How deep?", inner)
    assert fragment(outer).text == "How deep?\n\nVery.\n\nVery."


def test_quoted_post_is_found_by_the_link_of_its_label():
    page = (
        "<html><div class='post' id='p1'><div class='content'>How deep?</div></div>"
        f"<div class='post' id='p2'><div class='content'>{LABEL.format(f'{LINKED} píše:')}</div>"
        "</div></html>"
    )
    draft = thread(page.encode())
    assert posts(draft) == [("How deep?", "", None), ("How deep?\n\nVery.", "", None)]
    assert quotations(draft) == [("How deep?", "Ada", 0)]


@pytest.mark.parametrize(
    "cited",
    [
        "<cite><a href='https://blog.example/posts/12'>On leeks</a></cite> deep",
        "<cite>On leeks</cite> deep",
        "deep <cite><a href='viewtopic.php?p=1#p1'>On leeks</a></cite>",
        f"<cite><a href='#p1'>On leeks</a> {'and so on ' * 40}</cite> deep",
    ],
)
def test_cite_that_is_no_label_is_kept(cited):
    assert "On leeks" in fragment(f"<blockquote>{cited}</blockquote>").text


SPOILERS = {
    "XenForo 2": '<div class="bbCodeSpoiler"><button class="bbCodeSpoiler-button button"><span '
    'class="button-text"><span>Spoiler: <span class="bbCodeSpoiler-button-title">How it  ends'
    '</span></span></span></button><div class="bbCodeSpoiler-content">Badly</div></div>',
    "XenForo 1": '<div class="bbCodeSpoilerContainer"><button class="button bbCodeSpoilerButton">'
    '<span>Spoiler: <span class="SpoilerTitle">How it ends</span></span></button>'
    '<div class="bbCodeSpoilerText">Badly</div></div>',
}


@pytest.mark.parametrize("engine", SPOILERS)
def test_title_of_a_spoiler_is_the_writers_and_its_button_is_not(engine):
    assert fragment(f"So{SPOILERS[engine]}").text == "So\nHow it ends\nBadly"


def test_button_without_a_title_is_no_text():
    assert fragment("So<button>Spoiler</button>").text == "So"


CARDS = {
    "XenForo 2": '<div class="bbCodeBlock bbCodeBlock--unfurl js-unfurl" data-unfurl="true" '
    'data-url="https://leek.example/"><h3><a href="https://leek.example/">The Society</a></h3>'
    "<div>All about leeks.</div></div>",
    "Discourse": '<aside class="onebox allowlistedgeneric" data-onebox-src="https://leek.example/">'
    '<header class="source"><a href="https://leek.example/">leek.example</a></header>'
    '<article class="onebox-body"><h3>The Society</h3><p>All about leeks.</p></article></aside>',
    "Discourse before 2021": '<aside class="onebox whitelistedgeneric"><header class="source">'
    '<a href="https://leek.example/">leek.example</a></header><article class="onebox-body">'
    "<h3>The Society</h3></article></aside>",
}


@pytest.mark.parametrize("engine", CARDS)
def test_card_of_a_linked_page_is_a_link_and_nobodys_words(engine):
    marked = fragment(f"<p>Look:</p>{CARDS[engine]}<p>Well?</p>")
    assert marked.text == "Look:\n\n\ufffc\n\nWell?"
    assert [(link.span.of(marked.text), link.address, link.kind) for link in marked.links] == [
        ("\ufffc", "https://leek.example/", "link")
    ]


def test_counts_of_a_poll_are_left_out_and_its_options_kept():
    html = (
        '<div class="poll"><div class="poll-container"><ul><li>10 cm</li><li>30 cm</li></ul></div>'
        '<div class="poll-info"><span class="info-number">0</span><span>voters</span></div>'
        '<div class="poll-buttons"><button>Vote</button><a>Show results</a></div></div>Well?'
    )
    assert fragment(html).text == "10 cm\n30 cm\n\nWell?"


@pytest.mark.parametrize(
    "html",
    [
        "<button><object>" * 200 + "words",
        "<button><span>" + "x" * 500_000,
        '<aside class="onebox">' * 200 + "words",
        "<blockquote><cite><a href='#p1'>↑</a>" * 60 + "words",
        "<blockquote><cite>words</cite></blockquote>" * 20_000,
    ],
)
def test_parts_of_engines_cost_no_more_than_their_length(html):
    started = time.perf_counter()
    fragment(html)
    assert time.perf_counter() - started < 5
