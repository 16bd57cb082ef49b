"""The index answers as reading every post does: same posts, same places, same numbers."""

import random
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.models import Speaker, Utterance
from corpus.search.answers import Order, Question
from corpus.search.connection import answerer
from corpus.search.language import Chosen, Query, Scope, parse
from corpus.search.language.tree import all_of
from corpus.search.scanning import Scanner
from forumimport import indexing
from forumimport.engines import engine

pytestmark = pytest.mark.django_db(transaction=True)

#: None is a form of another: so both answer by the same words.
WORDS = ["bean", "frost", "garden", "#pea", "pea", "soil", "moss", "@ada", "don't", "fog", "frog"]


@pytest.fixture
def corpus(our_engine, make_thread):
    """Threads of chance, curated a little, in more than one segment."""
    chance = random.Random(11)

    def words(most):
        return " ".join(chance.choices(WORDS, weights=range(1, 12), k=chance.randint(1, most)))

    for at in range(6):
        posts = [(f"{words(6)}. ", words(12)) if n % 3 else words(15) for n in range(7)]
        thread = make_thread(*posts, title=words(3), collection=f"Forum {at % 3}")
        ada = Speaker.objects.get_or_create(collection=thread.collection, handle="Ada Bean")[0]
        for utterance in Utterance.objects.of_thread(thread.pk)[::2]:
            utterance.speaker, utterance.speaker_basis = ada, "curated"
            utterance.date = datetime(
                chance.randint(2001, 2004), chance.randint(1, 12), 5, tzinfo=UTC
            )
            utterance.date_basis, utterance.date_precision = "curated", "day"
            utterance.state = chance.choice(["automatic", "confirmed"])
            utterance.save()
        indexing.changed(engine().posts_of([thread.projected.topic_id]))
    indexing.catch_up()
    return sorted(engine().models()[0].objects.values_list("pk", flat=True))


def told(answer):
    """All that an answer says, by the keys of the posts."""
    key = {number: answer.found(number).key for number in answer.numbers(Order.THREAD)}
    return {
        "total": answer.total,
        "posts": sorted(key.values()),
        "in threads": list(key.values()),
        "by date": [
            answer.found(number).document.get("created") is None
            for number in answer.numbers(Order.NEWEST)
        ],
        "size": answer.size(),
        "hits": [(key[hit.number], hit.field, hit.at) for hit in answer.hits()],
        "counts": {
            field: {(count.value, count.posts) for count in answer.counts(field, label)}
            for field, label in [
                ("forum", "forum_name"), ("speaker", ""), ("year", ""), ("topic", "topic_subject"),
                ("language", ""), ("state", ""),
            ]
        },
    }  # fmt: skip


_word = st.sampled_from(WORDS)
_leaf = st.one_of(
    _word,
    st.lists(_word, min_size=1, max_size=3).map(lambda words: f'"{" ".join(words)}"'),
    st.tuples(st.lists(_word, min_size=2, max_size=3), st.integers(1, 4)).map(
        lambda pair: f'"{" ".join(pair[0])}"~{pair[1]}'
    ),
    st.sampled_from(
        [
            "f*g", "?rost", "*ea*", "#p*", "frg~", "mos~2", "don*", "*", "speaker:ada",
            'speaker:"ada bean"', "speaker:*", "thread:frost", "forum:1", "language:en",
            "state:confirmed", "after:2002", "before:2003-06", "nowhere",
        ]
    ),
)  # fmt: skip
_queries = st.recursive(
    _leaf,
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: f"({' '.join(parts)})"),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: f"({' OR '.join(parts)})"),
        inner.map(lambda part: f"NOT {part}"),
    ),
    max_leaves=6,
)


def test_index_answers_as_reading_does(corpus):
    model = engine().models()[2]

    @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        query=_queries,
        scope=st.sampled_from(Scope),
        forums=st.sets(st.sampled_from(corpus), min_size=1),
        without=st.sets(st.integers(1, 45), max_size=3),
        years=st.none() | st.frozensets(st.sampled_from([2001, 2002, 2003, 2004, None])),
    )
    def same(query, scope, forums, without, years):
        chosen = [] if years is None else [Chosen("year", years)]
        node = all_of([parse(query).node, *chosen])
        question = Question(Query(node, scope), frozenset(forums), frozenset(without))
        with answerer("default", model).answer(question) as ours:
            found = told(ours)
        with Scanner("default", model).answer(question) as read:
            assert found == told(read)

    same()
