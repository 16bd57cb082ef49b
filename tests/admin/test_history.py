"""A thread's history: readable, undone and redone step by step or at once, exported."""

import csv
import io
import json

import pytest
from django.urls import reverse

from corpus.curation import (
    AssignSpeaker,
    ConfirmUtterance,
    FlagSpan,
    HoldThread,
    MergeThreads,
    MergeUtterance,
    RedactSpan,
    RetitleThread,
    SplitUtterance,
    UndoEvent,
)
from corpus.models import CurationEvent, Flag, Speaker, Utterance
from tests.pages import page_text

pytestmark = pytest.mark.django_db

TEXT = (
    "Beans of Ada\n\nFrost took them, says Ada.\n\n\n"
    "Cover them.\n\nAn old curtain does.\n\n\nThanks."
)


@pytest.fixture
def thread(import_text):
    return import_text(TEXT)


def posts(thread):
    return list(Utterance.objects.of_thread(thread.pk).in_order())


def history(thread, page="", **query):
    name = f"admin:corpus_thread_history{page and '_' + page}"
    args = [thread.pk] + ([query.pop("form")] if "form" in query else [])
    return reverse(name, args=args, query=query)


def do(client, thread, page, **values):
    thread.refresh_from_db()
    values = {"seen_version": thread.version} | values
    response = client.post(history(thread, page), values, follow=True)
    return [str(message) for message in response.context["messages"]]


def summaries(response):
    return [entry.summary for entry in response.context["entries"]]


def test_steps_are_told_with_who_and_before_and_after(thread, admin_client, admin_user):
    RetitleThread(thread, "Peas").execute(admin_user)
    AssignSpeaker(posts(thread)[0], "Ada").execute()
    page = admin_client.get(history(thread))
    last, first = page.context["entries"]
    assert (first.who, first.summary) == ("admin", "Title: “Beans of Ada” → “Peas”")
    assert [(told.column, told.before, told.after) for told in first.changes] == [
        ("title", "Beans of Ada", "Peas")
    ]
    assert last.who == "a program"
    assert ("speaker", "–", "Ada") in [(t.column, t.before, t.after) for t in last.changes]


def test_any_step_is_undone_and_redone_that_nothing_builds_on(thread, admin_client):
    first = RetitleThread(thread, "Peas").execute()
    ConfirmUtterance(posts(thread)[0]).execute()
    do(admin_client, thread, "undo", event=first.pk)
    thread.refresh_from_db()
    assert thread.title == "Beans of Ada"
    do(admin_client, thread, "undo", event=first.pk)
    thread.refresh_from_db()
    assert thread.title == "Peas"
    assert posts(thread)[0].state == "confirmed"


def test_step_says_which_later_steps_build_on_it(thread, admin_client):
    split = SplitUtterance(posts(thread)[1], TEXT.index("An old")).execute()
    AssignSpeaker(posts(thread)[2], "Ada").execute()
    ConfirmUtterance(posts(thread)[0]).execute()
    MergeUtterance(posts(thread)[3]).execute()
    entries = admin_client.get(history(thread)).context["entries"]
    assert {entry.event.version: entry.blocked_by for entry in entries} == {
        1: [2, 4],
        2: [],
        3: [],
        4: [],
    }
    (told,) = do(admin_client, thread, "undo", event=split.pk)
    assert told.startswith("Cannot undo “Split the post")
    assert "version 2" in told


def test_thread_goes_back_to_a_moment(thread, admin_client):
    before = list(Utterance.objects.order_by("pk").values())
    RetitleThread(thread, "Peas").execute()
    SplitUtterance(posts(thread)[1], TEXT.index("An old")).execute()
    AssignSpeaker(posts(thread)[2], "Ada").execute()
    UndoEvent(AssignSpeaker(posts(thread)[0], "Bo").execute()).execute()
    assert do(admin_client, thread, "revert", version=1) == ["2 steps undone."]
    thread.refresh_from_db()
    assert thread.title == "Peas"
    assert list(Utterance.objects.order_by("pk").values()) == before
    do(admin_client, thread, "revert", version=0)
    thread.refresh_from_db()
    assert thread.title == "Beans of Ada"


def test_stale_page_changes_nothing(thread, admin_client):
    event = RetitleThread(thread, "Peas").execute()
    RetitleThread(thread, "Leeks").execute()
    for page, values in (("undo", {"event": event.pk}), ("revert", {"version": 0})):
        (told,) = do(admin_client, thread, page, seen_version=1, **values)
        assert told.startswith("“Leeks” was changed by someone else in the meantime")
    thread.refresh_from_db()
    assert thread.title == "Leeks"


def test_history_is_filtered_by_curator(thread, admin_client, admin_user):
    RetitleThread(thread, "Peas").execute(admin_user)
    RetitleThread(thread, "Leeks").execute()
    assert summaries(admin_client.get(history(thread, who=admin_user.pk))) == [
        "Title: “Beans of Ada” → “Peas”"
    ]
    assert summaries(admin_client.get(history(thread, who=0))) == ["Title: “Peas” → “Leeks”"]


def test_redacted_words_are_nowhere_in_the_history(thread, admin_client):
    RetitleThread(thread, "Beans of Ada and Bo").execute()
    FlagSpan(thread.documents.get(), 0, 5, "Is it ada, or Ada?").execute()
    at = TEXT.index("Ada.")
    RedactSpan(thread.documents.get(), at, at + 3, "name").execute()
    thread.refresh_from_db()
    pages = [history(thread), *(history(thread, "export", form=form) for form in ("csv", "jsonl"))]
    for address in [*pages, reverse("admin:corpus_curationevent_changelist")]:
        shown = admin_client.get(address).content.decode()
        assert "Ada" not in shown.replace(thread.title, ""), address
    assert Flag.objects.get().note == "Is it [name], or [name]?"


def test_history_is_exported_in_order(thread, admin_client, admin_user):
    RetitleThread(thread, "=1+1").execute(admin_user)
    UndoEvent(CurationEvent.objects.get()).execute(admin_user)
    lines = admin_client.get(history(thread, "export", form="jsonl")).content.decode().splitlines()
    first, second = map(json.loads, lines)
    assert (first["version"], first["who"], first["operation"], first["stands"]) == (
        1, "admin", "retitle-thread", False,
    )  # fmt: skip
    assert first["changes"] == [
        {"row": f"thread {thread.pk}", "column": "title", "before": "Beans of Ada", "after": "=1+1"}
    ]
    assert second["undoes"] == first["event"]
    stream = io.StringIO(admin_client.get(history(thread, "export", form="csv")).content.decode())
    rows = list(csv.DictReader(stream))
    assert [row["summary"] for row in rows] == [
        "Title: “Beans of Ada” → “=1+1”",
        "Undid: Title: “Beans of Ada” → “=1+1”",
    ]
    assert admin_client.get(history(thread, "export", form="xml")).status_code == 404


def test_history_without_steps_says_so(thread, admin_client):
    assert "Nobody has changed this thread." in page_text(admin_client.get(history(thread)))


def test_curator_without_the_permission_undoes_no_redaction(thread, client, django_user_model):
    from django.contrib.auth.models import Permission

    user = django_user_model.objects.create_user("curator", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="curate_thread"))
    client.force_login(user)
    event = RedactSpan(thread.documents.get(), 0, 5, "name").execute()
    (told,) = do(client, thread, "undo", event=event.pk)
    assert told == "You may not do this here (undo): ask for permission."
    assert thread.documents.get().redactions.exists()


def test_speakers_keep_their_name_in_the_history(thread, admin_client):
    AssignSpeaker(posts(thread)[0], "Ada").execute()
    Speaker.objects.update(pseudonym="S1")
    changes = admin_client.get(history(thread)).context["entries"][0].changes
    assert ("speaker", "–", "S1") in [(t.column, t.before, t.after) for t in changes]


def test_step_is_undone_in_the_history_of_any_thread_that_it_changed(import_text, admin_client):
    one, other = import_text(TEXT, origin="1.txt"), import_text(f"{TEXT} So.", origin="2.txt")
    HoldThread(one).execute()
    MergeThreads(one, other).execute()
    page = reverse("admin:corpus_thread_history", args=[other.pk])
    event = other.touched_by.get()
    undo = reverse("admin:corpus_thread_history_undo", args=[other.pk])
    told = admin_client.post(undo, {"event": event.pk, "seen_version": 0}, follow=True)
    assert "was changed by someone else" in page_text(told)
    admin_client.post(undo, {"event": event.pk, "seen_version": 1})
    other.refresh_from_db()
    assert not other.deleted
    admin_client.post(undo, {"event": event.pk, "seen_version": 2})
    other.refresh_from_db()
    assert other.deleted
    back = reverse("admin:corpus_thread_history_revert", args=[other.pk])
    admin_client.post(back, {"version": 0, "seen_version": 3})
    other.refresh_from_db()
    one.refresh_from_db()
    assert (other.deleted, one.held) == (False, True)
    assert admin_client.get(page).status_code == 200
