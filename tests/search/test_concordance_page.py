"""The concordance: every place on a line, sorted, sampled, counted, linked."""

import pytest

from corpus.curation import AssignSpeaker
from corpus.models import Utterance
from forumimport.search import concordance
from tests.pages import links, page_text, parsed, text_of, with_class

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("search_engine")]

COPIED = "The late frost took all of my radishes this very spring, alas."


@pytest.fixture
def thread(import_text):
    return import_text(
        f"Beans\n\n{COPIED}\n\n\nNo frost; a frost <b>again</b>!\n\n\n"
        f"{COPIED}\n\nSuch frost is rare."
    )


def lines(page):
    return [text_of(line.find("details/summary")) for line in _lines(page)]


def _lines(page):
    found = with_class(parsed(page), "corpus-lines")
    return [line for ordered in found for line in ordered.iter("li")]


def test_lines_are_in_the_order_of_the_threads(thread, client):
    page = client.get("/search/concordance/?q=frost&width=2")
    assert lines(page) == [
        "The late frost took all",
        "No frost; a frost <",
        "frost; a frost <b>again</",
        "Such frost is rare.",
    ]
    told = page_text(page)
    assert "4 hits in 3 posts" in told
    assert "173.913 per thousand of the 23 running words in the 3 posts searched" in told


def test_every_line_expands_and_leads_to_its_post(thread, client):
    page = client.get("/search/concordance/?q=radishes")
    (line,) = _lines(page)
    (wide,) = with_class(line, "corpus-wide")
    assert text_of(wide).startswith(
        "The late frost took all of my radishes this very spring, alas."
    )
    assert "unknown speaker · date unknown · Beans · Garden talk" in text_of(wide)
    post = Utterance.objects.of_thread(thread.pk).in_order()[0].projected.post_id
    ((words, address),) = links(line)
    assert words == "#1"
    assert address.endswith(f"?post={post}#{post}")


@pytest.mark.parametrize(
    ("sorts", "expected"),
    [
        ("sort1=R1", ["frost; a frost", "Such frost is", "The late frost took", "No frost; a"]),
        ("sort1=L1", ["frost; a frost", "The late frost", "No frost", "Such frost"]),
        ("sort1=L1&sort2=R1", ["frost; a frost", "The late frost", "No frost", "Such frost"]),
        ("sort1=none", ["The late frost", "No frost", "frost; a frost", "Such frost"]),
        ("sort1=speaker", ["Such frost", "The late frost", "No frost", "frost; a frost"]),
    ],
)
def test_lines_are_sorted(thread, client, sorts, expected):
    AssignSpeaker(Utterance.objects.of_thread(thread.pk).in_order()[2], "Ada").execute()
    shown = lines(client.get(f"/search/concordance/?q=frost&{sorts}&width=2"))
    if sorts == "sort1=R1":  # “a” before “again” before “is” before “took”.
        expected = ["No frost; a", "frost; a frost", "Such frost is", "The late frost took"]
    assert [line[: len(start)] for line, start in zip(shown, expected, strict=True)] == expected


def test_lines_show_the_speaker_and_the_date_that_they_are_sorted_by(thread, client):
    AssignSpeaker(Utterance.objects.of_thread(thread.pk).in_order()[2], "Ada").execute()

    def told(sorts):
        page = parsed(client.get(f"/search/concordance/?q=frost&{sorts}"))
        return [text_of(one) for one in with_class(page, "corpus-by")]

    assert told("sort1=L1") == []
    assert told("sort1=speaker") == ["Ada", *["unknown speaker"] * 3]
    assert told("sort1=date&sort2=speaker")[0] == "Ada · date unknown"


def test_sample_states_its_seed_and_is_drawn_again(import_text, client):
    import_text("Many\n\n" + " ".join(f"frost{at} frost" for at in range(60)))
    address = "/search/concordance/?q=frost&sample=7&seed=3"
    page = client.get(address)
    assert "a random sample of 7 lines, drawn with seed 3" in page_text(page)
    assert "60 hits" in page_text(page)
    assert len(lines(page)) == 7
    assert lines(client.get(address)) == lines(page)
    assert lines(client.get(address.replace("seed=3", "seed=4"))) != lines(page)


def test_too_many_lines_are_sorted_as_a_sample(import_text, client, monkeypatch):
    monkeypatch.setattr(concordance, "MOST_SORTED", 5)
    import_text("Many\n\n" + " ".join(f"frost{at} frost" for at in range(60)))
    assert len(lines(client.get("/search/concordance/?q=frost"))) == 50
    page = client.get("/search/concordance/?q=frost&sort1=L1")
    assert "a random sample of 5 lines, drawn with seed 1" in page_text(page)
    assert len(lines(page)) == 5


def test_quoted_places_say_whose_words_they_are(thread, client):
    assert "1 hit in 1 post" in page_text(client.get("/search/concordance/?q=radishes"))
    first = Utterance.objects.of_thread(thread.pk).in_order()[0]
    AssignSpeaker(first, "Ada").execute()
    page = client.get("/search/concordance/?q=in:quotes+radishes")
    (line,) = _lines(page)
    assert "words of Ada, the original" in text_of(line)
    assert ("the original", f"/utterance/{first.pk}/") in links(line)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ('"late frost"', ["The late frost took"]),
        ('"frost spring"~9', ["late frost took all of my radishes this very spring, alas"]),
        ("rad*", ["my radishes this"]),
        ("frist~ NOT late", ["No frost; a", "a frost <b>", "Such frost is"]),
        ("late OR such", ["The late frost", "Such frost"]),
    ],
)
def test_nodes_are_what_the_query_looks_for(thread, client, query, expected):
    shown = lines(client.get("/search/concordance/", {"q": query, "width": 1}))
    assert [line[: len(start)] for line, start in zip(shown, expected, strict=True)] == expected


def test_a_query_without_words_has_no_lines(thread, client):
    page = page_text(client.get("/search/concordance/?q=speaker:*"))
    assert "A concordance needs a word" in page


def test_spread_is_told_in_numbers(thread, client):
    root = parsed(client.get("/search/concordance/?q=frost"))
    tables = [text_of(table) for table in root.iter("table")]
    assert tables == ["Threads Hits Beans 4", "Speakers Hits unknown speaker 4"]


def test_lines_are_paged(import_text, client):
    import_text("Many\n\n" + " ".join(f"frost w{at}" for at in range(60)))
    page = client.get("/search/concordance/?q=frost&page=2&width=1")
    assert len(lines(page)) == 10
    assert lines(page)[0] == "w49 frost w50"
    (ordered,) = with_class(parsed(page), "corpus-lines")
    assert ordered.get("start") == "51"
