"""Annotations leave and come back as the same spans; what is redacted stays here."""

import io
import json
from zipfile import ZipFile

import pytest
from cassis import load_cas_from_xmi, load_typesystem
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.annotation.coding import Coding, annotate
from corpus.curation import RedactSpan, SplitUtterance
from corpus.exports.annotations import FORMATS, Anchor, anchored, read, write
from corpus.exports.annotations.importing import Destination, import_annotations
from corpus.models import Annotation, CollectionGroup, Layer
from corpus.spans import Span
from tests.annotation.conftest import TEXT, coded, posts
from tests.texts import characters

#: A Web Annotation whose place is beyond all numbers.
ENDLESS = (
    b'[{"target": {"source": "x", "selector": {"type": "TextPositionSelector", "start": 1e999,'
    b' "end": 2}}, "body": {"purpose": "tagging", "value": "c"}}]'
)


def told(format, layers=None):
    stream = io.BytesIO()
    write(Layer.objects.all() if layers is None else layers, format, stream)
    return stream.getvalue()


def spans(layer):
    rows = layer.annotations.order_by("start", "end", "code__name")
    return list(rows.values_list("start", "end", "code__name", "scope", "note", "unsure"))


@pytest.fixture
def ada(assigned, code, say, thread):
    layer = assigned[0].layer
    say(layer, code("doubt"), "Maybe the frost", note="=cold, “really”", unsure=True)
    say(layer, code("advice"), "them 🥶.\n\n\nThe")
    say(layer, code("doubt"), "frost took", nth=1)
    post = posts(thread)[1]
    annotate(layer, Coding(code("thanks").pk, post.document_id, post.start, post.end))
    annotate(layer, Coding(code("topic").pk))
    return layer


@pytest.mark.django_db
@pytest.mark.parametrize(("format", "ending"), [("csv", "csv"), ("web", "jsonld")])
def test_annotations_come_back_as_the_same_spans(ada, assigned, codebook, format, ending):
    content = told(format)
    bo = assigned[1].layer
    report = import_annotations(read(f"a.{ending}", content), Destination(codebook, bo.author))
    assert (report.created, report.known, report.left) == (5, 0, [])
    assert spans(bo) == spans(ada)
    again = import_annotations(read(f"a.{ending}", content), Destination(codebook, bo.author))
    assert (again.created, again.known) == (0, 5)


@pytest.mark.django_db
def test_json_lines_tell_everything(ada):
    rows = [json.loads(line) for line in told("jsonl").decode().splitlines()]
    assert len(rows) == 5
    row = next(row for row in rows if row["exact"] == "Maybe the frost")
    start = TEXT.index("Maybe")
    expected = {
        "start": start,
        "end": start + 15,
        "prefix": TEXT[start - 32 : start],
        "suffix": TEXT[start + 15 : start + 47],
        "code": "stance > doubt",
        "codebook": "Talk",
        "version": 1,
        "author": "ada",
        "note": "=cold, “really”",
        "unsure": True,
        "title": "Beans",
        "collection": "Garden talk",
        "layer": "annotator",
    }
    assert {name: row[name] for name in expected} == expected


@pytest.mark.django_db
def test_web_annotation_selects_by_position_and_quote(ada):
    page = json.loads(told("web"))
    assert page["@context"][0] == "http://www.w3.org/ns/anno.jsonld"
    assert page["type"] == "AnnotationPage"
    document = ada.thread.documents.get()
    for item in page["items"]:
        position, quote = item["target"]["selector"]
        assert item["target"]["source"] == f"urn:sha256:{document.sha256}"
        assert (position["type"], quote["type"]) == ("TextPositionSelector", "TextQuoteSelector")
        assert TEXT[position["start"] : position["end"]] == quote["exact"]


@pytest.mark.django_db
def test_cas_opens_with_cassis(ada):
    archive = ZipFile(io.BytesIO(told("cas")))
    names = [name for name in archive.namelist() if name.endswith(".xmi")]
    assert len(names) == 1
    types = load_typesystem(archive.open("TypeSystem.xml"))
    cas = load_cas_from_xmi(archive.open(names[0]), typesystem=types)
    assert cas.sofa_string == TEXT
    found = sorted(
        (one.begin, one.end, one.code.split(" > ")[-1], one.scope, one.note or "", one.unsure)
        for one in cas.select("webanno.custom.CorpusCode")
    )
    assert found == spans(ada)
    assert len(cas.select("webanno.custom.CorpusPost")) == 3


@pytest.mark.django_db
@pytest.mark.parametrize("format", list(FORMATS))
def test_redacted_words_leave_masked(ada, format, code, say, thread, assigned):
    say(ada, code("doubt"), "An old curtain does", note="the curtain!")
    before = spans(ada)
    start = TEXT.index("curtain")
    RedactSpan(thread.documents.get(), start, start + 7, "other").execute()
    content = told(format)
    if format == "cas":
        archive = ZipFile(io.BytesIO(content))
        content = b"".join(archive.read(name) for name in archive.namelist())
    text = content.decode()
    assert "curtain" not in text
    assert "An old ███████ does" in text
    hidden = [
        tuple("the [other]!" if said == "the curtain!" else said for said in one) for one in before
    ]
    assert spans(ada) == hidden != before


@pytest.mark.django_db
def test_masked_annotations_are_anchored_all_the_same(ada, codebook, thread, assigned):
    start = TEXT.index("Maybe")
    before = told("web")
    RedactSpan(thread.documents.get(), start, start + 5, "name").execute()
    for content in (before, told("web")):
        bo = assigned[1].layer
        bo.annotations.all().delete()
        report = import_annotations(read("a.json", content), Destination(codebook, bo.author))
        assert report.left == []
        assert spans(bo)[-1][:3] == (start, start + 15, "doubt")


@pytest.mark.django_db
def test_whole_post_code_comes_back_after_its_post_was_split(ada, codebook, thread, assigned):
    content = told("csv")
    SplitUtterance(posts(thread)[1], TEXT.index("Cover")).execute()
    into = Destination(codebook, assigned[1].layer.author)
    assert import_annotations(read("a.csv", content), into).left == []
    assert spans(assigned[1].layer) == spans(ada)


@pytest.mark.django_db
def test_what_cannot_be_anchored_is_reported(thread, codebook, assigned, code):
    source = f"urn:sha256:{thread.documents.get().sha256}"
    anchors = [
        Anchor(1, source, 0, 9, "not in the text", code="doubt"),
        Anchor(2, "urn:sha256:0", 0, 5, "Beans", code="doubt"),
        Anchor(3, source, 0, 5, "Beans", code="joy"),
        Anchor(4, source, -1, -1, "all my beans", code="doubt"),  # Twice, without context.
        Anchor(5, source, -1, -1, "Maybe", code="stance > doubt"),
    ]
    report = import_annotations(anchors, Destination(codebook, assigned[0].layer.author))
    assert report.created == 1
    assert report.left == [
        (1, "Its words do not stand at its place, nor at one other place alone."),
        (2, "No source document here is urn:sha256:0."),
        (3, "Talk, version 1 has no code “joy”."),
        (4, "Its words do not stand at its place, nor at one other place alone."),
    ]
    assert coded(assigned[0].layer) == [("doubt", "Maybe")]


texts = st.text(characters, min_size=1, max_size=60)


@settings(deadline=None)
@given(text=texts, data=st.data(), inserted=st.text(characters, max_size=9))
def test_anchor_finds_its_words_wherever_the_text_begins(text, data, inserted):
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    anchor = Anchor(1, "", start, end, text[start:end], text[:start], text[end:])
    assert anchored(anchor, text) == Span(start, end)
    found = anchored(anchor, inserted + text)
    assert found is None or found.of(inserted + text) == text[start:end]


def test_context_tells_the_same_words_apart():
    anchor = Anchor(1, "", 0, 2, "no", "well, ", "!")
    assert anchored(anchor, "oh no, well, no!") == Span(13, 15)


@pytest.mark.django_db
def test_commands_carry_annotations_from_one_annotator_to_another(
    ada, assigned, codebook, tmp_path, capsys
):
    file = str(tmp_path / "talk.jsonld")
    call_command("export_annotations", "Talk", file, format="web")
    assert capsys.readouterr().err == "Exported 5 annotations.\n"
    options = {"codebook": "Talk", "annotator": "bo"}
    call_command("import_annotations", file, **options, dry_run=True)
    assert capsys.readouterr().out == "Would import 5 annotations.\n"
    assert spans(assigned[1].layer) == []
    call_command("import_annotations", file, **options)
    assert capsys.readouterr().out == "Imported 5 annotations.\n"
    assert spans(assigned[1].layer) == spans(ada)
    call_command("import_annotations", file, **options)
    assert capsys.readouterr().out == "Imported 0 annotations; 5 known already.\n"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"{", "This is no Web Annotation in JSON-LD"),
        (b'{"items": 1}', "needs a list of “items”"),
        (b'{"items": [{}]}', "Annotation 1 cannot be read"),
        (ENDLESS, "Annotation 1 cannot be read"),
    ],
)
def test_command_tells_what_is_wrong_with_a_file(codebook, coders, tmp_path, content, reason):
    file = tmp_path / "a.json"
    file.write_bytes(content)
    with pytest.raises(CommandError, match=reason):
        call_command("import_annotations", str(file), codebook="Talk", annotator="bo")


@pytest.mark.django_db
def test_page_imports_with_a_report(ada, assigned, codebook, client, person):
    client.force_login(person("chief", "coordinate_annotation"))
    address = reverse("admin:corpus_annotation_files", args=[codebook.pk])
    page = json.loads(told("web"))
    page["items"][0]["target"]["selector"][1]["exact"] = "never said"
    file = io.BytesIO(json.dumps(page).encode())
    file.name = "talk.jsonld"
    answer = client.post(address, {"file": file, "annotator": assigned[1].layer.author_id})
    report = answer.context["report"]
    assert (report.created, [number for number, _reason in report.left]) == (4, [1])
    assert Annotation.objects.count() == 9


@pytest.mark.django_db
def test_documents_of_closed_collections_are_as_unknown_as_any(ada, codebook, person):
    chief = person("chief", "coordinate_annotation")
    group = Group.objects.create(name="Insiders")
    CollectionGroup.objects.create(collection=ada.thread.collection, group=group)
    report = import_annotations(
        read("a.jsonld", told("web")), Destination(codebook, ada.author, chief)
    )
    sha256 = ada.thread.documents.get().sha256
    assert {reason for _number, reason in report.left} == {
        f"No source document here is urn:sha256:{sha256}."
    }
