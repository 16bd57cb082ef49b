"""One search document per forum post, imported or not, in place of the engine's own index.

The field names are those of machina's index where it has the field, so that its search page works
on; ``text`` is what was said in the post: what it copies from others stands in ``quoted``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from django.db.models import QuerySet
from haystack import indexes
from haystack.constants import DJANGO_CT, DJANGO_ID, ID
from haystack.utils import get_model_ct

from corpus.annotation.using import codes_of_posts
from corpus.hiding import redacted_in
from corpus.models import Quotation, SourceDocument
from corpus.rendering import authored_spans, reading_text
from corpus.search.fields import OrderField, StoredField, WordsField
from corpus.spans import Span
from forumimport.engines import engine
from forumimport.models import ProjectedPost

#: Posts whose documents are made from the same few queries.
_BATCH = 500
#: The place of posts that no source document orders: behind those of any.
_NATIVE = float(1 << 52)
#: What is asked of each projected post, in this order.
_COLUMNS = (
    "post_id",
    "utterance_id",
    "utterance__start",
    "utterance__end",
    "utterance__date",
    "utterance__state",
    "utterance__speaker__pseudonym",
    "utterance__speaker__handle",
    "utterance__document_id",
    "utterance__document__order",
    "utterance__document__thread__language",
    "utterance__document__thread__collection__language",
)


class PostIndex(indexes.SearchIndex, indexes.Indexable):
    """A native post is all its writer's own. ``created`` and ``updated`` are empty where the
    date is unknown: the time that orders such a post in the forum changes with others' dates.

    ``quotations`` names the quotations in ``quoted``, in order, each with its length there.
    ``place`` orders the posts of a thread: by source document, then by where they begin in it, so
    that no curation of one post changes the place of another.
    """

    text = WordsField(document=True, language="language")
    quoted = WordsField(null=True, language="language")
    quotations = StoredField(null=True)
    poster = indexes.IntegerField(null=True)
    poster_name = indexes.CharField()
    speaker = indexes.CharField(null=True)
    forum = indexes.IntegerField()
    forum_slug = StoredField()
    forum_name = indexes.CharField()
    topic = indexes.IntegerField()
    topic_slug = StoredField()
    topic_subject = indexes.CharField()
    created = indexes.DateTimeField(null=True)
    updated = indexes.DateTimeField(null=True)
    year = indexes.IntegerField(null=True)
    utterance = indexes.IntegerField(null=True, indexed=False)
    language = indexes.CharField(null=True)
    state = indexes.CharField(null=True)
    codes = indexes.MultiValueField(null=True)
    # Engines have 32 bits for an integer, and twice as many for this.
    place = OrderField()

    def get_model(self) -> Any:
        return engine().models()[2]

    def get_updated_field(self) -> str:
        return "updated"

    def index_queryset(self, using: str | None = None) -> QuerySet[Any]:
        # Their keys are enough: the documents are made from other queries.
        return engine().documents().select_related(None).only("pk")

    def read_queryset(self, using: str | None = None) -> QuerySet[Any]:
        return engine().documents()

    def documents(self, posts: Iterable[Any]) -> Iterator[dict[str, Any]]:
        """Yield the documents of those of the posts that readers may be shown."""
        rows = iter(posts)
        read: dict[int, str] = {}
        while keys := [row.pk for row in islice(rows, _BATCH)]:
            yield from self._documents(keys, read)

    def prepare(self, obj: Any) -> dict[str, Any]:
        """Prepare one post for a search engine other than ours, which has :meth:`documents`."""
        prepared: dict[str, Any] = dict.fromkeys(self.field_map)
        for document in self.documents([obj]):
            prepared |= document
        for name in ("text", "quoted"):
            if prepared[name] is not None:
                prepared[name] = WordsField.shown(prepared[name])
        self.prepared_data = prepared
        return prepared

    def _documents(self, keys: list[int], read: dict[int, str]) -> Iterator[dict[str, Any]]:
        label = get_model_ct(self.get_model())
        stated = _statements(keys, read)
        native = engine().words_of([key for key in keys if key not in stated])
        for key, document in engine().search_documents(keys):
            document |= stated.get(key) or _native(key, document, native.get(key, ""))
            if document["created"] is not None:
                document["year"] = document["created"].year
            yield {ID: f"{label}.{key}", DJANGO_CT: label, DJANGO_ID: str(key), **document}


def _native(post: int, document: Mapping[str, Any], text: str) -> dict[str, Any]:
    """Return what is found of a post that was written in the forum: by its key after all others."""
    return {"text": text, "speaker": document["poster_name"] or None, "place": _NATIVE + post}


def _statements(posts: list[int], read: dict[int, str]) -> dict[int, dict[str, Any]]:
    """Return what the corpus states of posts beyond what the forum shows.

    ``read`` holds the texts of source documents: threads go on from batch to batch.
    """
    rows = list(
        ProjectedPost.objects.filter(post__in=posts, utterance__isnull=False).values_list(*_COLUMNS)
    )
    documents = {row[8] for row in rows}
    for document in read.keys() - documents:
        del read[document]
    missing = SourceDocument.objects.filter(pk__in=documents - read.keys())
    read.update(missing.values_list("pk", "text"))
    hidden = redacted_in(documents)
    utterances = [row[1] for row in rows]
    quotations, codes = _quotations(utterances), _codes(utterances)
    stated = {}
    for (
        post, utterance, start, end, date, state, pseudonym, handle, document, order,
        language, main_language,
    ) in rows:  # fmt: skip
        text, redactions = read[document], hidden.get(document, ())
        copied = quotations.get(utterance, {})
        own = authored_spans(Span(start, end), copied.values())
        words = {pk: reading_text(text, span, redactions) for pk, span in copied.items()}
        stated[post] = {
            "text": "\n".join(reading_text(text, span, redactions) for span in own),
            "quoted": "\n".join(words.values()) or None,
            "quotations": ",".join(f"{pk}:{len(part)}" for pk, part in words.items()) or None,
            "speaker": pseudonym or handle or None,
            "created": date,
            "updated": date,
            "utterance": utterance,
            "state": state,
            "codes": codes.get(utterance),
            "place": float((order << 32) + start),
            "language": language or main_language or None,
        }
    return stated


def _codes(utterances: list[int]) -> Mapping[int, list[str]]:
    """Return the codes that readers may find the posts by; commas would part them in the index."""
    return {
        post: sorted(" ".join(code.replace(",", " ").split()) for code in codes)
        for post, codes in codes_of_posts(utterances).items()
    }


def _quotations(utterances: list[int]) -> Mapping[int, dict[int, Span]]:
    """Return of each utterance the spans of its quotations, in order, by their keys."""
    found: dict[int, dict[int, Span]] = {}
    rows = Quotation.objects.filter(utterance__in=utterances).order_by("utterance", "start")
    for utterance, pk, start, end in rows.values_list("utterance", "pk", "start", "end"):
        found.setdefault(utterance, {})[pk] = Span(start, end)
    return found
