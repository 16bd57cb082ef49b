"""The registry: which reader a source is for, and what people can look up about each."""

import codecs
import re
from pathlib import Path

import pytest

from forumimport import readers
from forumimport.drafts import segmented_each
from forumimport.readers import Source, Unreadable
from tests.readers.reading import KNOWN, SAMPLES, STATED, read

README = Path(__file__).parents[2] / "README.md"


@pytest.mark.parametrize("name", KNOWN)
def test_reader_is_told_from_the_sample(name):
    assert readers.reader_for(Source(name, path=SAMPLES / name)).id == KNOWN[name][0]


@pytest.mark.parametrize("name", [name for name in KNOWN if "of-its-own" not in name])
def test_reader_is_told_without_the_name(name):
    path = SAMPLES / name
    source = Source("upload", path=path) if path.is_dir() else Source("upload", path.read_bytes())
    assert readers.reader_for(source).id == KNOWN[name][0]


@pytest.mark.parametrize("name", KNOWN)
def test_reading_a_sample_gives_its_threads_and_posts(name):
    drafts = segmented_each(read(name))
    posts = sum(len(structure.utterances) for d in drafts for _, structure in d.structures())
    assert (KNOWN[name][0], len(drafts), posts) == KNOWN[name]
    assert {document.format for draft in drafts for document in draft.documents} == {KNOWN[name][0]}


def test_every_sample_is_tried():
    used = {path.name for path in SAMPLES.iterdir()}
    assert used == set(KNOWN)
    assert set(STATED) <= used


def test_every_format_has_a_sample():
    assert {format for format, _, _ in KNOWN.values()} == set(readers.READERS)


def test_every_format_stands_in_the_readme_with_its_title():
    rows = re.findall(r"^\| `([\w-]+)` \| (.+?) \| .+ \|$", README.read_text("utf-8"), re.MULTILINE)
    found = {id: title for id, title in rows if id in readers.READERS}
    assert found == {reader.id: reader.title for reader in readers.READERS.values()}


def test_reading_json_of_unknown_form_says_what_would_help():
    with pytest.raises(Unreadable) as refusal:
        read(b'{"a": "b"}')
    assert str(refusal.value) == (
        "file is JSON of a form that no reader knows; describe it in a mapping."
    )


@pytest.mark.parametrize(
    ("content", "format"),
    [
        (b'{"post_stream": {"posts": []}, "id": 1, "title": "Beans", "slug": "b"}', "discourse"),
        (b'{"text": "Beans\\n\\nWhen?", "url": "http://a.example/1"}\n', "documents"),
    ],
)
def test_byte_order_mark_hides_no_format(content, format):
    assert readers.reader_for(Source("a", codecs.BOM_UTF8 + content)).id == format


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_json_in_utf_16_is_refused_with_what_would_work(encoding):
    content = '\ufeff {"text": "Beans"}'.encode(encoding)
    with pytest.raises(Unreadable, match="is JSON in UTF-16; save it as UTF-8"):
        readers.reader_for(Source("a.json", content))


@pytest.mark.parametrize("text", ["[10:15] <Fen> hello", "[quote=Fen]Beans?[/quote]", "{ beans }"])
def test_text_in_utf_16_may_begin_with_a_bracket(text):
    source = Source("a.txt", f"\ufeff{text}".encode("utf-16-le"))
    assert readers.reader_for(source).id == "text"
