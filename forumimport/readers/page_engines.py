"""Where saved pages of each forum engine have what a thread states. Data only.

Selectors are CSS; of several that fit, the first element counts. ``name`` is an attribute of the
post (or of ``named``, below it) whose last number is the post's own.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PageEngine:
    """The selectors of one engine, or of one generation of it."""

    id: str
    post: str
    body: str
    author: str
    date: str
    title: str
    name: str = "id"
    named: str = ""
    author_attribute: str = ""
    signature: str = ""
    page: str = ""


ENGINES = (
    PageEngine(
        id="XenForo 2",
        post="article.message--post, article.message[data-content]",
        body=".message-body .bbWrapper",
        author=".message-name",
        author_attribute="data-author",
        date=".message-attribution time, time.u-dt",
        name="data-content",
        signature=".message-signature .bbWrapper, .message-signature",
        title="h1.p-title-value",
        page=".pageNav-page--current",
    ),
    PageEngine(
        id="XenForo 1",
        post="li.message[id]",
        body=".messageText",
        author=".username",
        author_attribute="data-author",
        date=".DateTime",
        signature=".signature",
        title=".titleBar h1",
        page=".PageNav .currentPage",
    ),
    PageEngine(
        id="Invision",
        post="article.ipsComment",
        body="[data-role=commentContent]",
        author=".cAuthorPane_author, .ipsComment_author strong",
        date=".ipsComment_meta time, time",
        signature="[data-role=memberSignature]",
        title="h1.ipsType_pageTitle",
        page=".ipsPagination_active",
    ),
    PageEngine(
        id="Discourse",
        post="article[data-post-id]",
        body=".cooked",
        author=".topic-meta-data .username, .topic-meta-data .names a, [data-user-card]",
        date=".post-date .relative-date, .relative-date",
        title="#topic-title h1, h1",
    ),
    PageEngine(
        id="Discourse for crawlers",
        post=".crawler-post",
        body=".post, [itemprop=text]",
        author=".creator [itemprop=name], .creator",
        date="time.post-time, [itemprop=datePublished]",
        name="content",
        named="[itemprop=position]",
        title="#topic-title h1 a, #topic-title h1, h1",
    ),
    PageEngine(
        id="vBulletin 5",
        post="li.b-post[data-node-id]",
        body=".js-post__content-text",
        author=".b-userinfo__details .author, .author",
        date="time[itemprop=dateCreated], .b-post__timestamp",
        name="data-node-id",
        signature=".b-post__signature",
        title=".main-title, h1",
        page=".js-pagenav-current-page",
    ),
    PageEngine(
        id="vBulletin 4",
        post="li.postbit, li.postbitlegacy, li.postcontainer",
        body="[id^=post_message_] .postcontent",
        author=".username",
        date=".postdate .date",
        signature=".signaturecontainer",
        title=".threadtitle",
        page=".pagination .selected",
    ),
    PageEngine(
        id="vBulletin 3",
        post="table[id^=post]",
        body="[id^=post_message_]",
        author=".bigusername",
        date="td.thead",
        title=".navbar strong",
        page=".pagenav .alt2",
    ),
    PageEngine(
        id="SMF",
        post=".post_wrapper",
        body=".post .inner, .post [id^=msg_]",
        author=".poster h4",
        date=".keyinfo .smalltext",
        named=".post .inner, .post [id^=msg_]",
        signature=".signature",
        title="#top_subject, .display_title, .keyinfo h5",
        page=".pagelinks strong, .current_page",
    ),
    PageEngine(
        id="phpBB 3",
        post="div.post[id]",
        body=".content",
        author=".postprofile .username, .postprofile .username-coloured, .postprofile dt a",
        date="p.author",
        signature=".signature",
        title="h2.topic-title, h2.topic-title a, #page-body h2",
        page=".pagination .active, .pagination strong",
    ),
    PageEngine(
        id="schema.org microdata",
        post='[itemtype$="/DiscussionForumPosting"], [itemtype$="/Comment"]',
        body='[itemprop="text"], [itemprop="articleBody"]',
        author='[itemprop="author"] [itemprop="name"], [itemprop="author"]',
        date='[itemprop="datePublished"], [itemprop="dateCreated"]',
        title='[itemprop="headline"], h1',
    ),
)
