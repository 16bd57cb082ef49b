from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.annotation import editing
from corpus.annotation.assigning import Plan, adopt, assign, release, withdraw
from corpus.annotation.choosing import Share, sample, shared_out
from corpus.errors import AnnotationRefused
from corpus.models import Assignment, Layer
from tests.annotation.conftest import coded


@settings(deadline=None)
@given(
    threads=st.lists(st.integers(0, 99), unique=True, max_size=20),
    people=st.integers(2, 5),
    overlap=st.floats(0, 1),
    seed=st.integers(0, 9),
)
def test_threads_are_shared_out_evenly_and_overlap_as_asked(threads, people, overlap, seed):
    share = Share(each=1, overlap=overlap, overlapping=2)
    given_out = list(shared_out(threads, list(range(people)), share, seed=seed))
    assert given_out == list(shared_out(threads, list(range(people)), share, seed=seed))
    per_thread = Counter(given.thread for given in given_out)
    assert set(per_thread) == set(threads)
    assert list(per_thread.values()).count(2) == round(overlap * len(threads))
    assert len({(given.thread, given.annotator) for given in given_out}) == len(given_out)
    loads = Counter(dict.fromkeys(range(people), 0))
    loads.update(given.annotator for given in given_out)
    assert max(loads.values()) - min(loads.values()) <= 1


def test_sample_is_the_same_for_the_same_seed():
    assert sample(range(100), 5, seed=3) == sample(reversed(range(100)), 5, seed=3)
    assert sample(range(100), 5, seed=3) != sample(range(100), 5, seed=4)
    assert sample([1, 2], 5, seed=0) == [1, 2]


@pytest.mark.django_db
class TestAssignments:
    def test_are_made_once(self, thread, codebook, coders, assigned):
        assert [(a.layer.author_name, a.overlap, a.state) for a in assigned] == [
            ("ada", True, "open"),
            ("bo", True, "open"),
        ]
        assert assign([thread], Plan(codebook.latest, coders, Share(each=2))) == []
        assert Assignment.objects.count() == 2

    def test_need_people_threads_and_codes(self, thread, codebook, coders, person):
        refused = [
            ([], Plan(codebook.latest, coders), "No thread was chosen"),
            ([thread], Plan(codebook.latest, coders, Share(3)), "at least 3 annotators"),
            ([thread], Plan(codebook.latest, [person("eve")]), "eve may not annotate in “Garden"),
            ([thread], Plan(editing.create("Empty").latest, coders), "has no codes yet"),
        ]
        for threads, plan, reason in refused:
            with pytest.raises(AnnotationRefused, match=reason):
                assign(threads, plan)
        assert not Layer.objects.exists()

    def test_are_withdrawn_while_nothing_is_coded(self, assigned, code, say):
        say(assigned[0].layer, code("doubt"), "Maybe")
        with pytest.raises(AnnotationRefused, match="ada has coded in this thread already"):
            withdraw(assigned[0])
        withdraw(assigned[1])
        assert list(Assignment.objects.all()) == [assigned[0]]

    def test_move_to_another_version_with_their_codes(self, assigned, code, say, codebook):
        old = say(assigned[0].layer, code("doubt"), "Maybe")
        with editing.editing(codebook) as version:
            editing.change_code(
                version.codes.get(name="doubt"), editing.CodeColumns("uncertainty"), None
            )
        assert adopt(Layer.objects.all(), version) == 2
        assert coded(assigned[0].layer) == [("uncertainty", "Maybe")]
        old.refresh_from_db()
        assert old.code.version == version

    def test_release_shuts_layers(self, assigned):
        assert release(Layer.objects.all()) == 2
        assert release(Layer.objects.all()) == 0
        assert set(Layer.objects.values_list("released", flat=True)) == {True}
