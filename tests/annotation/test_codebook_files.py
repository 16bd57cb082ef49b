import uuid
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.annotation import editing, storing
from corpus.annotation.codebooks import FORMATS, CodebookDraft, CodeDraft, as_csv, as_json, as_qdc
from corpus.annotation.codebooks.drafts import checked
from corpus.annotation.palette import COLOURS, LINES
from corpus.errors import FileUnreadable
from tests.texts import characters

words = st.text(characters, min_size=1, max_size=8).filter(lambda text: text.split())


@st.composite
def drafts(draw):
    codes = []
    for name in draw(st.lists(words, max_size=6)):
        parent = draw(st.sampled_from([None, *[code.identity for code in codes]]))
        codes.append(
            CodeDraft(
                name,
                draw(st.uuids(version=4)),
                parent,
                draw(words),
                draw(words),
                draw(st.sampled_from(list(COLOURS))),
                draw(st.sampled_from(LINES)),
                draw(st.sampled_from(["", "a", "1"])),
                draw(st.sampled_from(["span", "post", "thread"])),
                draw(st.booleans()),
            )
        )
    return checked("Talk", "*Say*", codes)


@settings(deadline=None)
@given(drafts())
def test_json_loses_nothing(draft):
    assert as_json.read(as_json.write(draft)) == draft


@settings(deadline=None)
@given(drafts())
def test_csv_loses_only_name_and_guidelines(draft):
    if draft.codes:
        read = as_csv.read(as_csv.write(draft))
        same = replace(draft, name="Codebook", guidelines="", codes=[])
        assert replace(read, codes=[]) == same
        folded = [replace(code, definition="", examples="") for code in draft.codes]
        assert [replace(code, definition="", examples="") for code in read.codes] == folded


@settings(deadline=None)
@given(drafts())
def test_qdc_keeps_the_tree_with_names_and_colours(draft):
    content = as_qdc.write(draft)
    read = {code.identity: code for code in as_qdc.read(content).codes}
    assert set(read) == {code.identity for code in draft.codes}
    for code in draft.codes:
        found = read[code.identity]
        assert (found.parent, found.colour, found.retired) == (
            code.parent, code.colour, code.retired,
        )  # fmt: skip
        if code.name.isprintable():
            assert found.name == code.name


def test_qdc_is_what_other_programs_read():
    stance = CodeDraft("Stance", uuid.UUID(int=1), colour="blue")
    doubt = CodeDraft(
        "Doubt", uuid.UUID(int=2), stance.identity, "not sure", "maybe", colour="green"
    )
    root = ElementTree.fromstring(as_qdc.write(CodebookDraft("Talk", "", [stance, doubt])))
    space = "{urn:QDA-XML:codebook:1.0}"
    (codes,) = root
    (outer,) = codes
    (inner,) = outer
    assert (root.tag, codes.tag, outer.tag) == (f"{space}CodeBook", f"{space}Codes", f"{space}Code")
    assert outer.attrib == {
        "guid": "00000000-0000-0000-0000-000000000001",
        "name": "Stance",
        "isCodable": "true",
        "color": "#0072B2",
    }
    assert inner.findtext(f"{space}Description") == "not sure\n\nExamples:\nmaybe"


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.txt", b"", "a.txt ends in none of .json, .csv, .qdc"),
        ("a.json", b"[]", "This is no codebook in JSON"),
        ("a.json", b"[" * 100_000, "This is no codebook in JSON"),
        ("a.json", b'{"name": "a", "codes": [{"name": " "}]}', "has no name"),
        ("a.csv", b"\xff\xfe", "This is no codebook in CSV"),
        ("a.csv", b"title\nDoubt\n", "needs a first line with “name”"),
        ("a.qdc", b"<CodeBook/>", "its first element is not CodeBook of urn"),
        ("a.qdc", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "This is no REFI-QDA codebook"),
        (
            "a.qdc",
            b'<CodeBook xmlns="urn:QDA-XML:codebook:1.0"><Codes><Code guid="x" name="a"/></Codes>'
            b"</CodeBook>",
            "is no guid of a code",
        ),
    ],
)
def test_file_that_is_no_codebook_is_refused(name, content, reason):
    with pytest.raises(FileUnreadable, match=reason):
        storing.read(name, content)


def test_codes_in_a_circle_are_refused():
    one, other = CodeDraft("a"), CodeDraft("b")
    circle = [replace(one, parent=other.identity), replace(other, parent=one.identity)]
    with pytest.raises(FileUnreadable, match="do not form a tree"):
        checked("Talk", "", circle)


@pytest.mark.django_db
@pytest.mark.parametrize("ending", list(FORMATS))
def test_codebook_comes_back_from_a_file(codebook, code, ending):
    editing.merge(code("doubt"), code("advice"))
    before = storing.draft_of(codebook.latest)
    content = FORMATS[ending][2].write(before)
    version = storing.store(storing.read(f"talk.{ending}", content), name="Copy")
    after = storing.draft_of(version)
    assert [(c.name, c.identity, c.parent) for c in after.codes] == [
        (c.name, c.identity, c.parent) for c in before.codes
    ]
    if ending == "json":
        assert after == replace(before, name="Copy")


@pytest.mark.django_db
def test_file_brings_a_codebook_in_use_to_its_next_version(codebook, code, assigned, say):
    say(assigned[0].layer, code("doubt"), "Maybe")
    draft = storing.draft_of(codebook.latest)
    renamed = [replace(c, name="uncertainty") if c.name == "doubt" else c for c in draft.codes]
    version = storing.store(replace(draft, codes=[*renamed, CodeDraft("new")]), into=codebook)
    assert (version.number, code("uncertainty").identity) == (
        2, assigned[0].layer.annotations.get().code.identity,
    )  # fmt: skip
    assert code("new").version == version
