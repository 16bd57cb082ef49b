"""The form of an upload and the look at what it would bring: options, limits, what is wrong."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from corpus.models import Thread
from forumimport import looking
from forumimport.models import ImportRun
from tests.admin.uploading import ADD, GOOD, confirmed, threads, upload
from tests.pages import page_text

pytestmark = pytest.mark.django_db(transaction=True)


def test_preview_of_much_shows_the_beginning(admin_client, monkeypatch):
    monkeypatch.setattr(looking, "BYTES", 50_000)
    words = page_text(upload(admin_client, ("beans.jsonl", threads(300))))
    assert "only its beginning is shown" in words
    assert "Beans 49" in words
    assert "Beans 51" not in words


def test_cut_file_is_not_blamed_for_its_missing_end(admin_client, monkeypatch):
    monkeypatch.setattr(looking, "BYTES", 3000)
    content = ('{"post_stream": {"posts": [' + lines_of(200) + '], "stream": []}}').encode()
    answer = upload(admin_client, ("topic.json", content))
    assert "only its beginning" in page_text(answer)
    assert answer.context["seen"].importable


def lines_of(count):
    return ",\n".join(
        f'{{"id": {number}, "post_number": {number}, "cooked": "<p>Beans and more beans</p>"}}'
        for number in range(1, count + 1)
    )


def test_preview_tells_of_a_text_too_large_for_one_document(admin_client, monkeypatch, settings):
    monkeypatch.setattr(looking, "BYTES", 500)
    settings.CORPUS_MAX_DOCUMENT_BYTES = 1000
    told = page_text(upload(admin_client, ("novel.txt", b"Owls\n\n" + b"Too-whit. " * 200)))
    assert "novel.txt is larger than the 1,000 bytes that CORPUS_MAX_DOCUMENT_BYTES allows" in told
    # A file of many threads may be of any size.
    told = page_text(upload(admin_client, ("beans.jsonl", threads(30))))
    assert "only its beginning is shown" in told
    assert "CORPUS_MAX_DOCUMENT_BYTES" not in told


def test_rows_of_a_table_that_cannot_be_read_are_shown_in_the_preview(admin_client):
    table = b"thread;who;words;when\nBeans;Ada;Cover them.;2004-05-01\nBeans;Bo;;2004-05-02\n"
    answer = upload(
        admin_client,
        ("posts.csv", table),
        format="table",
        field="thread=thread\nauthor=who\ntext=words\ndate=when",
    )
    words = page_text(answer)
    assert "Cover them." in words
    assert "It has no words." in words


def test_options_of_the_form_decide_what_is_imported(admin_client):
    text = "Beans\n\nOne.\n\n\nTwo.\n=====\nPeas\n\nThree.\n=====\nLeeks\n\nFour.\n"
    run = confirmed(
        admin_client, ("garden.txt", text.encode()), separator="=====", limit="2", format="text"
    )
    assert sorted(Thread.objects.values_list("title", flat=True)) == ["Beans", "Peas"]
    assert run.arguments["separator"] == "====="
    assert run.arguments["limit"] == 2


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("field", "text", "needs the form OURS=THEIRS"),
        ("limit", "0", "greater than or equal to 1"),
        ("since", "31 February", "valid date"),
        ("encoding", "klingon", "no encoding of that name"),
        ("order", "by mood", "valid choice"),
        ("mapping", "none-such", "valid choice"),
    ],
)
def test_what_cannot_be_done_is_said_at_its_field(admin_client, field, value, said):
    answer = upload(admin_client, ("beans.txt", GOOD.encode()), **{field: value})
    assert said in str(answer.context["form"].errors[field])
    assert answer.context["form"].more_stated()
    assert not ImportRun.objects.exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK\x03\x04\x99", "my.toml is no TOML file: it is not text in UTF-8."),
        (b"[[[", "my.toml is no TOML file"),
        (b"a = " + b"[" * 5000, "my.toml is no TOML file"),
        (b"x = 1", "my.toml: The mapping has “x”, which means nothing"),
        (b"# Nothing yet.", "my.toml: The mapping has no section [thread]."),
        (b"told_by = 5\n[thread]\nposts='p'\n[post]\ntext='t'", "put them in quotes"),
        (b"title = 2004-05-01\n[thread]\nposts='p'\n[post]\ntext='t'", "put them in quotes"),
    ],
)
def test_file_that_is_no_mapping_is_said_at_its_field(admin_client, content, said):
    file = SimpleUploadedFile("my.toml", content)
    answer = upload(admin_client, ("a.json", b"{}"), mapping_file=file)
    errors = answer.context["form"].errors
    assert list(errors) == ["mapping_file"]
    assert said in errors["mapping_file"][0]
    assert not ImportRun.objects.exists()


def test_form_with_nothing_is_refused(admin_client):
    answer = admin_client.post(ADD, {"collection": "Garden talk", "format": "auto"})
    assert "Choose a file" in page_text(answer)
