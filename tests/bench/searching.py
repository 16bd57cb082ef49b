"""How long a first page takes for a query that was never asked before."""

import random

from django.contrib.auth.models import AnonymousUser
from django.test import Client
from haystack import connections
from haystack.query import SearchQuerySet
from whoosh.query import Term
from whoosh.searching import Searcher
from whoosh.sorting import Count, FieldFacet

from corpus.search import passages
from corpus.search.answers import Order, Question
from corpus.search.language import parse
from corpus.search.whoosh_backend.matching import Matches
from corpus.search.whoosh_backend.schema import AnyNumber
from corpus.search.whoosh_backend.storage import Index
from forumimport.engines import engine
from forumimport.search import facets, results
from tests.bench.posts import FORUMS
from tests.bench.timing import median_ms, ratio

FACETS = ["forum", "topic", "poster_name", "forum_name", "topic_subject"]


def page(using: str, words: str, forums=None) -> int:
    found = SearchQuerySet(using=using).models(engine().models()[2]).auto_query(words)
    if forums is not None:
        found = found.filter(forum__in=forums)
    for facet in FACETS:
        found = found.facet(facet)
    found = found.highlight()
    list(found[:20])
    found.facet_counts()
    return found.count()


def our_page(words: str, forums: frozenset) -> int:
    """What our search page asks: hits, the first twenty with passages, seven facets.

    The visitor is one who may read all these forums, whose filter is kept.
    """
    backend = connections["default"].get_backend()
    with backend.answerer().answer(Question(parse(words), forums)) as answer:
        for number in answer.first(Order.RELEVANCE, 20):
            found = answer.found(number)
            _field, places = results._places(answer, found)
            passages.marked(passages.pieces(found.document["text"], places))
        for facet in facets.FACETS:
            answer.counts(facet.field, facet.label)
        return answer.total


def words_by_share(searcher, shares: dict, each: int) -> dict:
    """Words that stand in about this share of all documents; no two of one stem."""
    total = searcher.size
    frequencies = sorted(
        (leaf.doc_frequency("text", word), word.decode())
        for leaf, _ in searcher.leaves[:1]
        for word in (term for name, term in leaf._terms.terms() if name == "text")
        if word.isalpha() and ("text_exact", word) in leaf
    )
    whole = total / max(searcher.leaves[0][0].doc_count_all(), 1)
    found = {}
    for name, share in shares.items():
        wanted = share * total if share < 1 else share
        frequencies.sort(key=lambda pair: abs(pair[0] * whole - wanted))
        found[name] = [word for _, word in frequencies[:each]]
    return found


def measured(*, with_stock: bool = True) -> dict:
    backend = connections["default"].get_backend()
    with backend._pool.searcher() as searcher:
        shares = {"rare": 5, "mid": 0.01, "frequent": 0.25}
        words = words_by_share(searcher, shares, 12)
    for warm in ("forum", "topic", "speaker"):
        page("default", warm)
    found = {name: _query(backend, some, with_stock) for name, some in words.items()}
    pairs = list(zip(words["frequent"], reversed(words["frequent"]), strict=True))[:6]
    found["and"] = _query(backend, [f"{a} {b}" for a, b in pairs], with_stock)
    found["phrase"] = _query(backend, [f'"{a} {b}"' for a, b in pairs], with_stock)
    found["opening_ms"] = _opening(backend)
    found["forums"] = _forums(words)
    return found


def _query(backend, words: list[str], with_stock: bool) -> dict:
    forums = frozenset(engine().models()[0].objects.values_list("pk", flat=True))
    our_page("warm", forums)
    found = {"ours_ms": median_ms(lambda word: page("default", word), words)}
    backend._pool._snapshot.answers.clear()
    found["our_page_ms"] = median_ms(lambda word: our_page(word, forums), words)
    if words[0].isalpha():
        found["bare_searcher_ms"] = _bare(backend, words)
        found["ours_to_bare_searcher"] = ratio(found["ours_ms"], found["bare_searcher_ms"])
        found["our_page_to_bare_searcher"] = ratio(found["our_page_ms"], found["bare_searcher_ms"])
    if with_stock:
        found["stock_ms"] = median_ms(lambda word: page("stock", word), words[:4])
        found["ours_to_stock"] = ratio(found["stock_ms"], found["ours_ms"])
    return {name: round(value, 3) for name, value in found.items()}


def _bare(backend, words: list[str]) -> float:
    """A kept Whoosh searcher, its own search and facets; stored fields of the hits."""
    index = Index(backend.folder, backend.schema, backend.name)
    searcher = Searcher(index.reader())
    facets = {name: FieldFacet(name, maptype=Count) for name in FACETS}

    def search(word: str) -> None:
        results = searcher.search(Term("text", word), limit=20, groupedby=facets)
        [hit.fields() for hit in results]
        len(results)
        [results.groups(name) for name in FACETS]

    search(words[0])
    return median_ms(search, words)


def _opening(backend) -> float:
    index = Index(backend.folder, backend.schema, backend.name)
    return round(median_ms(lambda _: index.reader().close(), range(7)), 3)


def _forums(words: dict) -> dict:
    """The share of the permission filter in our page, for a visitor without an account.

    Which forums he may read is asked of the engine each time, the posts in them are kept.
    """
    client = Client(headers={"host": "localhost"})
    readable = frozenset(engine().readable_forums(AnonymousUser()))
    backend = connections["default"].get_backend()

    def whole(word: str) -> None:
        assert client.get("/search/", {"q": word}).status_code == 200

    def filtered(word: str) -> None:
        engine().readable_forums(AnonymousUser())
        kept(word)

    def kept(word: str) -> None:
        with backend.searcher() as searcher:
            Matches(searcher).kept(AnyNumber("forum", readable))

    whole("warm")
    backend._pool._snapshot.answers.clear()
    asked = [*words["rare"], *words["mid"]]
    page_ms, engine_ms, kept_ms = (median_ms(call, asked) for call in (whole, filtered, kept))
    return {
        "page_ms": round(page_ms, 3),
        "asking_the_engine_ms": round(engine_ms, 3),
        "kept_filter_ms": round(kept_ms, 3),
        "share_of_page": round(engine_ms / page_ms, 3),
        "share_of_page_without_the_engine": round(kept_ms / page_ms, 3),
        "machinas_query": _machinas(words),
    }


def _machinas(words: dict) -> dict:
    """The same filter in a query string, as machina's own search form writes it."""
    forums = list(engine().models()[0].objects.values_list("pk", flat=True))
    readable = sorted(random.Random(2).sample(forums, FORUMS - 5))
    page("default", "anything", readable)
    asked = [*words["rare"], *words["mid"]] * 3
    filtered = median_ms(lambda word: _fresh(word, readable), asked)
    free = median_ms(lambda word: _fresh(word, None), asked)
    return {
        "with_ms": round(filtered, 3),
        "without_ms": round(free, 3),
        "share_of_page": round(max(0.0, 1 - free / filtered), 3),
    }


def _fresh(word: str, forums) -> None:
    """Ask as if never asked before, with what is kept of the index itself."""
    connections["default"].get_backend()._pool._snapshot.answers.clear()
    page("default", word, forums)
