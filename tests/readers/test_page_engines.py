"""What the pages of each engine state of a post, in the shapes of their own templates."""

import pytest

from forumimport.readers import pages
from forumimport.readers.page_engines import ENGINES
from tests.readers.reading import boilerplate, posts, read

VB3 = (
    '<table id="post1"><tr><td class="thead"><div>#<a><strong>1</strong></a>&nbsp;</div><div>'
    '05-13-2009, 10:00 AM</div></td></tr><tr><td>{}</td><td id="td_post_1">'
    '<div id="post_message_1">Deep?</div>{}</td></tr></table>'
)
PHPBB3 = (
    '<div id="p1" class="post"><div class="postbody"><p class="author">by {} &raquo; Wed May 13, '
    '2009 10:00 am</p><div class="content">Deep?</div>{}</div>'
    '<dl class="postprofile"><dt>{}</dt></dl></div>'
)
DISCOURSE = (
    '<article data-post-id="1" id="post_1"><a class="main-avatar" data-user-card="ada"><img></a>'
    '{}<span class="relative-date" data-time="1242208800000">May 2009</span>'
    '<div class="cooked">Deep?</div></article>'
)
SMF2 = (
    '<div class="post_wrapper"><div class="poster"><h4>Ada</h4></div><div class="keyinfo">'
    '<div class="postinfo"><a title="{}" class="smalltext">May 13, 2009, 10:00 AM</a></div></div>'
    '<div class="post"><div class="inner" id="msg_1">Deep?</div></div></div>'
)
PHPBB2 = (
    '<table><tr><td><a class="maintitle" href="viewtopic.php?t=7">Leeks</a></td></tr></table>'
    '<table class="forumline"><tr><td><span class="name"><a name="1"></a><b>Ada</b></span><br>'
    '<span class="postdetails">Joined: 12 Jan 2004</span></td><td><table><tr><td>'
    '<a href="viewtopic.php?p=1#1"><img></a><span class="postdetails">Posted: Wed May 13, 2009 '
    '10:00 am<span class="gen">&nbsp;</span>Post subject: Leeks in 2008</span></td></tr><tr>'
    '<td colspan="2"><span class="postbody">Deep?</span><span class="gensmall"></span></td></tr>'
    '</table></td></tr><tr><td><a href="#top">Back to top</a></td></tr></table>'
)
SMF1 = (
    '<table class="bordercolor"><tr><td><a name="msg1"></a><table><tr><td><table><tr>'
    '<td rowspan="2"><b><a title="View the profile of Ada">Ada</a></b><div class="smalltext">Newbie'
    '</div></td><td><table><tr><td><div id="subject_1"><a>Leeks</a></div><div class="smalltext">'
    "&#171; <b>on:</b> May 13, 2009, 10:00:00 AM &#187;</div></td></tr></table><hr>"
    '<div class="post">Deep?</div></td></tr></table></td></tr></table></td></tr></table>'
)
PRINTED = (
    '<link rel="canonical" href="http://a.example/index.php?topic=7.0"><div id="posts">'
    '<div class="postheader">Title: <strong>Leeks</strong><br>Post by: <strong>Ada</strong> on '
    '<strong>May 13, 2009, 10:00:00 AM</strong></div><div class="postbody">Deep?</div></div>'
)
ARCHIVE = (
    '<p class="largefont">View Full Version : <a href="showthread.php?t=7">Leeks</a></p>'
    '<div class="post"><div class="posttop"><div class="username">Ada</div><div class="date">'
    '05-13-2009, 10:00 AM</div></div><div class="posttext">Deep?</div></div>'
)
MYBB = (
    '<div class="post" id="post_1"><div class="author_information"><span class="largetext">Ada'
    '</span></div><div class="post_head"><span class="post_date">05-13-2009, 10:00 AM <span '
    'class="post_edit">(Last modified: 05-14-2009, 10:00 AM)</span></span></div>'
    '<div class="post_body" id="pid_1">Deep?</div></div>'
)
INVISION3 = (
    "<div class='post_block hentry' id='post_id_1'><span class='author vcard'><a><span "
    "itemprop='name'>Ada</span></a></span><abbr class='published' title='2009-05-13T10:00:00+00:00'"
    ">13 May</abbr><div itemprop='commentText' class='post entry-content'>Deep?</div></div>"
)
INVISION5 = (
    '<article id="elComment_1" class="ipsEntry"><h3 class="ipsEntry__username"><span class='
    '"ipsOnline"></span><a class="ipsUsername">Ada</a></h3><p class="ipsEntry__date">Posted <time '
    'datetime="2009-05-13T10:00:00Z">May 13</time></p><div data-role="commentContent">Deep?</div>'
    "</article>"
)
MICRODATA = (
    '<article itemscope itemtype="https://schema.org/DiscussionForumPosting">{}'
    '<time itemprop="datePublished" datetime="2009-05-13T10:00:00Z"></time>'
    '<div itemprop="text">Deep?</div></article>'
)


@pytest.mark.parametrize(
    ("engine", "page"),
    [
        (
            "vBulletin 3",
            VB3.format('<div id="postmenu_1"><a class="bigusername">Ada</a></div>', ""),
        ),
        ("vBulletin 3", VB3.format('<div id="postmenu_1"> Ada </div><div>Guest</div>', "")),
        ("vBulletin archive", ARCHIVE),
        (
            "phpBB 3",
            PHPBB3.format(
                "<strong><a>Ada</a></strong>", "", "<a><img alt='User avatar'></a><br><a>Ada</a>"
            ),
        ),
        ("phpBB 3", PHPBB3.format("<strong>Ada</strong>", "", "<strong>Ada</strong>")),
        ("phpBB 3", PHPBB3.format("Ada", "", "<a><img></a><br><a>Ada</a>")),
        ("phpBB 2", PHPBB2),
        ("SMF 2", SMF2.format("Reply #1 - Re: Leeks")),
        ("SMF 2", SMF2.format("May 1, 1999")),
        ("SMF 1", SMF1),
        ("SMF printed", PRINTED),
        ("MyBB", MYBB),
        ("Invision 3", INVISION3),
        ("Invision 5", INVISION5),
        (
            "Discourse",
            DISCOURSE.format(
                '<div class="topic-meta-data"><div class="names"><span class="full-name"><a>Ada L'
                '</a></span><span class="username"><a>Ada</a></span></div></div>'
            ),
        ),
        ("Discourse", DISCOURSE.replace("ada", "Ada").format("")),
        (
            "Discourse for crawlers",
            '<div class="crawler-post"><span class="creator"><a><span itemprop="name">Ada</span>'
            '</a> (Ada L)</span><time class="post-time" datetime="2009-05-13T10:00:00Z"></time>'
            '<span itemprop="position">1</span><div class="post">Deep?</div></div>',
        ),
        (
            "schema.org microdata",
            MICRODATA.format(
                '<div itemprop="author"><a><span itemprop="name">Ada</span></a> 7 posts</div>'
            ),
        ),
        (
            "schema.org microdata",
            MICRODATA.format('<a itemprop="author"><meta itemprop="name" content="Ada"></a>'),
        ),
    ],
)
def test_page_states_writer_date_and_words_of_a_post(engine, page):
    found = pages.read(f"<!DOCTYPE html><html><title>Leeks</title><body>{page}</body></html>")
    (post,) = found.posts
    assert (found.engine, found.title, post.author, post.marked.text) == (
        engine,
        "Leeks",
        "Ada",
        "Deep?",
    )
    (draft,) = read(f"<!DOCTYPE html><html><title>Leeks</title><body>{page}</body></html>".encode())
    (row,) = draft.documents[0].structure.utterances
    assert f"{row.date:%Y-%m-%d %H:%M}" == "2009-05-13 10:00"
    assert "Leeks" not in row.date_text


def test_writer_of_a_comment_is_not_that_of_the_post_around_it():
    comment = (
        '<div itemprop="comment" itemscope itemtype="https://schema.org/Comment"><span '
        'itemprop="author">Bo</span><div itemprop="text">Very.</div></div>'
    )
    page = MICRODATA.format("").replace("</article>", f"{comment}</article>")
    (draft,) = read(f"<!DOCTYPE html><html><body>{page}</body></html>".encode())
    assert posts(draft) == [("Deep?", "", None), ("Very.", "Bo", None)]


def test_signature_of_vbulletin_3_is_told_by_its_line():
    below = "<div><hr></div><div>__________________<br>Mud is life</div><div>Last edited</div>"
    page = VB3.format('<a class="bigusername">Ada</a>', below)
    (draft,) = read(f"<!DOCTYPE html><html><body>{page}</body></html>".encode())
    assert posts(draft) == [("Deep?", "Ada", None)]
    assert boilerplate(draft) == [("__________________\nMud is life", "signature")]


def test_captions_of_files_below_a_post_are_its_writers_words():
    files = (
        '<dl class="attachbox"><dt>Attachments</dt><dd><dl class="file"><dt>plan.pdf</dt><dd><em>'
        "The plan of the bed</em></dd><dd>(20 KiB) Downloaded 3 times</dd></dl></dd></dl>"
    )
    page = PHPBB3.format("<strong>Ada</strong>", files, "")
    (draft,) = read(f"<!DOCTYPE html><html><body>{page}</body></html>".encode())
    assert posts(draft) == [("Deep?\n\nThe plan of the bed", "Ada", None)]


def test_note_that_a_post_was_edited_is_no_one_s_words():
    page = INVISION3.replace("Deep?", "Deep?<p class='edit'>Edited by Ada</p>")
    (draft,) = read(f"<!DOCTYPE html><html><body>{page}</body></html>".encode())
    assert boilerplate(draft) == [("Edited by Ada", "navigation")]


def test_printed_view_is_not_joined_with_the_one_whose_posts_have_numbers():
    assert pages.read(f"<html><body>{PRINTED}</body></html>").address == ""


@pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: engine.id)
def test_selectors_take_no_time_by_the_square_of_elements_beside_one_another(engine):
    shown = repr(engine)
    assert "~" not in shown
    assert "nth" not in shown
