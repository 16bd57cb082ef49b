"""One search document per forum post, imported or not, in place of the engine's own index.

The field names are those of machina's index where it has the field, so that its search page works
on; ``text`` is what a visitor reads, not markup.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.html import escape
from haystack import indexes

from corpus.models import Quotation
from corpus.rendering import authored_spans, reading_text
from corpus.search.analysis import analyzer
from corpus.spans import Span
from forumimport.engines import engine
from forumimport.models import ProjectedPost
from forumimport.projection import hidden_spans


class PostIndex(indexes.SearchIndex, indexes.Indexable):
    """``authored`` and ``quoted`` divide an imported post's text; a native post is all authored.

    ``created`` is empty where the date is unknown.
    """

    text = indexes.CharField(document=True, analyzer=analyzer())
    authored = indexes.CharField(analyzer=analyzer())
    quoted = indexes.CharField(null=True, analyzer=analyzer())
    poster = indexes.IntegerField(null=True)
    poster_name = indexes.CharField()
    speaker = indexes.CharField(null=True)
    forum = indexes.IntegerField()
    forum_slug = indexes.CharField()
    forum_name = indexes.CharField()
    topic = indexes.IntegerField()
    topic_slug = indexes.CharField()
    topic_subject = indexes.CharField()
    created = indexes.DateTimeField(null=True)
    updated = indexes.DateTimeField()
    utterance = indexes.IntegerField(null=True)
    position = indexes.IntegerField(null=True)
    language = indexes.CharField(null=True)

    def get_model(self) -> Any:
        return engine().models()[2]

    def get_updated_field(self) -> str:
        return "updated"

    def index_queryset(self, using: str | None = None) -> QuerySet[Any]:
        return engine().documents().prefetch_related(_projections())

    def read_queryset(self, using: str | None = None) -> QuerySet[Any]:
        return engine().documents()

    def prepare(self, obj: Any) -> dict[str, Any]:
        self.prepared_data = super().prepare(obj)
        self.prepared_data |= engine().search_document(obj)
        projected = getattr(obj, "corpus_projection", None)
        if projected is not None and projected.utterance is not None:
            self.prepared_data |= _statements(projected)
        else:
            words = engine().words_of(obj)
            self.prepared_data |= {"text": words, "authored": words}
        for name in ("text", "authored", "quoted"):
            self.prepared_data[name] = escape(self.prepared_data[name] or "")
        return self.prepared_data


def _projections() -> Prefetch[Any, Any, Any]:
    return Prefetch(
        "corpus_projection",
        ProjectedPost.objects.select_related(
            "utterance__speaker", "utterance__document__thread"
        ).prefetch_related(Prefetch("utterance__quotations", Quotation.objects.order_by("start"))),
    )


def _statements(projected: ProjectedPost) -> dict[str, Any]:
    """Return what the corpus states of a post beyond what the forum shows."""
    utterance = projected.utterance
    assert utterance is not None
    document = utterance.document
    hidden = hidden_spans([document.pk]).get(document.pk, [])
    quoted = [quotation.span for quotation in utterance.quotations.all()]

    def read(spans: list[Span]) -> str:
        return "\n".join(reading_text(document.text, span, hidden) for span in spans)

    return {
        "text": reading_text(document.text, utterance.span, hidden),
        "authored": read(list(authored_spans(utterance.span, quoted))),
        "quoted": read(quoted) or None,
        "speaker": utterance.speaker.name if utterance.speaker else None,
        "created": utterance.date,
        "utterance": utterance.pk,
        "position": projected.position,
        "language": document.thread.language or document.thread.collection.language or None,
    }
