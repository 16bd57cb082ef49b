"""Threads by what is said in them."""

from __future__ import annotations

from haystack.query import SearchQuerySet

from corpus import conf
from corpus.models import Utterance

#: Hits that are looked at: an assignment of more threads is not made by a search.
_HITS = 20_000


def threads_found_by(query: str) -> set[int]:
    """Return the keys of the threads in which the search finds a post.

    A coordinator's search: it sees their collections whatever readers may see, and is narrowed to
    them by the caller.
    """
    hits = SearchQuerySet(using=conf.search_connection()).auto_query(query)
    found = hits.values_list("utterance", flat=True)[:_HITS]
    posts = {int(key) for key in found if key is not None}
    rows = Utterance.objects.filter(pk__in=posts).values_list("document__thread", flat=True)
    return set(rows.distinct())
