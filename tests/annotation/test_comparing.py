import pytest

from corpus.annotation import editing
from corpus.annotation.agreement import alpha, coincidences
from corpus.annotation.coding import Coding, annotate
from corpus.annotation.comparing import agreement, alpha_of_everyone, compared, confusions
from corpus.annotation.shared import shared_threads
from corpus.models import Layer
from tests.annotation.conftest import TEXT, posts

pytestmark = pytest.mark.django_db


@pytest.fixture
def shared(codebook):
    def shared():
        threads = shared_threads(codebook, Layer.objects.all())
        return threads, tuple(threads[0].said)

    return shared


def characters(words, *, at=0):
    start = TEXT.index(words, at)
    return set(range(start, start + len(words)))


def by_hand(first, second, universe):
    """Percent, kappa and alpha of two sets of characters, by the definitions."""
    n = len(universe)
    same = sum((at in first) == (at in second) for at in universe) / n
    one, other = len(first & universe) / n, len(second & universe) / n
    chance = one * other + (1 - one) * (1 - other)
    both = (one + other) / 2
    expected = 2 * n * both * (2 * n * both - 1) + 2 * n * (1 - both) * (2 * n * (1 - both) - 1)
    expected /= 2 * n * (2 * n - 1)
    return same, (same - chance) / (1 - chance), (same - expected) / (1 - expected)


def test_passages_are_compared_on_the_characters_that_people_wrote(shared, assigned, code, say):
    ada, bo = (assignment.layer for assignment in assigned)
    say(ada, code("doubt"), "Maybe the frost took")
    say(bo, code("doubt"), "the frost took the roots")
    say(bo, code("doubt"), "The frost took all", nth=1)  # In a quotation: left out.
    threads, pair = shared()
    found = agreement(compared(threads, pair, "span"), "span", str(code("doubt").identity))
    own = [
        "The frost took all my beans this spring, every one of them 🥶.",
        "Cover them at night. An old curtain does.",
        "Thanks, I shall. Maybe the frost took the roots too?",
    ]
    universe = set().union(*(characters(words) for words in own))
    universe |= {TEXT.index("Cover") - 2, TEXT.index("Cover") - 1}  # After the quotation.
    first, second = characters("Maybe the frost took"), characters("the frost took the roots")
    assert (found.units, found.first, found.second) == (len(universe), len(first), len(second))
    assert (found.percent.value, found.kappa.value, found.alpha.value) == pytest.approx(
        by_hand(first, second, universe)
    )
    assert (found.f1.value, found.f1_overlap.value) == (0, pytest.approx(2 / 3))
    assert found.kappa.interval.low <= found.kappa.value <= found.kappa.interval.high
    everyone = alpha_of_everyone(threads, str(code("doubt").identity), "span")
    assert everyone == pytest.approx(found.alpha.value)


def test_posts_are_compared_post_by_post(shared, assigned, code, thread):
    ada, bo = (assignment.layer for assignment in assigned)
    one, _two, three = posts(thread)
    for layer, chosen in [(ada, [one, three]), (bo, [three])]:
        for post in chosen:
            annotate(layer, Coding(code("thanks").pk, post.document_id, post.start, post.end))
    threads, pair = shared()
    found = agreement(compared(threads, pair, "post"), "post", str(code("thanks").identity))
    assert (found.units, found.first, found.second) == (3, 2, 1)
    # Observed 2/3; chance 2/3 * 1/3 + 1/3 * 2/3 = 4/9.
    assert found.kappa.value == pytest.approx((2 / 3 - 4 / 9) / (5 / 9))
    assert found.alpha.value == pytest.approx(
        alpha(coincidences([(1, [1, 0]), (1, [0, 0]), (1, [1, 1])]))
    )


def test_merged_codes_count_as_one(shared, assigned, code, say, codebook):
    say(assigned[0].layer, code("doubt"), "Maybe")
    say(assigned[1].layer, code("advice"), "Maybe")
    threads, pair = shared()
    everything = agreement(compared(threads, pair, "span"), "span")
    assert everything.f1.value == 0
    with editing.editing(codebook) as version:
        editing.merge(version.codes.get(name="doubt"), version.codes.get(name="advice"))
    threads, pair = shared()
    merged = agreement(compared(threads, pair, "span"), "span")
    assert (merged.f1.value, merged.kappa.value) == (1, pytest.approx(1))


def test_confusions_hold_what_is_left_against_each_other(shared, assigned, code, say):
    ada, bo = (assignment.layer for assignment in assigned)
    say(ada, code("doubt"), "Maybe")
    say(bo, code("advice"), "Maybe the")
    threads, pair = shared()
    doubt, advice = str(code("doubt").identity), str(code("advice").identity)
    counted = confusions(compared(threads, pair, "span"))
    assert {kind: n for kind, n in counted.items() if kind != ("", "")} == {
        (doubt, advice): 5,
        ("", advice): 4,
    }


def test_nothing_said_is_not_defined(shared, assigned, code):
    threads, pair = shared()
    found = agreement(compared(threads, pair, "span"), "span", str(code("doubt").identity))
    assert (found.percent.value, found.kappa.value, found.alpha.value, found.f1.value) == (
        1, None, None, None,
    )  # fmt: skip
