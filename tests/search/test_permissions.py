"""No page, in no format, tells anything of a hidden forum or a held thread."""

import json

import pytest

from corpus.curation import AssignSpeaker, HoldThread, RedactSpan
from corpus.models import Utterance
from tests.pages import page_text, parsed, text_of, with_class

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("search_engine")]

PAGES = [
    "/search/",
    "/search/concordance/",
    "/search/download/",
    "/search/concordance/download/",
    "/search/download/?format=jsonl",
    "/search/concordance/download/?format=jsonl",
]
#: All words of what must not be told, and none of what may.
SECRETS = ["Zanzibar", "Quixote", "Umbrella", "Xylophone", "Vermouth", "Jabberwock"]


@pytest.fixture
def secrets(import_text):
    """One open thread; one in a forum for curators; one held. All say “frost”."""
    import_text("Beans\n\nThe frost took my beans.\n\n\nA frost again.", collection="Garden talk")
    hidden = import_text(
        "Zanzibar\n\nThe frost of Quixote.\n\n\nHush, umbrellas.",
        collection="Vermouth",
        origin="hidden.txt",
    )
    hidden.collection.visibility = "curators"
    hidden.collection.save()
    held = import_text(
        "Xylophone\n\nThe frost of Umbrella.\n\n\nHush.",
        collection="Garden talk",
        origin="held.txt",
    )
    for thread in (hidden, held):
        AssignSpeaker(Utterance.objects.of_thread(thread.pk).in_order()[0], "Jabberwock").execute()
    HoldThread(held).execute()
    return hidden, held


def body(response):
    assert response.status_code == 200
    content = b"".join(response) if response.streaming else response.content
    return content.decode()


def asked(client, query):
    """What each page says to a query, by its address."""
    for path in PAGES:
        address = f"{path}{'&' if '?' in path else '?'}{query}"
        yield address, body(client.get(address))


@pytest.mark.parametrize("more", ["", "&order=thread&quotations=on", "&sort1=R1&sort2=speaker"])
def test_pages_tell_nothing_of_what_may_not_be_read(secrets, client, more):
    for address, told in asked(client, f"q=frost{more}"):
        assert "frost" in told, address
        assert [secret for secret in SECRETS if secret.lower() in told.lower()] == [], address


def test_choosing_what_may_not_be_read_finds_nothing(secrets, client):
    hidden, held = secrets
    forum, thread = hidden.collection.projected.forum_id, held.projected.topic_id
    choices = [f"forum={forum}", f"thread={thread}", "speaker=Jabberwock"]
    answers = [told for choice in choices for _, told in asked(client, f"q=frost&{choice}")]
    for told in answers:
        assert "Quixote" not in told
        assert "Umbrella" not in told
        assert "frost took" not in told


def test_counts_are_of_what_may_be_read(secrets, client, admin_client):
    assert "2 posts found" in page_text(client.get("/search/?q=frost"))
    assert "3 posts found" in page_text(admin_client.get("/search/?q=frost"))
    lines = page_text(client.get("/search/concordance/?q=frost"))
    assert "2 hits in 2 posts" in lines
    assert "250.000 per thousand of the 8 running words in the 2 posts searched" in lines
    facets = with_class(parsed(client.get("/search/?q=*")), "corpus-facets")
    assert [text_of(facet) for facet in facets] == ["Download all: CSV · JSON lines"]


@pytest.mark.parametrize("word", ["quixotte", "umbrela", "zanzibaar"])
def test_suggestions_are_words_that_may_be_read(secrets, client, word):
    page = page_text(client.get("/search/", {"q": word}))
    assert "0 posts found" in page
    assert "Did you mean" not in page


def test_suggestion_leads_to_what_was_meant(secrets, client, knows_forms):
    page = page_text(client.get("/search/", {"q": "frast -beans"}))
    assert ("Did you mean frost -beans?" in page) is knows_forms


def test_word_whose_other_form_was_found_needs_no_suggestion(secrets, client, knows_forms):
    page = page_text(client.get("/search/", {"q": "fröst"}))
    assert ("2 posts found" in page) is knows_forms
    assert "Did you mean" not in page


def test_subcorpora_show_each_only_what_he_may_read(secrets, client, admin_client):
    admin_client.post("/search/subcorpora/save/?q=frost", {"name": "cold", "shared": "on"})
    assert "3 posts found" in page_text(admin_client.get("/search/?q=subcorpus:cold"))
    assert "2 posts found" in page_text(client.get("/search/?q=subcorpus:cold"))
    assert "2 hits in 2 posts" in page_text(
        client.get("/search/concordance/?q=frost+subcorpus:cold")
    )
    rows = [
        json.loads(line)
        for line in body(client.get("/search/download/?q=subcorpus:cold&format=jsonl")).splitlines()
    ]
    assert [row["thread"] for row in rows] == ["Beans", "Beans"]


def test_redacted_words_are_neither_found_nor_told(import_text, client):
    thread = import_text("Beans\n\nThe frost took Quixote away.\n\n\nThen came hail.")
    document = thread.documents.get()
    start = document.text.index("Quixote")
    RedactSpan(document, start, start + 7, "name").execute()
    for address, told in asked(client, "q=frost"):
        assert "frost" in told, address
        assert "Quixote" not in told, address
    for address, told in asked(client, "q=quixote"):
        assert "took" not in told, address
