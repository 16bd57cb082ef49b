import pytest

from corpus.annotation import editing, guidelines
from corpus.annotation.editing import CodeColumns
from corpus.errors import AnnotationRefused
from corpus.models import Code, Codebook

pytestmark = pytest.mark.django_db


def tree(version):
    return [("  " * depth + code.name, code.key, code.retired) for depth, code in version.tree()]


def test_codebook_is_a_tree_with_signs_of_its_own(codebook):
    assert tree(codebook.latest) == [
        ("stance", "s", False),
        ("  doubt", "d", False),
        ("  advice", "a", False),
        ("thanks", "t", False),
        ("topic", "o", False),
    ]
    signs = codebook.latest.codes.values_list("colour", "line")
    assert len(set(signs)) == 5


def test_version_not_in_use_is_changed_in_place(codebook, code):
    with editing.editing(codebook, seen=1) as version:
        editing.change_code(code("doubt"), CodeColumns("doubts", key="d"), code("stance"))
    assert (version.number, codebook.versions.count()) == (1, 1)
    assert code("doubts").path == "stance > doubts"


def test_version_in_use_stays_and_the_change_makes_the_next(codebook, code, assigned, say):
    before = tree(codebook.latest)
    one = say(assigned[0].layer, code("doubt"), "Maybe")
    with editing.editing(codebook, seen=1) as version:
        doubt = editing.in_version(one.code, version)
        editing.change_code(doubt, CodeColumns("uncertainty", key="2"), None)
    one.refresh_from_db()
    assert one.code.name == "doubt"
    assert tree(codebook.versions.get(number=1)) == before
    assert tree(codebook.latest) == [
        ("stance", "s", False),
        ("  advice", "a", False),
        ("uncertainty", "2", False),
        ("thanks", "t", False),
        ("topic", "o", False),
    ]
    assert code("uncertainty").identity == one.code.identity


def test_change_decided_on_an_older_version_is_refused(codebook, assigned):
    with editing.editing(codebook, seen=1) as version:
        editing.set_guidelines(version, "Another")
    with pytest.raises(AnnotationRefused) as refusal, editing.editing(codebook, seen=1):
        pass
    assert str(refusal.value) == (
        "The codebook “Talk” was changed in the meantime (version 2, you saw 1); look at it again "
        "and repeat your step."
    )
    assert refusal.value.reason == "stale-version"
    assert codebook.versions.get(number=1).guidelines == "*Doubt* only where it is **said**."


def test_used_code_is_retired_or_merged_but_not_deleted(codebook, code, assigned, say):
    say(assigned[0].layer, code("doubt"), "Maybe")
    with editing.editing(codebook) as version:
        doubt = version.codes.get(name="doubt")
        with pytest.raises(AnnotationRefused, match="“doubt” is in use and cannot be deleted"):
            editing.delete_code(doubt)
        editing.merge(doubt, version.codes.get(name="advice"))
    doubt = code("doubt")
    assert (doubt.retired, doubt.merged_into) == (True, code("advice"))
    with editing.editing(codebook) as version:
        editing.restore(version.codes.get(name="doubt"))
    assert (code("doubt").retired, code("doubt").merged_into) == (False, None)


def test_merges_lead_to_the_last_code(codebook, code):
    with editing.editing(codebook):
        editing.merge(code("doubt"), code("advice"))
        editing.merge(code("advice"), code("stance"))
    assert code("doubt").merged_into == code("stance")


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        (CodeColumns("  "), "A code needs a name."),
        (CodeColumns("thanks"), "There is a code “thanks” at this place already"),
        (CodeColumns("new", key="d"), "The key “d” is that of “doubt”"),
        (CodeColumns("new", key="j"), "The key “j” moves about the coding page"),
        (CodeColumns("new", key="ab"), "A key is one letter, digit or sign."),
        (CodeColumns("new", colour="red"), "Choose one of the colours"),
        (CodeColumns("new", scope="word"), "Choose what the code is said of"),
    ],
)
def test_code_that_cannot_be_is_refused(codebook, columns, reason):
    with pytest.raises(AnnotationRefused, match=reason), editing.editing(codebook) as version:
        editing.add_code(version, columns)
    assert Code.objects.count() == 5


def test_code_cannot_stand_below_itself(codebook, code):
    with pytest.raises(AnnotationRefused, match="cannot stand below itself"):
        editing.change_code(code("stance"), CodeColumns("stance"), code("doubt"))


def test_codebook_names_are_unique(codebook):
    with pytest.raises(AnnotationRefused, match="There is a codebook “Talk” already"):
        editing.create(" Talk ")
    assert Codebook.objects.count() == 1


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("# Doubt\n\n- *a*\n- **b**", "<h3>Doubt</h3>\n\n<ul>\n<li><em>a</em></li>\n"
         "<li><strong>b</strong></li>\n</ul>"),
        ("<b onclick=x>c</b>", "<p>&lt;b onclick=x&gt;c&lt;/b&gt;</p>"),
        ("[x](javascript:alert(1))", '<p><a href="#" rel="noopener noreferrer">x</a></p>'),
        ("[x](https://a.example/)",
         '<p><a href="https://a.example/" rel="noopener noreferrer">x</a></p>'),
        ("![x](https://a.example/p.png)", "<p></p>"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
    ],
)  # fmt: skip
def test_guidelines_are_markdown_and_nothing_else(written, shown):
    assert guidelines.html(written) == shown
