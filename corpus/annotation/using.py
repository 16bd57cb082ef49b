"""What the annotations say in sum: where codes stand, with whom, when, and beside which others."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db.models import QuerySet

from corpus.annotation.shared import final_codes
from corpus.models import Annotation, Code, Codebook, Layer, Quotation, Scope, Utterance
from corpus.spans import Span


@dataclass(frozen=True, slots=True)
class Use:
    """An annotation with the post in which it begins; none where no post holds it any more."""

    annotation: Annotation
    code: Code
    post: Utterance | None
    quoted: bool


@dataclass(slots=True)
class Distribution:
    """How often a code was used, by what."""

    count: int = 0
    speakers: Counter[str] = field(default_factory=Counter)
    threads: Counter[str] = field(default_factory=Counter)
    years: Counter[str] = field(default_factory=Counter)
    quoted: int = 0


def uses(codebook: Codebook, layers: QuerySet[Layer]) -> Iterator[Use]:
    """Yield the annotations of layers with a codebook, thread by thread, in reading order."""
    codes = final_codes(codebook)
    chosen = layers.filter(version__codebook=codebook)
    threads = chosen.order_by("thread").values_list("thread", flat=True).distinct()
    for thread in threads:
        posts = _Posts(thread)
        rows = Annotation.objects.filter(layer__in=chosen.filter(thread=thread)).in_order()
        for row in rows.select_related("layer__thread", "code"):
            post = None if row.scope == Scope.THREAD else posts.at(row.document_id, row.start)
            code = codes[str(row.code.identity)]
            yield Use(row, code, post, post is not None and posts.quoted(post, row.span))


def distributions(found: Iterable[Use]) -> dict[Code, Distribution]:
    """Sum uses up by code; the codes in the order of their first use."""
    told: dict[Code, Distribution] = {}
    for use in found:
        one = told.setdefault(use.code, Distribution())
        one.count += 1
        one.threads[str(use.annotation.layer.thread)] += 1
        if use.post is not None:
            one.speakers[use.post.speaker_words] += 1
            one.years[str(use.post.date.year) if use.post.date else ""] += 1
            one.quoted += use.quoted
    return told


def together(found: Iterable[Use]) -> Counter[tuple[Code, Code]]:
    """Count in how many posts two codes stand in one layer; a code with itself: in how many posts.

    Both orders are counted, so that a table can be read by row.
    """
    by_post: dict[tuple[int, int], set[Code]] = {}
    for use in found:
        if use.post is not None:
            by_post.setdefault((use.annotation.layer_id, use.post.pk), set()).add(use.code)
    counted: Counter[tuple[Code, Code]] = Counter()
    for codes in by_post.values():
        counted.update((one, other) for one in codes for other in codes)
    return counted


def codes_of_posts(utterances: Iterable[int]) -> dict[int, set[str]]:
    """Return the names of the codes that readers may find posts by: for the search index.

    Only once all annotators' layers of a thread with a codebook are released, so that none finds
    out what others coded; where a gold layer is released, only that layer's.
    """
    released = Layer.objects.filter(released=True).values("thread")
    rows = Utterance.objects.filter(pk__in=list(utterances), document__thread__in=released)
    rows = rows.select_related("document")
    by_thread: dict[int, list[Utterance]] = {}
    for post in rows.defer("document__text"):
        by_thread.setdefault(post.document.thread_id, []).append(post)
    if not by_thread:  # As nearly always: most posts are coded by nobody.
        return {}
    found: dict[int, set[str]] = {}
    names: dict[int, dict[str, Code]] = {}
    for row in _readable(by_thread):
        codebook = row.layer.version.codebook
        codes = names.setdefault(codebook.pk, final_codes(codebook))
        name = codes[str(row.code.identity)].name
        for post in by_thread[row.layer.thread_id]:
            here = post.document_id == row.document_id and post.span.overlaps(row.span)
            if here or row.scope == Scope.THREAD:
                found.setdefault(post.pk, set()).add(name)
    return found


def _readable(threads: Iterable[int]) -> Iterator[Annotation]:
    """Yield the annotations of threads that everybody may know of."""
    layers = Layer.objects.filter(thread__in=list(threads))
    place = ("thread", "version__codebook")
    gold = layers.filter(kind=Layer.Kind.GOLD, released=True)
    blind = layers.filter(kind=Layer.Kind.ANNOTATOR, released=False)
    settled, coded = set(gold.values_list(*place)), set(blind.values_list(*place))
    rows = Annotation.objects.filter(layer__in=layers.filter(released=True))
    for row in rows.select_related("code", "layer__version__codebook"):
        at = (row.layer.thread_id, row.layer.version.codebook_id)
        if at not in coded and (at not in settled or row.layer.kind == Layer.Kind.GOLD):
            yield row


class _Posts:
    """The posts of a thread by place."""

    def __init__(self, thread: int) -> None:
        self._by_document: dict[int, list[Utterance]] = {}
        rows = Utterance.objects.of_thread(thread).in_order().select_related("speaker")
        for post in rows:
            self._by_document.setdefault(post.document_id, []).append(post)
        self._quotations: dict[int, list[Span]] = {}
        for row in Quotation.objects.filter(utterance__document__thread=thread):
            self._quotations.setdefault(row.utterance_id, []).append(row.span)

    def at(self, document: int, start: int) -> Utterance | None:
        """Return the post that holds the character, or else the next."""
        posts = self._by_document.get(document, [])
        place = bisect_right(posts, start, key=lambda post: post.end)
        return posts[place] if place < len(posts) else None

    def quoted(self, post: Utterance, span: Span) -> bool:
        return any(quotation.contains(span) for quotation in self._quotations.get(post.pk, ()))
