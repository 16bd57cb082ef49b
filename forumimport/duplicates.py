"""Source documents that say the same, within a collection or across: word for word, or nearly.

Equal texts are found by their digest. For near ones each document keeps a sketch, the minimal
hashes of its shingles, cut into bands: documents that share a band are compared (MinHash with
locality-sensitive hashing; Broder 1997, Leskovec et al., Mining of Massive Datasets, ch. 3). The
bands are rows, so memory does not grow with the corpus, and no document is read twice.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.db.models.functions import Substr

from corpus import access
from corpus.models import SourceDocument
from corpus.segmentation import words
from forumimport.engines.rows import Table
from forumimport.models import Duplicate, ImportedDocument, ImportRun, Sketch, SketchBand

#: 8 bands of 8 hashes: documents that share 77 % of their shingles meet in one half of the time,
#: those that share 90 % in 99.
BANDS, ROWS = 8, 8
#: Share of common shingles from which on two documents are told as near duplicates.
LIKE = 0.8
#: Words in a shingle, and the fewest words that make a document comparable.
SHINGLE, WORDS = 4, 20
#: Characters of a document that are sketched.
_LOOKED_AT = 200_000
#: Documents sketched in one transaction, and neighbours of one that are compared.
_BATCH, _NEIGHBOURS = 200, 20
#: Texts that are in memory at once.
_READ = 10
#: Neighbours of a whole batch that are asked for at once.
_AT_ONCE = 10_000

#: The key of a document and of an earlier one.
Pair = tuple[int, int]
#: The estimated share of shingles that they have in common.
_Found = dict[Pair, float]


class _Looked(NamedTuple):
    """What is looked at of a document; without hashes where it has too few words."""

    document: int
    thread: int
    text_sha256: str
    hashes: Any


def find(run: ImportRun, heard: Callable[[int, int], None] | None = None) -> int:
    """Find duplicates of what this and broken-off runs brought in; return how many there are.

    What was looked at has a sketch, so this may be interrupted and called again. Few queries for
    each batch of documents. ``heard`` is told how many are looked at, and how many there are.
    """
    done, to_do = 0, _unlooked_at().count() if heard else 0
    while waiting := _waiting():
        if heard:
            heard(done, max(done, to_do))
        try:
            _compare(run, waiting)
        except IntegrityError:
            if _waiting() == waiting:
                raise
            # Another import, at its end too, has looked at some of them meanwhile.
        done += len(waiting)
    return run.duplicates.count()


def told(run: ImportRun, reader: Any = None) -> QuerySet[Duplicate]:
    """Return the duplicates of a run; for a ``reader`` those in collections open to him."""
    rows = run.duplicates.defer("document__text", "earlier__text")
    if reader is not None:
        for side in ("document", "earlier"):
            rows = access.open_to(reader, rows, f"{side}__thread__collection")
    return rows


@transaction.atomic
def _compare(run: ImportRun, documents: Sequence[int]) -> None:
    looked = _looked_at(documents)
    _keep(looked)
    found = _equal(looked)
    found = _near(looked, known=found) | found
    Duplicate.objects.bulk_create(
        (
            Duplicate(run=run, document_id=document, earlier_id=earlier, likeness=likeness)
            for (document, earlier), likeness in sorted(found.items())
        ),
        ignore_conflicts=True,
    )


def _unlooked_at() -> QuerySet[ImportedDocument]:
    return ImportedDocument.objects.filter(document__sketch=None)


def _waiting() -> list[int]:
    rows = _unlooked_at().order_by("document")
    return list(rows.values_list("document", flat=True)[:_BATCH])


def _looked_at(documents: Sequence[int]) -> list[_Looked]:
    looked: list[_Looked] = []
    # A few at a time: texts may be long.
    for at in range(0, len(documents), _READ):
        rows = SourceDocument.objects.filter(pk__in=documents[at : at + _READ]).order_by("pk")
        columns = rows.values_list("pk", "thread", "text_sha256", Substr("text", 1, _LOOKED_AT))
        looked += [
            _Looked(pk, thread, digest, sketch(text)) for pk, thread, digest, text in columns
        ]
    return looked


def _keep(looked: Iterable[_Looked]) -> None:
    """Store the sketches, and the bands that they are met by."""
    Table(Sketch, ["document_id", "hashes"]).insert(
        (one.document, b"" if one.hashes is None else one.hashes.tobytes()) for one in looked
    )
    Table(SketchBand, ["document_id", "band", "key"]).insert(
        (one.document, band, key)
        for one in looked
        if one.hashes is not None
        for band, key in enumerate(_bands(one.hashes))
    )


def _equal(looked: Sequence[_Looked]) -> _Found:
    """Return the earlier documents of the very same text."""
    rows = SourceDocument.objects.filter(text_sha256__in={one.text_sha256 for one in looked})
    by_digest = _Earlier(rows, "text_sha256", "pk", "thread")
    return {
        (one.document, earlier): 1.0
        for one in looked
        for earlier in by_digest.than(one, one.text_sha256)
    }


def _near(looked: Sequence[_Looked], *, known: Container[Pair]) -> _Found:
    """Return the earlier documents that are likely to share enough shingles."""
    import numpy

    sketched = {one.document: one for one in looked if one.hashes is not None}
    keys = {document: list(_bands(one.hashes)) for document, one in sketched.items()}
    met: set[Pair] = set()
    for band in range(BANDS):
        rows = SketchBand.objects.filter(band=band, key__in={keys[pk][band] for pk in keys})
        by_key = _Earlier(rows, "key", "document", "document__thread")
        for document, one in sketched.items():
            met |= {(document, earlier) for earlier in by_key.than(one, keys[document][band])}
    found = {}
    sketches = Sketch.objects.in_bulk({earlier for _document, earlier in met})
    for document, earlier in met:
        # One that is gone meanwhile was withdrawn by another process.
        if (document, earlier) not in known and earlier in sketches:
            ours = sketched[document].hashes
            theirs = numpy.frombuffer(bytes(sketches[earlier].hashes), dtype=ours.dtype)
            likeness = float((theirs == ours).mean())
            if likeness >= LIKE:
                # Only equal texts are wholly alike.
                found[document, earlier] = min(likeness, 0.99)
    return found


class _Earlier:
    """The documents of a query by something they share, as far as they are compared.

    Of what very many share, the first ones are enough; they are asked for by themselves.
    """

    def __init__(self, rows: QuerySet[Any], shared: str, document: str, thread: str) -> None:
        self._rows, self._shared = rows.order_by(document), shared
        self._columns = (shared, document, thread)
        self._by: dict[Any, list[tuple[int, int]]] = {}
        found = self._rows.values_list(*self._columns)[: _AT_ONCE + 1]
        self._all = len(found) <= _AT_ONCE
        if self._all:
            for value, *stated in found:
                self._by.setdefault(value, []).append(tuple(stated))

    def than(self, one: _Looked, value: Any) -> list[int]:
        """Return the first documents before this one that share ``value``, of other threads."""
        if self._all:
            rows = (
                document
                for document, thread in self._by.get(value, ())
                if document < one.document and thread != one.thread
            )
            return list(islice(rows, _NEIGHBOURS))
        _shared, document, thread = self._columns
        earlier = self._rows.filter(**{self._shared: value, f"{document}__lt": one.document})
        others = earlier.exclude(**{thread: one.thread})
        return list(others.values_list(document, flat=True)[:_NEIGHBOURS])


def sketch(text: str) -> Any:
    """Return the minimal hashes of the text's shingles; None for a text of too few words."""
    from datasketch import MinHash

    found = words.find(text)
    if len(found.ids) < WORDS:
        return None
    folded = [found.vocabulary[number] for number in found.ids]
    minimal = MinHash(num_perm=BANDS * ROWS, seed=1)
    minimal.update_batch(_shingles(folded))
    return minimal.hashvalues


def _shingles(folded: list[str]) -> Iterable[bytes]:
    return {" ".join(folded[at : at + SHINGLE]).encode() for at in range(len(folded) - SHINGLE + 1)}


def _bands(hashes: Any) -> Iterator[int]:
    """Yield a number of 63 bits for each band, equal where the band's hashes are."""
    for band in range(BANDS):
        part = hashes[band * ROWS : (band + 1) * ROWS].tobytes()
        yield int.from_bytes(hashlib.sha256(part).digest()[:8]) >> 1
