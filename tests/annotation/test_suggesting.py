import pytest

from corpus.annotation.suggesting import suggestions
from corpus.curation import RedactSpan
from tests.annotation.conftest import TEXT

pytestmark = pytest.mark.django_db


@pytest.fixture
def layer(assigned):
    return assigned[0].layer


def offered(annotation):
    return [(s.span.start, s.span.of(TEXT), s.quoted) for s in suggestions(annotation)]


def places(words):
    return [at for at in range(len(TEXT)) if TEXT.startswith(words, at)]


def test_quotation_of_the_passage_is_offered(layer, code, say):
    _first, second = places("all my beans")
    assert offered(say(layer, code("doubt"), "all my beans")) == [(second, "all my beans", True)]


def test_original_of_a_quoted_passage_is_offered(layer, code, say):
    first, _second = places("all my beans")
    made = say(layer, code("doubt"), "all my beans", nth=1)
    assert offered(made) == [(first, "all my beans", True)]


def test_exact_repeats_are_offered_after_quotations(layer, code, say):
    _first, second, third = [
        at + 4 for at in [*places("The frost took"), *places("the frost took")]
    ]
    assert offered(say(layer, code("doubt"), "frost took")) == [
        (second, "frost took", True),
        (third, "frost took", False),
    ]


def test_what_is_coded_already_is_not_offered(layer, code, say):
    made = say(layer, code("doubt"), "all my beans")
    say(layer, code("doubt"), "my beans this", nth=1)
    assert offered(made) == []


def test_words_inside_words_and_tiny_words_are_not_offered(layer, code, say):
    assert offered(say(layer, code("doubt"), "I")) == []
    assert offered(say(layer, code("doubt"), "urtain")) == []


def test_redacted_words_are_neither_offered_nor_looked_for(layer, code, say, thread):
    made = say(layer, code("doubt"), "frost took")
    third = places("the frost took")[0] + 4
    RedactSpan(thread.documents.get(), third, third + 5, "name").execute()
    assert [quoted for *_, quoted in offered(made)] == [True]
    RedactSpan(thread.documents.get(), made.start, made.end, "name").execute()
    assert offered(made) == []
