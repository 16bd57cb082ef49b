import pytest

from corpus.annotation import assigning, editing
from corpus.annotation.adjudicating import gold_layer, take
from corpus.annotation.coding import Coding, annotate
from corpus.annotation.using import codes_of_posts, distributions, together, uses
from corpus.curation import AssignDate, AssignSpeaker
from corpus.models import Layer
from corpus.segmentation.datelines import stated
from tests.annotation.conftest import posts

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(assigned):
    return assigned[0].layer


def found(codebook):
    return list(uses(codebook, Layer.objects.all()))


def test_codes_are_told_by_speaker_year_thread_and_quotation(ada, codebook, code, say, thread):
    AssignSpeaker(posts(thread)[0], "Ada").execute()
    date, precision = stated("3 March 2009")
    AssignDate(posts(thread)[0], date, precision, "3 March 2009").execute()
    say(ada, code("doubt"), "frost took")
    say(ada, code("doubt"), "frost took", nth=1)
    annotate(ada, Coding(code("topic").pk))
    told = {c.name: d for c, d in distributions(found(codebook)).items()}
    doubt = told["doubt"]
    assert (doubt.count, doubt.quoted) == (2, 1)
    assert doubt.speakers == {"Ada": 1, "unknown speaker": 1}
    assert doubt.years == {"2009": 1, "": 1}
    assert doubt.threads == {"Beans": 2}
    assert (told["topic"].count, told["topic"].speakers) == (1, {})


def test_codes_stand_together_in_posts(ada, codebook, code, say):
    say(ada, code("doubt"), "Maybe")
    say(ada, code("advice"), "I shall")
    say(ada, code("advice"), "Cover them")
    counted = {(a.name, b.name): n for (a, b), n in together(found(codebook)).items()}
    assert counted == {
        ("doubt", "doubt"): 1,
        ("doubt", "advice"): 1,
        ("advice", "doubt"): 1,
        ("advice", "advice"): 2,
    }


def test_merged_codes_are_told_as_one(ada, codebook, code, say):
    say(ada, code("doubt"), "Maybe")
    with editing.editing(codebook) as version:
        editing.merge(version.codes.get(name="doubt"), version.codes.get(name="advice"))
    assert [use.code.name for use in found(codebook)] == ["advice"]


def test_search_learns_of_released_layers_only_and_of_gold_before_others(
    ada, assigned, codebook, code, say, thread, person
):
    last = posts(thread)[2].pk
    one = say(ada, code("doubt"), "Maybe")
    say(assigned[1].layer, code("advice"), "Maybe")
    judge = person("judge", "adjudicate_annotation")
    take(one, user=judge)
    keys = [post.pk for post in posts(thread)]
    assert codes_of_posts(keys) == {}
    annotators = Layer.objects.filter(kind=Layer.Kind.ANNOTATOR)
    assigning.release(annotators.filter(pk=ada.pk))
    assert codes_of_posts(keys) == {}  # The other is still at work.
    assigning.release(annotators)
    assert codes_of_posts(keys) == {last: {"doubt", "advice"}}
    gold = gold_layer(thread, codebook.latest, user=judge)
    assigning.release(Layer.objects.filter(pk=gold.pk))
    assert codes_of_posts(keys) == {last: {"doubt"}}


def test_search_learns_of_the_codes_of_a_thread_for_all_its_posts(ada, assigned, code, thread):
    annotate(ada, Coding(code("topic").pk))
    assigning.release(Layer.objects.all())
    keys = [post.pk for post in posts(thread)]
    assert codes_of_posts(keys) == {key: {"topic"} for key in keys}
