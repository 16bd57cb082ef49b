"""What annotators found in posts is searched by, once they have released it."""

import pytest

from corpus.annotation import editing
from corpus.annotation.assigning import Plan, assign, release
from corpus.annotation.coding import Coding, annotate
from corpus.annotation.editing import CodeColumns
from corpus.models import Layer
from corpus.search.subcorpora import CHOOSABLE
from forumimport.search.facets import FACETS
from tests.pages import links, parsed, text_of, with_class

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("search_engine")]


@pytest.fixture
def codebook():
    codebook = editing.create("Talk")
    with editing.editing(codebook) as version:
        editing.add_code(version, CodeColumns("doubt, open"))
    return codebook


@pytest.fixture
def layers(import_text, codebook, admin_user):
    """The second of two posts is coded by one annotator."""
    thread = import_text("Beans\n\nThe frost took them.\n\n\nDid the frost, really?")
    version = codebook.latest
    (assignment,) = assign([thread], Plan(version, [admin_user]))
    document, code = thread.documents.get(), version.codes.get()
    start = document.text.index("really")
    annotate(assignment.layer, Coding(code.pk, document.pk, start, start + 6))
    return Layer.objects.all()


def found(client, query):
    page = client.get("/search/", {"q": query})
    return [text_of(one.find("h3")) for one in with_class(parsed(page), "corpus-result")]


def test_codes_are_not_searched_before_their_release(layers, client):
    assert found(client, 'code:"doubt open"') == []


def test_codes_find_the_posts_once_released(layers, client):
    release(layers)
    assert found(client, 'code:"doubt open"') == ["Beans #2"]
    assert found(client, "frost -code:*") == ["Beans #1"]


def test_codes_are_a_facet(layers, client):
    release(layers)
    page = parsed(client.get("/search/", {"q": "frost"}))
    (aside,) = with_class(page, "corpus-facets")
    (codes,) = [part for part in aside.iter("section") if text_of(part.find("h2")) == "Code"]
    assert sorted(words for words, _address in links(codes)) == [
        "doubt open 1 post",
        "not coded 1 post",
    ]


def test_codes_are_found_by_the_name_they_have_now(layers, client, codebook):
    release(layers)
    with editing.editing(codebook) as version:
        editing.change_code(version.codes.get(), CodeColumns("doubt"))
    assert found(client, "code:doubt") == ["Beans #2"]


def test_results_are_narrowed_by_a_code(layers, client):
    release(layers)
    page = parsed(client.get("/search/", {"q": "frost", "code": "doubt open"}))
    assert [text_of(one.find("h3")) for one in with_class(page, "corpus-result")] == ["Beans #2"]
    page = parsed(client.get("/search/", {"q": "frost", "code": ""}))
    assert [text_of(one.find("h3")) for one in with_class(page, "corpus-result")] == ["Beans #1"]


def test_every_facet_can_be_chosen_and_kept_in_a_subcorpus():
    assert {facet.field for facet in FACETS} == set(CHOOSABLE)
