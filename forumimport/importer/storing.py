"""Drafts to rows: whole batches of new threads, each with its forum objects, in one transaction.

Keys are reserved beforehand, so rows may refer to each other and every table is written in one
go. Which batch a thread is in makes no difference to what is stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from corpus import access, linked
from corpus.errors import CorpusError
from corpus.models import (
    Basis,
    Boilerplate,
    Collection,
    DatePrecision,
    Link,
    Quotation,
    SourceDocument,
    Thread,
    Utterance,
)
from corpus.models.documents import digest_of
from corpus.rendering import Linked, Quoted
from corpus.segmentation import RecoveredQuotation, RecoveredUtterance
from corpus.spans import Span
from forumimport import projection
from forumimport.drafts import DocumentDraft, ThreadDraft
from forumimport.engines.base import PostContent
from forumimport.engines.rows import Row, Table, check_keys_by_index, reserve
from forumimport.importer import fitting
from forumimport.importer.known import LOCATOR
from forumimport.importer.speakers import Speakers
from forumimport.linking import Joined, joined
from forumimport.models import ImportedContainer, ImportedDocument, ImportRun, ProjectedForum
from forumimport.projection import NewThread, Placed, Words

#: Columns in the order in which :class:`Rows` collects them.
COLUMNS: dict[type[Any], tuple[str, ...]] = {
    Thread: (
        *("id", "collection_id", "title", "identifier", "language", "language_basis"),
        *("metadata", "held", "created"),
    ),
    SourceDocument: (
        *("id", "thread_id", "order", "text", "characters", "sha256", "text_sha256", "origin"),
        *("locator", "format", "encoding", "encoding_basis", "metadata"),
    ),
    ImportedDocument: ("run_id", "document_id", "container_id"),
    Boilerplate: ("document_id", "start", "end", "kind", "basis"),
    Link: ("document_id", "start", "end", "address", "kind"),
    Utterance: (
        *("id", "document_id", "identifier", "start", "end", "basis", "cue", "confidence"),
        *("speaker_id", "speaker_basis", "date", "date_precision", "date_text", "date_basis"),
        *("reply_to_id", "reply_basis", "reply_confidence"),
    ),
    Quotation: (
        *("utterance_id", "start", "end", "source_id", "source_start", "source_end"),
        *("similarity", "extent", "marked", "basis", "confidence"),
    ),
}


#: In a document's metadata: the name, start and end of each post as the source has them.
POSTS = "posts"


@dataclass(frozen=True, slots=True)
class Home:
    """Where threads go, and what brought them."""

    collection: Collection
    run: ImportRun
    container: ImportedContainer | None
    held: bool


class Rows:
    """Rows of the corpus, collected table by table and written together."""

    def __init__(self) -> None:
        self._collected: dict[type[Any], list[Row]] = {model: [] for model in COLUMNS}

    def add(self, model: type[Any], row: Row) -> None:
        self._collected[model].append(row)

    def extend(self, model: type[Any], rows: Iterable[Row]) -> None:
        self._collected[model].extend(rows)

    def write(self) -> None:
        """Write the tables in the order in which they refer to each other."""
        for model, rows in self._collected.items():
            if rows:
                Table(model, COLUMNS[model]).insert(rows)


def store(
    drafts: Sequence[ThreadDraft],
    name: str,
    run: ImportRun,
    *,
    held: bool = False,
    container: ImportedContainer | None = None,
) -> list[Thread]:
    """Store new, segmented threads in the collection of that name, and show them in its forum.

    Raises:
        IntegrityError: another process stored one of them meanwhile; then none is stored.
        ClosedCollectionGone: as :func:`home_of` does.
    """
    with transaction.atomic(), projection.writing(), projection.site_language():
        check_keys_by_index(Utterance)
        home = Home(home_of(name, run), run, container, held)
        batch = _Batch(home)
        batch.add_all(drafts)
        batch.rows.write()
        projection.show_new(batch.shown, forum_of(home.collection))
    return batch.threads


class ClosedCollectionGone(CorpusError):
    """The collection of a run was closed, and is deleted; ``name`` is what it was called."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"The closed collection “{name}” was deleted meanwhile; close the one of that name, or "
            "make it again, closed, and go on."
        )


def home_of(name: str, run: ImportRun) -> Collection:
    """Return the run's collection, or else that of the name, which is made if it is new, and tie
    the run to it.

    One that was renamed while the run is at work is still the run's.

    Raises:
        ClosedCollectionGone: it was closed and is gone, and the one of that name is open.
    """
    run.refresh_from_db(fields=["collection", "concealed"])
    found = run.collection or Collection.objects.filter(name=name).first()
    if run.concealed and not access.is_closed(found):
        raise ClosedCollectionGone(name)
    home = found or Collection.objects.get_or_create(name=name)[0]
    if run.collection_id != home.pk:
        run.collection = home
        ImportRun.objects.filter(pk=run.pk).update(collection=home)
    return home


def forum_of(collection: Collection) -> int:
    """Return the key of the collection's forum, which is made if there is none."""
    forums = ProjectedForum.objects.filter(collection=collection)
    key = forums.values_list("forum", flat=True).first()
    return key or projection.project_collection(collection)


@dataclass(slots=True)
class _Batch:
    home: Home
    rows: Rows = field(default_factory=Rows)
    threads: list[Thread] = field(default_factory=list)
    shown: list[NewThread] = field(default_factory=list)

    def add_all(self, drafts: Sequence[ThreadDraft]) -> None:
        wholes = [joined(draft) for draft in drafts]
        posts = [whole.structure.utterances for whole in wholes]
        speakers = Speakers(self.home.collection)
        speakers.meet(one.speaker for some in posts for one in some)
        documents = iter(reserve(SourceDocument, sum(len(draft.documents) for draft in drafts)))
        utterances = iter(reserve(Utterance, sum(map(len, posts))))
        for key, draft, whole in zip(reserve(Thread, len(drafts)), drafts, wholes, strict=True):
            stored = Stored(
                key,
                whole,
                [next(documents) for _ in draft.documents],
                [next(utterances) for _ in whole.structure.utterances],
                speakers,
            )
            self._add(draft, stored)

    def _add(self, draft: ThreadDraft, stored: Stored) -> None:
        thread = _thread(stored.thread, draft, self.home)
        self.threads.append(thread)
        self.rows.add(Thread, tuple(getattr(thread, name) for name in COLUMNS[Thread]))
        for order, (key, document) in enumerate(
            zip(stored.documents, draft.documents, strict=True)
        ):
            add_document(self.rows, self.home, document, (key, stored.thread, order))
        self.rows.extend(Utterance, stored.utterance_rows())
        self.rows.extend(Quotation, stored.quotation_rows())
        self.shown.append(
            NewThread(
                stored.thread,
                thread.title,
                thread.held,
                stored.utterances,
                stored.posts(thread.title),
            )
        )


def _thread(key: int, draft: ThreadDraft, home: Home) -> Thread:
    thread = Thread(
        pk=key,
        collection=home.collection,
        title=draft.title,
        identifier=fitting.identifier(draft.identifier, Thread),
        language=draft.language[:35],
        language_basis=_basis(draft),
        metadata=fitting.metadata(draft.metadata),
        held=home.held,
        created=timezone.now(),
    )
    thread._state.adding = False  # Written in bulk, by its key.
    return thread


def _basis(draft: ThreadDraft) -> str:
    if not draft.language:
        return ""
    return Basis.INFERRED.value if draft.language_guessed else Basis.ATTESTED.value


def add_document(
    rows: Rows, home: Home, document: DocumentDraft, place: tuple[int, int, int]
) -> None:
    """Collect a document at its ``place`` (key, thread, order), with boilerplate and links."""
    key, thread, order = place
    guessed = document.encoding_guessed
    rows.add(
        SourceDocument,
        (
            *(key, thread, order, document.text, len(document.text), document.sha256),
            *(digest_of(document.text), document.origin, document.locator[:LOCATOR]),
            *(document.format[:32], document.encoding[:32]),
            *(Basis.INFERRED.value if guessed else Basis.ATTESTED.value, _posts(document)),
        ),
    )
    container = home.container.pk if home.container else None
    rows.add(ImportedDocument, (home.run.pk, key, container))
    structure = document.structure
    assert structure is not None
    rows.extend(
        Boilerplate,
        ((key, b.span.start, b.span.end, b.kind, b.basis) for b in structure.boilerplate),
    )
    rows.extend(
        Link,
        ((key, a.span.start, a.span.end, fitting.text(a.address), a.kind) for a in structure.links),
    )


def _posts(document: DocumentDraft) -> dict[str, Any]:
    """Return where the source's posts lie, for a later version to know them by.

    What curators make of them since is another matter.
    """
    structure = document.structure
    if structure is None or all(one.basis == "inferred" for one in structure.utterances):
        return {}
    spans = ((one.identifier, one.span.start, one.span.end) for one in structure.utterances)
    return {POSTS: [[fitting.text(name), start, end] for name, start, end in spans]}


def _precision(one: RecoveredUtterance) -> str:
    return (one.date_precision or DatePrecision.SECOND.value) if one.date else ""


@dataclass(slots=True)
class Stored:
    """A joined thread with the keys that its rows have."""

    thread: int
    whole: Joined
    documents: Sequence[int]
    utterances: Sequence[int]
    speakers: Speakers

    def utterance_rows(self) -> Iterable[Row]:
        for key, one in zip(self.utterances, self.whole.structure.utterances, strict=True):
            yield self.utterance_row(key, one)

    def utterance_row(self, key: int, one: RecoveredUtterance) -> Row:
        document = self.whole.document_at(one.span.start)
        base = self.whole.bases[document]
        speaker = self.speakers.key(one.speaker)
        reply = self.reply_of(one)
        return (
            *(key, self.documents[document], fitting.identifier(one.identifier, Utterance)),
            *(one.span.start - base, one.span.end - base, one.basis, one.cue or ""),
            *(one.confidence, speaker, "attested" if speaker else ""),
            *(one.date, _precision(one), fitting.text(one.date_text[:200])),
            "attested" if one.date_text or one.date else "",
            reply,
            one.reply_basis if reply else "",
            one.reply_confidence if reply else None,
        )

    def reply_of(self, one: RecoveredUtterance) -> int | None:
        """Return the key of the post that this one answers."""
        return self.utterances[one.reply_to] if one.reply_to is not None else None

    def quotation_rows(self) -> Iterable[Row]:
        for one in self.whole.structure.quotations:
            yield self.quotation_row(one)

    def quotation_row(self, one: RecoveredQuotation) -> Row:
        base = self.whole.bases[self.whole.document_at(one.span.start)]
        source, span, extent = self.source_of(one)
        return (
            *(self.utterances[one.utterance], one.span.start - base, one.span.end - base, source),
            *(span.start if span else None, span.end if span else None),
            *(one.similarity, extent, one.marked, one.basis, one.confidence),
        )

    def source_of(self, one: RecoveredQuotation) -> tuple[int | None, Span | None, str]:
        """The quoted utterance, where in its document, and how much of it.

        Of a post that the source names without its words being found there it is unknown which
        part is quoted.
        """
        if one.source_utterance is None:
            return None, None, Quotation.Extent.UNKNOWN.value
        key = self.utterances[one.source_utterance]
        span, extent = one.source, Quotation.Extent.FRAGMENT.value
        if span is None:
            span = self.whole.structure.utterances[one.source_utterance].span
            extent = Quotation.Extent.UNKNOWN.value
        elif one.whole:
            extent = Quotation.Extent.WHOLE.value
        base = self.whole.bases[self.whole.document_at(span.start)]
        return key, Span(span.start - base, span.end - base), extent

    def posts(self, title: str) -> list[PostContent]:
        """Return what the thread's topic shows of it, as :func:`projection.desired` would."""
        utterances = self.whole.structure.utterances
        quoted: dict[int, list[Quoted]] = {}
        for quotation in self.whole.structure.quotations:
            quoted.setdefault(quotation.utterance, []).append(self._quoted(quotation))
        links = self._links()
        places = []
        for one in utterances:
            document = self.whole.document_at(one.span.start)
            places.append(Placed(one.date, document, one.span.start - self.whole.bases[document]))
        return [
            projection.content(
                title,
                Words(
                    self.whole.text,
                    one.span,
                    quoted.get(number, ()),
                    links=linked.within(links, one.span),
                ),
                self.speakers.name(one.speaker) or _("unknown speaker"),
                self.speakers.key(one.speaker),
                time,
            )
            for number, (one, time) in enumerate(
                zip(utterances, projection.times(places), strict=True)
            )
        ]

    def _links(self) -> list[Linked]:
        if self.speakers.pseudonymous:
            return []
        return [
            Linked(link.span, fitting.text(link.address), link.kind == Link.Kind.IMAGE)
            for link in sorted(self.whole.structure.links, key=lambda link: link.span.start)
        ]

    def _quoted(self, one: RecoveredQuotation) -> Quoted:
        if one.source_utterance is None:
            return Quoted(one.span, marked=one.marked)
        speaker = self.whole.structure.utterances[one.source_utterance].speaker
        return Quoted(
            one.span,
            attribution=projection.attribution(
                self.speakers.name(speaker) or None, one.source_utterance + 1
            ),
            source_url=projection.address_of(self.utterances[one.source_utterance]),
            marked=one.marked,
        )
