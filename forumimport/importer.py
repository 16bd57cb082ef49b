"""Drafts to rows: one transaction a thread, an outcome for every draft.

Each thread's documents, utterances, quotations and forum objects appear together or not at all,
and a document that is already there is skipped, so an import that was interrupted anywhere is
completed by running it again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from corpus.errors import CorpusError
from corpus.models import (
    Basis,
    Boilerplate,
    Collection,
    Quotation,
    SourceDocument,
    Speaker,
    Thread,
    Utterance,
)
from corpus.models.documents import digest_of
from corpus.segmentation import RecoveredQuotation, RecoveredUtterance, Structure
from forumimport import conf, projection, readers
from forumimport.drafts import DocumentDraft, ThreadDraft, Unread
from forumimport.models import ImportedDocument, ImportProblem, ImportRun
from forumimport.readers import Source, Unreadable


@dataclass(frozen=True, slots=True)
class Created:
    """A thread that was imported, or in a dry run would be (``thread`` is None then)."""

    draft: ThreadDraft
    posts: int
    thread: Thread | None = None


@dataclass(frozen=True, slots=True)
class Skipped:
    """A draft whose bytes have been imported before."""

    draft: ThreadDraft
    document: SourceDocument


@dataclass(frozen=True, slots=True)
class Failed:
    """What could not be imported; ``reason`` is one sentence that names the source."""

    origin: str
    reason: str
    locator: str = ""


Outcome = Created | Skipped | Failed


def import_sources(
    sources: Iterable[Source | Failed],
    *,
    collection: str,
    run: ImportRun | None,
    format: str = readers.AUTO,
    encoding: str | None = None,
    hold: bool = False,
) -> Iterator[Outcome]:
    """Import every thread of every source and yield an outcome for each, in order.

    A source that fails costs only itself. Without a ``run`` nothing is written: the same path
    with the last step held back.
    """
    for source in sources:
        for outcome in _outcomes(source, collection, run, format, encoding, hold):
            if run:
                _note(run, outcome)
            yield outcome


def start_run(arguments: dict[str, Any], *, user: Any = None, **fields: Any) -> ImportRun:
    """Return a new run with its arguments and the program's version written down."""
    return ImportRun.objects.create(
        arguments=arguments, user=user, version=program_version(), **fields
    )


def finish(run: ImportRun) -> None:
    """Record that the run came to its end."""
    run.state, run.finished = ImportRun.State.FINISHED, timezone.now()
    run.save()


def program_version() -> str:
    try:
        return version("forum-corpus")
    except PackageNotFoundError:
        return "source"  # Run from a checkout.


def _outcomes(
    source: Source | Failed,
    collection: str,
    run: ImportRun | None,
    format: str,
    encoding: str | None,
    hold: bool,
) -> Iterator[Outcome]:
    if isinstance(source, Failed):
        yield source
        return
    try:
        _refuse_giant(source)
        for draft in readers.read(source, format=format, encoding=encoding):
            if isinstance(draft, Unread):
                yield Failed(source.origin, draft.reason, draft.locator)
            else:
                yield _import(draft, collection, run, hold)
    except CorpusError as error:
        yield Failed(source.origin, str(error))


def _refuse_giant(source: Source) -> None:
    limit = conf.max_document_bytes()
    if len(source.content) > limit:
        raise Unreadable(
            f"{source.origin} is larger than the {limit:,} bytes that "
            "CORPUS_MAX_DOCUMENT_BYTES allows; split it or raise the setting."
        )


def _import(draft: ThreadDraft, collection: str, run: ImportRun | None, hold: bool) -> Outcome:
    known = _known(draft)
    if known:
        return Skipped(draft, known)
    draft = draft.segmented()
    posts = sum(len(structure.utterances) for _document, structure in draft.structures())
    if not draft.title:
        return _failed(draft, "has no title line; a thread text begins with one line of title.")
    if not posts:
        return _failed(draft, "has a title but no posts; nothing follows its first line.")
    if run is None:
        return Created(draft, posts)
    try:
        return Created(draft, posts, _store(draft, collection, run, hold))
    except IntegrityError:
        # Another process may have imported the same bytes since we looked.
        known = _known(draft)
        if known is None:
            raise
        return Skipped(draft, known)


def _known(draft: ThreadDraft) -> SourceDocument | None:
    for document in draft.documents:
        found = SourceDocument.objects.filter(sha256=document.sha256, locator=document.locator)
        if stored := found.defer("text").select_related("thread").first():
            return stored
    return None


def _failed(draft: ThreadDraft, reason: str) -> Failed:
    return Failed(draft.origin, f"{draft.origin} {reason}", draft.locator)


def _store(draft: ThreadDraft, collection: str, run: ImportRun, hold: bool) -> Thread:
    with transaction.atomic():
        home, _created = Collection.objects.get_or_create(name=collection)
        thread = Thread.objects.create(
            collection=home, title=draft.title, language=draft.language, held=hold
        )
        for order, (document, structure) in enumerate(draft.structures()):
            stored = _store_document(thread, order, document)
            ImportedDocument.objects.create(run=run, document=stored)
            _store_structure(stored, structure)
        for notice in draft.notices:
            ImportProblem.objects.create(
                run=run,
                kind=ImportProblem.Kind.NOTICE,
                origin=draft.origin,
                locator=draft.locator,
                reason=notice,
            )
        projection.project(thread.pk)
    return thread


def _store_document(thread: Thread, order: int, document: DocumentDraft) -> SourceDocument:
    return SourceDocument.objects.create(
        thread=thread,
        order=order,
        text=document.text,
        characters=len(document.text),
        sha256=document.sha256,
        text_sha256=digest_of(document.text),
        origin=document.origin,
        locator=document.locator,
        format=document.format,
        encoding=document.encoding,
        encoding_basis=Basis.INFERRED if document.encoding_guessed else Basis.ATTESTED,
    )


def _store_structure(document: SourceDocument, structure: Structure) -> None:
    Boilerplate.objects.bulk_create(
        Boilerplate(document=document, start=b.span.start, end=b.span.end, kind=b.kind)
        for b in structure.boilerplate
    )
    speakers = _speakers(document.thread.collection, structure)
    utterances = Utterance.objects.bulk_create(
        _utterance(document, utterance, speakers) for utterance in structure.utterances
    )
    replies = []
    for utterance, recovered in zip(utterances, structure.utterances, strict=True):
        if recovered.reply_to is not None:
            utterance.reply_to = utterances[recovered.reply_to]
            utterance.reply_basis = recovered.reply_basis
            utterance.reply_confidence = recovered.reply_confidence
            replies.append(utterance)
    Utterance.objects.bulk_update(
        replies, ["reply_to", "reply_basis", "reply_confidence"], batch_size=500
    )
    Quotation.objects.bulk_create(
        _quotation(quotation, utterances) for quotation in structure.quotations
    )


def _speakers(collection: Collection, structure: Structure) -> dict[str, Speaker]:
    """The speakers that headers name, by handle; new ones are written down."""
    handles = {_handle(utterance) for utterance in structure.utterances} - {""}
    if not handles:
        return {}
    Speaker.objects.bulk_create(
        (Speaker(collection=collection, handle=handle) for handle in sorted(handles)),
        ignore_conflicts=True,
    )
    found = Speaker.objects.filter(collection=collection, handle__in=handles)
    return {speaker.handle: speaker for speaker in found}


def _handle(recovered: RecoveredUtterance) -> str:
    return recovered.speaker[: Speaker._meta.get_field("handle").max_length]


def _utterance(
    document: SourceDocument, recovered: RecoveredUtterance, speakers: dict[str, Speaker]
) -> Utterance:
    speaker = speakers.get(_handle(recovered))
    return Utterance(
        document=document,
        start=recovered.span.start,
        end=recovered.span.end,
        basis=recovered.basis,
        cue=recovered.cue or "",
        confidence=recovered.confidence,
        speaker=speaker,
        speaker_basis=Basis.ATTESTED if speaker else "",
        date=recovered.date,
        date_text=recovered.date_text[:200],
        date_precision=recovered.date_precision,
        date_basis=Basis.ATTESTED if recovered.date_text else "",
    )


def _quotation(recovered: RecoveredQuotation, utterances: list[Utterance]) -> Quotation:
    source = recovered.source
    extent = Quotation.Extent.UNKNOWN
    if source:
        extent = Quotation.Extent.WHOLE if recovered.whole else Quotation.Extent.FRAGMENT
    return Quotation(
        utterance=utterances[recovered.utterance],
        start=recovered.span.start,
        end=recovered.span.end,
        source=None if recovered.source_utterance is None
        else utterances[recovered.source_utterance],
        source_start=source.start if source else None,
        source_end=source.end if source else None,
        similarity=recovered.similarity,
        extent=extent,
        marked=recovered.marked,
        confidence=recovered.confidence,
    )  # fmt: skip


def _note(run: ImportRun, outcome: Outcome) -> None:
    """Count the outcome, and write a failure down."""
    match outcome:
        case Created():
            run.threads += 1
            run.posts += outcome.posts
        case Skipped():
            run.skipped += 1
        case Failed():
            run.failed += 1
            ImportProblem.objects.create(
                run=run,
                kind=ImportProblem.Kind.FAILED,
                origin=outcome.origin,
                locator=outcome.locator,
                reason=outcome.reason,
            )
    run.save(update_fields=["threads", "posts", "skipped", "failed"])
