"""Where in the documents something stands, from the positions in the posting lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from whoosh.formats import Positions

from corpus.search import analysis
from corpus.search.answers import Hit
from corpus.search.language import Leaf, Phrase, Word
from corpus.search.language.texts import Occurrence, windows
from corpus.search.whoosh_backend import lexicon
from corpus.search.whoosh_backend.postings import blocks, shifted
from corpus.search.whoosh_backend.schema import EXACT
from corpus.search.whoosh_backend.searchers import Searcher

_decode = Positions().decode_positions


def of_word(
    searcher: Searcher, name: str, word: str, among: Collection[int]
) -> dict[int, list[int]]:
    """Return where a word as written stands in these documents."""
    return dict(_places(searcher, searcher.leaves, name, word, among))


def hits(
    searcher: Searcher,
    leaf: Leaf,
    field: str,
    among: Collection[int],
    *,
    languages: Collection[str],
    language: str,
    fold: bool,
) -> Iterator[Hit]:
    """Yield where ``leaf`` stands in a text field of these documents, in no order.

    ``languages`` are those of the index, ``language`` that of documents which name none.
    """
    if isinstance(leaf, Phrase):
        yield from _phrases(searcher, leaf, field, among)
        return
    name = field + EXACT
    spoken = _languages(searcher, field, language) if len(languages) > 1 else None
    for segment, offset in searcher.leaves:
        forms = lexicon.forms(searcher, segment, name, leaf, languages, fold=fold)
        for form, where in forms.items():
            everywhere = spoken is None or len(where) == len(languages)
            for number, places in _places(searcher, [(segment, offset)], name, form, among):
                if everywhere or (spoken is not None and spoken[number] in where):
                    for place in places:
                        yield Hit(number, field, Occurrence(place, 1))


def counts(
    searcher: Searcher,
    leaf: Leaf,
    field: str,
    *,
    languages: Collection[str],
    language: str,
    fold: bool,
) -> Counter[int] | None:
    """Return how often ``leaf`` stands in each document, deleted ones too, no place being read.

    None where only the places tell: several words, or words that may stand at one place.
    """
    if not (isinstance(leaf, Word) or (isinstance(leaf, Phrase) and len(leaf.words) == 1)):
        return None
    name = field + EXACT
    found: Counter[int] = Counter()
    spoken = _languages(searcher, field, language) if len(languages) > 1 else None
    for segment, offset in searcher.leaves:
        if isinstance(leaf, Phrase):
            forms: lexicon.Forms = {leaf.words[0]: frozenset(languages)}
        else:
            forms = lexicon.forms(searcher, segment, name, leaf, languages, fold=fold)
        for form, where in forms.items():
            counted = _counts(segment, offset, name, form)
            if spoken is not None and len(where) < len(languages):
                counted = {n: times for n, times in counted.items() if spoken[n] in where}
            found.update(counted)
    return found


def _counts(segment: Any, offset: int, name: str, word: str) -> dict[int, int]:
    """Return how often a word as written stands in each document of a segment."""
    found: dict[int, int] = {}
    for ids, weights, _values in blocks(segment, name, word.encode()):
        numbers = [number + offset for number in ids] if offset else ids
        if isinstance(weights, float):
            found.update(dict.fromkeys(numbers, int(weights)))
        else:
            found.update(zip(numbers, map(int, weights), strict=True))
    return found


def in_order(places: list[list[int]], slop: int = 1) -> set[int]:
    """Return where the last word stands when each follows the one before within ``slop``."""
    reached = set(places[0])
    for here in places[1:]:
        if slop == 1:
            reached = {place for place in here if place - 1 in reached}
        else:
            steps = range(1, slop + 1)
            reached = {p for p in here if any(p - step in reached for step in steps)}
    return reached


def _phrases(
    searcher: Searcher, phrase: Phrase, field: str, among: Collection[int]
) -> Iterator[Hit]:
    name, length = field + EXACT, len(phrase.words)
    if length == 1:
        for number, found in _places(searcher, searcher.leaves, name, phrase.words[0], among):
            yield from (Hit(number, field, Occurrence(place, 1)) for place in found)
        return
    places = {word: of_word(searcher, name, word, among) for word in set(phrase.words)}
    whole = set.intersection(*(set(found) for found in places.values()))
    for number in whole:
        each = [places[word][number] for word in phrase.words]
        if phrase.apart:
            yield from (Hit(number, field, at) for at in windows(each, phrase.apart))
        else:
            for last in in_order(each):
                yield Hit(number, field, Occurrence(last - length + 1, length))


def _places(
    searcher: Searcher,
    leaves: Iterable[tuple[Any, int]],
    name: str,
    word: str,
    among: Collection[int],
) -> Iterator[tuple[int, list[int]]]:
    term = searcher.schema[name].to_bytes(word)
    wanted = among if isinstance(among, set | frozenset | dict) else set(among)
    everything = len(wanted) == searcher.size
    for leaf, offset in leaves:
        if (name, term) not in leaf._terms:
            continue
        few = shifted(wanted, offset, leaf._terms.doc_frequency(name, term))
        for ids, _weights, values in blocks(leaf, name, term, few):
            for number, value in zip(ids, values(), strict=True):
                if everything or number + offset in wanted:
                    yield number + offset, _decode(value)


def _languages(searcher: Searcher, field: str, default: str) -> list[str]:
    """Return the language of each document, as its stems were made."""
    name = searcher.schema[field].language
    if not name:
        return [default] * searcher.size

    def found() -> list[str]:
        tags: dict[Any, str] = {}
        values = searcher.values(name)
        for tag in set(values):
            tags[tag] = analysis.primary(tag) if tag else default
        return [tags[tag] for tag in values]

    languages: list[str] = searcher.snapshot.values.of(f"{name}/primary", found)
    return languages
