"""Documents into segments: inverted in memory, written term by term.

Whoosh's own writer sorts one tuple for each posting and checks each on its way to the file; it
opens a reader over the whole index for every document that it updates. Here a batch is one
reader for the deletions and one dictionary of posting lists; the files are Whoosh's own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from haystack.constants import ID
from whoosh import formats
from whoosh.codec.whoosh3 import LENGTHS_COLUMN, _lenfield
from whoosh.writing import SegmentWriter

from corpus.search import analysis
from corpus.search.whoosh_backend.schema import COUNT, EXACT, Text
from corpus.search.whoosh_backend.stems import stem
from corpus.search.whoosh_backend.storage import Index, MappedReader
from corpus.search.whoosh_backend.terms import Inverted, write_field

#: Postings held in memory before a segment is written: some 250 MB.
POSTINGS_IN_MEMORY = 3_000_000
#: As many segments of about one size are merged into one, up to this many documents: merging
#: holds them in memory.
_FANOUT, _LARGEST = 8, 40_000
#: Words and values whose analysis is remembered.
_ANALYSED = 200_000

_positions = formats.Positions()


@lru_cache(maxsize=100_000)
def _encoded(positions: tuple[int, ...]) -> bytes:
    encoded: bytes = _positions.encode(positions)
    return encoded


class _Forms(dict[str, tuple[bytes, bytes, bytes | None]]):
    """Of each word: as written, its stem, and without its sign if it has one; as terms."""

    def __init__(self, language: str, fold: bool) -> None:
        self._language, self._fold = language, fold

    def __missing__(self, word: str) -> tuple[bytes, bytes, bytes | None]:
        if len(self) > _ANALYSED:
            self.clear()
        stemmed = stem(word, self._language, fold=self._fold)
        unsigned = word[1:].encode() if word[0] in "#@" else None
        forms = self[word] = (word.encode(), stemmed.encode(), unsigned)
        return forms


def _stand_too(postings: list[Any], number: int, at: list[int]) -> None:
    """Let a word stand at these places too: those of it with a sign."""
    if postings[-3:-2] == [number]:
        at = sorted({*at, *_positions.decode_positions(postings[-1])})
        del postings[-3:]
    postings += (number, float(len(at)), _encoded(tuple(sorted(at))))


def _terms(field: Any, value: Any) -> tuple[list[tuple[bytes, float, bytes]], int]:
    """Return a value's terms with weight and encoded places, and its length."""
    found = list(field.index(value))
    length = sum(times for _term, times, _weight, _encoded in found) if field.scorable else 0
    return [(term, weight, encoded) for term, _times, weight, encoded in found], length


class Writer(SegmentWriter):  # type: ignore[misc]
    """Whoosh's segment writer with our inversion. Waits ``timeout`` seconds for the lock.

    ``language`` is that of texts which name none.
    """

    def __init__(self, index: Index, *, timeout: float, language: str, fold: bool) -> None:
        super().__init__(index, timeout=timeout, delay=0.01)
        self._language = language
        self._fold = fold
        self._texts = {name for name, field in self.schema.items() if isinstance(field, Text)}
        self._finished: list[Any] = []
        self._known: dict[str, _Forms] = {}
        self._analysed: dict[tuple[str, Any], tuple[list[tuple[bytes, float, bytes]], int]] = {}
        self._begin()

    def _begin(self) -> None:
        # Of each field, of each term: document, weight, value, document, weight, value …
        self._inverted: dict[str, Inverted] = {
            name: defaultdict(list) for name, field in self.schema.items() if field.indexed
        }
        self._postings = 0

    # Documents

    def delete(self, identifiers: Iterable[str]) -> None:
        """Delete the documents with these identifiers, however often each is there."""
        self.delete_where(ID, identifiers)

    def delete_where(self, field: str, values: Iterable[str]) -> None:
        """Delete the documents with one of these terms."""
        terms = [value.encode() for value in values]
        for segment in self.segments:
            reader = MappedReader(self.storage, self.schema, segment, self.generation)
            try:
                for term in terms:
                    if (field, term) in reader:
                        for document in list(reader.postings(field, term).all_ids()):
                            segment.delete_document(document)
            finally:
                reader.close()

    def add(self, document: Mapping[str, Any]) -> None:
        """Add a document that is not there."""
        if self._postings > POSTINGS_IN_MEMORY:
            self._next_segment()
        columns, number = self.perdocwriter, self.docnum
        columns.start_doc(number)
        for name, value in document.items():
            if value is None or name.startswith("_"):
                continue
            field = self.schema[name]
            length = 0
            if name in self._texts:
                length = self._add_text(name, field, value, document)
                value = document.get(f"_stored_{name}", value)
            elif field.indexed:
                length = self._add_terms(name, field, value)
            columns.add_field(name, field, value if field.stored else None, length)
            if field.column_type:
                columns.add_column_value(name, field.column_type, field.to_column_value(value))
        columns.finish_doc()
        self._added = True
        self.docnum += 1

    def _add_text(self, name: str, field: Text, text: str, document: Mapping[str, Any]) -> int:
        tag = document.get(field.language) if field.language else None
        language = analysis.primary(tag) if tag else self._language
        if (known := self._known.get(language)) is None:
            known = self._known[language] = _Forms(language, self._fold)
        words = analysis.words(text)
        places: dict[str, list[int]] = {}
        for place, word in enumerate(words):
            places.setdefault(word, []).append(place)
        number, exact = self.docnum, self._inverted[name + EXACT]
        kindred: dict[bytes, int] = {}
        signed: dict[bytes, list[int]] = {}
        for word, at in places.items():
            written, stem, unsigned = known[word]
            times = len(at)
            kindred[stem] = kindred.get(stem, 0) + times
            posting = (number, float(times), _encoded(tuple(at)))
            exact[written] += posting
            if unsigned is not None:
                signed.setdefault(unsigned, []).extend(at)
        for written, at in signed.items():
            _stand_too(exact[written], number, at)
        stems, boost = self._inverted[name], field.format.field_boost
        for stem, times in kindred.items():
            stems[stem] += (number, times * boost, b"")
        self._postings += len(places) + len(kindred)
        # Whoosh divides by the length, also of the field with the words as written.
        self.perdocwriter.add_field(name + EXACT, self.schema[name + EXACT], None, len(words))
        count = self.schema[name + COUNT]
        value = count.to_column_value(len(words))
        self.perdocwriter.add_column_value(name + COUNT, count.column_type, value)
        return len(words)

    def _add_terms(self, name: str, field: Any, value: Any) -> int:
        number, inverted = self.docnum, self._inverted[name]
        if field.unique or isinstance(value, list):
            terms, length = _terms(field, value)
        else:
            if (name, value) not in self._analysed:
                if len(self._analysed) > _ANALYSED:
                    self._analysed.clear()
                self._analysed[name, value] = _terms(field, value)
            terms, length = self._analysed[name, value]
        for term, weight, encoded in terms:
            inverted[term] += (number, weight, encoded)
        self._postings += len(terms)
        return length

    # Segments

    def add_postings_to_pool(self, reader: Any, startdoc: int, docmap: Any) -> None:
        """Take over the postings of a segment that is merged into this one."""
        for name, term, number, weight, encoded in self._process_posts(
            reader.iter_postings(), startdoc, docmap
        ):
            self._inverted[name][term] += (number, weight, encoded or b"")

    def _flush_segment(self) -> None:
        self.perdocwriter.close()
        reader = self.per_document_reader()
        for name in sorted(name for name, terms in self._inverted.items() if terms):
            lengths = None
            if self.schema[name].scorable and reader.has_column(_lenfield(name)):
                lengths = reader.column_reader(_lenfield(name), LENGTHS_COLUMN).load()
            write_field(self.fieldwriter, name, self.schema[name], self._inverted[name], lengths)
        self.fieldwriter.close()
        reader.close()
        self._begin()

    def _next_segment(self) -> None:
        self._finished.append(self._finalize_segment())
        self.newsegment = self.codec.new_segment(self.storage, self.indexname)
        self.perdocwriter = self.codec.per_document_writer(self.storage, self.newsegment)
        self.fieldwriter = self.codec.field_writer(self.storage, self.newsegment)
        self.docnum, self._added = self.docbase, False
        self._begin()

    def commit_changes(self, *, clear: bool = False, merge: bool = True) -> list[Any]:
        """Make the changes the state of the index, and return its segments."""
        keep = [] if clear else list(self.segments)
        if merge:
            keep = self._merged(keep)
        segments = [*keep, *self._finished]
        if self._added:
            segments.append(self._finalize_segment())
        else:
            self._close_segment()
        self._commit_toc(segments)
        self._finish()
        return segments

    def _merged(self, segments: list[Any]) -> list[Any]:
        """Merge what has grown many and small, or mostly deleted; return the segments that stay."""
        levels: dict[int, list[Any]] = {}
        chosen: list[Any] = []
        for segment in segments:
            size = segment.doc_count_all() - segment.deleted_count()
            if size < segment.deleted_count() and size <= _LARGEST:
                chosen.append(segment)
            elif size * _FANOUT <= _LARGEST:
                levels.setdefault(size.bit_length() // 3, []).append(segment)
        for level in sorted(levels):
            if len(levels[level]) >= _FANOUT:
                chosen += levels[level]
        for segment in chosen:
            if segment.doc_count_all() > segment.deleted_count():
                reader = MappedReader(self.storage, self.schema, segment, self.generation)
                self.add_reader(reader)
                reader.close()
        return [segment for segment in segments if segment not in chosen]
