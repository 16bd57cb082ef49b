"""Source documents that say the same, within a collection or across: word for word, or nearly.

Equal texts are found by their digest. For near ones each document keeps a sketch, the minimal
hashes of its shingles, cut into bands: documents that share a band are compared (MinHash with
locality-sensitive hashing; Broder 1997, Leskovec et al., Mining of Massive Datasets, ch. 3). The
bands are rows, so memory does not grow with the corpus, and no document is read twice.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import transaction

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


#: The key of an earlier document, and the estimated share of shingles in common.
Likeness = tuple[int, float]


def find(run: ImportRun) -> int:
    """Find duplicates of what this and broken-off runs brought in; return how many there are.

    What was looked at has a sketch, so this may be interrupted and called again.
    """
    while waiting := _waiting():
        with transaction.atomic():
            for document in SourceDocument.objects.filter(pk__in=waiting).order_by("pk"):
                found = [
                    Duplicate(run=run, document=document, earlier_id=key, likeness=likeness)
                    for key, likeness in _of(document)
                ]
                Duplicate.objects.bulk_create(found, ignore_conflicts=True)
    return run.duplicates.count()


def _waiting() -> list[int]:
    rows = ImportedDocument.objects.filter(document__sketch=None).order_by("document")
    return list(rows.values_list("document", flat=True)[:_BATCH])


def _of(document: SourceDocument) -> Iterator[Likeness]:
    equal = SourceDocument.objects.filter(
        text_sha256=document.text_sha256, pk__lt=document.pk
    ).exclude(thread=document.thread_id)
    found = set(equal.order_by("pk").values_list("pk", flat=True)[:_NEIGHBOURS])
    yield from ((key, 1.0) for key in sorted(found))
    hashes = sketch(document.text)
    Sketch.objects.create(document=document, hashes=hashes.tobytes() if hashes is not None else b"")
    if hashes is not None:
        bands = list(_bands(hashes))
        yield from _near(document, hashes, bands, found)
        Table(SketchBand, ["document_id", "band", "key"]).insert(
            (document.pk, band, key) for band, key in enumerate(bands)
        )


def _near(
    document: SourceDocument, hashes: Any, bands: list[int], known: set[int]
) -> Iterator[Likeness]:
    import numpy

    met: dict[int, None] = {}
    for band, key in enumerate(bands):
        rows = SketchBand.objects.filter(band=band, key=key, document__lt=document.pk)
        rows = rows.exclude(document__thread=document.thread_id).order_by("document")
        met |= dict.fromkeys(rows.values_list("document", flat=True)[:_NEIGHBOURS])
    for other in Sketch.objects.filter(pk__in=[key for key in met if key not in known]):
        theirs = numpy.frombuffer(bytes(other.hashes), dtype=hashes.dtype)
        likeness = float((theirs == hashes).mean())
        if likeness >= LIKE:
            # Only equal texts are wholly alike.
            yield other.pk, min(likeness, 0.99)


def sketch(text: str) -> Any:
    """Return the minimal hashes of the text's shingles; None for a text of too few words."""
    from datasketch import MinHash

    found = words.find(text[:_LOOKED_AT])
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
