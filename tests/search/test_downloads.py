"""Whole results as files."""

import csv
import io
import json
from datetime import UTC, datetime

import pytest

from corpus.curation import AssignDate, AssignSpeaker
from corpus.models import Utterance

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("search_engine")]

COPIED = "The late frost took all of my radishes this very spring, alas."


@pytest.fixture
def thread(import_text):
    thread = import_text(f"Beans\n\n{COPIED}\n\n\n=cmd|'frost'!A0\n\n\n{COPIED}\n\nSuch a frost.")
    first = Utterance.objects.of_thread(thread.pk).in_order()[0]
    AssignSpeaker(first, "Ada").execute()
    AssignDate(first, datetime(2004, 5, 1, tzinfo=UTC), "month").execute()
    return thread


def download(client, address):
    response = client.get(address)
    assert response.status_code == 200
    assert response.streaming
    assert "attachment" in response["Content-Disposition"]
    return b"".join(response).decode()


def as_csv(text):
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def as_json(text):
    return [json.loads(line) for line in text.splitlines()]


def test_posts_are_told_with_all_that_is_known(thread, client):
    rows = as_json(download(client, "/search/download/?q=frost&format=jsonl"))
    utterances = list(Utterance.objects.of_thread(thread.pk).in_order())
    assert rows[0] == {
        "address": f"http://testserver/utterance/{utterances[0].pk}/",
        "thread": "Beans",
        "post": 1,
        "collection": "Garden talk",
        "speaker": "Ada",
        "date": "2004-05",
        "language": None,
        "state": "automatic",
        "text": COPIED,
        "quoted": None,
    }
    assert [row["post"] for row in rows] == [1, 2, 3]
    assert rows[1]["text"] == "=cmd|'frost'!A0"
    assert (rows[2]["speaker"], rows[2]["date"]) == (None, None)
    assert (rows[2]["text"].strip(), rows[2]["quoted"]) == ("Such a frost.", COPIED)


def test_spreadsheets_take_nothing_for_a_formula(thread, client):
    rows = as_csv(download(client, "/search/download/?q=frost"))
    assert [row["text"].strip() for row in rows] == [COPIED, "'=cmd|'frost'!A0", "Such a frost."]
    assert rows[2]["speaker"] == ""


def test_lines_are_those_of_the_page_all_of_them(thread, client):
    rows = as_csv(download(client, "/search/concordance/download/?q=frost&sort1=L1&width=1"))
    assert [(row["left"], row["node"], row["right"]) for row in rows] == [
        ("a ", "frost", "."),
        ("'=cmd|'", "frost", "'!A0"),
        ("late ", "frost", " took"),
    ]
    rows = as_json(download(client, "/search/concordance/download/?q=in:all+radishes&format=jsonl"))
    assert [(row["post"], row["quoted"]) for row in rows] == [(1, False), (3, True)]


def test_a_bad_query_is_refused_with_its_hint(client):
    response = client.get("/search/download/?q=frost+OR")
    assert response.status_code == 400
    assert response.content.decode() == "There is nothing after “OR” here."


def test_downloads_keep_to_what_is_chosen(thread, client):
    rows = as_json(download(client, "/search/download/?q=frost&speaker=Ada&format=jsonl"))
    assert [row["post"] for row in rows] == [1]
