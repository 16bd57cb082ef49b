"""Later versions of known threads add their new posts, and curation stays."""

import json

import pytest
from django.core.management import call_command

from corpus import invariants as corpus_invariants
from corpus.curation import AssignSpeaker, MergeUtterance, SplitUtterance, reviews
from corpus.models import (
    Boilerplate,
    Quotation,
    SourceDocument,
    Thread,
    ThreadReview,
    Utterance,
)
from forumimport import importer, invariants, sources
from forumimport.importer import Created, Failed, Grown, Known, Skipped, flow, growth
from forumimport.models import ImportProblem
from forumimport.readers import Source
from tests.importing.rows import counts, snapshot

FIRST = {"id": "p1", "by": "Ada", "text": "How do I keep moles off a lawn?\n\nIt is clover."}
SECOND = {"id": "p2", "by": "Bo", "text": "You do not.", "reply_to": "p1"}
THIRD = {
    "id": "p3",
    "by": "Cy",
    "text": "moles off a lawn\nA cat.",
    "quotes": [[0, 16, "p1"]],
    "reply_to": "p2",
}
BARE = "Leeks\n\nDeep or shallow? I never know.\n\n\nDeep, and earth them up by hand in May.\n"
LONGER = BARE + "\n\nDeep, and earth them up by hand in May.\n\nThat is how.\n\n\nThank you all.\n"


def talk(*posts):
    return {"id": "t1", "title": "Moles", "posts": list(posts)}


def violations():
    yield from corpus_invariants.violations()
    yield from (v for v in invariants.violations() if v.invariant == 5)


def imported(*texts, **options):
    given = [Source(f"{n}.txt", text.encode()) for n, text in enumerate(texts)]
    options = {"run": importer.start_run({}), "collection": "Garden talk"} | options
    return list(importer.import_sources(given, **options))


def posts():
    return [
        row.span.of(row.document.text)
        for row in Utterance.objects.select_related("document").in_order()
    ]


def test_longer_version_adds_its_new_posts(import_threads_of_posts):
    import_threads_of_posts(talk(FIRST, SECOND))
    (outcome,) = import_threads_of_posts(talk(FIRST, SECOND, THIRD))
    assert (type(outcome), outcome.posts, outcome.thread) == (Grown, 1, Thread.objects.get())
    first, second, third = Utterance.objects.in_order()
    assert (third.identifier, third.reply_to, third.speaker.handle) == ("p3", second, "Cy")
    quotation = Quotation.objects.get()
    assert (quotation.utterance, quotation.source) == (third, first)
    words = first.document.text[quotation.source_start : quotation.source_end]
    assert words == "moles off a lawn"
    repeated = Boilerplate.objects.filter(kind="repeated")
    assert [row.span.of(third.document.text) for row in repeated.order_by("start")] == [
        FIRST["text"],
        SECOND["text"],
    ]
    assert list(violations()) == []


def test_longer_version_keeps_curation(import_threads_of_posts):
    import_threads_of_posts(talk(FIRST, SECOND))
    first, second = Utterance.objects.in_order()
    SplitUtterance(first, FIRST["text"].index("It is")).execute()
    AssignSpeaker(second, "Dee").execute()
    import_threads_of_posts(talk(FIRST, SECOND, THIRD))
    assert posts() == [
        "How do I keep moles off a lawn?",
        "It is clover.",
        "You do not.",
        THIRD["text"],
    ]
    second.refresh_from_db()
    assert second.speaker.handle == "Dee"
    assert list(violations()) == []


def test_longer_version_knows_posts_that_a_curator_merged(import_threads_of_posts):
    import_threads_of_posts(talk(FIRST, SECOND))
    _first, second = Utterance.objects.in_order()
    MergeUtterance(second).execute()
    (outcome,) = import_threads_of_posts(talk(FIRST, SECOND, THIRD))
    assert outcome.posts == 1
    merged, third = Utterance.objects.in_order()
    assert third.reply_to == merged
    assert list(violations()) == []


def test_changed_posts_are_told_and_kept_as_they_were(import_threads_of_posts):
    import_threads_of_posts(talk(FIRST, SECOND))
    edited = SECOND | {"text": "You cannot."}
    import_threads_of_posts(talk(FIRST, edited, THIRD))
    assert posts()[1] == "You do not."
    notice = ImportProblem.objects.get()
    assert (notice.kind, notice.locator, notice.reason) == (
        "notice",
        "p2",
        "It reads otherwise now than when it was first imported; that first version is kept.",
    )


def test_thread_grows_by_what_another_collection_has_already(db):
    imported(BARE)
    imported(LONGER, collection="Other")
    (outcome,) = imported(LONGER)
    assert (type(outcome), outcome.posts, outcome.thread.collection.name) == (
        Grown,
        2,
        "Garden talk",
    )
    assert list(violations()) == []
    rows = snapshot()
    for collection in ("Garden talk", "Other", "Third"):
        assert [type(one) for one in imported(LONGER, collection=collection)] == [Skipped]
    assert snapshot() == rows


def test_thread_grows_by_a_file_that_another_collection_has_to_its_end(db, folder, monkeypatch):
    monkeypatch.setattr(sources, "REMEMBERED", 0)
    for name, text in (("g1.txt", BARE), ("g2.txt", LONGER)):
        (folder / name).write_text(text)

    def of_file(name, collection):
        run = importer.start_run({})
        files = [sources.Container(name)]
        return [type(one) for one in importer.import_sources(files, run=run, collection=collection)]

    assert of_file("g1.txt", "Garden talk") == [Created]
    assert of_file("g2.txt", "Other") == [Created]
    assert of_file("g2.txt", "Garden talk") == [Grown]
    for collection in ("Garden talk", "Other", "Third"):
        assert of_file("g2.txt", collection) == [Known]
    assert list(violations()) == []


def test_command_says_which_collection_has_what_it_skips(db, folder, capsys):
    (folder / "leeks.txt").write_text(BARE)
    call_command("import_threads", "leeks.txt", collection="Other", verbosity=0)
    call_command("import_threads", "leeks.txt", collection="Garden talk", verbosity=2)
    told = "leeks.txt is already imported as “Leeks” in the collection “Other”.\n"
    assert told in capsys.readouterr().err


def test_named_thread_grows_by_what_another_collection_has_already(import_threads_of_posts):
    import_threads_of_posts(talk(FIRST, SECOND))
    import_threads_of_posts(talk(FIRST, SECOND, THIRD), collection="Other")
    (outcome,) = import_threads_of_posts(talk(FIRST, SECOND, THIRD))
    assert (type(outcome), outcome.posts) == (Grown, 1)
    assert list(violations()) == []
    rows = snapshot()
    (outcome,) = import_threads_of_posts(talk(FIRST, SECOND, THIRD))
    assert isinstance(outcome, Skipped)
    assert outcome.document.thread.collection.name == "Garden talk"
    assert snapshot() == rows


def test_version_without_new_posts_changes_nothing(import_threads_of_posts):
    import_threads_of_posts(talk(FIRST, SECOND))
    rows = snapshot()
    (outcome,) = import_threads_of_posts(talk(FIRST | {"by": "Eve"}, SECOND))
    assert isinstance(outcome, Skipped)
    assert snapshot() == rows


def test_pages_of_one_thread_come_together(import_threads_of_posts):
    answers = {"id": "p4", "text": "Why?", "reply_to": "p1"}
    created, grown = import_threads_of_posts(talk(FIRST, SECOND), talk(THIRD, answers))
    assert (created.posts, grown.posts) == (2, 2)
    rows = {row.identifier: row for row in Utterance.objects.in_order()}
    assert [row.document.order for row in rows.values()] == [0, 0, 1, 1]
    assert rows["p3"].reply_to == rows["p2"]
    assert rows["p4"].reply_to == rows["p1"]
    assert not ImportProblem.objects.exists()
    assert list(violations()) == []


def test_what_a_later_version_adds_is_counted_with_the_run(import_threads_of_posts):
    import_threads_of_posts(talk(FIRST, SECOND))
    quoting = {"id": "p5", "text": SECOND["text"], "quotes": [[0, len(SECOND["text"]), "p2"]]}
    run = importer.start_run({})
    (grown,) = import_threads_of_posts(talk(FIRST, SECOND, quoting), run=run)
    importer.finish(run)
    run.refresh_from_db()
    assert isinstance(grown, Grown)
    assert (run.grown, run.added, run.quotations) == (1, 1, 1)
    assert run.kinds == {"encodings": {"utf-8": 1}, "formats": {"posts": 1}}


def test_growing_twice_keeps_one_of_each_post(import_threads_of_posts):
    fourth = {"id": "p4", "text": "Thanks.", "reply_to": "p3"}
    for thread in [talk(FIRST), talk(FIRST, SECOND, THIRD), talk(FIRST, SECOND, THIRD, fourth)]:
        import_threads_of_posts(thread)
    rows = list(Utterance.objects.in_order())
    assert [row.identifier for row in rows] == ["p1", "p2", "p3", "p4"]
    assert rows[3].reply_to == rows[2]
    assert list(violations()) == []


def test_same_name_in_another_collection_is_another_thread(import_threads_of_posts):
    import_threads_of_posts(talk(FIRST))
    (outcome,) = import_threads_of_posts(talk(FIRST, SECOND), collection="Kitchen talk")
    assert isinstance(outcome, Created)
    assert Thread.objects.count() == 2


def test_stranger_with_the_same_names_is_refused(import_threads_of_posts):
    import_threads_of_posts(talk(FIRST, SECOND))
    posts = [FIRST | {"text": "Why do leeks bolt?"}, SECOND | {"text": "They are cold."}, THIRD]
    (outcome,) = import_threads_of_posts(talk(*posts))
    assert isinstance(outcome, Failed)
    assert outcome.reason == (
        "Its source calls it “t1”, as that of “Moles” does, but its posts are others; "
        "import it into a collection of its own."
    )
    assert Utterance.objects.count() == 2


def test_only_post_may_have_been_edited_since(import_threads_of_posts):
    import_threads_of_posts(talk(FIRST))
    (outcome,) = import_threads_of_posts(talk(FIRST | {"text": "Moles. How?"}, SECOND))
    assert (type(outcome), outcome.posts) == (Grown, 1)


def test_growing_counts_what_is_unsure_anew(import_threads_of_posts):
    import_threads_of_posts(talk(FIRST))
    reviews.complete()
    import_threads_of_posts(talk(FIRST, SECOND))
    assert ThreadReview.objects.get().posts == 2


def test_bare_text_that_goes_on_adds_its_new_posts(db):
    imported(BARE)
    (outcome,) = imported(LONGER)
    assert (type(outcome), outcome.posts) == (Grown, 2)
    assert posts() == [
        "Deep or shallow? I never know.",
        "Deep, and earth them up by hand in May.",
        "Deep, and earth them up by hand in May.\n\nThat is how.",
        "Thank you all.",
    ]
    _first, second, third, _fourth = Utterance.objects.in_order()
    assert (third.reply_to, third.document.order) == (second, 1)
    assert Quotation.objects.get().source == second
    assert Boilerplate.objects.get(kind="repeated").span.of(LONGER) == BARE.strip()
    assert list(violations()) == []


def test_bare_text_that_goes_on_again_is_traced_to_the_first(db):
    longest = LONGER + "\n\nDeep, and earth them up by hand in May.\n\nWell said.\n"
    imported(BARE)
    imported(LONGER)
    (outcome,) = imported(longest)
    assert outcome.posts == 1
    assert SourceDocument.objects.count() == 3
    rows = list(Utterance.objects.in_order())
    assert rows[-1].reply_to == rows[1]
    assert list(violations()) == []


def test_bare_text_that_goes_on_within_a_paragraph_is_cut_there(db):
    imported("Chard\n\nWhy does it bolt?\nI ask each year.")
    imported("Chard\n\nWhy does it bolt?\nI ask each year.\nAnd nobody knows.\n")
    assert posts() == ["Why does it bolt?\nI ask each year.", "And nobody knows."]
    assert list(violations()) == []


@pytest.mark.parametrize("batch", [1, 500])
def test_versions_in_one_run_are_stored_alike_whatever_the_batch(db, monkeypatch, batch):
    monkeypatch.setattr(flow, "_THREADS", batch)
    other = "Chard\n\nWhy does it bolt?\n"
    kinds = [type(outcome) for outcome in imported(BARE, other, LONGER, BARE)]
    assert kinds == [Created, Created, Grown, Skipped]
    assert list(violations()) == []


def test_version_is_only_looked_at_without_a_run(import_threads_of_posts):
    import_threads_of_posts(talk(FIRST))
    before = counts()
    (outcome,) = import_threads_of_posts(talk(FIRST, SECOND), run=None)
    assert (type(outcome), outcome.posts) == (Grown, 1)
    assert counts() == before


NAMELESS = "thread_id,author,date,text\n1,ada,2020-01-01,Do moles dig?\n1,bob,2020-01-02,They do.\n"


def test_posts_without_names_are_known_by_their_words(db):
    importer_of = {"format": "table"}
    imported(NAMELESS, **importer_of)
    (outcome,) = imported(NAMELESS + "1,cy,2020-01-03,All night.\n", **importer_of)
    assert (type(outcome), outcome.posts) == (Grown, 1)
    assert posts() == ["Do moles dig?", "They do.", "All night."]
    (again,) = imported(NAMELESS + "1,cy,2020-01-03,All night.\n", **importer_of)
    assert isinstance(again, Skipped)


def test_posts_without_names_are_known_after_a_curator_joined_them(db):
    imported(NAMELESS, format="table")
    MergeUtterance(Utterance.objects.in_order()[1]).execute()
    (outcome,) = imported(NAMELESS + "1,cy,2020-01-03,All night.\n", format="table")
    assert (type(outcome), outcome.posts) == (Grown, 1)


def document(text):
    return json.dumps({"url": "http://a.example/1", "text": text}) + "\n"


def test_longer_text_under_the_same_name_adds_what_is_new(db):
    imported(document(BARE), format="documents")
    (outcome,) = imported(document(LONGER), format="documents")
    assert (type(outcome), outcome.posts) == (Grown, 2)
    assert posts()[-1] == "Thank you all."
    assert Quotation.objects.get().source == Utterance.objects.in_order()[1]
    assert list(violations()) == []


def test_text_changed_at_its_beginning_adds_only_posts_of_other_words(db):
    imported(document("Leeks\n\n\n" + "Deep or shallow?\n\n\nDeep."), format="documents")
    imported(document("Leeks!\n\n\n" + "Deep or shallow?\n\n\nDeep.\n\n\nYes."), format="documents")
    assert sorted(posts()) == ["Deep or shallow?", "Deep.", "Yes."]


def test_thread_that_grows_without_end_is_refused(db, monkeypatch):
    monkeypatch.setattr(growth, "DOCUMENTS", 2)
    for words in ("One.", "Two.", "Three."):
        outcomes = imported(document(f"Leeks\n\n\n{words} {words}"), format="documents")
    assert "has 2 source documents already" in outcomes[0].reason
    assert Thread.objects.count() == 1
