"""Where saved pages of each forum engine have what a thread states. Data only.

Selectors are CSS, without what takes time by the square of the elements beside one another ("~",
":nth-of-type"). Where several are given they are tried in turn: what the first finds counts, and
the next is for pages on which it finds nothing. ``name`` is an attribute of the post (or of what
``named`` finds below it) whose last number is the post's own.
"""

from __future__ import annotations

from dataclasses import dataclass

Selectors = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PageEngine:
    """The selectors of one engine, or of one generation of it.

    ``id`` is the engine's name, and after a space its version if it has several. Without ``body``
    the post is its own body. ``thread`` finds a link to the thread, ``captions`` what the writer
    says of files below the body. ``signature_starts`` is what a signature begins with where no
    class tells it. ``above``: the name and date of a post are in the element before it.
    ``dated`` are attributes of the date's element that may hold it.
    ``another_view``: its posts bear no numbers, and the address that it states is that of the view
    in which they do, so the two are not joined.
    """

    id: str
    post: str
    body: Selectors
    author: Selectors
    date: Selectors
    title: Selectors
    name: str = "id"
    named: Selectors = ()
    author_attribute: str = ""
    signature: Selectors = ()
    signature_starts: str = ""
    captions: Selectors = ()
    page: Selectors = ()
    thread: Selectors = ()
    dated: tuple[str, ...] = ("datetime", "data-time", "content", "title")
    above: bool = False
    another_view: bool = False


ENGINES = (
    PageEngine(
        id="XenForo 2",
        post="article.message--post, article.message[data-content]",
        body=(".message-body .bbWrapper",),
        author=(".message-name",),
        author_attribute="data-author",
        date=(".message-attribution time", "time.u-dt"),
        name="data-content",
        signature=(".message-signature .bbWrapper", ".message-signature"),
        title=("h1.p-title-value",),
        page=(".pageNav-page--current",),
    ),
    PageEngine(
        id="XenForo 1",
        post="li.message[id]",
        body=(".messageText",),
        author=(".username",),
        author_attribute="data-author",
        date=(".DateTime",),
        signature=(".signature",),
        title=(".titleBar h1",),
        page=(".PageNav .currentPage",),
    ),
    PageEngine(
        id="Invision 5",
        post="article.ipsEntry",
        body=("[data-role=commentContent]",),
        author=(".ipsEntry__username .ipsUsername", ".ipsEntry__username a", ".ipsEntry__username"),
        date=(".ipsEntry__date time", "time"),
        signature=("[data-role=memberSignature]",),
        title=("h1.ipsPageHeader__title", "h1"),
        page=(".ipsPagination__active", ".ipsPagination_active"),
    ),
    PageEngine(
        id="Invision 4",
        post="article.ipsComment",
        body=("[data-role=commentContent]",),
        author=(".cAuthorPane_author", ".ipsComment_author strong"),
        date=(".ipsComment_meta time", "time"),
        signature=("[data-role=memberSignature]",),
        title=("h1.ipsType_pageTitle",),
        page=(".ipsPagination_active",),
    ),
    PageEngine(
        id="Invision 3",
        post=".post_block[id^=post_id_]",
        body=("[itemprop=commentText]", ".post.entry-content", ".entry-content"),
        author=(".author [itemprop=name]", ".author a", ".author"),
        date=("abbr.published", ".posted_info"),
        signature=(".signature",),
        title=("h1.ipsType_pagetitle", ".maintitle"),
        page=(".pagination .active", ".pages .active"),
    ),
    PageEngine(
        id="Discourse",
        post="article[data-post-id]",
        body=(".cooked",),
        author=(
            ".topic-meta-data .username",
            ".topic-meta-data .names a",
            "[data-user-card]",
        ),
        date=(".post-date .relative-date", ".relative-date"),
        title=("#topic-title h1", "h1"),
    ),
    PageEngine(
        id="Discourse for crawlers",
        post=".crawler-post",
        body=(".post", "[itemprop=text]"),
        author=(".creator [itemprop=name]", ".creator"),
        date=("time.post-time", "[itemprop=datePublished]"),
        name="content",
        named=("[itemprop=position]",),
        title=("#topic-title h1 a", "#topic-title h1", "h1"),
    ),
    PageEngine(
        id="vBulletin 5",
        post="li.b-post[data-node-id]",
        body=(".js-post__content-text",),
        author=(".b-userinfo__details .author", ".author"),
        date=("time[itemprop=dateCreated]", ".b-post__timestamp"),
        name="data-node-id",
        signature=(".b-post__signature",),
        title=(".main-title", "h1"),
        page=(".js-pagenav-current-page",),
    ),
    PageEngine(
        id="vBulletin 4",
        post="li.postbit, li.postbitlegacy, li.postcontainer",
        body=("[id^=post_message_] .postcontent",),
        author=(".username",),
        date=(".postdate .date",),
        signature=(".signaturecontainer",),
        title=(".threadtitle",),
        page=(".pagination .selected",),
    ),
    PageEngine(
        id="vBulletin 3",
        post="table[id^=post]",
        body=("[id^=post_message_]",),
        author=(".bigusername", "[id^=postmenu_]"),
        date=("td.thead",),
        signature=("[id^=td_post_] > div:not([id])",),
        signature_starts="____",
        title=(".navbar strong",),
        page=(".pagenav .alt2",),
    ),
    PageEngine(
        id="vBulletin archive",
        post="div.post",
        body=(".posttext",),
        author=(".posttop .username",),
        date=(".posttop .date",),
        title=(".largefont a",),
        another_view=True,
    ),
    PageEngine(
        id="SMF 2",
        post=".post_wrapper",
        body=(".post .inner", ".post [id^=msg_]"),
        author=(".poster h4",),
        date=(".postinfo a.smalltext", ".keyinfo .smalltext"),
        dated=(),  # The title of the link is the post's subject, which may be a date.
        named=(".post .inner", ".post [id^=msg_]"),
        signature=(".signature",),
        title=("#top_subject", ".display_title", ".keyinfo h5"),
        page=(".pagelinks strong", ".current_page"),
    ),
    PageEngine(
        id="SMF 1",
        post="table:has(> tbody > tr > td > div.post)",
        body=("div.post",),
        author=("td > b",),
        date=("[id^=subject_] + .smalltext",),
        named=("[id^=subject_]",),
        signature=(".signature",),
        title=(),
        page=(".middletext b",),
    ),
    PageEngine(
        id="SMF printed",
        post="#posts .postbody",
        body=(),
        author=("br + strong",),
        date=("strong + strong",),
        title=("#posts .postheader strong",),
        above=True,
        another_view=True,
    ),
    PageEngine(
        id="MyBB",
        post="div.post[id^=post_]",
        body=(".post_body",),
        author=(".author_information .largetext", ".post_author .largetext", ".largetext"),
        date=(".post_date > span[title]", ".post_date"),
        signature=(".signature",),
        title=(".navigation .active", ".thead strong"),
        page=(".pagination_current",),
    ),
    PageEngine(
        id="phpBB 3",
        post="div.post[id]",
        body=(".content",),
        author=(
            ".postprofile .username",
            ".postprofile .username-coloured",
            "p.author strong",
            ".postprofile dt strong",
            ".postprofile dt a",
        ),
        date=("p.author time[datetime]", "p.author"),
        signature=(".signature",),
        captions=(".attachbox dd em",),
        title=("h2.topic-title a", "h2.topic-title", "#page-body h2"),
        page=(".pagination .active", ".pagination strong"),
        thread=('h2.topic-title a[href*="t="]', '#page-body h2 a[href*="t="]'),
    ),
    PageEngine(
        id="phpBB 2",
        post="tr:has(> td > .name > a[name])",
        body=("td:has(> .postbody)",),
        author=(".name b", ".name"),
        date=("a + .postdetails",),
        name="name",
        named=(".name a[name]",),
        title=("a.maintitle", ".maintitle"),
        page=(".nav b",),
        thread=('a.maintitle[href*="t="]',),
    ),
    PageEngine(
        id="schema.org microdata",
        post='[itemtype$="/DiscussionForumPosting"], [itemtype$="/Comment"]',
        body=('[itemprop="text"]', '[itemprop="articleBody"]'),
        author=('[itemprop="author"] [itemprop="name"]', '[itemprop="author"]'),
        date=('[itemprop="datePublished"]', '[itemprop="dateCreated"]'),
        title=('[itemprop="headline"]', "h1"),
    ),
)


def known() -> str:
    """Return the names of the engines for a reader, with the versions of those that have some."""
    versions: dict[str, list[str]] = {}
    for engine in ENGINES[:-1]:
        name, _, version = engine.id.partition(" ")
        found = versions.setdefault(name, [])
        if version.isdigit():
            found.insert(0, version)
    return ", ".join(
        f"{name} {_listed(sorted(found))}".rstrip() for name, found in versions.items()
    )


def _listed(words: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))
