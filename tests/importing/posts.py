"""A reader of threads as JSON lines, for tests of what happens once a source is read.

One thread a line: ``{"id", "title", "language", "posts": [{"id", "text", "by", "date",
"reply_to", "quotes": [[start, end, of]], "signature": [start, end], "links": [[start, end,
address]]}], "bad": [locator, reason]}``; several documents as ``"pages": [posts, posts]``.
"""

import hashlib
import json
from datetime import UTC, datetime

from corpus.segmentation.structure import Boilerplate, Link
from corpus.spans import Span
from forumimport.composition import composed
from forumimport.drafts import DocumentDraft, PostDraft, QuotationDraft, ThreadDraft, Unread
from forumimport.readers import Reader


class PostsReader(Reader):
    id = "posts"
    title = "Threads of posts"
    suffixes = frozenset({".posts"})

    def sniff(self, head):
        return 0.9 if head.start.startswith(b'{"id"') else 0

    def read(self, source, options):
        with source.stream() as stream:
            for number, line in enumerate(stream, 1):
                try:
                    said = json.loads(line)
                except ValueError:
                    yield Unread(f"line {number}", "It is no JSON.")
                else:
                    yield thread(said, source.origin, f"line {number}", line)


def thread(said, origin, locator, line):
    pages = said.get("pages") or [said["posts"]]
    documents, problems = [], [Unread(*bad) for bad in said.get("bad", [])]
    for page, posts in enumerate(pages, 1):
        made = composed(map(post, posts), title=said["title"])
        problems.extend(made.problems)
        documents.append(
            DocumentDraft(
                text=made.text,
                sha256=hashlib.sha256(line).hexdigest(),
                origin=origin,
                format="posts",
                encoding="utf-8",
                locator=f"{locator}, page {page}" if len(pages) > 1 else locator,
                structure=made.structure,
            )
        )
    return ThreadDraft(
        tuple(documents),
        title=said["title"],
        language=said.get("language", ""),
        identifier=said.get("id", ""),
        metadata=said.get("metadata", {}),
        problems=tuple(problems),
    )


def post(said):
    date = said.get("date")
    return PostDraft(
        text=said["text"],
        identifier=said.get("id", ""),
        speaker=said.get("by", ""),
        date=datetime.fromisoformat(date).replace(tzinfo=UTC) if date else None,
        date_text=date or said.get("when", ""),
        date_precision="second" if date else "",
        reply_to=said.get("reply_to", ""),
        quotations=tuple(
            QuotationDraft(Span(start, end), of=of) for start, end, of in said.get("quotes", [])
        ),
        boilerplate=tuple(
            Boilerplate(Span(start, end), "signature", "attested")
            for start, end in said.get("signatures", [])
        ),
        links=tuple(
            Link(Span(start, end), address, "link") for start, end, address in said.get("links", [])
        ),
    )


def lines(*threads):
    """The threads as the bytes of a file."""
    return "".join(f"{json.dumps(said)}\n" for said in threads).encode()
