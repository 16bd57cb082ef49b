"""Results are narrowed by choosing values, and widened by giving chips up."""

from datetime import UTC, datetime

import pytest

from corpus.curation import AssignDate, AssignSpeaker, ConfirmUtterance
from corpus.models import Utterance
from tests.pages import links, page_text, parsed, text_of, with_class

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("search_engine")]


@pytest.fixture
def threads(import_text):
    beans = import_text("Beans\n\nThe frost took them.\n\n\nNo frost here.\n\n\nSome frost.")
    import_text("Peas\n\nA frost too.", collection="Orchard", origin="peas.txt")
    first, second, _third = Utterance.objects.of_thread(beans.pk).in_order()
    AssignSpeaker(first, "Ada").execute()
    AssignSpeaker(second, "Ada & <Ben>").execute()
    AssignDate(first, datetime(2004, 5, 17, tzinfo=UTC), "day").execute()
    AssignDate(second, datetime(2001, 1, 1, tzinfo=UTC), "year").execute()
    ConfirmUtterance(first).execute()
    return beans


def facets(page):
    """Of each facet, its values with counts."""
    (aside,) = with_class(parsed(page), "corpus-facets")
    return {
        text_of(section.find("h2")): [words for words, _ in links(section)]
        for section in aside.iter("section")
    }


def follow(client, page, words):
    """Follow the link of these words and return the page it leads to."""
    addresses = [address for text, address in links(parsed(page)) if text == words]
    assert len(addresses) == 1, (words, addresses)
    return client.get(f"/search/{addresses[0]}")


def results(page):
    return [text_of(r.find("h3")) for r in with_class(parsed(page), "corpus-result")]


def chips(page):
    return [text for lists in with_class(parsed(page), "corpus-chips") for text, _ in links(lists)]


def test_facets_count_the_results(threads, client):
    found = facets(client.get("/search/?q=frost"))
    assert {title: sorted(values) for title, values in found.items()} == {
        "Collection or forum": ["Garden talk 3 posts", "Orchard 1 post"],
        "Speaker": ["Ada & <Ben> 1 post", "Ada 1 post", "unknown speaker 2 posts"],
        "Year": ["2001 1 post", "2004 1 post", "date unknown 2 posts"],
        "Thread": ["Beans 3 posts", "Peas 1 post"],
        "State": ["automatic 3 posts", "confirmed 1 post"],
    }


def test_values_are_chosen_and_given_up(threads, client):
    page = client.get("/search/?q=frost&order=thread")
    page = follow(client, page, "Garden talk 3 posts")
    assert results(page) == ["Beans #1", "Beans #2", "Beans #3"]
    page = follow(client, page, "Ada & <Ben> 1 post")
    assert results(page) == ["Beans #2"]
    assert chips(page) == ["Collection or forum: Garden talk ×", "Speaker: Ada & <Ben> ×"]
    page = follow(client, page, "Collection or forum: Garden talk ×")
    assert results(page) == ["Beans #2"]
    page = follow(client, page, "Speaker: Ada & <Ben> ×")
    assert len(results(page)) == 4
    assert chips(page) == []


def test_further_values_can_be_chosen_beside_one(threads, client):
    page = client.get("/search/?q=frost&order=thread&speaker=Ada&state=confirmed")
    assert facets(page)["Speaker"] == ["Ada 1 post"]
    page = client.get("/search/?q=frost&order=thread&speaker=Ada")
    found = facets(page)
    assert sorted(found["Speaker"]) == [
        "Ada & <Ben> 1 post",
        "Ada 1 post",
        "unknown speaker 2 posts",
    ]
    assert "Thread" not in found
    page = follow(client, page, "unknown speaker 2 posts")
    assert results(page) == ["Beans #1", "Beans #3", "Peas #1"]


def test_choices_that_find_nothing_together_lead_on(threads, client):
    page = client.get("/search/?q=frost&speaker=Ada&year=2001")
    assert "0 posts found" in page_text(page)
    assert "Download all" not in page_text(page)
    assert facets(page) == {"Speaker": ["Ada & <Ben> 1 post"], "Year": ["2004 1 post"]}
    assert results(follow(client, page, "2004 1 post")) == ["Beans #1"]


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        ("year=2004", ["Beans #1"]),
        ("year=", ["Beans #3", "Peas #1"]),
        ("year=2004&year=2001", ["Beans #1", "Beans #2"]),
        ("speaker=", ["Beans #3", "Peas #1"]),
        ("state=confirmed", ["Beans #1"]),
        ("speaker=Nobody", []),
    ],
)
def test_choices_narrow(threads, client, choice, expected):
    assert results(client.get(f"/search/?q=frost&order=thread&{choice}")) == expected


@pytest.mark.parametrize("digits", ["9" * 19, "9" * 5000, "²"], ids=["64 bits", "text", "sign"])
@pytest.mark.parametrize("name", ["page", "forum", "year", "thread", "search_forums"])
def test_numbers_that_are_none_count_as_absent(threads, client, name, digits):
    page = client.get("/search/", {"q": "frost", "order": "thread", name: digits})
    assert results(page) == ["Beans #1", "Beans #2", "Beans #3", "Peas #1"]


@pytest.mark.parametrize("name", ["forum", "year", "thread"])
def test_the_largest_number_finds_nothing(threads, client, name):
    assert results(client.get("/search/", {"q": "frost", name: "9" * 18})) == []


@pytest.mark.parametrize("name", ["page", "seed", "sample", "width"])
def test_numbers_of_a_concordance_that_are_none_count_as_absent(threads, client, name):
    page = client.get("/search/concordance/", {"q": "frost", name: "9" * 5000})
    assert "4 hits" in page_text(page)


def test_choices_alone_ask(threads, client):
    assert results(client.get("/search/?state=confirmed")) == ["Beans #1"]


def test_an_unseen_value_is_told_by_its_chip(threads, client):
    page = client.get("/search/?q=frost&speaker=Nobody")
    assert chips(page) == ["Speaker: Nobody ×"]
    assert "Fewer words or fewer choices find more" in page_text(page)


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("newest", ["Beans #1", "Beans #2"]),
        ("oldest", ["Beans #2", "Beans #1"]),
        ("thread", ["Beans #1", "Beans #2"]),
    ],
)
def test_results_are_ordered(threads, client, order, expected):
    page = client.get(f"/search/?q=frost&order={order}&year=2001&year=2004")
    assert results(page) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("after:2004", ["Beans #1"]),
        ("before:2004-05-17", ["Beans #2"]),
        ("before:2004-05-18", ["Beans #1", "Beans #2"]),
        ("NOT after:2000", ["Beans #3", "Peas #1"]),
        ("speaker:ada", ["Beans #1", "Beans #2"]),
        ("state:confirmed OR thread:peas", ["Beans #1", "Peas #1"]),
    ],
)
def test_fields_and_dates(threads, client, query, expected):
    page = client.get("/search/", {"q": query, "order": "thread"})
    assert results(page) == expected


def test_pages_turn(import_text, client):
    import_text("Many\n\n" + "\n\n\n".join(f"Frost number {at} came." for at in range(45)))
    page = client.get("/search/?q=frost&order=thread")
    assert results(page) == [f"Many #{at}" for at in range(1, 21)]
    page = follow(client, follow(client, page, "Next"), "Next")
    assert results(page) == [f"Many #{at}" for at in range(41, 46)]
    assert "Page 3 of 3" in page_text(page)
    assert results(follow(client, page, "Previous"))[0] == "Many #21"
