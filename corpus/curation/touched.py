"""Which posts an operation may have made read otherwise, told by the rows that it changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from corpus.curation.changes import Change
from corpus.models import Boilerplate, Dismissal, Flag, Quotation, Redaction, Thread, Utterance
from corpus.spans import Span

_UTTERANCE, _QUOTATION, _REDACTION, _THREAD = (
    model._meta.label_lower for model in (Utterance, Quotation, Redaction, Thread)
)
#: Nobody reads them in a post.
_UNREAD = {model._meta.label_lower for model in (Boilerplate, Dismissal, Flag)}


@dataclass(frozen=True, slots=True)
class Touched:
    """The rows of a thread that its readers may see otherwise; keys of rows now gone among them.

    A post that has none of them, quotes none of them and stands where it stood reads as before.
    ``parted`` are utterances that went to another document, and with it to another thread, as they
    were: what changes for them is what stands around them.
    ``hidden`` are the documents and spans of words that were redacted, or are shown again;
    ``everything`` stands for all posts, where it is not known which.
    """

    utterances: frozenset[int] = frozenset()
    quotations: frozenset[int] = frozenset()
    hidden: frozenset[tuple[int, Span]] = frozenset()
    parted: frozenset[int] = frozenset()
    everything: bool = False

    @classmethod
    def by(cls, changes: Iterable[Change]) -> Touched:
        """Return what is touched by these changes, or by undoing them."""
        utterances, quotations = set[int](), set[int]()
        parted, hidden, everything = set[int](), set[tuple[int, Span]](), False
        for change in changes:
            rows = [row for row in (change["before"], change["after"]) if row]
            model = change["model"]
            if model == _UTTERANCE:
                if _went(rows):
                    parted.add(change["pk"])
                if not _went(rows) or len(rows[0]) > 1:
                    utterances.add(change["pk"])
            elif _went(rows):
                pass  # With the utterances whose words it is about.
            elif model == _QUOTATION:
                quotations.add(change["pk"])
                utterances.update(row["utterance_id"] for row in rows if "utterance_id" in row)
            elif model == _REDACTION:
                hidden.update((row["document_id"], Span(row["start"], row["end"])) for row in rows)
            elif model == _THREAD:
                # In another collection speakers may bear pseudonyms, and links show nothing;
                # whatever else is stated of a thread shows in its topic alone.
                everything |= any("collection_id" in row for row in rows)
            elif model not in _UNREAD:
                everything = True
        return cls(
            frozenset(utterances),
            frozenset(quotations),
            frozenset(hidden),
            frozenset(parted),
            everything,
        )

    def __or__(self, other: Touched) -> Touched:
        return Touched(
            self.utterances | other.utterances,
            self.quotations | other.quotations,
            self.hidden | other.hidden,
            self.parted | other.parted,
            self.everything or other.everything,
        )


def _went(rows: Sequence[dict[str, Any]]) -> bool:
    """Whether a row went to another document."""
    return len(rows) == 2 and "document_id" in rows[0]


EVERYTHING = Touched(everything=True)
