"""Reddit dumps (Pushshift, Arctic Shift): comments and submissions, one JSON object a line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from corpus.segmentation.structure import Link
from corpus.spans import Span
from forumimport.drafts import PostDraft, ThreadDraft, Unread
from forumimport.readers import plain, scattered
from forumimport.readers.base import BadRecord, Head, Options, Reader, Source
from forumimport.readers.json_values import objects, parsed
from forumimport.readers.ordering import ordered
from forumimport.readers.records import Record
from forumimport.readers.stated import Stated, StatedThread, drafted, together
from forumimport.readers.values import label, metadata

_KEPT = ("subreddit", "permalink", "domain", "over_18", "link_flair_text")
#: What stands for a writer who is no longer known, or for words that are gone: "[deleted]",
#: "[deleted by user]", "[ Removed by Reddit ]", with the reason behind it or not.
_NOBODY = re.compile(
    r"\[ ?(?:deleted|removed)(?: by (?:user|author|(?:the |a )?moderators?|reddit|automoderator))?"
    r"(?: (?:on account of|in response to) [^\n]{1,200}?)? ?\]",
    re.IGNORECASE,
)
_GONE = "It is deleted: “{}” stands in its place."
_UNESCAPED = re.compile(r"[<>]|&(?!lt;|gt;|amp;)")
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


class RedditReader(Reader):
    id = "reddit"
    title = "Reddit dumps"
    suffixes = frozenset({".jsonl", ".ndjson", ".json"})

    def sniff(self, head: Head) -> float:
        comments = b'"link_id"' in head.start and b'"body"' in head.start
        submissions = b'"selftext"' in head.start and b'"subreddit"' in head.start
        return 0.9 if comments or submissions else 0.0

    def read(self, source: Source, options: Options) -> Iterator[ThreadDraft | Unread]:
        def gather(name: str, records: Sequence[Record]) -> StatedThread:
            return _thread(name, records, options)

        yield from scattered.threads(source, self.id, _placed(source, options), gather)


def _placed(source: Source, options: Options) -> Iterator[scattered.Placed]:
    for found in objects(source, options.encoding):
        if isinstance(found, Unread):
            yield found
            continue
        record, values = found
        try:
            yield _submission(values), record
        except BadRecord as error:
            yield Unread(record.locator, str(error))


def _submission(values: dict[str, Any]) -> str:
    """The full name ("t3_…") of the submission that a record is of."""
    if _is_comment(values):
        name = label(values.get("link_id"), "link_id")
    else:
        name = label(values.get("id"), "id")
    if not name:
        raise BadRecord("It does not say which submission it is of.")
    return name if name.startswith("t3_") else f"t3_{name}"


def _is_comment(values: dict[str, Any]) -> bool:
    return "body" in values or "link_id" in values


def _thread(name: str, records: Sequence[Record], options: Options) -> StatedThread:
    every = [(record.locator, parsed(record.content, options.encoding)) for record in records]
    root = next((values for _place, values in every if not _is_comment(values)), None)
    posts, problems = drafted(_stated(place, values, root is not None) for place, values in every)
    said = root or every[0][1]
    return StatedThread(
        ordered(list(plain.resolved(map(_linked, posts))), options.order),
        sha256=scattered.digest(records),
        locator=scattered.place_of(name),
        title=_unescaped(root.get("title")) if root else None,
        identifier=name,
        metadata=metadata({key: said[key] for key in _KEPT if key in said}),
        problems=[*problems, *together(_deleted(every), _GONE)],
    )


def _deleted(every: Sequence[tuple[str, dict[str, Any]]]) -> list[tuple[str, str]]:
    """The places of posts of which the dump has nothing but a mark, and the mark."""
    texts = [(place, values.get("body", values.get("selftext"))) for place, values in every]
    return [(place, str(text).strip()) for place, text in texts if _is_nobody(text)]


def _is_nobody(value: Any) -> bool:
    return isinstance(value, str) and _NOBODY.fullmatch(value.strip()) is not None


def _stated(place: str, values: dict[str, Any], rooted: bool) -> Stated:
    author = values.get("author")
    post = Stated(
        text=None,
        author=None if _is_nobody(author) else author,
        date=values.get("created_utc"),
        place=place,
    )
    if not _is_comment(values):
        words = values.get("selftext") or values.get("url")
        return replace(post, text=_unescaped(words), identifier=_submission(values))
    name = values.get("id")
    return replace(
        post,
        text=_unescaped(values.get("body")),
        identifier=None if name is None else f"t1_{name}",
        reply_to=_parent(values.get("parent_id"), rooted),
    )


def _parent(parent: Any, rooted: bool) -> Any:
    if isinstance(parent, int) and not isinstance(parent, bool):
        return f"t1_{_base36(parent)}"  # Newer dumps give the number of a comment.
    if not rooted and isinstance(parent, str) and parent.startswith("t3_"):
        return None  # The submission is in another dump.
    return parent


def _unescaped(value: Any) -> Any:
    """Text without the escapes that Reddit's interface puts in for <, > and &.

    Where a sign stands unescaped the dump was made without them, and nothing is changed.
    """
    if not isinstance(value, str) or "&" not in value or _UNESCAPED.search(value):
        return value
    return value.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _linked(post: PostDraft) -> PostDraft:
    """A submission that is nothing but an address, as a link."""
    if not re.fullmatch(r"https?://\S+", post.text):
        return post
    return replace(post, links=(Link(Span(0, len(post.text)), post.text, "link"),))


def _base36(number: int) -> str:
    digits = ""
    number = abs(number)
    while number:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits or "0"
