"""What several annotators said of the same threads, read for comparison."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import QuerySet

from corpus.annotation.agreement import Coded
from corpus.models import Annotation, Code, Codebook, Layer, Quotation, Scope, Utterance
from corpus.rendering import authored_spans
from corpus.spans import Span


@dataclass(frozen=True, slots=True)
class Coder:
    """An annotator, whose account may be gone."""

    key: str
    name: str


@dataclass(slots=True)
class Place:
    """A post: its own words, and where it stands."""

    number: int
    document: int
    span: Span
    authored: list[Span]


@dataclass(slots=True)
class Said:
    """What one coder said of one thread: passages by document, posts by number, the thread."""

    layer: int
    passages: dict[int, list[Coded]] = field(default_factory=dict)
    posts: dict[int, frozenset[str]] = field(default_factory=dict)
    thread: frozenset[str] = frozenset()


@dataclass(slots=True)
class SharedThread:
    key: int
    title: str
    posts: list[Place]
    said: dict[Coder, Said]


def final_codes(codebook: Codebook) -> dict[str, Code]:
    """Return the code that each identity counts as: itself in the latest version, or that into
    which it was merged."""
    codes: dict[str, Code] = {}
    for version in codebook.versions.order_by("number"):
        for _depth, code in version.tree():
            codes[str(code.identity)] = code.merged_into or code
    return codes


def shared_threads(
    codebook: Codebook, layers: QuerySet[Layer], *, coders: Iterable[str] = ()
) -> list[SharedThread]:
    """Return the threads that two or more annotators coded with a codebook, in any version.

    Args:
        layers: those that the reader may see.
        coders: keys of the annotators to compare; all if empty.
    """
    chosen = layers.filter(version__codebook=codebook, kind=Layer.Kind.ANNOTATOR)
    wanted = set(coders)
    codes = final_codes(codebook)
    by_thread: dict[int, dict[Coder, list[Layer]]] = {}
    titles: dict[int, str] = {}
    for layer in chosen.select_related("thread").order_by("author_name", "pk"):
        coder = coder_of(layer)
        if not wanted or coder.key in wanted:
            titles[layer.thread_id] = str(layer.thread)
            by_thread.setdefault(layer.thread_id, {}).setdefault(coder, []).append(layer)
    return [
        _shared(thread, titles[thread], people, codes)
        for thread, people in sorted(by_thread.items())
        if len(people) > 1
    ]


def coder_of(layer: Layer) -> Coder:
    key = str(layer.author_id) if layer.author_id else f"~{layer.author_name}"
    return Coder(key, layer.author_name)


def _shared(
    thread: int, title: str, people: dict[Coder, list[Layer]], codes: dict[str, Code]
) -> SharedThread:
    posts = _posts(thread)
    said = {coder: Said(layers[-1].pk) for coder, layers in people.items()}
    coders = {layer.pk: coder for coder, layers in people.items() for layer in layers}
    rows = Annotation.objects.filter(layer__in=coders).select_related("code")
    for row in rows.order_by("document", "start", "end"):
        _add(said[coders[row.layer_id]], row, str(codes[str(row.code.identity)].identity), posts)
    return SharedThread(thread, title, posts, said)


def _add(said: Said, row: Annotation, code: str, posts: list[Place]) -> None:
    if row.scope == Scope.THREAD:
        said.thread |= {code}
    elif row.scope == Scope.SPAN:
        said.passages.setdefault(row.document_id, []).append(Coded(row.span, code))
    else:
        # After a boundary moved, the code counts for the post that holds its first words.
        for post in posts:
            if post.document == row.document_id and row.start < post.span.end:
                said.posts[post.number] = said.posts.get(post.number, frozenset()) | {code}
                return


def _posts(thread: int) -> list[Place]:
    quoted: dict[int, list[Span]] = {}
    for row in Quotation.objects.filter(utterance__document__thread=thread):
        quoted.setdefault(row.utterance_id, []).append(row.span)
    utterances = Utterance.objects.of_thread(thread).in_order()
    return [
        Place(
            number,
            utterance.document_id,
            utterance.span,
            list(authored_spans(utterance.span, quoted.get(utterance.pk, []))),
        )
        for number, utterance in enumerate(utterances, 1)
    ]
