"""The curators' queue: what most needs a look first, narrowed, and nothing of what is closed."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from corpus.curation import (
    ConfirmThread,
    DeleteThread,
    FlagSpan,
    HoldThread,
    RestoreThread,
    reviews,
)
from corpus.models import Collection, CollectionGroup, Thread, ThreadReview, Utterance
from forumimport.models import ImportRun
from tests.pages import page_text, parsed, text_of

pytestmark = pytest.mark.django_db

TEXT = "{}\n\nFrost took them, said {}.\n\n\nCover them.\n\n\nThanks."


@pytest.fixture
def threads(import_text):
    """Three threads whose least sure boundary is at .9, .3 and .5."""
    made = []
    for name, least in (("Beans", 0.9), ("Peas", 0.3), ("Leeks", 0.5)):
        thread = import_text(TEXT.format(name, name), origin=name, indexed=False)
        post = Utterance.objects.of_thread(thread.pk).in_order()[1]
        Utterance.objects.filter(pk=post.pk).update(confidence=least)
        made.append(thread)
    return made


def queue(client, **chosen):
    return client.get(reverse("admin:corpus_thread_queue", query=chosen))


def titles(response):
    return [thread.title for thread in response.context["rows"]]


def test_least_sure_thread_comes_first_and_flagged_ones_before_all(threads, admin_client):
    assert titles(queue(admin_client)) == ["Peas", "Leeks", "Beans"]
    FlagSpan(threads[0].documents.get(), 0, 5, "Is this right?").execute()
    assert titles(queue(admin_client)) == ["Beans", "Peas", "Leeks"]


def test_confirmed_thread_goes_to_the_end(threads, admin_client):
    queue(admin_client)
    ConfirmThread(threads[1]).execute()
    assert titles(queue(admin_client)) == ["Leeks", "Beans", "Peas"]


def test_thread_never_seen_comes_before_those_seen(threads, admin_client):
    queue(admin_client)
    for thread in threads:
        ConfirmThread(thread).execute()
    admin_client.get(reverse("admin:corpus_thread_workbench", args=[threads[0].pk]))
    assert titles(queue(admin_client)) == ["Peas", "Leeks", "Beans"]


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ({"state": "unsure"}, ["Peas", "Leeks"]),
        ({"state": "unseen"}, ["Peas", "Leeks", "Beans"]),
        ({"state": "reviewed"}, []),
        ({"state": "flagged"}, []),
        ({"state": "nonsense"}, []),
        ({"state": "held"}, ["Leeks"]),
        ({"cue": "longer-gap"}, ["Peas", "Leeks"]),
        ({"cue": "header"}, []),
        ({"collection": "x"}, []),
        ({"language": "is"}, ["Beans"]),
        ({"q": "EAS"}, ["Peas"]),
        ({"q": "e", "state": "unsure", "cue": "longer-gap"}, ["Peas", "Leeks"]),
    ],
)
def test_queue_is_narrowed(threads, admin_client, chosen, expected):
    HoldThread(threads[2]).execute()
    Thread.objects.filter(pk=threads[0].pk).update(language="is")
    assert titles(queue(admin_client, **chosen)) == expected


def test_queue_is_narrowed_by_import_run(threads, admin_client):
    run = ImportRun.objects.order_by("pk")[1]
    assert titles(queue(admin_client, run=run.pk)) == ["Peas"]


def test_progress_is_told_for_each_collection(threads, admin_client):
    queue(admin_client)
    for thread in threads[:2]:
        admin_client.get(reverse("admin:corpus_thread_workbench", args=[thread.pk]))
    text = page_text(queue(admin_client))
    assert "Garden talk 1 of 3 threads reviewed, 2 boundaries unsure" in text


def test_deleted_thread_is_in_its_own_list_and_comes_back(threads, admin_client):
    DeleteThread(threads[1]).execute()
    assert titles(queue(admin_client)) == ["Leeks", "Beans"]
    assert titles(queue(admin_client, state="deleted")) == ["Peas"]
    RestoreThread(threads[1]).execute()
    assert titles(queue(admin_client)) == ["Peas", "Leeks", "Beans"]


def test_queue_leads_to_the_first_unsure_boundary(threads, admin_client):
    page = parsed(queue(admin_client))
    link = next(a for a in page.iter("a") if text_of(a) == "Peas")
    post = Utterance.objects.of_thread(threads[1].pk).in_order()[1]
    bench = reverse("admin:corpus_thread_workbench", args=[threads[1].pk])
    assert link.get("href") == f"{bench}?unsure=1"
    assert admin_client.get(f"{bench}?unsure=1")["Location"] == f"{bench}?at={post.pk}#u{post.pk}"


def test_review_is_counted_when_threads_were_imported(threads, admin_client):
    assert not ThreadReview.objects.exists()
    queue(admin_client)
    assert list(ThreadReview.objects.order_by("pk").values_list("posts", "unsure", "least")) == [
        (3, 0, 0.9),
        (3, 1, 0.3),
        (3, 1, 0.5),
    ]


def test_queue_asks_as_many_queries_for_many_threads_as_for_few(threads, import_text, admin_client):
    def asked():
        queue(admin_client)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            queue(admin_client)
        return len(queries)

    few = asked()
    for number in range(10):
        import_text(TEXT.format(number, number), origin=str(number), indexed=False)
    assert asked() == few


@pytest.fixture
def curator(client, django_user_model):
    user = django_user_model.objects.create_user("curator", is_staff=True)
    needed = ["curate_thread", "view_sourcedocument", "view_speaker"]
    user.user_permissions.add(*Permission.objects.filter(codename__in=needed))
    client.force_login(user)
    return client


def test_closed_collection_leaves_no_trace(
    threads, import_text, curator, django_capture_on_commit_callbacks
):
    secret = import_text("Secret\n\nNobody may see it.\n\n\nNo.", collection="Closed garden")
    group = Group.objects.create(name="Insiders")
    collection = Collection.objects.get(name="Closed garden")
    collection.visibility = "curators"
    collection.save()
    assert "Closed garden" in page_text(queue(curator))
    with django_capture_on_commit_callbacks(execute=True):
        CollectionGroup.objects.create(collection=collection, group=group)
    post = Utterance.objects.of_thread(secret.pk).first()
    pages = [
        reverse("admin:corpus_thread_queue"),
        reverse("admin:corpus_thread_queue", query={"collection": collection.pk}),
        *(
            reverse(f"admin:corpus_{model}_changelist")
            for model in (
                "thread", "collection", "sourcedocument", "utterance", "speaker", "quotation",
                "redaction", "curationevent",
            )
        ),
        reverse("admin:corpus_thread_changelist", query={"collection__id__exact": collection.pk}),
    ]  # fmt: skip
    for address in pages:
        page = curator.get(address)
        assert page.status_code == 200, address
        assert "Secret" not in page.content.decode(), address
        assert "Closed garden" not in page.content.decode(), address
    for name, row in (("thread", secret), ("collection", collection), ("utterance", post)):
        response = curator.get(reverse(f"admin:corpus_{name}_change", args=[row.pk]))
        assert response["Location"] == "/admin/"  # As for any key that there is not.
    assert curator.get(f"/thread/{secret.pk}/").status_code == 404
    get_user(curator).groups.add(group)
    assert "Closed garden" in page_text(curator.get(pages[0]))
    assert curator.get(f"/thread/{secret.pk}/").status_code == 302


def get_user(client):
    from django.contrib.auth import get_user as of

    request = type("Request", (), {"session": client.session})()
    return of(request)


def test_others_than_curators_do_not_enter(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("somebody", is_staff=True))
    assert queue(client).status_code == 403


def test_review_follows_every_step(threads):
    reviews.complete()
    ConfirmThread(threads[1], above=0.3).execute()
    assert ThreadReview.objects.get(thread=threads[1]).unsure == 0


def test_check_tells_stale_reviews_and_repairs_them(threads, capsys):
    reviews.complete()
    seen = timezone.now()
    ThreadReview.objects.filter(thread=threads[1]).update(posts=9, unsure=0, least=None, seen=seen)
    call_command("update_index", "--pending", verbosity=0)
    capsys.readouterr()
    with pytest.raises(SystemExit):
        call_command("corpus_check")
    assert capsys.readouterr().out.splitlines() == [
        f"Queue: thread {threads[1].pk} (Peas): it counts 9 post(s), 0 unsure (the least sure: "
        "none), 0 flag(s); there are 3 post(s), 1 unsure (the least sure: 0.300), 0 flag(s).",
        "Checked 3 thread(s), 3 source document(s): 1 violation(s).",
    ]
    call_command("corpus_check", "--repair")
    assert "everything holds" in capsys.readouterr().out
    assert ThreadReview.objects.get(thread=threads[1]).seen == seen
