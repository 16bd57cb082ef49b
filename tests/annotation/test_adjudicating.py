import pytest

from corpus.annotation.adjudicating import (
    decide,
    gold_layer,
    merge,
    reject,
    take,
    take_agreed,
    take_back,
)
from corpus.annotation.coding import Coding
from corpus.errors import AnnotationRefused
from corpus.models import Decision
from tests.annotation.conftest import coded

pytestmark = pytest.mark.django_db


@pytest.fixture
def judge(person):
    return person("judge", "adjudicate_annotation")


@pytest.fixture
def gold(thread, codebook, judge):
    return gold_layer(thread, codebook.latest, user=judge)


@pytest.fixture
def ada(assigned):
    return assigned[0].layer


@pytest.fixture
def bo(assigned):
    return assigned[1].layer


def record():
    return [
        (d.kind, d.user_name, [(s["author"], s["code"]) for s in d.seen], d.made.get("code"))
        for d in Decision.objects.order_by("pk")
    ]


def test_one_is_taken_and_the_annotators_layers_stay(ada, bo, gold, code, say, judge):
    one = say(ada, code("doubt"), "Maybe")
    say(bo, code("advice"), "Maybe")
    take(one, user=judge, note="clear")
    assert coded(gold) == [("doubt", "Maybe")]
    assert (coded(ada), coded(bo)) == ([("doubt", "Maybe")], [("advice", "Maybe")])
    assert record() == [("taken", "judge", [("ada", "doubt")], "doubt")]


def test_several_are_merged_from_first_to_last_character(ada, bo, gold, code, say, judge):
    pair = [say(ada, code("doubt"), "Maybe the"), say(bo, code("doubt"), "the frost took the")]
    merge(pair, user=judge)
    assert coded(gold) == [("doubt", "Maybe the frost took the")]
    assert record() == [("merged", "judge", [("ada", "doubt"), ("bo", "doubt")], "doubt")]


def test_only_the_same_code_is_merged(ada, bo, code, say, judge):
    pair = [say(ada, code("doubt"), "Maybe"), say(bo, code("advice"), "Maybe")]
    with pytest.raises(AnnotationRefused, match="with the same code can be merged"):
        merge(pair, user=judge)


def test_decided_anew(ada, gold, code, say, judge, thread):
    one = say(ada, code("doubt"), "Maybe")
    wanted = Coding(code("advice").pk, one.document_id, one.start, one.end + 4)
    decide([one], gold, wanted, user=judge)
    assert coded(gold) == [("advice", "Maybe the")]
    assert record() == [("anew", "judge", [("ada", "doubt")], "advice")]


def test_rejected_and_taken_back_is_kept_in_the_record(ada, gold, code, say, judge):
    one = say(ada, code("doubt"), "Maybe")
    take(one, user=judge)
    reject(one, user=judge)
    assert coded(gold) == []
    two = say(ada, code("doubt"), "roots")
    made = take(two, user=judge).annotation
    take_back(made, user=judge)
    assert coded(gold) == []
    assert [kind for kind, *_ in record()] == ["taken", "rejected", "taken", "rejected"]


def test_what_all_said_alike_is_taken_at_once(ada, bo, gold, code, say, judge, thread, codebook):
    for layer in (ada, bo):
        say(layer, code("doubt"), "Maybe")
        say(layer, code("advice"), "Cover them")
    say(ada, code("doubt"), "roots")
    reject(ada.annotations.get(code=code("advice")), user=judge)
    assert take_agreed(thread, codebook.latest, user=judge) == 1
    assert coded(gold) == [("doubt", "Maybe")]
    assert take_agreed(thread, codebook.latest, user=judge) == 0


def test_decisions_outlive_the_accounts(ada, gold, code, say, judge):
    take(say(ada, code("doubt"), "Maybe"), user=judge)
    judge.delete()
    assert record() == [("taken", "judge", [("ada", "doubt")], "doubt")]
    gold.refresh_from_db()
    assert gold.author_name == "judge"
