"""Sources to drafts, segmented or not; no database, so that it may happen in another process."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from typing import Any, TypeVar

from corpus.errors import CorpusError
from corpus.segmentation import lines
from forumimport import conf, languages, readers
from forumimport.drafts import ThreadDraft, Unread, segmented_each
from forumimport.importer.plan import Plan
from forumimport.linking import joined, unexplained
from forumimport.outcomes import Failed, LeftOut, Skipped
from forumimport.readers import Reader, Source
from forumimport.sources import Container

#: Lines of a thread text at most: recovering posts from as many takes a gigabyte, if each stands
#: alone. Threads of 50,000 posts have some hundred thousand.
LINES = 500_000
#: Readers whose whole source is one document.
_WHOLE = frozenset({"text"})

Found = TypeVar("Found", ThreadDraft | Failed, ThreadDraft | LeftOut | Failed | Skipped)


def drafts(source: Source | Failed, plan: Plan) -> Generator[ThreadDraft | Failed]:
    """Yield the source's threads as drafts, and what of it cannot be read, in order.

    A source that breaks off costs what is behind that place.
    """
    if isinstance(source, Failed):
        yield source
        return
    try:
        reader = _reader(source, plan)
        for draft in reader.read(source, plan.options):
            yield _unread(source, draft) if isinstance(draft, Unread) else _checked(draft)
    except CorpusError as error:
        yield Failed(source.origin, str(error))
    except (OSError, EOFError) as error:
        yield Failed(
            source.origin,
            f"{source.origin} cannot be read to its end: {_why(error)}; what is before is "
            "imported. Get the file anew and import it again.",
        )


def refused(source: Source, plan: Plan) -> Failed | None:
    """Return why nothing of a source would be read, as far as its size and its head tell."""
    try:
        _reader(source, plan)
    except CorpusError as error:
        return Failed(source.origin, str(error))
    return None


def _reader(source: Source, plan: Plan) -> Reader:
    reader = readers.reader_for(source, plan.format, plan.options)
    if reader.id in _WHOLE and not plan.options.separator:
        _refuse_giant(source)
    return reader


def _refuse_giant(source: Source) -> None:
    limit = conf.max_document_bytes()
    # Of one that breaks off the reader will tell.
    if len(source.content) > limit or (source.path is not None and not source.ends_within(limit)):
        raise readers.Unreadable(
            f"{source.origin} is larger than the {limit:,} bytes that "
            "CORPUS_MAX_DOCUMENT_BYTES allows; split it or raise the setting."
        )


def drafts_of(
    entry: Source | Failed | Container, plan: Plan, heard: Callable[[int], None] | None = None
) -> Iterator[ThreadDraft | Failed]:
    """Yield the drafts of all sources in an entry; ``heard`` is told how many bytes are read."""
    if not isinstance(entry, Container):
        yield from drafts(entry, plan)
        return
    with closing(entry.sources(heard)) as sources:
        for source in sources:
            yield from drafts(source, plan)


def segmented(found: Sequence[Found]) -> list[Found]:
    """Return what was found with the structure of every thread, or the reason why it is none.

    For many in a row, which takes less time than one by one.
    """
    kept: list[Any] = [_refused(one) if isinstance(one, ThreadDraft) else one for one in found]
    made = iter(segmented_each([one for one in kept if isinstance(one, ThreadDraft)]))
    return [_told(next(made)) if isinstance(one, ThreadDraft) else one for one in kept]


def _refused(draft: ThreadDraft) -> ThreadDraft | Failed:
    """The draft, or why it is not segmented at all."""
    bare = [one.text for one in draft.documents if one.structure is None]
    if any(len(text) > LINES and lines.ends(text) > LINES for text in bare):
        return _failed(draft, f"has more than {LINES:,} lines, too many for one thread; split it.")
    return draft


def _told(draft: ThreadDraft) -> ThreadDraft | Failed:
    """The segmented draft, or why it is no thread."""
    posts = sum(len(structure.utterances) for _document, structure in draft.structures())
    if not draft.title:
        return _failed(draft, "has no title line; a thread text begins with one line of title.")
    if not posts:
        return _failed(draft, "has a title but no posts; nothing follows its first line.")
    if len(draft.documents) > 1 and draft.problems:
        draft = replace(draft, problems=unexplained(draft, joined(draft)))
    return draft


def with_languages(found: Sequence[Found]) -> list[Found]:
    """Return what was found with a language guessed for every thread whose source states none.

    For many in a row: with other work between, the library's large tables would have left the
    processor's cache each time, which doubles what it takes.
    """
    return [
        replace(one, language=languages.guess(one.documents[0].text), language_guessed=True)
        if isinstance(one, ThreadDraft) and not one.language and not one.language_guessed
        else one
        for one in found
    ]


def _unread(source: Source, record: Unread) -> Failed:
    return Failed(source.origin, record.reason, record.locator)


def _checked(draft: ThreadDraft) -> ThreadDraft | Failed:
    """Return the draft if a database can hold it."""
    limit = conf.max_document_bytes()
    for document in draft.documents:
        if len(document.text) > limit:
            return _failed(
                draft,
                f"is larger than the {limit:,} bytes that CORPUS_MAX_DOCUMENT_BYTES allows; "
                "split it or raise the setting.",
            )
        if "\0" in document.text:
            return _failed(draft, "holds a NUL character, so it is damaged.")
        try:
            document.text.encode()
        except UnicodeEncodeError as error:
            return _failed(
                draft, f"holds half a character (a lone surrogate) at character {error.start + 1}."
            )
    return draft


def _failed(draft: ThreadDraft, reason: str) -> Failed:
    name = " ".join(filter(None, [draft.origin, draft.locator]))
    return Failed(draft.origin, f"{name} {reason}", draft.locator)


def _why(error: Exception) -> str:
    return (getattr(error, "strerror", "") or str(error) or type(error).__name__).rstrip(".")
