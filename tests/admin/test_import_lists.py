"""What tells imports apart, and the lists of what each of them brought or could not bring."""

import pytest

from corpus.models import Thread
from forumimport import duplicates, importer
from forumimport.admin import displays
from forumimport.admin.displays import called
from forumimport.models import ImportProblem, ImportRun
from forumimport.readers import Source
from tests.admin.uploading import closed_collection
from tests.admin.uploading import importer_client as importer_client
from tests.pages import links, page_text, parsed

pytestmark = pytest.mark.django_db(transaction=True)

RUNS = "/admin/forumimport/importrun/"
WORDS = " ".join(f"word{number}" for number in range(60))


def brought(*names, collection="Garden talk", words="Cover them."):
    run = importer.start_run({"paths": list(names), "collection": collection})
    sources = [Source(name, f"Talk of {name}\n\n{words}".encode()) for name in names]
    list(importer.import_sources(sources, run=run, collection=collection))
    importer.finish(run)
    return run


def more(client, run):
    """The addresses of the lists of all that the run's page is too short for, by their words."""
    page = parsed(client.get(f"{RUNS}{run.pk}/change/"))
    return {words: address for words, address in links(page) if words.startswith("All ")}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({}, "7"),
        ({"paths": ["huge.jsonl"], "collection": "Huge"}, "7 · huge.jsonl → Huge"),
        ({"paths": ["/data/a/", "b", "c"], "collection": "Talk"}, "7 · a and 2 more → Talk"),
        ({"paths": ["-"], "collection": "Talk"}, "7 · - → Talk"),
        ({"paths": [], "collection": "Talk"}, "7 · Talk"),
        ({"paths": ["/"], "collection": "Talk"}, "7 · / → Talk"),
    ],
)
def test_run_is_called_by_its_number_file_and_collection(arguments, said):
    assert called(ImportRun(pk=7, arguments=arguments)) == said


def test_list_of_runs_begins_with_what_tells_them_apart(admin_client):
    run = brought("huge.jsonl", collection="Huge")
    (first, *_rest) = [e for e in parsed(admin_client.get(RUNS)).iter("th") if e.get("class")][-1:]
    assert links(first) == [(f"{run.pk} · huge.jsonl → Huge", f"{RUNS}{run.pk}/change/")]


def test_list_of_runs_names_nothing_of_a_closed_collection(importer_client):
    brought("secret.jsonl", collection="Secret garden")
    closed_collection("Secret garden")
    words = page_text(importer_client.get(RUNS))
    assert "ecret" not in words


def test_threads_beyond_those_shown_are_listed_by_run(admin_client, monkeypatch):
    monkeypatch.setattr(displays, "SHOWN", 2)
    run, other = brought("a", "b", "c"), brought("d", "e")
    assert more(admin_client, other) == {}
    address = more(admin_client, run)["All documents of this import"]
    words = page_text(admin_client.get(address))
    assert [name for name in "abcde" if f"Talk of {name}" in words] == ["a", "b", "c"]
    assert called(run) in words
    found = page_text(admin_client.get(f"{address}&q=Talk+of+b"))
    assert "Talk of b" in found
    assert "Talk of c" not in found


def test_problems_beyond_those_shown_are_listed_by_run(admin_client, monkeypatch):
    monkeypatch.setattr(displays, "SHOWN", 2)
    run, other = brought("a"), brought("b")
    for number in range(3):
        ImportProblem.objects.create(run=run, kind="failed", origin=f"a{number}", reason="Ours.")
    ImportProblem.objects.create(run=other, kind="failed", origin="b", reason="Another's.")
    assert more(admin_client, other) == {}
    address = more(admin_client, run)["All problems of this import"]
    words = page_text(admin_client.get(address))
    assert words.count("Ours.") == 3
    assert "Another's." not in words
    assert "Another's." in page_text(admin_client.get("/admin/forumimport/importproblem/"))


def test_duplicates_beyond_those_shown_are_listed_by_run(admin_client, monkeypatch):
    monkeypatch.setattr(displays, "SHOWN", 1)
    brought("a", words=WORDS)
    run = brought("b", "c", words=WORDS)
    assert duplicates.find(run) > 1
    address = more(admin_client, run)["All duplicates of this import"]
    words = page_text(admin_client.get(address))
    assert "Talk of b" in words
    assert "Talk of a" in words


def test_lists_of_a_run_show_nothing_of_closed_collections(importer_client):
    brought("a", collection="Secret garden", words=WORDS)
    run = brought("b", words=WORDS)
    duplicates.find(run)
    closed_collection("Secret garden")
    for model in ("importeddocument", "duplicate"):
        words = page_text(importer_client.get(f"/admin/forumimport/{model}/"))
        assert "Talk of a" not in words
        assert "Secret" not in words
    assert "Talk of b" in page_text(importer_client.get("/admin/forumimport/importeddocument/"))
    thread = Thread.objects.get(title="Talk of a")
    hidden = thread.documents.get().imported.run
    named = importer_client.get(f"/admin/forumimport/importproblem/?{displays.OF_RUN}={hidden.pk}")
    assert "Secret" not in page_text(named)


@pytest.mark.parametrize("wrong", ["9" * 4301, "9" * 30, "-1", "x", ""])
@pytest.mark.parametrize("model", ["importproblem", "importeddocument", "duplicate"])
def test_run_that_is_none_has_an_empty_list(admin_client, model, wrong):
    run = brought("a")
    ImportProblem.objects.create(run=run, kind="failed", origin="a", reason="Ours.")
    answer = admin_client.get(f"/admin/forumimport/{model}/", {displays.OF_RUN: wrong})
    assert answer.context["cl"].result_count == 0


@pytest.mark.parametrize("model", ["importproblem", "importeddocument", "duplicate"])
def test_lists_are_for_importers(client, importer_client, django_user_model, model):
    assert importer_client.get(f"/admin/forumimport/{model}/").status_code == 200
    client.force_login(django_user_model.objects.create_user("reader", is_staff=True))
    assert client.get(f"/admin/forumimport/{model}/").status_code == 403
