"""How long the first page of a concordance takes for a word with many hits."""

from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from haystack import connections
from haystack.query import SearchQuerySet
from whoosh.searching import Searcher

from corpus.search import analysis
from corpus.search.whoosh_backend.storage import Index
from forumimport.engines import engine
from forumimport.search.asked import Asked
from forumimport.search.concordance import PAGE, Concordance
from forumimport.search.spread import spreads
from tests.bench.timing import median_ms, ratio


def measured(*, with_stock: bool) -> dict:
    backend = connections["default"].get_backend()
    words = _words(backend, 10_000)
    found = {"words": words, "hits": [_walk(backend, word) for word in words]}
    first_page(words[-1])
    found["first_page_ms"] = median_ms(first_page, words[:-1])
    found["sorted_by_r1_ms"] = median_ms(lambda word: first_page(word, sort1="R1"), words[:-1])
    found["walk_ms"] = median_ms(lambda word: _walk(backend, word), words[:-1])
    found["first_page_to_walk"] = ratio(found["first_page_ms"], found["walk_ms"])
    found["iterating_ours_ms"] = median_ms(lambda word: _iterated("default", word), words[:3])
    found["iterating_to_first_page"] = ratio(found["iterating_ours_ms"], found["first_page_ms"])
    if with_stock:
        found["iterating_stock_ms"] = median_ms(lambda word: _iterated("stock", word), words[:1])
        found["stock_to_first_page"] = ratio(found["iterating_stock_ms"], found["first_page_ms"])
    return {
        name: round(value, 3) if isinstance(value, float) else value
        for name, value in found.items()
    }


def first_page(word: str, **more: str) -> int:
    """What the page does, its template left out, as if the word had never been asked for."""
    backend = connections["default"].get_backend()
    snapshot = backend._pool._snapshot
    if snapshot is not None:
        for kept in (snapshot.answers, snapshot.orders, snapshot.hits, snapshot.forms):
            kept.clear()
    request = RequestFactory().get("/search/concordance/", {"q": f'"{word}"', **more})
    request.user = AnonymousUser()
    asked = Asked(request)
    with asked.answerer.answer(asked.question) as answer:
        made = Concordance(asked, answer)
        len(made.hits), made.size, spreads(answer)
        return len(list(made.lines(made.chosen[:PAGE])))


def _words(backend, hits: int) -> list[str]:
    """Words that stand about so often."""
    with backend.searcher() as searcher:
        frequency = searcher.reader.frequency
        leaf = searcher.leaves[0][0]
        counted = [
            (frequency("text_exact", word), word.decode())
            for word in leaf.lexicon("text_exact")
            if len(word) > 1
        ]
    counted.sort(key=lambda pair: abs(pair[0] - hits))
    return [word for _, word in counted[:6]]


def _walk(backend, word: str) -> int:
    """Whoosh's own matcher over the posting list, with positions."""
    index = Index(backend.folder, backend.schema, backend.name)
    with Searcher(index.reader()) as searcher:
        if ("text_exact", word) not in searcher.reader():
            return 0
        matcher, hits = searcher.postings("text_exact", word), 0
        while matcher.is_active():
            matcher.id()
            hits += len(matcher.value_as("positions"))
            matcher.next()
        return hits


def _iterated(using: str, word: str) -> int:
    """All results one by one, looked through for the word."""
    results = SearchQuerySet(using=using).models(engine().models()[2]).filter(content=word)
    return sum(analysis.words(result.text or "").count(word) for result in results)
