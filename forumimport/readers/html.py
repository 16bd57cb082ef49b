"""Saved pages of forums: one file a page, or a folder of them; pages of one thread are joined."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from forumimport.drafts import PostDraft, ThreadDraft, Unread, sha256_of
from forumimport.readers import mhtml, pages
from forumimport.readers.base import BadRecord, Head, Options, Reader, Source, Unreadable
from forumimport.readers.encodings import Decoded, notice
from forumimport.readers.grouping import broken_off_later, grouped
from forumimport.readers.page_threads import PageThreads
from forumimport.readers.pages import Page
from forumimport.readers.records import LONGEST, Record, told, too_long, whole
from forumimport.readers.stated import StatedThread, drafted
from forumimport.readers.values import readable

_HTML = re.compile(
    rb"\s*+(?:<\?xml[^>]*+>\s*+)?(?:<!--(?>.*?-->)\s*+)*+<(?:!doctype\s+html|html)\b",
    re.IGNORECASE | re.DOTALL,
)
_SUFFIXES = (".html", ".htm", ".xhtml", *mhtml.SUFFIXES)
_OTHER_WORDS = "An earlier page shows this post with other words; those are kept."
_ANOTHER = (
    "An earlier page shows another writer and other words under this number, so it may be of "
    "another thread; both are kept, this one without its number."
)
#: Every page is taken apart twice: to know its thread, and to read it; then it is stored.
_SORTING = 0.4


class HtmlReader(Reader):
    id = "html"
    title = "Saved pages of forums"
    suffixes = frozenset(_SUFFIXES)

    def sniff(self, head: Head) -> float:
        if head.folder:
            # Browsers put pictures and scripts of a page into a folder beside it.
            seen = [name for name in head.folder if not name.startswith(".")]
            pages = [name for name in seen if not name.endswith("_files")]
            saved = [name for name in pages if name.lower().endswith(_SUFFIXES)]
            return 0.8 if saved and saved == pages else 0.0
        if mhtml.begins(head.start):
            return 0.96
        if _HTML.match(head.start.removeprefix(b"\xef\xbb\xbf")):
            return 0.9
        named = head.name.lower().endswith(_SUFFIXES)
        return 0.5 if named and b"<" in head.start else 0.0

    def read(self, source: Source, options: Options) -> Iterator[ThreadDraft | Unread]:
        if source.path is not None and source.path.is_dir():
            saved = _saved(source, source.path)
            yield from joined(source, self.id, saved, options, by_title=True)
            return
        try:
            record = mhtml.unpacked(Record(whole(source), ""))
            shown = [(record, *_page(record, options))]
        except BadRecord as error:
            raise Unreadable(f"{source.origin} cannot be read. {error}") from None
        yield from _thread(source, self.id, shown)


def joined(
    source: Source,
    format: str,
    records: Iterator[Record | Unread | ThreadDraft],
    options: Options,
    *,
    by_title: bool = False,
    postless: Callable[[str, str], None] | None = None,
) -> Iterator[ThreadDraft | Unread]:
    """Yield the threads that pages show, in the order of their first pages; first what is no page.

    Pages whose address is unknown are joined by the posts that they share; ``by_title``: by their
    title too, if they say to be different pages of a thread.
    ``postless``, where such pages are expected, is told of those that show no posts (the place, the
    reason), which are then not yielded.
    Where the records break off, the pages before that place are yielded all the same.

    Raises:
        Unreadable: there is no room to sort them, or ``records`` broke off.
    """
    with grouped() as groups, broken_off_later() as upto_break:
        source.meter.share(_SORTING)
        threads = PageThreads(groups.rows, by_title=by_title)
        for record in upto_break(records):
            if not isinstance(record, Record):
                yield record
                continue
            try:
                page, _text = _page(record, options)
            except BadRecord as error:
                if postless and isinstance(error, pages.NoPosts):
                    postless(record.locator, str(error))
                else:
                    yield Unread(record.locator, str(error))
                continue
            threads.add(groups.add(page.address, record), page)
        groups.rename(threads.threads())
        source.meter.share(1.0, of=groups.total)
        for group in groups.threads():
            source.meter.at(groups.given)
            if isinstance(group, Unread):
                yield group
                continue
            shown = [(record, *_page(record, options)) for record in group[1]]
            yield from _thread(source, format, sorted(shown, key=lambda one: _order(one[1])))


def _order(page: Page) -> tuple[int, int]:
    """The place of a page in its thread; of those that tell none, by the number of the last post,
    as the first one may be repeated on every page."""
    last = page.posts[-1].identifier
    return page.number, int(last) if isinstance(last, str) and last.isdecimal() else 0


def _page(record: Record, options: Options) -> tuple[Page, Decoded]:
    page, text = pages.whole(Source("It", record.content), options.encoding, record.encoding)
    return pages.addressed(page, record.locator), text


def _saved(source: Source, folder: Path) -> Iterator[Record | Unread]:
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or not path.name.lower().endswith(_SUFFIXES):
            continue
        if not source.allows(path.name):
            continue
        place = readable(path.name)
        with told(source), path.open("rb") as file:
            content = file.read(LONGEST + 1)
        if len(content) > LONGEST:
            yield Unread(place, too_long())
            continue
        try:
            yield mhtml.unpacked(Record(content, place))
        except BadRecord as error:
            yield Unread(place, str(error))


def _thread(
    source: Source, format: str, shown: Sequence[tuple[Record, Page, Decoded]]
) -> Iterator[ThreadDraft | Unread]:
    """Yield the thread whose pages are given in order: a document each, every post once.

    What cannot be read is among its problems; alone if nothing can.
    """
    known: dict[object, PostDraft] = {}
    drafts: list[ThreadDraft] = []
    unread: list[Unread] = []
    for record, page, text in shown:
        posts, problems = drafted(page.posts)
        new, contradictions = _new(posts, known)
        if not new and known:
            # Saved twice, nothing but the first post again, or none that can be read.
            lost = [problem for problem in problems if problem.lost]
            unread += [_placed(record, problem) for problem in (*lost, *contradictions)]
            continue
        problems += contradictions
        if said := notice(text):
            problems.insert(0, Unread("", said, lost=False))
        stated = StatedThread(
            new,
            sha256=sha256_of(record.content),
            locator=record.locator,
            title=page.title,
            identifier=page.address,
            language=page.language,
            encoding=text.encoding,
            encoding_guessed=text.guessed,
            metadata={"engine": page.engine},
            problems=problems,
        )
        draft = stated.draft(source, format)
        if isinstance(draft, Unread):
            unread.append(draft)
        else:
            drafts.append(draft)
    if not drafts:
        yield from unread
        return
    first = drafts[0]
    yield replace(
        first,
        # Pages that share posts with it may not know which thread they are of.
        identifier=first.identifier
        or next((page.address for _, page, _ in shown if page.address), ""),
        documents=tuple(document for draft in drafts for document in draft.documents),
        problems=tuple([problem for draft in drafts for problem in draft.problems] + unread),
    )


def _placed(record: Record, problem: Unread) -> Unread:
    return replace(problem, locator=", ".join(filter(None, (record.locator, problem.locator))))


def _new(
    posts: Sequence[PostDraft], known: dict[object, PostDraft]
) -> tuple[list[PostDraft], list[Unread]]:
    """Return the posts that were on no page before, and what pages say differently of the others.

    Engines repeat the first post on every page, and a page may be saved again later.
    """
    new: list[PostDraft] = []
    told: list[Unread] = []
    for post in posts:
        earlier = known.get(_key(post))
        if earlier is not None and earlier.text != post.text and earlier.speaker != post.speaker:
            nameless = replace(post, identifier="")
            if _key(nameless) not in known:
                told.append(Unread(post.identifier, _ANOTHER, lost=False))
                new.append(nameless)
        elif earlier is None:
            new.append(post)
        elif earlier.text != post.text:
            told.append(Unread(post.identifier, _OTHER_WORDS, lost=False))
    for post in new:
        known.setdefault(_key(post), post)
    return new, told


def _key(post: PostDraft) -> object:
    return post.identifier or (post.speaker, post.date_text, post.text)
