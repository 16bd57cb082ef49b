"""A curator without access to a collection finds no trace of it, wherever the admin leads."""

import re

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.test import RequestFactory
from django.urls import reverse

from corpus.curation import (
    AssignSpeaker,
    FlagSpan,
    MergeThreads,
    MoveThread,
    RedactSpan,
    RetitleThread,
    UndoEvent,
)
from corpus.models import Collection, CollectionGroup, Speaker, Thread, Utterance, Visibility
from forumimport import duplicates, importer
from forumimport.models import ImportRun
from forumimport.readers import Source
from tests.admin.crawling import read
from tests.admin.uploading import upload
from tests.pages import page_text

pytestmark = pytest.mark.django_db

#: Stands in all that is told of the closed collection, and nowhere else.
SECRET = "Zyzzyva"
#: All that a curator may be given; not the management of users and their groups.
APPS = ("corpus", "forumimport")


@pytest.fixture
def closed(import_text):
    """A closed collection with everything that may leave a trace."""
    thread = import_text(
        f"{SECRET} beans\n\n{SECRET} is what I say of beans.\n\n\nFrom: {SECRET}@example.org",
        collection=f"{SECRET} letters",
        origin=f"{SECRET}.txt",
    )
    post = Utterance.objects.of_thread(thread.pk).in_order()[0]
    AssignSpeaker(post, f"{SECRET} Lovelace").execute()
    FlagSpan(post.document, post.start, post.start + 3, f"{SECRET}?").execute()
    thread.collection.language, thread.collection.visibility = "zxx", Visibility.CURATORS
    thread.collection.save()
    CollectionGroup.objects.create(
        collection=thread.collection, group=Group.objects.create(name="Few")
    )
    return thread


@pytest.fixture
def open_thread(import_text, closed):
    """One that was merged with a closed one, and moved there, in its time."""
    thread = import_text("Peas\n\nPeas then.\n\n\nOr not.", origin="peas.txt")
    home = thread.collection
    UndoEvent(MergeThreads(thread, closed).execute()).execute()
    closed.refresh_from_db()
    UndoEvent(MergeThreads(closed, thread).execute()).execute()
    thread.refresh_from_db()
    UndoEvent(MoveThread(thread, closed.collection).execute()).execute()
    thread.refresh_from_db()
    assert thread.collection == home
    RetitleThread(thread, "More peas").execute()
    RedactSpan(thread.documents.get(), 6, 10, "other").execute()
    return thread


@pytest.fixture
def curator(client, django_user_model, open_thread, closed):
    user = django_user_model.objects.create_user("curator", is_staff=True)
    user.user_permissions.set(
        Permission.objects.filter(content_type__app_label__in=APPS).exclude(
            codename__contains="group"
        )
    )
    client.force_login(user)
    request = RequestFactory().get("/")
    request.user = user
    for row in (closed, closed.collection):  # From when the collection was open to them.
        admin.site._registry[type(row)].log_change(request, row, "Changed.")
    return user


def test_nothing_that_the_admin_leads_to_tells_of_it(curator, client, closed, open_thread):
    pages = dict(read(client, [reverse("admin:index"), "/", "/search/?q=beans"]))
    assert [
        address
        for address, words in pages.items()
        if SECRET.casefold() in words.casefold() or ">zxx<" in words
    ] == []
    assert len(pages) > 60, sorted(pages)


def test_who_imports_the_same_text_is_not_told_what_it_is_called(curator, client, closed):
    source = closed.documents.get()
    upload(client, ("mine.txt", source.text.encode()), collection="Peas")
    preview = client.get(
        f"/admin/forumimport/importrun/{ImportRun.objects.latest('pk').pk}/preview/"
    )
    words = page_text(preview)
    assert "mine.txt is already imported; it will be skipped." in words
    assert SECRET not in words


def test_report_of_a_run_names_no_document_that_is_like_one_of_its(curator, client, closed):
    text = closed.documents.get().text + "\n\n\n" + " ".join(f"word{n}" for n in range(60))
    runs = [importer.start_run({}, user=curator) for _ in range(2)]
    for run, name, home in (
        (runs[0], f"{SECRET}.old", closed.collection.name),
        (runs[1], "b", "B"),
    ):
        source = Source(name, text.encode("utf-16" if run is runs[1] else "utf-8"))
        list(importer.import_sources([source], run=run, collection=home))
    assert duplicates.find(runs[1]) == 1
    report = client.get(f"/admin/forumimport/importrun/{runs[1].pk}/report/").json()
    assert (report["duplicates"], len(report["documents"])) == ([], 1)
    assert client.get(f"/admin/forumimport/importrun/{runs[0].pk}/report/").status_code == 404


def rows_of(thread):
    """Every row of the closed collection that has a page in the admin."""
    for model, registered in admin.site._registry.items():
        path = getattr(registered, "collection", None)
        if path:
            field = "pk" if path == "pk" else path
            for row in model._default_manager.filter(**{field: thread.collection_id}):
                yield model._meta, row.pk


@pytest.mark.parametrize("page", ["change", "history", "delete"])
def test_its_pages_are_those_of_rows_that_are_not_there(curator, client, closed, page):
    for meta, pk in rows_of(closed):
        name = f"admin:{meta.app_label}_{meta.model_name}_{page}"
        answers = []
        for key in (pk, 10**6):
            answer = client.get(reverse(name, args=[key]), follow=True)
            context = answer.context or {}
            told = [str(one).replace(str(key), "") for one in context.get("messages", [])]
            answers.append((answer.status_code, answer.redirect_chain, told))
            assert SECRET not in answer.content.decode()
        assert answers[0] == answers[1], (name, pk)


@pytest.mark.parametrize(
    "address",
    [
        "/admin/corpus/thread/{thread}/workbench/",
        "/admin/corpus/thread/{thread}/workbench/speakers/?q=Zyz",
        "/admin/corpus/thread/{thread}/workbench/speaker/?post={post}",
        "/admin/corpus/thread/{thread}/workbench/retitle/",
        "/admin/corpus/thread/{thread}/suggestions/",
        "/admin/corpus/thread/{thread}/history/export.jsonl",
        "/admin/corpus/collection/{collection}/suggestions/",
        "/admin/corpus/thread/queue/?collection={collection}",
        "/admin/corpus/thread/queue/?language=zxx",
        "/admin/corpus/thread/queue/?q=Zyzzyva",
        "/admin/corpus/thread/?q=Zyzzyva",
        "/admin/corpus/thread/?collection__id__exact={collection}",
        "/admin/corpus/utterance/?document__thread__id__exact={thread}",
        "/admin/corpus/utterance/?q=Zyzzyva+Lovelace",
        "/admin/corpus/curationevent/?q=Zyzzyva",
        "/admin/corpus/sourcedocument/?q=Zyzzyva",
        "/admin/corpus/speaker/?q=Zyzzyva",
        "/admin/corpus/thread/bulk/move/?asked=1&goal={collection}",
        "/admin/corpus/thread/bulk/speaker/?asked=1&handle=Zyzzyva+Lovelace&to=Bo",
        "/admin/corpus/thread/bulk/hold/?collection={collection}",
        "/thread/{thread}/",
        "/utterance/{post}/",
        "/search/?q=Zyzzyva",
    ],
)
def test_who_guesses_its_addresses_learns_nothing(curator, client, closed, address):
    post = Utterance.objects.of_thread(closed.pk)[0]

    def asked(thread, collection, post):
        place = address.format(thread=thread, collection=collection, post=post)
        answer = client.get(place, follow=True)
        return answer.status_code, answer.content.decode()

    status, words = asked(closed.pk, closed.collection_id, post.pk)
    other, other_words = asked(10**6, 10**6, 10**6)
    assert status == other
    if "Zyz" not in address:  # The page repeats what was asked.
        assert SECRET not in words
        numbers = r"\d+|csrfmiddlewaretoken.*?>"
        assert re.sub(numbers, "", words) == re.sub(numbers, "", other_words)
    assert "Zyzzyva letters" not in words
    assert "Zyzzyva beans" not in words


def test_nothing_can_be_done_to_it_by_key(curator, client, closed, open_thread):
    actions = {
        "thread": ["hold", "delete_restorably", "merge", "restore", "delete_selected"],
        "collection": ["pseudonyms_on", "delete_selected"],
        "redaction": ["lift", "purge"],
        "utterance": ["confirm", "merge"],
        "curationevent": ["undo"],
    }

    def stored():
        return list(Thread.objects.filter(pk=closed.pk).values()), Collection.objects.count()

    before = stored()
    keys = dict(rows := [(meta.model_name, pk) for meta, pk in rows_of(closed)])
    assert rows
    for model, names in actions.items():
        address = reverse(f"admin:corpus_{model}_changelist")
        for name in names:
            chosen = [pk for kind, pk in rows if kind == model]
            if model == "thread":
                chosen = [keys["thread"]]
            client.post(address, {"action": name, "_selected_action": chosen, "post": "yes"})
    assert (
        list(Thread.objects.filter(pk=closed.pk).values()),
        Collection.objects.count(),
    ) == before
    assert not Speaker.objects.exclude(pseudonym="").exists()
