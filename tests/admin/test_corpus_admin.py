"""The corpus in the admin: useful, safe, and quick however many rows there are."""

import re

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from corpus.admin.changelist import COUNTED
from corpus.curation import RetitleThread, UndoEvent
from corpus.models import (
    Collection,
    CurationEvent,
    Quotation,
    Redaction,
    SourceDocument,
    Speaker,
    Thread,
    Utterance,
)
from forumimport.models import ImportProblem, ImportRun
from tests.pages import form_values, page_text, parsed, text_of

pytestmark = pytest.mark.django_db

TEXT = (
    "Beans\n\n"
    "The frost took all my beans this spring, every one of them.\n\n\n"
    "The frost took all my beans this spring, every one of them.\n\n"
    "Cover <b>them</b> at night.\nAn old curtain does.\n\n\n"
    "Thanks."
)
LISTED = [
    Collection,
    Thread,
    SourceDocument,
    Utterance,
    Speaker,
    Quotation,
    Redaction,
    CurationEvent,
]


@pytest.fixture
def thread(import_text):
    return import_text(TEXT)


def listing(model, **parameters):
    return reverse(
        f"admin:{model._meta.label_lower.replace('.', '_')}_changelist", query=parameters
    )


def change(row):
    return reverse(f"admin:{row._meta.label_lower.replace('.', '_')}_change", args=[row.pk])


def cells(response, column):
    """The texts of one column of a change list."""
    return [
        text_of(cell)
        for tag in ("td", "th")
        for cell in parsed(response).iter(tag)
        if f"field-{column}" in cell.get("class", "").split()
    ]


def posts(thread):
    return list(Utterance.objects.of_thread(thread.pk).in_order())


def save(client, row, *, seen=None, **fields):
    """Change fields on a row's page and save; returns what the curator is told.

    ``seen`` is the page as it was opened, if others have been at work since.
    """
    values = form_values(seen or client.get(change(row)))
    response = client.post(change(row), values | fields, follow=True)
    form = response.context.get("adminform")
    told = [str(message) for message in response.context["messages"]]
    return told + [str(e) for errors in (form.form.errors.values() if form else []) for e in errors]


@pytest.mark.parametrize("model", [*LISTED, ImportRun, ImportProblem])
def test_every_list_and_search_works(thread, admin_client, model):
    assert admin_client.get(listing(model)).status_code == 200
    searched = admin_client.get(listing(model, q="beans"))
    assert searched.status_code == 200


@pytest.mark.parametrize("model", [*LISTED, ImportRun])
def test_lists_ask_as_many_queries_for_many_rows_as_for_few(import_text, admin_client, model):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert admin_client.get(listing(model)).status_code == 200
        return [query["sql"] for query in captured]

    import_text(TEXT)
    few = queries()
    for number in range(5):
        import_text(f"{TEXT} {number}", origin=f"{number}.txt", collection=f"Number {number}")
    many = queries()
    assert len(many) <= len(few) + (model in (Utterance, Quotation))
    # Counting stops at a bound; the tables of few rows may be counted.
    for sql in many:
        if "COUNT(*)" in sql and f'"{model._meta.db_table}"' in sql:
            assert str(COUNTED) in sql, sql


def test_thread_list_shows_posts_and_what_is_unsure(thread, admin_client):
    Utterance.objects.filter(pk=posts(thread)[1].pk).update(confidence=0.5)
    page = admin_client.get(listing(Thread))
    assert cells(page, "posts") == ["3"]
    assert cells(page, "unsure") == ["1"]
    unsure = admin_client.get(
        listing(Utterance, document__thread__id__exact=thread.pk, unsure="yes")
    )
    assert len(cells(unsure, "words")) == 1


def test_utterances_read_in_order_with_what_is_known(thread, admin_client):
    page = admin_client.get(listing(Utterance, document__thread__id__exact=thread.pk))
    assert cells(page, "words") == [
        "The frost took all my beans this spring, every one of them.",
        "The frost took all my beans this spring, every one of them. "
        "Cover <b>them</b> at night. A…",
        "Thanks.",
    ]
    assert cells(page, "date_shown") == ["date unknown"] * 3
    assert cells(page, "quotations") == ["0", "1", "0"]


@pytest.mark.parametrize("model", [Utterance, Quotation, SourceDocument, Thread])
def test_pages_link_to_the_forum_and_back(thread, admin_client, model):
    row = model.objects.order_by("pk").first()
    assert admin_client.get(change(row)).status_code == 200


def test_redacted_text_is_nowhere_in_the_admin(thread, admin_client):
    document = thread.documents.get()
    for match in re.finditer("frost", document.text):
        Redaction.objects.create(
            document=document, start=match.start(), end=match.end(), kind="other"
        )
    pages = [listing(model) for model in LISTED]
    pages += [change(row) for row in [thread, document, *posts(thread), Quotation.objects.get()]]
    for address in pages:
        page = admin_client.get(address)
        assert page.status_code == 200
        assert "frost" not in page.content.decode(), address
    assert "The [other] took" in page_text(admin_client.get(change(document)))


def test_source_text_cannot_be_changed(thread, admin_client):
    document = thread.documents.get()
    assert admin_client.post(change(document), {"text": "other"}).status_code == 403
    document.refresh_from_db()
    assert document.text == TEXT


def test_title_is_changed_by_operation(thread, admin_client, admin_user):
    save(admin_client, thread, title="Runner beans")
    thread.refresh_from_db()
    event = CurationEvent.objects.get()
    assert (thread.title, event.operation, event.user) == (
        "Runner beans",
        "retitle-thread",
        admin_user,
    )


def test_speaker_is_assigned_and_post_split_by_operation(thread, admin_client):
    answer = posts(thread)[1]
    save(admin_client, answer, handle="Ada", split_at=str(TEXT.index("An old")))
    assert [(post.speaker_words, post.end - post.start) for post in posts(thread)[1:3]] == [
        ("Ada", TEXT.index("An old") - 1 - answer.start),
        ("unknown speaker", len("An old curtain does.")),
    ]


def test_reply_is_stated_by_number(thread, admin_client):
    third = posts(thread)[2]
    save(admin_client, third, answers_post="2")
    assert posts(thread)[2].reply_to == posts(thread)[1]
    page = admin_client.get(change(third))
    assert page.context["adminform"].form["answers_post"].value() == 2
    assert "The thread has no post with that number." in save(admin_client, third, answers_post=9)
    told = save(admin_client, posts(thread)[0], answers_post="2")
    assert told == ["A post can only answer an earlier post of its thread."]


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("2009", "2009"),
        ("March 2009", "March 2009"),
        ("3 March 2009", "March 3, 2009"),
        ("2009-03-03 14:05", "March 3, 2009, 2:05 p.m."),
        ("25/12/2009", "Dec. 25, 2009"),
    ],
)
def test_date_is_stated_as_far_as_known(thread, admin_client, typed, shown):
    first = posts(thread)[0]
    save(admin_client, first, written=typed)
    assert posts(thread)[0].date_words == shown
    version = CurationEvent.objects.count()
    save(admin_client, first)  # As it stands: nothing to do.
    assert CurationEvent.objects.count() == version
    save(admin_client, first, written="")
    assert posts(thread)[0].date_words == "date unknown"


@pytest.mark.parametrize("typed", ["03/04/2009", "yesterday", "31 February 2009", "x"])
def test_date_that_can_be_read_in_two_ways_or_none_is_refused(thread, admin_client, typed):
    told = save(admin_client, posts(thread)[0], written=typed)
    assert told == ["This date cannot be read in one way only; write the month in letters."]


def test_words_are_redacted_from_the_post_and_shown_again(thread, admin_client):
    first = posts(thread)[0]
    assert "The post does not hold these words." in save(admin_client, first, hide="radish")
    save(admin_client, first, hide="frost", hide_as="other")
    assert "frost" not in admin_client.get(listing(Utterance)).content.decode()
    rows = [row.pk for row in Redaction.objects.all()]
    assert len(rows) == 2  # In the post and in its quotation.
    admin_client.post(listing(Redaction), {"action": "lift", "_selected_action": rows})
    assert "frost" in admin_client.get(listing(Utterance)).content.decode()


def test_quotations_are_confirmed_and_removed_from_the_list(thread, admin_client):
    rows = [Quotation.objects.get().pk]
    admin_client.post(listing(Quotation), {"action": "confirm", "_selected_action": rows})
    assert Quotation.objects.get().state == "confirmed"
    admin_client.post(listing(Quotation), {"action": "remove", "_selected_action": rows})
    assert not Quotation.objects.exists()


def test_second_of_two_curators_is_told_and_overwrites_nothing(thread, admin_client):
    post = posts(thread)[0]
    seen = admin_client.get(change(post))
    save(admin_client, post, handle="Ada")
    (told,) = save(admin_client, post, seen=seen, handle="Bo")
    assert told.startswith("“Beans” was changed by someone else in the meantime (version 1")
    assert posts(thread)[0].speaker_words == "Ada"


def test_saving_an_old_page_without_a_change_changes_nothing(thread, admin_client):
    post = posts(thread)[0]
    seen = admin_client.get(change(post))
    save(admin_client, post, handle="Ada")
    save(admin_client, post, seen=seen)
    assert posts(thread)[0].speaker_words == "Ada"


def test_one_save_is_all_or_nothing(thread, admin_client):
    answer = posts(thread)[1]
    told = save(admin_client, answer, handle="Ada", answers_post="3")
    assert told == ["A post can only answer an earlier post of its thread."]
    assert posts(thread)[1].speaker is None


def test_thread_with_an_undone_step_can_be_deleted(thread, admin_client):
    UndoEvent(UndoEvent(RetitleThread(thread, "Peas").execute()).execute()).execute()
    admin_client.post(reverse("admin:corpus_thread_delete", args=[thread.pk]), {"post": "yes"})
    assert not Thread.objects.exists()


def test_split_offers_the_lines_inside_the_post(thread, admin_client):
    page = admin_client.get(change(posts(thread)[1]))
    form = page.context["adminform"].form
    assert [label for _value, label in form.fields["split_at"].choices] == [
        "—",
        "Cover <b>them</b> at night.",
        "An old curtain does.",
    ]


def test_refused_operation_is_told_and_changes_nothing(thread, admin_client):
    response = admin_client.post(
        listing(Utterance),
        {"action": "merge", "_selected_action": [posts(thread)[0].pk]},
        follow=True,
    )
    assert [str(message) for message in response.context["messages"]] == [
        "Cannot merge the first post of a text: none stands before it."
    ]


def test_posts_are_merged_confirmed_and_undone_from_the_lists(thread, admin_client):
    merged = [post.pk for post in posts(thread)[1:]]
    admin_client.post(listing(Utterance), {"action": "merge", "_selected_action": merged})
    assert len(posts(thread)) == 1
    events = [event.pk for event in CurationEvent.objects.all()]
    admin_client.post(listing(CurationEvent), {"action": "undo", "_selected_action": events})
    assert [post.pk for post in posts(thread)][1:] == merged
    admin_client.post(listing(Utterance), {"action": "confirm", "_selected_action": merged})
    assert [post.state for post in posts(thread)] == ["automatic", "confirmed", "confirmed"]


def test_threads_are_held_and_released_from_the_list(thread, admin_client):
    admin_client.post(listing(Thread), {"action": "hold", "_selected_action": [thread.pk]})
    thread.refresh_from_db()
    assert thread.held
    admin_client.post(listing(Thread), {"action": "release", "_selected_action": [thread.pk]})
    thread.refresh_from_db()
    assert not thread.held


def test_deleting_a_thread_tells_how_much_goes_and_takes_it_from_the_forum(thread, admin_client):
    address = reverse("admin:corpus_thread_delete", args=[thread.pk])
    assert "Utterances: 3" in page_text(admin_client.get(address))
    admin_client.post(address, {"post": "yes"})
    assert not Thread.objects.exists()


def test_collection_with_threads_cannot_be_deleted(thread, admin_client):
    address = reverse("admin:corpus_collection_delete", args=[thread.collection_id])
    admin_client.post(address, {"post": "yes"})
    assert Collection.objects.filter(pk=thread.collection_id).exists()


@pytest.mark.parametrize(
    ("permission", "allowed"), [(None, False), ("view_utterance", False), ("curate_thread", True)]
)
def test_only_curators_change_posts(
    thread, client, admin_client, django_user_model, permission, allowed
):
    user = django_user_model.objects.create_user("somebody", is_staff=True)
    if permission:
        user.user_permissions.add(Permission.objects.get(codename=permission))
    client.force_login(user)
    values = form_values(admin_client.get(change(posts(thread)[0]))) | {"handle": "Ada"}
    client.post(change(posts(thread)[0]), values)
    assert Speaker.objects.exists() == allowed
