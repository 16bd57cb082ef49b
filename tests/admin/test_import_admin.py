"""Importing in the admin: upload, look, confirm."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from corpus.curation import ConfirmUtterance
from corpus.models import Collection, SourceDocument, Thread, Utterance
from forumimport import execution, importer, projection, uploads, withdrawing
from forumimport.admin import displays
from forumimport.importer import Plan, flow
from forumimport.models import ImportProblem, ImportRun, StagedFile
from forumimport.readers import Source
from tests.admin.uploading import ADD, GOOD, decide, messages, upload
from tests.pages import page_text

pytestmark = pytest.mark.django_db(transaction=True)


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


def test_large_run_is_withdrawn_behind_its_page(admin_client, import_text, monkeypatch):
    monkeypatch.setattr(withdrawing, "_AT_ONCE", 0)
    monkeypatch.setattr(withdrawing.withdraw_run.__class__, "enqueue", lambda _task, key: None)
    import_text(GOOD)
    run = ImportRun.objects.get()
    importer.finish(run)
    address = f"/admin/forumimport/importrun/{run.pk}/"
    response = admin_client.post(f"{address}withdraw/", {"confirm": "1"}, follow=True)
    assert response.redirect_chain[-1][0] == f"{address}progress/"
    words = page_text(response)
    assert "Being withdrawn" in words
    assert "0 of 1 threads and additions are gone." in words
    assert admin_client.get(f"{address}withdraw/").url == f"{address}progress/"
    assert "Withdraw this import" not in page_text(admin_client.get(f"{address}change/"))
    ImportRun.objects.update(since=timezone.now() - timedelta(minutes=1))
    assert "db_worker" in page_text(admin_client.get(f"{address}progress/"))
    assert "Withdraw this import" in page_text(admin_client.get(f"{address}change/"))
    admin_client.post(f"{address}withdraw/", {"confirm": "1"})
    assert "db_worker" not in page_text(admin_client.get(f"{address}progress/"))
    withdrawing.withdraw_run.func(run.pk)
    assert admin_client.get(f"{address}progress/").url == f"{address}change/"
    assert not Thread.objects.exists()


def test_withdrawal_that_was_broken_off_is_offered_again(admin_client, import_text, monkeypatch):
    import_text(GOOD)
    run = ImportRun.objects.get()
    importer.finish(run)
    address = f"/admin/forumimport/importrun/{run.pk}/"
    with monkeypatch.context() as patch:
        patch.setattr(projection, "withdraw", lambda _keys: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            admin_client.post(f"{address}withdraw/", {"confirm": "1"})
    assert admin_client.get(f"{address}progress/").url == f"{address}change/"
    words = page_text(admin_client.get(f"{address}change/"))
    assert "withdrawal broken off" in words
    assert "Withdraw this import" in words
    monkeypatch.setattr(withdrawing.withdraw_run.__class__, "enqueue", lambda _task, key: None)
    admin_client.post(f"{address}withdraw/", {"confirm": "1"})
    withdrawing.withdraw_run.func(run.pk)
    assert not Thread.objects.exists()


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


def test_form_tells_what_it_takes(admin_client):
    form = admin_client.get(ADD)
    assert "zip and tar archives" in page_text(form)
    offered = [format for format, _title in form.context["form"].fields["format"].choices]
    assert {"table", "mapped"} <= set(offered)
