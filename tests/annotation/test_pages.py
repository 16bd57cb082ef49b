"""The pages over the services: what is asked for is done, or refused with the reason."""

import io

import pytest
from django.urls import reverse

from corpus.annotation.coding import Coding, annotate
from corpus.curation import SplitUtterance
from corpus.models import Annotation, Assignment, Codebook, Layer
from tests.annotation.conftest import TEXT, coded, posts
from tests.pages import page_text

pytestmark = pytest.mark.django_db


@pytest.fixture
def chief(client, person):
    client.force_login(person("chief", "coordinate_annotation", "adjudicate_annotation"))
    return client


def page(name, *args):
    return reverse(f"admin:corpus_annotation_{name}", args=args)


def messages(response):
    return [str(message) for message in response.context["messages"]]


CODE = {"definition": "", "examples": "", "key": "", "colour": "", "line": "", "scope": "span"}


def test_codebook_is_written_in_the_admin(chief):
    add = reverse("admin:corpus_codebook_add")
    chief.post(add, {"name": "Moves", "guidelines": "# Read"})
    codebook = Codebook.objects.get(name="Moves")
    address = page("code_add", codebook.pk)
    chief.post(address, CODE | {"seen": 1, "name": "claim", "key": "c"})
    parent = codebook.latest.codes.get()
    chief.post(address, CODE | {"seen": 1, "name": "weak", "parent": parent.pk})
    assert [(depth, code.name, code.key) for depth, code in codebook.latest.tree()] == [
        (0, "claim", "c"),
        (1, "weak", ""),
    ]
    change = reverse("admin:corpus_codebook_change", args=[codebook.pk])
    chief.post(change, {"seen": 1, "guidelines": "*Read* twice"})
    assert "Read twice" in page_text(chief.get(change))


def test_code_that_cannot_be_is_refused_in_the_form(chief, codebook):
    answer = chief.post(page("code_add", codebook.pk), CODE | {"seen": 1, "name": "x", "key": "d"})
    assert answer.context["form"].non_field_errors() == [
        "The key “d” is that of “doubt”; choose another."
    ]


def test_code_in_use_is_renamed_merged_retired_but_not_deleted(
    chief, codebook, code, assigned, say
):
    say(assigned[0].layer, code("doubt"), "Maybe")
    address = page("code", codebook.pk, code("doubt").identity)
    stance = code("stance").pk
    refused = chief.post(
        address, CODE | {"seen": 1, "name": "doubt", "parent": stance, "delete": "1"}
    )
    assert "is in use and cannot be deleted" in refused.context["form"].non_field_errors()[0]
    chief.post(address, CODE | {"seen": 1, "name": "hedge", "parent": stance, "key": "d"})
    assert codebook.latest.number == 2
    wanted = CODE | {"seen": 2, "name": "hedge", "into": code("advice").pk}
    chief.post(address, wanted)
    assert code("hedge").merged_into == code("advice")
    stale = chief.post(address, CODE | {"seen": 1, "name": "late"})
    assert "was changed in the meantime" in stale.context["form"].non_field_errors()[0]
    assert [c.code.name for c in Annotation.objects.all()] == ["doubt"]


def test_codebook_is_exported_and_imported(chief, codebook):
    answer = chief.get(page("codebook_export", codebook.pk, "qdc"))
    assert answer["Content-Disposition"] == 'attachment; filename="talk-1.qdc"'
    file = io.BytesIO(answer.content)
    file.name = "talk.qdc"
    chief.post(reverse("admin:corpus_codebook_add"), {"name": "Other", "file": file})
    names = [code.name for _depth, code in Codebook.objects.get(name="Other").latest.tree()]
    assert names == ["stance", "doubt", "advice", "thanks", "topic"]
    file = io.BytesIO(b"name\njoy\n")
    file.name = "more.csv"
    chief.post(page("codebook_import", codebook.pk), {"file": file})
    assert codebook.latest.codes.filter(name="joy").exists()
    bad = io.BytesIO(b"<a/>")
    bad.name = "bad.qdc"
    answer = chief.post(page("codebook_import", codebook.pk), {"file": bad}, follow=True)
    assert "its first element is not CodeBook" in messages(answer)[-1]


@pytest.fixture
def form(codebook, coders, collection):
    return {
        "codebook": codebook.pk,
        "collection": collection.pk,
        "seed": 1,
        "people": [coder.pk for coder in coders],
        "each": 1,
        "overlap": 0,
    }


def test_threads_are_assigned_by_collection_sample_search_and_number(chief, form, import_text):
    threads = [
        import_text(f"Thread {n}\n\nAbout {word}.\n\n\nYes.", origin=f"{n}.txt")
        for n, word in enumerate(["leeks", "beans", "leeks", "peas"])
    ]
    address = page("assign")
    chief.post(address, form | {"query": "leeks", "each": 2})
    assigned = Assignment.objects.values_list("layer__thread", flat=True)
    assert sorted(assigned) == sorted([threads[0].pk, threads[2].pk] * 2)
    chief.post(address, form | {"keys": str(threads[1].pk), "each": 2})
    assert Assignment.objects.count() == 6
    chief.post(address, form | {"size": 1, "seed": 5})
    chief.post(address, form | {"each": 2})
    assert Assignment.objects.count() == 8
    assert "query “leeks”" in Assignment.objects.order_by("pk")[0].how


def test_assignment_without_annotators_is_refused(chief, form):
    answer = chief.post(page("assign"), form | {"people": []})
    assert "people" in answer.context["form"].errors


def test_assignment_of_nothing_tells_why(chief, form):
    answer = chief.post(page("assign"), form)
    assert messages(answer) == ["No thread was chosen."]


def test_coordinator_releases_withdraws_and_updates_from_the_list(
    chief, assigned, code, say, codebook
):
    from corpus.annotation import editing

    say(assigned[0].layer, code("doubt"), "Maybe")
    with editing.editing(codebook) as version:
        editing.set_guidelines(version, "new")
    listing = reverse("admin:corpus_assignment_changelist")
    keys = [assignment.pk for assignment in assigned]
    chief.post(listing, {"action": "adopt_latest", "_selected_action": keys})
    assert set(Layer.objects.values_list("version", flat=True)) == {version.pk}
    answer = chief.post(listing, {"action": "withdraw", "_selected_action": keys}, follow=True)
    assert messages(answer)[-1] == "ada has coded in this thread already; the assignment stays."
    assert Assignment.objects.count() == 1
    chief.post(listing, {"action": "release", "_selected_action": keys[:1]})
    assert Layer.objects.get().released


def test_worklist_tells_progress(client, assigned, code, say):
    say(assigned[0].layer, code("doubt"), "Maybe")
    client.force_login(assigned[0].layer.author)
    text = page_text(client.get(page("worklist")))
    assert "0 of 1 thread finished." in text
    assert "1 / 3 begun" in text
    client.post(page("finish", assigned[0].layer_id), {"finished": "1"})
    assert "1 of 1 thread finished." in page_text(client.get(page("worklist")))
    assert client.get(reverse("admin:corpus_assignment_changelist")).url == page("worklist")


def test_moved_boundaries_are_settled_on_the_page(chief, assigned, code, thread, codebook):
    post = posts(thread)[1]
    made = annotate(
        assigned[0].layer, Coding(code("thanks").pk, post.document_id, post.start, post.end)
    )
    address = page("review", codebook.pk)
    assert "Nothing to review." in page_text(chief.get(address))
    SplitUtterance(post, TEXT.index("Cover")).execute()
    assert "thanks · ada · Beans" in page_text(chief.get(address))
    chief.post(address, {"annotation": made.pk, "post": [posts(thread)[2].pk]})
    assert coded(assigned[0].layer) == [("thanks", "Cover them at night. An old curtain does.")]
    assert "Nothing to review." in page_text(chief.get(address))


def test_passages_and_distribution_are_shown(chief, assigned, code, say, codebook):
    say(assigned[0].layer, code("doubt"), "frost took", note="brr")
    say(assigned[0].layer, code("advice"), "The frost took all")
    answer = chief.get(page("passages", codebook.pk), {"code": code("doubt").identity})
    (line,) = answer.context["passages"]
    assert (line["words"], line["around"]) == (
        "frost took",
        ("Beans The", "all my beans this spring, every one of them 🥶."),
    )
    assert "1 passage" in page_text(answer)
    assert "brr" in page_text(answer)
    rows = chief.get(page("use", codebook.pk)).context["rows"]
    told = {row.pop("code").name: row for row in rows}
    assert told["doubt"] == {
        "count": 1,
        "authored": 1,
        "quoted": 0,
        "speakers": [("unknown speaker", 1)],
        "years": [("", 1)],
        "threads": [("Beans", 1)],
    }


def test_text_of_threads_and_notes_is_never_markup(chief, import_text, codebook, coders, say):
    """Whatever was imported or written reads as it is on every page."""
    from corpus.annotation.assigning import Plan, assign

    evil = "<img src=x onerror=alert(1)>"
    thread = import_text(f"{evil}\n\n{evil} one.\n\n\nTwo {evil}.", indexed=False)
    made = assign([thread], Plan(codebook.latest, coders[:1]))
    layer = made[0].layer
    document = thread.documents.get()
    code = codebook.latest.codes.get(name="doubt")
    start = document.text.index("one")
    annotate(layer, Coding(code.pk, document.pk, start, start + 3, evil))
    for address in [
        page("coding", layer.pk),
        page("adjudicate", codebook.pk, thread.pk),
        page("adjudication", codebook.pk),
        page("passages", codebook.pk),
        page("use", codebook.pk),
        reverse("admin:corpus_annotation_changelist"),
        reverse("admin:corpus_assignment_changelist"),
    ]:
        assert "<img src=x" not in chief.get(address).content.decode(), address
