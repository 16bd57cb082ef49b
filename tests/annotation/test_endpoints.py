import json
import uuid

import pytest
from django.test import Client
from django.urls import reverse

from corpus.annotation import editing
from corpus.models import Annotation, Decision
from tests.annotation.conftest import TEXT, coded

pytestmark = pytest.mark.django_db


@pytest.fixture
def layer(assigned):
    return assigned[0].layer


@pytest.fixture
def ada(layer):
    client = Client()
    client.force_login(layer.author)
    return client


@pytest.fixture
def send(ada, layer):
    """Send a request about the layer; returns status and body."""

    def send(method, body=None, guid=None, query=""):
        name, args = ("row", [layer.pk, guid]) if guid else ("rows", [layer.pk])
        address = reverse(f"admin:corpus_annotation_{name}", args=args) + query
        content = body if isinstance(body, bytes) else json.dumps(body)
        answer = getattr(ada, method)(address, content, content_type="application/json")
        return answer.status_code, answer.json() if answer.content else None

    return send


@pytest.fixture
def wanted(code, thread):
    start = TEXT.index("them 🥶")
    return {
        "version": code("doubt").version_id,
        "guid": str(uuid.uuid4()),
        "document": thread.documents.get().pk,
        "start": start,
        "end": start + 6,
        "code": code("doubt").pk,
    }


def test_annotation_is_made_read_changed_and_deleted(send, wanted, layer, code, ada):
    status, row = send("post", wanted)
    expected = {name: value for name, value in wanted.items() if name != "version"}
    expected |= {"scope": "span", "note": "", "unsure": False, "revision": 0}
    assert (status, row) == (201, expected)
    assert send("post", wanted) == (201, expected)
    assert coded(layer) == [("doubt", "them 🥶")]
    address = reverse("admin:corpus_annotation_rows", args=[layer.pk])
    assert ada.get(address).json() == {"version": wanted["version"], "annotations": [expected]}
    changed = wanted | {"code": code("advice").pk, "note": "cold", "revision": 0}
    assert send("patch", changed, guid=wanted["guid"]) == (
        200, expected | {"code": code("advice").pk, "note": "cold", "revision": 1},
    )  # fmt: skip
    query = f"?version={wanted['version']}"
    assert send("delete", guid=wanted["guid"], query=query) == (204, None)
    assert send("delete", guid=wanted["guid"], query=query) == (204, None)
    assert not Annotation.objects.exists()


@pytest.mark.parametrize(
    ("change", "status", "reason"),
    [
        ({"start": -1}, 400, "bad-span"),
        ({"end": 10**30}, 400, "bad-span"),
        ({"document": 0}, 400, "bad-span"),
        ({"code": 0}, 400, "unknown-code"),
        ({"version": 0}, 409, "stale-version"),
        ({"start": "x"}, 400, "bad-request"),
        ({"start": 1.5}, 400, "bad-request"),
        ({"start": None}, 400, "bad-request"),
        ({"guid": "x"}, 400, "bad-request"),
        ({"guid": [1]}, 400, "bad-request"),
        ({"note": 5}, 400, "bad-request"),
        ({"note": "a\0b"}, 400, "bad-request"),
        ({"unsure": "no"}, 400, "bad-request"),
    ],
)
def test_bad_request_is_answered_with_a_reason(send, wanted, change, status, reason):
    answered, body = send("post", wanted | change)
    assert (answered, body["reason"]) == (status, reason)
    assert body["error"].endswith(".")
    assert not Annotation.objects.exists()


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"1", b"[" * 100_000, b"\xff"])
def test_body_that_is_no_annotation_is_refused(send, body):
    assert send("post", body)[1]["reason"] == "bad-request"


def test_retired_code_is_refused(send, wanted, code):
    editing.retire(code("doubt"))
    assert send("post", wanted) == (
        400, {"error": "“doubt” is retired; choose another code.", "reason": "retired-code"},
    )  # fmt: skip


def test_stale_revision_is_refused(send, wanted):
    send("post", wanted)
    send("patch", wanted | {"note": "one", "revision": 0}, guid=wanted["guid"])
    status, body = send("patch", wanted | {"note": "two", "revision": 0}, guid=wanted["guid"])
    assert (status, body["reason"]) == (409, "conflict")


def test_suggestions_are_offered(send, wanted, ada, layer):
    send("post", wanted)
    address = reverse("admin:corpus_annotation_suggestions", args=[layer.pk, wanted["guid"]])
    start = TEXT.index("them 🥶", wanted["end"])
    assert ada.get(address).json() == {
        "suggestions": [
            {"document": wanted["document"], "start": start, "end": start + 6, "quoted": True}
        ]
    }


def test_what_an_adjudicator_codes_in_the_gold_layer_is_a_decision(
    person, thread, codebook, wanted, assigned
):
    from corpus.annotation.adjudicating import gold_layer

    judge = person("judge", "adjudicate_annotation")
    gold = gold_layer(thread, codebook.latest, user=judge)
    client = Client()
    client.force_login(judge)
    rows = reverse("admin:corpus_annotation_rows", args=[gold.pk])
    row = reverse("admin:corpus_annotation_row", args=[gold.pk, wanted["guid"]])
    json_type = {"content_type": "application/json"}
    assert client.post(rows, json.dumps(wanted), **json_type).status_code == 201
    changed = json.dumps(wanted | {"note": "why", "revision": 0})
    assert client.patch(row, changed, **json_type).status_code == 200
    assert client.delete(f"{row}?version={wanted['version']}").status_code == 204
    kinds = Decision.objects.order_by("pk").values_list("kind", "user_name", "annotation")
    assert list(kinds) == [("anew", "judge", None), ("anew", "judge", None),
                           ("rejected", "judge", None)]  # fmt: skip
