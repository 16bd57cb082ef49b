"""Documents, scores and order are those of Whoosh's own searcher."""

import random

import pytest
from whoosh import query as q
from whoosh.searching import Searcher as WhooshSearcher

from corpus.search.fields import WordsField
from corpus.search.whoosh_backend import rebuilding, schema
from corpus.search.whoosh_backend.matching import Matches, ranked
from corpus.search.whoosh_backend.searchers import Searcher, Snapshot
from corpus.search.whoosh_backend.storage import Stamp
from corpus.search.whoosh_backend.writing import Writer

WORDS = ["a", "bean", "frost", "spring", "garden", "weed", "peas", "soil", "rain", "sun"]


def make_index(folder, documents, commits=1):
    from haystack import indexes

    fields = {"text": WordsField(document=True), "forum": indexes.IntegerField()}
    for name, field in fields.items():
        field.set_instance_name(name)
    _, built = schema.build(fields)
    index = rebuilding.create(folder, built, "test")
    for at in range(commits):
        writer = Writer(index, timeout=1, language="en", fold=True)
        for number in range(at, len(documents), commits):
            text, forum = documents[number]
            writer.add({"id": f"{number}", "text": text, "forum": forum})
        writer.delete([str(number) for number in range(at, len(documents), 17) if at])
        writer.commit_changes()
    return index


def open_searcher(index):
    return Searcher(index.reader(), Snapshot(Stamp(0, 0, 0), None))


@pytest.fixture(scope="module", params=[1, 3], ids=["one segment", "three segments"])
def index(request, tmp_path_factory):
    chance = random.Random(5)
    documents = [
        (" ".join(chance.choices(WORDS, weights=range(1, 11), k=chance.randint(1, 25))), at % 4)
        for at in range(700)
    ]
    return make_index(tmp_path_factory.mktemp("index"), documents, request.param)


def term(word):
    return q.Term("text", word)


QUERIES = [
    term("bean"),
    term("nothing"),
    q.Or([term("bean"), term("sun"), term("frost")]),
    q.And([term("bean"), term("rain"), term("sun")]),
    q.And([term("sun"), q.Not(term("rain"))]),
    q.And([term("rain"), q.Or([term("bean"), term("frost")])]),
    q.AndMaybe(term("frost"), term("sun")),
    q.AndNot(term("sun"), term("soil")),
    q.Phrase("text_exact", ["rain", "sun"]),
    q.Phrase("text_exact", ["rain", "soil", "rain"]),
    q.Phrase("text_exact", ["sun", "bean"], slop=4),
    q.Phrase("text_exact", ["sun", "sun"]),
    q.Prefix("text_exact", "s"),
    q.Wildcard("text_exact", "*e*"),
    q.FuzzyTerm("text_exact", "beam"),
    q.And([term("sun"), q.Prefix("text_exact", "fro")]),
    q.Every(),
    q.Term("text", "bean", boost=3.0) | term("rain"),
]


@pytest.mark.parametrize("query", QUERIES, ids=str)
def test_documents_scores_and_order_are_whooshs(index, query):
    searcher = open_searcher(index)
    scores = Matches(searcher).scores(query)
    whoosh = WhooshSearcher(index.reader())
    found = whoosh.search(query, limit=None)
    assert set(scores) == found.docs()
    # Whoosh ranks a wildcard by its word where only one fits, else not at all; ours never does.
    if not any(isinstance(leaf, q.MultiTerm | q.Every) for leaf in query.leaves()):
        # To all alike, Whoosh gives a point for what is refused beside what is asked for.
        refused = isinstance(query, q.And) and any(isinstance(part, q.Not) for part in query)
        expected = {number: score - refused for score, number in found.top_n}
        assert scores == pytest.approx(expected, rel=1e-5)
    for count in (1, 7, 2000):
        best = ranked(scores, count)
        assert [round(scores[number], 4) for number in best] == sorted(
            (round(score, 4) for score in scores.values()), reverse=True
        )[:count]
    searcher.close()


def test_ranges_and_number_lists_are_read_off_the_column(index):
    searcher = open_searcher(index)
    matches = Matches(searcher)
    forums = searcher.values("forum")
    ranged = matches.scores(q.NumericRange("forum", 1, 2))
    assert {forums[number] for number in ranged} == {1, 2}
    listed = matches.scores(searcher.schema["forum"].parse_query("forum", "0,3"))
    assert {forums[number] for number in listed} == {0, 3}
    assert len(ranged) + len(listed) == len(searcher.live)
    both = matches.scores(q.And([term("bean"), q.NumericRange("forum", 1, 2)]))
    assert both.keys() == matches.scores(term("bean")).keys() & ranged.keys()
    searcher.close()


def test_a_batch_larger_than_memory_becomes_several_segments(tmp_path, monkeypatch):
    monkeypatch.setattr("corpus.search.whoosh_backend.writing.POSTINGS_IN_MEMORY", 500)
    index = make_index(tmp_path, [("bean frost rain", at) for at in range(300)])
    assert len(index._segments()) > 2
    searcher = open_searcher(index)
    assert len(Matches(searcher).scores(term("frost"))) == 300
    searcher.close()


def test_many_small_commits_are_merged_and_nothing_is_lost(tmp_path):
    index = make_index(tmp_path, [(f"bean w{at}", at) for at in range(60)], commits=60)
    assert len(index._segments()) < 16
    searcher = open_searcher(index)
    gone = {str(n) for at in range(1, 60) for n in range(at, 60, 17)}
    kept = {searcher.stored(number)["id"] for number in searcher.live}
    assert len(kept) == len(searcher.live)
    assert kept >= {str(at) for at in range(60)} - gone
    searcher.close()
