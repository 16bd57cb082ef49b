"""One annotation with all that its export tells, redacted words masked."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import QuerySet

from corpus.addresses import address_of
from corpus.hiding import elsewhere
from corpus.models import Annotation, Layer, Redaction, SourceDocument, Utterance
from corpus.spans import Span

#: Stands for every redacted character, so that offsets stay what they are.
MASK = "\N{FULL BLOCK}"
#: Characters before and after a passage that tell it from the same words elsewhere.
_CONTEXT = 32


@dataclass(frozen=True, slots=True)
class Exported:
    """``source`` is the document's sha256 and place; offsets are its code points, half-open."""

    guid: uuid.UUID
    source: str
    start: int
    end: int
    exact: str
    prefix: str
    suffix: str
    scope: str
    code: str
    identity: uuid.UUID
    codebook: str
    version: int
    layer: str
    author: str
    note: str
    unsure: bool
    created: str
    changed: str
    collection: str
    thread: int
    title: str
    speaker: str
    date: str
    address: str


@dataclass(frozen=True, slots=True)
class Masked:
    """A document's text as it may leave: redacted characters masked, one by one."""

    text: str
    hidden: tuple[str, ...]

    def note(self, note: str) -> str:
        """Mask redacted words in a remark too."""
        for words in self.hidden:
            note = note.replace(words, MASK * len(words))
        return note


def source_of(document: SourceDocument) -> str:
    """Return what identifies a document on every site that has it."""
    return f"urn:sha256:{document.sha256}" + (f"#{document.locator}" if document.locator else "")


def masked(text: str, redactions: Iterable[Span]) -> Masked:
    """Mask redacted characters.

    >>> masked("Call Ada.", [Span(5, 8)]).text
    'Call ███.'
    """
    characters, hidden = list(text), []
    for span in redactions:
        end = min(span.end, len(text))
        hidden.append(span.of(text))
        characters[span.start : end] = MASK * (end - span.start)
    # A single letter stands everywhere.
    return Masked("".join(characters), tuple(words for words in hidden if len(words) > 2))


def masked_text(document: SourceDocument) -> Masked:
    """Mask what is redacted, and what belongs to another thread by now."""
    found = masked(document.text, [row.span for row in Redaction.objects.filter(document=document)])
    others = masked(found.text, [row.span for row in elsewhere(document)])
    return Masked(others.text, found.hidden)


def exported(layers: QuerySet[Layer]) -> Iterator[Exported]:
    """Yield the annotations of layers, document by document, one text in memory at a time."""
    rows = Annotation.objects.filter(layer__in=layers)
    documents = rows.order_by("document").values_list("document", flat=True).distinct()
    for key in list(documents):
        document = SourceDocument.objects.select_related("thread__collection").get(pk=key)
        text = masked_text(document)
        posts = list(
            Utterance.objects.filter(document=key).select_related("speaker").order_by("start")
        )
        here = rows.filter(document=key).order_by("start", "end", "pk")
        for row in here.select_related("code__version__codebook", "code__parent", "layer"):
            yield _exported(row, document, text, posts)


def _exported(
    row: Annotation, document: SourceDocument, text: Masked, posts: list[Utterance]
) -> Exported:
    post = next((post for post in posts if row.start < post.end), None)
    version = row.code.version
    whole = row.scope == "thread"
    return Exported(
        row.guid,
        source_of(document),
        row.start,
        row.end,
        row.span.of(text.text),
        text.text[max(0, row.start - _CONTEXT) : row.start],
        text.text[row.end : row.end + _CONTEXT],
        row.scope,
        row.code.path,
        row.code.identity,
        version.codebook.name,
        version.number,
        row.layer.kind,
        row.layer.author_name,
        text.note(row.note),
        row.unsure,
        row.created.isoformat(),
        row.changed.isoformat(),
        document.thread.collection.name,
        document.thread_id,
        document.thread.title,
        post.speaker.name if post and post.speaker and not whole else "",
        post.date.isoformat() if post and post.date and not whole else "",
        address_of(post) if post and not whole else address_of(document.thread),
    )
