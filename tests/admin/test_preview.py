"""What is shown of an upload before it is confirmed: what it adds to what is known already."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from corpus.curation import MoveThread
from corpus.models import Collection, Thread, Utterance
from forumimport import looking
from forumimport.models import ImportRun
from tests.admin.uploading import GOOD, closed_collection, decide, messages, threads, upload
from tests.admin.uploading import importer_client as importer_client
from tests.pages import page_text, parsed, text_of

pytestmark = pytest.mark.django_db(transaction=True)

LONGER = GOOD + "\n\n\nI did, and they froze.\n\n\nThen sow again."


def confirm(client):
    return decide(client, ImportRun.objects.latest("pk"), "confirm")


def imported(client, *files, **fields):
    upload(client, *files, **fields)
    confirm(client)


def buttons(page):
    return [e.get("value") for e in parsed(page).iter("input") if e.get("type") == "submit"]


def bodies(page):
    return [
        text_of(e) for e in parsed(page).iter("td") if "words" in str(e.get("class", "")).split()
    ]


def test_longer_version_is_shown_with_its_new_posts_and_imported(admin_client):
    imported(admin_client, ("g1.txt", GOOD.encode()))
    page = upload(admin_client, ("g2.txt", LONGER.encode()))
    assert "2 new posts, added to “Beans”. Open" in page_text(page)
    assert bodies(page) == ["I did, and they froze.", "Then sow again."]
    assert "Import" in buttons(page)
    assert messages(confirm(admin_client)) == [
        "Imported 0 threads, 0 posts; added 2 posts to 1 known thread."
    ]
    assert (Thread.objects.count(), Utterance.objects.count()) == (1, 4)


def test_new_posts_of_several_documents_are_those_shown(admin_client):
    def talk(*posts):
        told = [{"id": n, "by": "Ada", "at": "", "text": words} for n, words in posts]
        return json.dumps({"title": "Moles", "id": "t1", "posts": told}).encode()

    fields = {
        "format": "mapped",
        "mapping_file": lambda: SimpleUploadedFile(
            "my.toml",
            b"[thread]\nid='id'\ntitle='title'\nposts='posts'\n"
            b"[post]\nid='id'\ntext='text'\nauthor='by'\n",
        ),
    }
    made = lambda: {**fields, "mapping_file": fields["mapping_file"]()}  # noqa: E731
    imported(admin_client, ("a.json", talk(("p2", "Second."), ("p4", "Fourth."))), **made())
    grown = talk(("p1", "First."), ("p2", "Second."), ("p3", "Third."), ("p4", "Fourth."))
    assert bodies(upload(admin_client, ("b.json", grown), **made())) == ["First.", "Third."]


def test_thread_that_grows_is_not_named_to_whom_it_is_closed(admin_client, importer_client):
    imported(admin_client, ("g1.txt", GOOD.encode()))
    upload(importer_client, ("mine.txt", LONGER.encode()))
    run = ImportRun.objects.latest("pk")
    address = f"/admin/forumimport/importrun/{run.pk}/preview/"
    assert "added to “Beans”" in page_text(importer_client.get(address))
    seen = looking.look(run)
    closed_collection("Secret garden")
    MoveThread(Thread.objects.get(), Collection.objects.get(name="Secret garden")).execute()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(looking, "look", lambda _run: seen)  # As it was found before it was closed.
        words = page_text(importer_client.get(address))
    assert "2 new posts, added to a thread that is already imported." in words
    assert "Beans" not in words


def test_new_lines_behind_many_known_ones_are_found(admin_client, monkeypatch):
    monkeypatch.setattr(looking, "THREADS", 5)
    imported(admin_client, ("beans.jsonl", threads(30)))
    page = upload(admin_client, ("beans.jsonl", threads(33)))
    words = page_text(page)
    assert "30 threads are already imported and will be skipped." in words
    assert "only its beginning" not in words
    assert [row.entry.title for row in page.context["seen"].outcomes] == [
        "Beans 30",
        "Beans 31",
        "Beans 32",
    ]
    assert "Import" in buttons(page)
    confirm(admin_client)
    assert Thread.objects.count() == 33


@pytest.mark.parametrize("bound", ["FURTHEST", "PATIENCE"])
def test_looking_has_an_end_and_what_is_behind_it_can_be_imported(admin_client, monkeypatch, bound):
    monkeypatch.setattr(looking, "THREADS", 5)
    imported(admin_client, ("beans.jsonl", threads(30)))
    monkeypatch.setattr(looking, bound, {"FURTHEST": 10, "PATIENCE": -1}[bound])
    page = upload(admin_client, ("beans.jsonl", threads(33)))
    assert "nothing in it is new" in page_text(page)
    assert page.context["seen"].skipped <= 10
    assert "Import" in buttons(page)
    confirm(admin_client)
    assert Thread.objects.count() == 33


def test_what_is_known_to_the_last_thread_cannot_be_imported(admin_client, monkeypatch):
    monkeypatch.setattr(looking, "THREADS", 5)
    imported(admin_client, ("beans.jsonl", threads(12)))
    page = upload(admin_client, ("beans.jsonl", threads(12)))
    assert "12 threads are already imported" in page_text(page)
    assert "Import" not in buttons(page)


def test_as_many_threads_as_are_looked_at_are_not_called_a_beginning(admin_client, monkeypatch):
    monkeypatch.setattr(looking, "THREADS", 5)
    assert "beginning" not in page_text(upload(admin_client, ("beans.jsonl", threads(5))))
    assert "beginning" in page_text(upload(admin_client, ("beans.jsonl", threads(6))))
    wanted = upload(admin_client, ("beans.jsonl", threads(6)), limit="3")
    assert "beginning" not in page_text(wanted)
    assert len(wanted.context["seen"].outcomes) == 3


def test_failures_beyond_those_listed_are_counted_and_none_is_imported(admin_client, monkeypatch):
    monkeypatch.setattr(looking, "LISTED", 2)
    files = [(f"{number}.txt", b"Only a title") for number in range(5)]
    page = upload(admin_client, *files)
    assert "And 3 more that cannot be imported." in page_text(page)
    assert "Import" not in buttons(page)


def test_failure_names_its_file_once(admin_client):
    words = page_text(upload(admin_client, ("title.txt", b"Only a title")))
    assert words.count("title.txt") == 1
    assert "title.txt has a title but no posts" in words
