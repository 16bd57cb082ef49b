"""The workbench: the sheet, the steps as pages, and the steps as the page's script takes them."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse

from corpus.curation import AssignSpeaker, RetitleThread
from corpus.models import (
    Boilerplate,
    CollectionGroup,
    CurationEvent,
    Flag,
    Quotation,
    Redaction,
    ThreadReview,
    Utterance,
)
from tests.pages import page_text, parsed, text_of, with_class

pytestmark = pytest.mark.django_db

TEXT = (
    "Beans\n\n"
    "The frost took all my beans this spring, every one of them.\n\n\n"
    "The frost took all my beans this spring, every one of them.\n\n"
    "Cover <b>them</b> 😀 at night.\r\nAn old curtain does.\n\n\n"
    "Thanks."
)


@pytest.fixture
def thread(import_text):
    return import_text(TEXT)


def posts(thread):
    return list(Utterance.objects.of_thread(thread.pk).in_order())


def words(thread):
    return [TEXT[post.start : post.end] for post in posts(thread)]


def bench(thread, step=None, **query):
    if step is None:
        return reverse("admin:corpus_thread_workbench", args=[thread.pk], query=query)
    return reverse("admin:corpus_thread_workbench_step", args=[thread.pk, step], query=query)


@pytest.fixture
def send(thread, admin_client):
    """Send a step as the page's script does; the thread's version is the present one."""

    def send(step, client=admin_client, version=None, **values):
        thread.refresh_from_db()
        seen = thread.version if version is None else version
        return client.post(
            bench(thread, step),
            {"seen_version": seen, "page": 1, **values},
            headers={"X-Corpus-Partial": "1"},
        )

    return send


def runs(response):
    """Every run on the sheet with the place in the source that it claims."""
    return [
        (int(run.get("data-from")), "".join(run.itertext()))
        for run in parsed(response).iter("span")
        if run.get("data-from") and not run.get("data-to")
    ]


def test_every_run_on_the_sheet_stands_where_it_says(thread, admin_client):
    found = runs(admin_client.get(bench(thread)))
    assert [TEXT[at : at + len(run)] for at, run in found] == [run for _at, run in found]
    assert "".join("".join(run for _at, run in found).split()) == "".join(TEXT.split())


def test_boundaries_tell_their_cue_and_how_sure_they_are(thread, admin_client):
    bars = with_class(parsed(admin_client.get(bench(thread))), "corpus-why")
    assert [text_of(bar) for bar in bars] == [
        "no one's words: title line",
        "first words of the text, 100 % sure",
        "longer gap than between paragraphs, 99 % sure",
        "longer gap than between paragraphs, 99 % sure",
    ]


def test_opening_the_workbench_notes_that_the_thread_was_seen(thread, admin_client):
    admin_client.get(bench(thread))
    assert ThreadReview.objects.get(thread=thread).seen is not None


def test_step_is_answered_with_what_changed_only(thread, send):
    answer = send("split", post=posts(thread)[1].pk, at=TEXT.index("An old")).json()
    assert words(thread)[1:3] == [
        TEXT[posts(thread)[1].start : TEXT.index("\r\n")],
        "An old curtain does.",
    ]
    shown = [f"u{post.pk}" for post in posts(thread)]
    assert (answer["gone"], sorted(answer["drawn"]), answer["order"][1:]) == (
        [],
        sorted(shown[1:3]),
        shown,
    )
    assert (answer["version"], answer["said"]) == (1, CurationEvent.objects.get().summary)


def test_merge_and_undo_and_redo(thread, send):
    before, gone = words(thread), posts(thread)[2]
    answer = send("merge", post=gone.pk).json()
    assert answer["gone"] == [f"u{gone.pk}"]
    assert len(posts(thread)) == 2
    send("undo")
    assert words(thread) == before
    send("redo")
    assert len(posts(thread)) == 2
    assert send("redo").json()["said"] == "You have undone nothing here that could be redone."


def test_undo_takes_back_ones_own_steps_only(thread, send, admin_user, django_user_model):
    RetitleThread(thread, "Peas").execute(admin_user)
    other = django_user_model.objects.create_superuser("other")
    AssignSpeaker(posts(thread)[0], "Ada").execute(other)
    send("undo")
    thread.refresh_from_db()
    assert thread.title == "Beans"
    assert posts(thread)[0].speaker_words == "Ada"
    assert send("undo").status_code == 422


@pytest.mark.parametrize(
    ("step", "values", "column", "expected"),
    [
        ("speaker", {"handle": "Ada"}, "speaker_words", "Ada"),
        ("date", {"written": "March 2009"}, "date_words", "March 2009"),
        ("reply", {"number": "1"}, "reply_to_id", 1),
    ],
)
def test_statements_about_a_post(thread, send, step, values, column, expected):
    answer = send(step, post=posts(thread)[1].pk, **values)
    assert answer.status_code == 200
    found = getattr(posts(thread)[1], column)
    assert found == (posts(thread)[0].pk if step == "reply" else expected)


def test_speaker_may_be_named_by_another_post(thread, send):
    send("speaker", post=posts(thread)[0].pk, handle="Ada")
    send("speaker", post=posts(thread)[2].pk, handle="#1")
    assert posts(thread)[2].speaker_words == "Ada"
    answer = send("speaker", post=posts(thread)[2].pk, handle="#2")
    assert (answer.status_code, answer.json()["said"]) == (
        422,
        "Who wrote that post is not known.",
    )
    assert send("reply", post=posts(thread)[2].pk, number=10**30).json()["said"] == (
        "The thread has no post with that number."
    )


def test_boundary_is_moved_from_either_side(thread, send):
    cover, old = TEXT.index("Cover"), TEXT.index("An old")
    send("begin", post=posts(thread)[1].pk, at=cover)
    assert words(thread)[1].startswith("Cover")
    send("end", post=posts(thread)[1].pk, at=old)
    assert words(thread)[2].startswith("An old")
    refused = send("end", post=posts(thread)[2].pk, at=old + 3)
    assert refused.json()["said"] == "No post follows to which the rest could go: split instead."


def test_words_become_boilerplate_and_a_post_again(thread, send):
    post = posts(thread)[2]
    send("boilerplate", post=post.pk, start=post.start, end=post.end, kind="signature")
    assert len(posts(thread)) == 2
    row = Boilerplate.objects.get(kind="signature")
    send("give-back", boilerplate=row.pk)
    assert words(thread)[2] == "Thanks."


def test_quotation_is_judged_and_its_original_proposed(thread, send, admin_client):
    row = Quotation.objects.get()
    send("accept-quotation", quotation=row.pk)
    assert Quotation.objects.get().state == "confirmed"
    send("drop-quotation", quotation=row.pk)
    second = posts(thread)[1]
    asked = admin_client.get(
        bench(thread, "quotation", post=second.pk, start=second.start, end=TEXT.index("Cover") - 2)
    )
    choices = asked.context["form"].fields["original"].choices
    assert [label for _value, label in choices] == [
        "post 1: The frost took all my beans this spring, every one of them.",
        "another post",
        "an original that is not in this thread",
    ]
    original = choices[0][0]
    place = {"post": second.pk, "start": second.start, "end": TEXT.index("Cover") - 2}
    send("quotation", original=original, **place)
    added = Quotation.objects.get()
    assert (added.source, added.extent, added.basis) == (posts(thread)[0], "whole", "curated")
    send("original", quotation=added.pk, original="number", number=3)
    assert Quotation.objects.get().source == posts(thread)[0]  # Refused: that post comes later.
    send("original", quotation=added.pk, original="unknown")
    assert Quotation.objects.get().source is None


def test_flag_is_raised_shown_and_resolved(thread, send, admin_client):
    document = thread.documents.get()
    send("flag", document=document.pk, start=8, end=12, note="Is this <i>one</i> post?")
    assert "To discuss: Is this <i>one</i> post?" in page_text(admin_client.get(bench(thread)))
    assert ThreadReview.objects.get(thread=thread).flags == 1
    send("resolve", flag=Flag.objects.get().pk)
    assert not Flag.objects.exists()
    send("undo")
    assert Flag.objects.get().note == "Is this <i>one</i> post?"


def test_redacted_words_leave_the_sheet_at_once(thread, send, admin_client):
    document, at = thread.documents.get(), TEXT.index("frost")
    answer = send("redact", document=document.pk, start=at, end=at + 5, kind="other")
    drawn = "".join(answer.json()["drawn"].values())
    assert "frost" not in drawn
    assert "[other]" in drawn
    page = admin_client.get(bench(thread)).content.decode()
    assert "frost" not in page
    second = posts(thread)[1]
    asked = admin_client.get(
        bench(thread, "quotation", post=second.pk, start=second.start, end=second.end)
    )
    assert "frost" not in asked.content.decode()


def test_everything_left_is_accepted_in_one_step(thread, send):
    send("accept-all")
    assert {post.state for post in posts(thread)} == {"confirmed"}
    assert Quotation.objects.get().state == "confirmed"
    assert ThreadReview.objects.get(thread=thread).least is None
    assert CurationEvent.objects.count() == 1


def test_stale_step_is_refused_with_the_present_sheet_and_what_others_did(thread, send, admin_user):
    AssignSpeaker(posts(thread)[0], "Ada").execute(admin_user)
    answer = send("speaker", version=0, post=posts(thread)[0].pk, handle="Bo")
    told = answer.json()
    assert answer.status_code == 409
    assert told["said"].startswith("Someone else changed this thread meanwhile (admin: Speaker of")
    assert told["version"] == 1
    assert "Ada" in told["all"]["drawn"][f"u{posts(thread)[0].pk}"]
    assert posts(thread)[0].speaker_words == "Ada"


def test_step_without_a_version_is_refused(thread, admin_client):
    address = bench(thread, "accept", post=posts(thread)[0].pk)
    assert admin_client.post(address).status_code == 409
    assert admin_client.post(address, {"seen_version": "x"}).status_code == 409
    assert not CurationEvent.objects.exists()


def test_without_scripts_buttons_lead_back_to_the_post(thread, admin_client):
    post = posts(thread)[2]
    address = bench(thread, "accept", post=post.pk)
    response = admin_client.post(address, {"seen_version": 0, "page": 1})
    assert response["Location"] == f"{bench(thread)}?page=1#u{post.pk}"
    assert posts(thread)[2].state == "confirmed"
    again = admin_client.post(address, {"seen_version": 1, "page": 1}, follow=True)
    assert [str(told) for told in again.context["messages"]][-1] == "The post is confirmed already."


def test_without_scripts_a_stale_form_comes_back_with_what_was_typed(
    thread, admin_client, admin_user
):
    post = posts(thread)[0]
    asked = admin_client.get(bench(thread, "speaker", post=post.pk))
    assert "Who wrote it?" in page_text(asked)
    RetitleThread(thread, "Peas").execute(admin_user)
    stale = {"seen_version": 0, "page": 1, "post": post.pk, "handle": "Bo"}
    response = admin_client.post(bench(thread, "speaker"), stale)
    assert response.status_code == 409
    assert response.context["form"]["handle"].value() == "Bo"
    assert "admin: Title: “Beans” → “Peas”" in page_text_of(response)
    admin_client.post(bench(thread, "speaker"), stale | {"seen_version": 1})
    assert posts(thread)[0].speaker_words == "Bo"


def page_text_of(response):
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize("step", ["accept", "merge", "split", "speaker", "quotation"])
def test_rows_of_other_threads_are_no_choice(thread, import_text, send, step):
    other = import_text("Peas\n\nNone came up.\n\n\nA pity.", origin="peas.txt")
    before = Utterance.objects.count()
    post = posts(other)[1]
    answer = send(step, post=post.pk, at=post.start + 2, start=post.start, end=post.end, handle="x")
    assert answer.status_code == 422
    assert Utterance.objects.count() == before
    assert not CurationEvent.objects.exists()


@pytest.fixture
def curator(client, django_user_model):
    """A curator in a group of their own, logged in."""
    user = django_user_model.objects.create_user("curator", is_staff=True)
    group = Group.objects.create(name="Gardeners")
    group.permissions.add(Permission.objects.get(codename="curate_thread"))
    user.groups.add(group)
    client.force_login(user)
    client.group = group
    return client


def test_only_curators_enter(thread, client, django_user_model):
    client.force_login(django_user_model.objects.create_user("somebody", is_staff=True))
    assert client.get(bench(thread)).status_code == 403
    assert client.post(bench(thread, "accept"), {"seen_version": 0}).status_code == 403


def test_redacting_needs_a_permission_of_its_own(thread, curator, send):
    document = thread.documents.get()
    values = {"document": document.pk, "start": 8, "end": 12, "kind": "name"}
    assert send("redact", client=curator, **values).status_code == 403
    curator.group.permissions.add(Permission.objects.get(codename="redact_text"))
    assert send("redact", client=curator, **values).status_code == 200
    assert Redaction.objects.exists()


def test_collection_of_other_groups_is_not_there(thread, curator, send):
    assert curator.get(bench(thread)).status_code == 200
    other = Group.objects.create(name="Cooks")
    CollectionGroup.objects.create(collection=thread.collection, group=other)
    assert curator.get(bench(thread)).status_code == 404
    assert send("accept", client=curator, post=posts(thread)[0].pk).status_code == 404
    CollectionGroup.objects.create(collection=thread.collection, group=curator.group)
    assert curator.get(bench(thread)).status_code == 200


def test_pages_allow_nothing_inline(thread, admin_client):
    for address in (bench(thread), bench(thread, "retitle")):
        policy = admin_client.get(address)["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "unsafe-inline" not in policy


def test_long_thread_comes_in_pages(import_text, admin_client):
    text = "Long\n\n" + "\n\n\n".join(f"Post {n} says so." for n in range(1, 251))
    thread = import_text(text, indexed=False)
    page = admin_client.get(bench(thread, at=posts(thread)[149].pk))
    assert page.context["sheet"].page == 2
    assert [row.number for row in page.context["sheet"].stretches] == list(range(101, 201))
    assert admin_client.get(bench(thread, page=99)).context["sheet"].page == 3
    assert "Page 2 of 3 (250 posts)" in page_text(page)


@pytest.mark.parametrize(
    ("number", "place"), [("2", 1), ("99", -1), ("0", 0), ("x", 0), ("9" * 30, 0)]
)
def test_number_leads_to_the_post_that_is_counted_so(import_text, admin_client, number, place):
    thread = import_text(TEXT)
    post = list(Utterance.objects.of_thread(thread.pk).in_order())[place]
    address = reverse("admin:corpus_thread_workbench", args=[thread.pk])
    answer = admin_client.get(address, {"number": number})
    assert answer["Location"] == f"{address}?at={post.pk}#u{post.pk}"
