"""Posts found, as pages and downloads show them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from django.urls import reverse
from django.utils import formats, timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from corpus.models import Quotation
from corpus.search import analysis, passages
from corpus.search.answers import TEXTS, Answer, Found
from corpus.search.language.texts import all_occurrences
from forumimport.engines import engine
from forumimport.models import ProjectedPost

#: Posts looked up at once.
_BATCH = 500
#: What is told of each.
_STATED = (
    "post",
    "position",
    "utterance__date",
    "utterance__date_precision",
    "utterance__speaker__handle",
    "utterance__speaker__pseudonym",
)


@dataclass(frozen=True, slots=True)
class Source:
    """Whose words a quotation repeats; ``address`` leads to the original, if it is known."""

    words: str
    address: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A post found, with what the corpus states of it. ``utterance`` is None for native posts."""

    found: Found
    utterance: Any
    position: int | None
    address: str

    @property
    def title(self) -> str:
        return str(self.found.document["topic_subject"])

    @property
    def forum(self) -> str:
        return str(self.found.document["forum_name"])

    @property
    def speaker(self) -> str:
        if self.utterance:
            return str(self.utterance.speaker_words)
        return str(self.found.document.get("poster_name") or "")

    @property
    def is_speaker_known(self) -> bool:
        return self.utterance is None or self.utterance.speaker is not None

    @property
    def date(self) -> str:
        """The date in words, as far as it is known."""
        if self.utterance:
            return str(self.utterance.date_words)
        created = _aware(self.found.document.get("created"))
        if created is None:
            return _("date unknown")
        return formats.date_format(timezone.localtime(created), "DATETIME_FORMAT")

    @property
    def is_date_known(self) -> bool:
        return self.utterance is None or self.utterance.date is not None

    @property
    def permanent_address(self) -> str:
        """The address that outlives corrections; a native post has only its place."""
        if self.utterance:
            return reverse("forumimport:utterance", args=[self.utterance.pk])
        return self.address


@dataclass(frozen=True, slots=True)
class Result:
    """A post on a page of results.

    ``passage`` is of its own words, ``quoted`` of words it repeats, whose ``source`` is told; one
    of them is empty.
    """

    post: Shown
    passage: SafeString | str
    quoted: SafeString | str
    source: Source | None


def shown(found: Iterable[Found]) -> Iterator[Shown]:
    """Yield posts with what is stated of them: two queries for some hundred of them."""
    rows = iter(found)
    while batch := list(islice(rows, _BATCH)):
        keys = [post.key for post in batch]
        stated = ProjectedPost.objects.filter(post__in=keys, utterance__isnull=False)
        rows_of = stated.select_related("utterance__speaker").only(*_STATED)
        by_post = {row.post_id: row for row in rows_of}
        addresses = engine().post_urls(keys)
        for post in batch:
            row = by_post.get(post.key)
            # A post that has just gone has no address and is passed over.
            if post.key in addresses:
                yield Shown(
                    post,
                    row.utterance if row else None,
                    row.position if row else None,
                    addresses[post.key],
                )


def results(answer: Answer, numbers: Sequence[int]) -> list[Result]:
    """Return these posts with the passages in which something was found."""
    posts = list(shown(answer.found(number) for number in numbers))
    places = [_places(answer, post.found) for post in posts]
    repeating = {
        post.found.key: quotation_at(post.found, found[0][0])
        for post, (field, found) in zip(posts, places, strict=True)
        if field == "quoted" and found
    }
    told = sources(pk for pk in repeating.values() if pk)
    made = []
    for post, (field, found) in zip(posts, places, strict=True):
        text = passages.marked(
            passages.pieces(_on_one_line(post.found.document.get(field) or ""), found)
        )
        source = told.get(repeating.get(post.found.key) or 0)
        is_own = field == "text"
        made.append(Result(post, text if is_own else "", "" if is_own else text, source))
    return made


def sources(quotations: Iterable[int]) -> dict[int, Source]:
    """Return whose words these quotations repeat, in one query."""
    rows = Quotation.objects.filter(pk__in=set(quotations), source__isnull=False)
    return {
        row.pk: Source(
            row.source.speaker_words, reverse("forumimport:utterance", args=[row.source_id])
        )
        for row in rows.select_related("source__speaker")
        if row.source
    }


def quotation_at(found: Found, at: int) -> int | None:
    """Return the quotation to which a character of the post's quoted text belongs."""
    end = 0
    for told in str(found.document.get("quotations") or "").split(","):
        key, _sign, length = told.partition(":")
        if not length:
            return None
        end += int(length) + 1  # With the line end between two quotations.
        if at < end:
            return int(key)
    return None


def _places(answer: Answer, found: Found) -> tuple[str, list[tuple[int, int]]]:
    """Return the first text of a post in which something was found, and where."""
    query = answer.question.query
    kindred = answer.kindred(found.document)
    fields = TEXTS[query.scope]
    for field in fields:
        text = found.document.get(field) or ""
        if hits := all_occurrences(query.node, analysis.words(text), kindred):
            end = max(hit.start + hit.length for hit in hits)
            at = list(islice(analysis.places(text), end))
            return field, passages.joined(
                (at[hit.start][0], at[hit.start + hit.length - 1][1]) for hit in hits
            )
    return fields[0], []


def _on_one_line(text: str) -> str:
    # As many characters as before: places are counted in them.
    return text.replace("\n", " ")


def _aware(moment: datetime | None) -> datetime | None:
    """Return a moment with its zone: engines give it back without, in UTC."""
    if moment is None or timezone.is_aware(moment):
        return moment
    return moment.replace(tzinfo=UTC)
