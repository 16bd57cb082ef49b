"""What a visitor is told when the index, the database or the address is not as it should be."""

import gc
import json
import shutil

import pytest
from django.db import OperationalError
from haystack import connections

from forumimport.search import results
from tests.pages import page_text, parsed, text_of, with_class

pytestmark = pytest.mark.django_db(transaction=True)

PAGES = ["/search/", "/search/concordance/"]
DOWNLOADS = ["/search/download/", "/search/concordance/download/"]
UNREADABLE = "The search index cannot be read just now. Please try again later."


@pytest.fixture
def thread(import_text):
    return import_text("Beans\n\nThe frost took them.\n\n\nRain took them.\n\n\nFrost and rain.")


@pytest.fixture
def backend():
    """Our backend, with no searcher left open by an earlier test or left by this one."""
    found = connections["default"].get_backend()
    found._pool._index = None
    yield found
    if found.folder.is_file():
        found.folder.unlink()
    found._pool._index = None
    gc.collect()


def broken(folder, how):
    if how == "a file in its place":
        shutil.rmtree(folder)
        folder.write_text("not an index")
    else:
        for file in folder.glob("*.seg"):
            file.write_bytes(b"")


@pytest.mark.parametrize("path", [*PAGES, *DOWNLOADS])
@pytest.mark.parametrize("how", ["a file in its place", "empty files"])
def test_an_index_that_cannot_be_read_is_told_and_logged(
    thread, backend, client, path, how, caplog
):
    broken(backend.folder, how)
    response = client.get(path, {"q": "frost"})
    assert response.status_code == 503
    page = response.content.decode()
    assert UNREADABLE in page
    assert f"The index in {backend.folder} cannot be read (" in caplog.text
    assert str(backend.folder) not in page


@pytest.mark.parametrize("path", PAGES)
def test_a_site_without_an_index_says_that_nothing_is_indexed(backend, client, path):
    shutil.rmtree(backend.folder, ignore_errors=True)
    response = client.get(path, {"q": "frost"})
    assert response.status_code == 200
    assert "No post is indexed yet." in page_text(response)


@pytest.mark.parametrize("path", DOWNLOADS)
def test_a_download_without_an_index_has_its_columns_only(backend, client, path):
    shutil.rmtree(backend.folder, ignore_errors=True)
    lines = b"".join(client.get(path, {"q": "frost"})).decode().splitlines()
    assert len(lines) == 1
    assert lines[0].startswith("\ufeffaddress,")


def test_posts_are_found_again_once_a_deleted_index_is_rebuilt(thread, backend, client):
    shutil.rmtree(backend.folder)
    assert "0 posts found" in page_text(client.get("/search/?q=frost"))
    backend.rebuild()
    assert "2 posts found" in page_text(client.get("/search/?q=frost"))


@pytest.mark.parametrize("path", PAGES)
def test_a_page_that_there_is_not_is_told(thread, client, path):
    page = page_text(client.get(path, {"q": "frost", "page": "7"}))
    assert "There is no page 7; this is the last one that can be turned to." in page
    assert "There is no page" not in page_text(client.get(path, {"q": "frost", "page": "1"}))


def failing_after(monkeypatch, rows):
    """Let the database fail once so many posts have been read."""
    shown = results.shown

    def some(found):
        for at, post in enumerate(shown(found)):
            if at == rows:
                raise OperationalError("the connection was lost")
            yield post

    for module in ("downloads", "concordance"):
        monkeypatch.setattr(f"forumimport.search.{module}.shown", some)


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_a_download_that_breaks_off_says_so_in_its_last_line(
    thread, client, monkeypatch, form, caplog
):
    failing_after(monkeypatch, 1)
    response = client.get("/search/download/", {"q": "frost", "format": form})
    lines = b"".join(response).decode().splitlines()
    told = "This file is not complete: reading broke off here. Download it again."
    assert lines[-1] == (told if form == "csv" else json.dumps({"incomplete": told}))
    assert "The frost took them." in lines[-2]
    assert "broke off" in caplog.text


def test_a_download_whose_database_fails_at_once_is_no_file(thread, client, monkeypatch):
    failing_after(monkeypatch, 0)
    client.raise_request_exception = False
    response = client.get("/search/download/", {"q": "frost"})
    assert response.status_code == 500
    assert "Content-Disposition" not in response


@pytest.mark.parametrize("path", [*PAGES, *DOWNLOADS])
@pytest.mark.parametrize(
    "query",
    [
        "%00", "%ED%A0%80", "%FF%FE", "%F0%9F%98%80", "%E2%80%AEtsorf", "%D7%A9%D7%9C%D7%95%D7%9D",
        "%22%F0%9F%91%A9%E2%80%8D%F0%9F%8C%BE%22", "%0D%0Afrost", "a%CC%81*", "%C4%B0stanbul",
        "frost%20" * 200, "(" * 300, "-" * 300, "frost~9", '"a" OR ' * 150 + "b",
    ],
)  # fmt: skip
def test_odd_characters_and_long_queries_are_answered(thread, client, path, query):
    response = client.get(f"{path}?q={query}")
    assert response.status_code in (200, 400)
    assert b"".join(response) if response.streaming else response.content


@pytest.mark.parametrize("path", PAGES)
def test_a_hint_for_text_from_right_to_left_stays_in_its_place(client, path):
    root = parsed(client.get(path, {"q": "poster:שלום \u202efrost"}))
    (box,) = with_class(root, "corpus-hint")
    assert "There is no field “poster:”" in text_of(box)
    assert [text_of(mark) for mark in box.iter("mark")] == ["poster:"]
    assert len(list(box.iter("bdi"))) == 1


@pytest.mark.usefixtures("search_engine")
def test_an_engine_that_gives_no_more_is_not_taken_for_all(
    import_text, client, monkeypatch, knows_forms
):
    """Elasticsearch gives 10,000 results at most."""
    import_text("Beans\n\nA radish.\n\n\nA radish too.\n\n\nA radish three.")
    note = "Not all posts that may match were looked at"
    assert note not in page_text(client.get("/search/?q=radish"))
    monkeypatch.setattr("corpus.search.scanning._MOST_ASKED_FOR", 2)
    assert (note in page_text(client.get("/search/?q=radish"))) is not knows_forms
