"""Runs into closed collections: nothing of them is there for others, whatever they are called."""

from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.auth.models import User

from corpus.curation import MoveThread, SplitThread
from corpus.errors import CorpusError
from corpus.models import Collection, Thread, Utterance
from forumimport import importer
from forumimport.models import ImportProblem, ImportRun
from forumimport.readers import Source
from forumimport.runs import open_to
from tests.admin.uploading import ADD, GOOD, closed_collection, decide, messages, upload
from tests.admin.uploading import importer_client as importer_client
from tests.pages import page_text

pytestmark = pytest.mark.django_db(transaction=True)


def test_upload_waiting_for_a_closed_collection_is_not_there_for_others(
    admin_client, importer_client
):
    closed_collection("Secret garden")
    upload(admin_client, pasted=GOOD, collection="Secret garden")
    run = ImportRun.objects.get()
    address = f"/admin/forumimport/importrun/{run.pk}"
    for page in ("preview", "change", "report", "withdraw"):
        # The admin leads from a change page that is not there to its index.
        expected = 302 if page == "change" else 404
        assert importer_client.get(f"{address}/{page}/").status_code == expected
    for decision in ("confirm", "cancel"):
        assert decide(importer_client, run, decision).status_code == 404
    run.refresh_from_db()
    assert run.state == "preview"
    assert messages(decide(admin_client, run, "confirm")) == ["Imported 1 thread, 2 posts."]


def test_closed_collection_is_neither_offered_nor_written_to(importer_client):
    closed_collection("Secret garden")
    Collection.objects.create(name="Open garden")
    page = upload(importer_client, pasted=GOOD, collection="Secret garden")
    assert "You may not import into this collection." in page_text(page)
    assert not ImportRun.objects.exists()
    page = importer_client.get(ADD)
    assert page.context["form"].collections() == ["Open garden"]
    assert "Secret garden" not in page.content.decode()


def test_collection_closed_after_the_upload_is_not_written_to(importer_client):
    upload(importer_client, pasted=GOOD, collection="Garden talk")
    closed_collection("Garden talk")
    assert decide(importer_client, ImportRun.objects.get(), "confirm").status_code == 404
    assert not Thread.objects.exists()


def test_collection_closed_while_it_is_decided_is_not_written_to(importer_client, monkeypatch):
    upload(importer_client, pasted=GOOD, collection="Garden talk")
    closed_collection("Garden talk")
    everything = lambda user: ImportRun.objects.all()  # noqa: E731
    monkeypatch.setattr("forumimport.admin.runs.open_to", everything)
    assert decide(importer_client, ImportRun.objects.get(), "confirm").status_code == 403
    assert ImportRun.objects.get().state == "preview"
    assert not Thread.objects.exists()


def test_problems_of_imports_into_closed_collections_are_not_listed(importer_client):
    for name in ("Secret garden", "Open garden"):
        run = importer.start_run({"collection": name})
        ImportProblem.objects.create(run=run, origin=f"{name}.txt", reason="is empty")
    closed_collection("Secret garden")
    listed = page_text(importer_client.get("/admin/forumimport/importproblem/"))
    assert "Open garden.txt" in listed
    assert "Secret garden.txt" not in listed


def test_renamed_closed_collection_hides_the_runs_that_brought_it_nothing(
    admin_client, importer_client
):
    """None of them has a document by which it could be told."""
    failed = importer.start_run({"collection": "Clinic"}, state="failed")
    ImportProblem.objects.create(run=failed, origin="mueller.txt", reason="is empty")
    upload(admin_client, pasted=GOOD, collection="Clinic")
    closed_collection("Clinic")
    withdrawn = importer.start_run({"collection": "Clinic"}, state="withdrawn")
    clinic = Collection.objects.get()
    clinic.name = "Hospital"
    clinic.save()
    for run in ImportRun.objects.all():
        for page in ("change", "report"):
            address = f"/admin/forumimport/importrun/{run.pk}/{page}/"
            assert importer_client.get(address).status_code == (302 if page == "change" else 404)
    assert "mueller" not in page_text(importer_client.get("/admin/forumimport/importproblem/"))
    assert set(ImportRun.objects.values_list("collection", flat=True)) == {clinic.pk}
    assert set(open_to(User.objects.get(username="admin"))) >= {failed, withdrawn}


def test_upload_goes_into_its_collection_by_whatever_name(admin_client):
    closed_collection("Clinic")
    page = upload(admin_client, pasted=GOOD, collection="Clinic")
    assert "Into the collection “Clinic”" in page_text(page)
    clinic = Collection.objects.get()
    clinic.name = "Hospital"
    clinic.save()
    run = ImportRun.objects.get()
    preview = admin_client.get(f"/admin/forumimport/importrun/{run.pk}/preview/")
    assert "Into the collection “Hospital”" in page_text(preview)
    decide(admin_client, run, "confirm")
    assert [thread.collection for thread in Thread.objects.all()] == [clinic]
    assert Collection.objects.count() == 1


def test_upload_into_a_collection_renamed_and_closed_is_not_begun(importer_client, monkeypatch):
    Collection.objects.create(name="Clinic")
    upload(importer_client, pasted=GOOD, collection="Clinic")
    Collection.objects.update(name="Hospital")
    closed_collection("Hospital")
    everything = lambda user: ImportRun.objects.all()  # noqa: E731
    monkeypatch.setattr("forumimport.admin.runs.open_to", everything)
    assert decide(importer_client, ImportRun.objects.get(), "confirm").status_code == 403
    assert not Thread.objects.exists()


@pytest.mark.parametrize("closed", [True, False])
def test_runs_of_a_deleted_closed_collection_are_for_superusers(
    admin_client, importer_client, closed
):
    run = importer.start_run({"collection": "Clinic"}, state="failed")
    Collection.objects.create(name="Clinic")
    if closed:
        closed_collection("Clinic")
    Collection.objects.get().delete()
    # One of the same name is another collection.
    Collection.objects.create(name="Clinic")
    address = f"/admin/forumimport/importrun/{run.pk}/report/"
    assert admin_client.get(address).status_code == 200
    assert importer_client.get(address).status_code == (404 if closed else 200)


def test_earlier_runs_get_their_collection_by_name_or_by_what_they_brought(import_text):
    tie = import_module("forumimport.migrations.0006_run_collection").tie
    thread = import_text(GOOD, collection="Clinic")
    ImportRun.objects.update(collection=None, arguments={"collection": "Gone"})
    named = ImportRun.objects.create(arguments={"collection": "Clinic"})
    nowhere = ImportRun.objects.create(arguments={"collection": "Gone"})
    brought = thread.documents.get().imported.run
    tie(apps, None)
    told = dict(ImportRun.objects.values_list("pk", "collection"))
    clinic = thread.collection_id
    assert told == {brought.pk: clinic, named.pk: clinic, nowhere.pk: None}


def test_upload_for_a_closed_collection_that_is_deleted_meanwhile_is_shown_to_nobody(admin_client):
    closed_collection("Clinic")
    upload(admin_client, pasted=GOOD, collection="Clinic")
    run = ImportRun.objects.get()
    Collection.objects.get().delete()
    Collection.objects.create(name="Clinic")
    decide(admin_client, run, "confirm")
    run.refresh_from_db()
    assert (run.state, Thread.objects.count()) == ("failed", 0)
    (problem,) = run.problems.values_list("reason", flat=True)
    assert problem == (
        "The closed collection “Clinic” was deleted meanwhile; close the one of that name, or make "
        "it again, closed, and go on."
    )
    Collection.objects.all().delete()
    closed_collection("Clinic")
    admin_client.post(f"/admin/forumimport/importrun/{run.pk}/progress/", {"resume": "1"})
    run.refresh_from_db()
    assert (run.state, Thread.objects.get().collection.name) == ("finished", "Clinic")


def test_closed_collection_that_is_deleted_during_an_import_is_not_made_anew(db):
    closed_collection("Clinic")
    run = importer.start_run({"collection": "Clinic"})
    Collection.objects.get().delete()
    with pytest.raises(CorpusError, match="was deleted meanwhile"):
        list(
            importer.import_sources([Source("a.txt", GOOD.encode())], collection="Clinic", run=run)
        )
    assert not Collection.objects.exists()


def test_closed_collection_of_others_gets_nothing_that_waits_for_one_of_its_name(db):
    closed_collection("Clinic")
    run = importer.start_run({"collection": "Clinic"}, state="waiting")
    Collection.objects.get().delete()
    closed_collection("Clinic")
    run.refresh_from_db()
    assert run.collection is None


def test_import_a_part_of_which_was_closed_is_not_there_for_others(admin_client, importer_client):
    upload(admin_client, pasted=GOOD, collection="Garden")
    run = ImportRun.objects.get()
    decide(admin_client, run, "confirm")
    assert list(open_to(User.objects.get(username="outsider"))) == [run]
    SplitThread(Utterance.objects.in_order().last(), "Parted").execute()
    closed_collection("Secret garden")
    parted = Thread.objects.get(title="Parted")
    MoveThread(parted, Collection.objects.get(name="Secret garden")).execute()
    assert list(open_to(User.objects.get(username="outsider"))) == []
    assert (
        importer_client.get(f"/admin/forumimport/importrun/{run.pk}/withdraw/").status_code == 404
    )
