"""What a source states of its posts reaches the rows, attested, and is shown and checked."""

from datetime import UTC, datetime

import pytest
from django.core.management import call_command

from corpus import invariants as corpus_invariants
from corpus.models import Basis, Boilerplate, Link, Quotation, Speaker, Thread, Utterance
from forumimport import indexing, invariants, projection
from forumimport.drafts import segmented_each
from forumimport.importer import Created, Failed
from forumimport.linking import joined
from forumimport.models import ImportProblem
from tests.importing.posts import lines, thread

MOLES = {
    "id": "t1",
    "title": "Moles",
    "language": "en",
    "metadata": {"score": 3, "tags": ["lawn"]},
    "posts": [
        {
            "id": "p1",
            "by": "Ada",
            "date": "2011-05-03T10:02:00",
            "text": "How do I keep moles off a lawn that is nothing but clover and moss?\n-- \nAda",
            "signatures": [[68, 75]],
        },
        {"id": "p2", "by": "Bo", "when": "Yesterday", "text": "You do not.", "reply_to": "p1"},
        {
            "id": "p3",
            "by": "Ada",
            "text": "nothing but clover\nThat is unkind, see here.",
            "quotes": [[0, 18, "p1"]],
            "links": [[39, 43, "https://example.org/"], [19, 23, "javascript:alert(1)"]],
        },
    ],
}


def violations():
    yield from corpus_invariants.violations()
    yield from (v for v in invariants.violations() if v.invariant == 5)


def test_structured_thread_is_stored_as_stated(import_threads_of_posts):
    (outcome,) = import_threads_of_posts(MOLES)
    assert isinstance(outcome, Created)
    stored = Thread.objects.get()
    assert (stored.title, stored.identifier, stored.language, stored.language_basis) == (
        "Moles",
        "t1",
        "en",
        Basis.ATTESTED,
    )
    assert stored.metadata == {"score": 3, "tags": ["lawn"]}
    text = stored.documents.get().text
    rows = list(Utterance.objects.in_order().select_related("speaker"))
    assert [
        (row.identifier, row.basis, row.cue, row.speaker.handle, row.speaker_basis) for row in rows
    ] == [
        ("p1", "attested", "", "Ada", "attested"),
        ("p2", "attested", "", "Bo", "attested"),
        ("p3", "attested", "", "Ada", "attested"),
    ]
    assert [(row.date, row.date_text, row.date_precision, row.date_basis) for row in rows] == [
        (datetime(2011, 5, 3, 10, 2, tzinfo=UTC), "2011-05-03T10:02:00", "second", "attested"),
        (None, "Yesterday", "", "attested"),
        (None, "", "", ""),
    ]
    assert [(row.reply_to, row.reply_basis) for row in rows] == [
        (None, ""),
        (rows[0], "attested"),
        (rows[0], "inferred"),
    ]
    signature = Boilerplate.objects.get()
    assert (signature.span.of(text), signature.kind, signature.basis) == (
        "-- \nAda",
        "signature",
        "attested",
    )
    assert list(violations()) == []


def test_structured_quotation_is_traced_to_the_very_words(import_threads_of_posts):
    import_threads_of_posts(MOLES)
    quotation = Quotation.objects.select_related("source", "utterance__document").get()
    text = quotation.utterance.document.text
    assert (quotation.basis, quotation.marked, quotation.source.identifier) == (
        Basis.ATTESTED,
        True,
        "p1",
    )
    assert text[quotation.source_start : quotation.source_end] == "nothing but clover"
    assert quotation.extent == Quotation.Extent.FRAGMENT


def test_quotation_of_a_named_post_without_its_words_keeps_the_post(import_threads_of_posts):
    edited = {"id": "p3", "text": "something else\nNo.", "quotes": [[0, 14, "p1"]]}
    import_threads_of_posts(MOLES | {"posts": [*MOLES["posts"][:2], edited]})
    quotation = Quotation.objects.select_related("source").get()
    assert (quotation.source.identifier, quotation.extent, quotation.similarity) == (
        "p1",
        Quotation.Extent.UNKNOWN,
        None,
    )
    assert list(violations()) == []


def test_unmarked_copies_between_known_posts_are_found(import_threads_of_posts):
    words = "How do I keep moles off a lawn that is nothing but clover and moss?"
    copy = {"id": "p4", "by": "Cy", "text": f"{words}\n\nWith a cat."}
    import_threads_of_posts(MOLES | {"posts": [*MOLES["posts"][:2], copy]})
    quotation = Quotation.objects.select_related("source", "utterance").get()
    assert (quotation.basis, quotation.marked, quotation.utterance.identifier) == (
        Basis.INFERRED,
        False,
        "p4",
    )
    assert quotation.source.identifier == "p1"


def test_links_are_kept_and_only_harmless_ones_are_offered(import_threads_of_posts):
    import_threads_of_posts(MOLES)
    text = Thread.objects.get().documents.get().text
    found = [(link.span.of(text), link.address, link.safe_address) for link in Link.objects.all()]
    assert found == [
        ("here", "https://example.org/", "https://example.org/"),
        ("That", "javascript:alert(1)", ""),
    ]


def test_links_behind_the_text_are_found_by_the_check(import_threads_of_posts):
    import_threads_of_posts(MOLES)
    Link.objects.update(end=100_000)
    assert [violation.invariant for violation in violations()] == [2, 2, 5]


def test_replies_and_quotations_lead_across_documents(import_threads_of_posts):
    first, second, third = MOLES["posts"]
    import_threads_of_posts(MOLES | {"posts": [], "pages": [[first, second], [third, {
        "id": "p4", "by": "Bo", "text": "Sorry.", "reply_to": "p1"}]]})  # fmt: skip
    assert not ImportProblem.objects.exists()
    rows = {row.identifier: row for row in Utterance.objects.select_related("document")}
    assert (rows["p1"].document.order, rows["p4"].document.order) == (0, 1)
    assert (rows["p4"].reply_to, rows["p4"].reply_basis) == (rows["p1"], "attested")
    quotation = Quotation.objects.get()
    words = rows["p1"].document.text[quotation.source_start : quotation.source_end]
    assert (quotation.source, words) == (rows["p1"], "nothing but clover")
    assert list(violations()) == []


def test_lost_records_fail_and_the_thread_is_imported(import_threads_of_posts):
    outcomes = import_threads_of_posts(
        MOLES | {"bad": [["post 7", "It has no text.", True], ["post 9", "It is odd.", False]]}
    )
    assert outcomes[1:] == [Failed("dump.posts", "It has no text.", "post 7")]
    assert outcomes[1].sentence == "dump.posts, post 7: It has no text."
    problems = ImportProblem.objects.order_by("pk").values_list("kind", "locator", "reason")
    assert list(problems) == [
        ("notice", "post 9", "It is odd."),
        ("failed", "post 7", "It has no text."),
    ]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("A\0B", "dump.posts line 1 holds a NUL character, so it is damaged."),
        (
            "A\ud800B",
            "dump.posts line 1 holds half a character (a lone surrogate) at character 2.",
        ),
    ],
)
def test_text_that_no_database_holds_costs_its_thread_only(import_threads_of_posts, text, why):
    bad = {"id": "t0", "title": "Bad", "posts": [{"text": text}]}
    failed, created = import_threads_of_posts(bad, MOLES)
    assert (failed.reason, type(created)) == (why, Created)


def test_names_and_statements_that_no_column_holds_are_fitted(import_threads_of_posts):
    odd = {
        "id": "x" * 700 + "\0",
        "title": "Odd",
        "metadata": {"a": "\ud800\0", "b": 1},
        "posts": [{"id": "y" * 300, "by": "\udfff" + "z" * 400, "text": "Words."}],
    }
    import_threads_of_posts(odd)
    stored = Thread.objects.get()
    assert len(stored.identifier) == 500
    assert stored.metadata == {"a": "?\ufffd", "b": 1}
    assert len(Utterance.objects.get().identifier) == 255
    assert Speaker.objects.get().handle == "?" + "z" * 254


def test_new_threads_are_shown_as_projecting_them_would(import_threads_of_posts):
    import_threads_of_posts(MOLES, {"id": "t2", "title": "Bare", "posts": [{"text": "One."}]})
    for stored in Thread.objects.all():
        projection.project(stored.pk)
    assert list(violations()) == []


def test_structured_threads_pass_the_check_command(import_threads_of_posts, capsys):
    import_threads_of_posts(MOLES)
    call_command("update_index", "--pending", verbosity=0)
    call_command("corpus_check")
    assert "everything holds" in capsys.readouterr().out


def test_check_command_tells_in_one_line_of_posts_that_wait_for_the_index(
    import_threads_of_posts, capsys
):
    with indexing.postponed():
        import_threads_of_posts(MOLES)
        posts = Utterance.objects.count()
        with pytest.raises(SystemExit):
            call_command("corpus_check")
    assert capsys.readouterr().out.splitlines() == [
        f"Invariant 6: search index “default”: {posts} posts wait to be indexed; run update_index "
        "--pending.",
        "Checked 1 thread(s), 1 source document(s): 1 violation(s).",
    ]
    call_command("corpus_check")


def test_joined_documents_keep_every_span():
    line = lines(MOLES)
    pages = {"pages": [MOLES["posts"][:1], MOLES["posts"][1:]]}
    (draft,) = segmented_each([thread(MOLES | pages, "a.posts", "line 1", line)])
    whole = joined(draft)
    words = [one.span.of(whole.text) for one in whole.structure.utterances]
    assert words == [
        one.span.of(document.text)
        for document, structure in draft.structures()
        for one in structure.utterances
    ]
    assert [whole.document_at(one.span.start) for one in whole.structure.utterances] == [0, 1, 1]
