"""Importing in the admin: upload, look, confirm."""

import io
import zipfile
from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile

from corpus.curation import ConfirmUtterance
from corpus.models import Collection, CollectionGroup, SourceDocument, Thread, Utterance
from forumimport import execution, importer, projection, uploads
from forumimport.admin import displays
from forumimport.importer import Plan, flow
from forumimport.models import ImportProblem, ImportRun, StagedFile
from forumimport.readers import Source
from forumimport.runs import open_to
from tests.pages import page_text

pytestmark = pytest.mark.django_db(transaction=True)

ADD = "/admin/forumimport/importrun/add/"
GOOD = "Beans\n\nFrost took every single one of my beans.\n\n\nCover them at night."


def upload(client, *files, follow=True, **fields):
    data = {"collection": "Garden talk", "format": "auto", "pasted": ""} | fields
    data["documents"] = [SimpleUploadedFile(name, content) for name, content in files]
    return client.post(ADD, data, follow=follow)


def decide(client, run, decision):
    return client.post(
        f"/admin/forumimport/importrun/{run.pk}/preview/", {decision: "1"}, follow=True
    )


def messages(response):
    return [str(message) for message in response.context["messages"]]


def test_preview_shows_what_was_recovered_and_stores_nothing(admin_client):
    page = upload(admin_client, ("beans.txt", GOOD.encode()))
    words = page_text(page)
    assert "Beans beans.txt · utf-8 · 2 posts, 0 quotations" in words
    assert "longer gap than between paragraphs" in words
    assert "Cover them at night." in words
    assert not Thread.objects.exists()
    assert not Collection.objects.exists()


def test_confirmed_upload_is_imported_and_found(admin_client, client):
    upload(admin_client, ("beans.txt", GOOD.encode()))
    response = decide(admin_client, ImportRun.objects.get(), "confirm")
    assert messages(response) == ["Imported 1 thread, 2 posts."]
    assert not StagedFile.objects.exists()
    assert "1 post found" in page_text(client.get("/search/", {"q": "frost"}))
    run = ImportRun.objects.get()
    assert (run.state, run.threads, run.posts, run.user.username) == ("finished", 1, 2, "admin")


def test_cancelled_upload_leaves_nothing(admin_client):
    upload(admin_client, ("beans.txt", GOOD.encode()))
    decide(admin_client, ImportRun.objects.get(), "cancel")
    assert not StagedFile.objects.exists()
    assert not Thread.objects.exists()
    assert ImportRun.objects.get().state == "cancelled"


def test_import_that_broke_off_is_taken_up_again(admin_client, monkeypatch):
    files = [("a.txt", GOOD.encode()), ("b.txt", GOOD.replace("Beans", "Peas").encode())]
    upload(admin_client, *files)
    run = ImportRun.objects.get()
    with monkeypatch.context() as patch:
        show_new = projection.show_new

        def break_off(threads, forum):
            if Thread.objects.count() > 1:
                raise KeyboardInterrupt
            show_new(threads, forum)

        patch.setattr(flow, "_THREADS", 1)
        patch.setattr(projection, "show_new", break_off)
        with pytest.raises(KeyboardInterrupt):
            decide(admin_client, run, "confirm")
    page = admin_client.get(f"/admin/forumimport/importrun/{run.pk}/change/")
    assert "a.txt, b.txt (go on)" in page_text(page)
    response = admin_client.post(
        f"/admin/forumimport/importrun/{run.pk}/progress/", {"resume": "1"}, follow=True
    )
    assert messages(response) == ["Imported 2 threads, 4 posts."]
    assert Thread.objects.count() == 2
    assert not StagedFile.objects.exists()


def test_second_confirmation_does_nothing(admin_client):
    upload(admin_client, ("beans.txt", GOOD.encode()))
    run = ImportRun.objects.get()
    decide(admin_client, run, "confirm")
    decide(admin_client, run, "confirm")
    assert Thread.objects.count() == 1


def test_failing_file_is_named_and_the_others_are_imported(admin_client):
    page = upload(
        admin_client,
        ("empty.txt", b""),
        ("beans.txt", GOOD.encode()),
        ("title.txt", b"Only a title"),
    )
    assert "title.txt has a title but no posts" in page_text(page)
    response = decide(admin_client, ImportRun.objects.get(), "confirm")
    assert messages(response) == ["Imported 1 thread, 2 posts; 2 failed (listed below)."]
    assert sorted(ImportProblem.objects.values_list("origin", flat=True)) == [
        "empty.txt",
        "title.txt",
    ]


def test_problems_of_a_run_are_named_with_file_and_place(admin_client, monkeypatch):
    monkeypatch.setattr(displays, "SHOWN", 2)
    run = ImportRun.objects.create(state=ImportRun.State.FINISHED)
    for line in (7312, 7313, 7314):
        ImportProblem.objects.create(
            run=run, kind="failed", origin="dump.jsonl", locator=f"line {line}", reason="Broken."
        )
    page = page_text(admin_client.get(f"/admin/forumimport/importrun/{run.pk}/change/"))
    assert "not imported: dump.jsonl, line 7312: Broken." in page
    assert "dump.jsonl, line 7314" not in page


def test_pasted_text_is_imported_with_the_line_ends_that_were_pasted(admin_client):
    upload(admin_client, pasted=GOOD.replace("\n", "\r\n"))
    decide(admin_client, ImportRun.objects.get(), "confirm")
    assert SourceDocument.objects.get().text == GOOD


def test_known_file_is_said_to_be_known(admin_client):
    for _ in range(2):
        page = upload(admin_client, ("beans.txt", GOOD.encode()))
        run = ImportRun.objects.order_by("-pk")[0]
        if run.state == "preview" and Thread.objects.exists():
            assert "beans.txt is already imported as “Beans”" in page_text(page)
        decide(admin_client, run, "confirm")
    assert Thread.objects.count() == 1


def test_upload_can_be_held(admin_client, client):
    upload(admin_client, ("beans.txt", GOOD.encode()), hold="on")
    decide(admin_client, ImportRun.objects.get(), "confirm")
    assert Thread.objects.get().held
    assert "0 posts found" in page_text(client.get("/search/", {"q": "frost"}))


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({}, "Choose a file or paste a text."),
        ({"pasted": " \n "}, "Choose a file or paste a text."),
        ({"pasted": "x", "collection": "y" * 101}, "Ensure this value has at most 100 characters"),
    ],
)
def test_wrong_form_says_what_is_wrong(admin_client, fields, error):
    assert error in page_text(upload(admin_client, **fields))
    assert not ImportRun.objects.exists()


def test_too_much_at_once_is_refused(admin_client, settings):
    settings.CORPUS_MAX_UPLOAD_BYTES = 10
    page = upload(admin_client, ("beans.txt", GOOD.encode()))
    assert "at most 10 bytes can be uploaded at once" in page_text(page)


def test_hostile_text_stays_text_in_the_preview(admin_client):
    page = upload(admin_client, pasted="<script>alert(1)</script>\n\n<img src=x onerror=alert(1)>")
    assert "<script>alert(1)" not in page.content.decode()
    assert "<img src=x" not in page.content.decode()
    assert "<img src=x onerror=alert(1)>" in page_text(page)


@pytest.mark.parametrize(("permission", "status"), [(None, 403), ("import_threads", 200)])
def test_only_importers_import(client, django_user_model, permission, status):
    user = django_user_model.objects.create_user("somebody", is_staff=True)
    if permission:
        user.user_permissions.add(Permission.objects.get(codename=permission))
    client.force_login(user)
    assert client.get(ADD).status_code == status
    run = ImportRun.objects.create(
        state="preview",
        version="",
        arguments={"collection": "a", "format": "auto", "encoding": "", "hold": False},
    )
    uploads.keep(run, [("a.txt", [b"A title only"])])
    assert client.get(f"/admin/forumimport/importrun/{run.pk}/preview/").status_code == status


def test_run_page_tells_what_came_in(admin_client):
    english = "Beans\n\n" + "The moles have dug up the lawn again, I think. " * 9
    upload(admin_client, ("beans.txt", english.encode()))
    run = ImportRun.objects.get()
    decide(admin_client, run, "confirm")
    words = page_text(admin_client.get(f"/admin/forumimport/importrun/{run.pk}/change/"))
    assert "encodings: utf-8 (1)" in words
    assert "languages: en (1)" in words
    told = admin_client.get(f"/admin/forumimport/importrun/{run.pk}/report/").json()
    assert (told["counts"]["threads"], told["counts"]["posts"], told["problems"]) == (1, 1, [])
    document = SourceDocument.objects.get()
    assert told["documents"] == [
        {
            "origin": "beans.txt",
            "locator": "",
            "sha256": document.sha256,
            "thread": document.thread_id,
            "format": "text",
            "encoding": "utf-8",
        }
    ]


def test_run_is_withdrawn_after_it_was_told_what_goes(admin_client):
    upload(admin_client, ("beans.txt", GOOD.encode()))
    run = ImportRun.objects.get()
    decide(admin_client, run, "confirm")
    ConfirmUtterance(Utterance.objects.first()).execute()
    address = f"/admin/forumimport/importrun/{run.pk}/withdraw/"
    words = page_text(admin_client.get(address))
    assert "brought 1 thread. Withdrawing" in words
    assert "Their work goes too: Beans: 1 curation step, 0 annotations" in words.replace(" ,", ",")
    assert Thread.objects.exists()
    response = admin_client.post(address, {"confirm": "1"}, follow=True)
    assert messages(response) == ["What this import brought is gone."]
    assert not Thread.objects.exists()
    assert "Withdraw this import" not in page_text(response)


def test_run_at_work_is_to_be_cancelled_before_it_is_withdrawn(admin_client, import_text):
    import_text(GOOD)
    run = ImportRun.objects.get()
    change = f"/admin/forumimport/importrun/{run.pk}/change/"
    assert "Withdraw this import" not in page_text(admin_client.get(change))
    address = f"/admin/forumimport/importrun/{run.pk}/withdraw/"
    for response in (
        admin_client.get(address, follow=True),
        admin_client.post(address, {"confirm": "1"}, follow=True),
    ):
        (told,) = messages(response)
        assert "cancel it first" in told
    assert Thread.objects.exists()
    importer.finish(run)
    assert "Withdraw this import" in page_text(admin_client.get(change))


@pytest.mark.parametrize("page", ["withdraw", "report"])
def test_only_importers_withdraw_and_read_reports(client, django_user_model, page):
    run = ImportRun.objects.create(version="1")
    staff = django_user_model.objects.create_user("staff", password="x", is_staff=True)
    client.force_login(staff)
    assert client.get(f"/admin/forumimport/importrun/{run.pk}/{page}/").status_code == 403


def test_archives_are_uploaded_like_files(admin_client):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("beans.txt", GOOD)
        archive.writestr("../out.txt", GOOD)
    page = page_text(upload(admin_client, ("talk.zip", content.getvalue())))
    assert "talk.zip/../out.txt has a name that leads out of the archive." in page
    decide(admin_client, ImportRun.objects.get(), "confirm")
    assert SourceDocument.objects.get().origin == "talk.zip/beans.txt"


def test_running_import_is_stopped_from_the_list(admin_client):
    run = importer.start_run({})
    data = {"action": "stop", "_selected_action": [run.pk]}
    response = admin_client.post("/admin/forumimport/importrun/", data, follow=True)
    assert messages(response) == ["1 import stops."]
    sources = [Source(f"{n}.txt", GOOD.replace("Beans", f"B{n}").encode()) for n in range(3)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flow, "_THREADS", 1)
        outcomes = list(execution.outcomes(sources, Plan("Talk"), run))
    assert (len(outcomes), run.state) == (1, "cancelled")


def closed_collection(name, group="Insiders"):
    collection = Collection.objects.get_or_create(name=name)[0]
    group = Group.objects.get_or_create(name=group)[0]
    CollectionGroup.objects.create(collection=collection, group=group)


@pytest.fixture
def importer_client(client, django_user_model):
    """An importer who is in no group, logged in."""
    user = django_user_model.objects.create_user("outsider", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="import_threads"))
    client.force_login(user)
    return client


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


def test_form_tells_what_it_takes(admin_client):
    form = admin_client.get(ADD)
    assert "zip and tar archives" in page_text(form)
    offered = [format for format, _title in form.context["form"].fields["format"].choices]
    assert {"table", "mapped"} <= set(offered)


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
