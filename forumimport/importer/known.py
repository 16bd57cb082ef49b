"""Which drafts have been imported before, asked for many at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from corpus.models import SourceDocument
from forumimport.drafts import DocumentDraft, ThreadDraft

Key = tuple[str, str]

#: Documents asked for in one statement: two parameters each, and older SQLite takes 999.
_CHUNK = 400
#: Longest place in a file that is stored.
LOCATOR = 500


def key_of(document: DocumentDraft) -> Key:
    """Return what the document is known by: its bytes and its place in them."""
    return document.sha256, document.locator[:LOCATOR]


def documents(drafts: Sequence[ThreadDraft]) -> dict[Key, SourceDocument]:
    """Return the stored documents, without their text, of which these drafts hold the bytes."""
    found = {}
    wanted = {key_of(document) for draft in drafts for document in draft.documents}
    for keys in _chunks(sorted(wanted)):
        rows = SourceDocument.objects.filter(
            sha256__in={sha256 for sha256, _locator in keys},
            locator__in={locator for _sha256, locator in keys},
        )
        for row in rows.defer("text").select_related("thread__collection", "imported"):
            if (row.sha256, row.locator) in wanted:
                found[row.sha256, row.locator] = row
    return found


def of(draft: ThreadDraft, known: dict[Key, SourceDocument]) -> SourceDocument | None:
    """Return the first document of the draft that is known."""
    keys = map(key_of, draft.documents)
    return next((known[key] for key in keys if key in known), None)


def _chunks(keys: Sequence[Key]) -> Iterator[Sequence[Key]]:
    return (keys[at : at + _CHUNK] for at in range(0, len(keys), _CHUNK))
