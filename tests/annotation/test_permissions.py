"""Nobody reaches what they may not: every page and endpoint, tried by everybody."""

import json
import uuid

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from corpus.annotation import assigning
from corpus.annotation.permissions import collections_of, may
from corpus.models import AnnotationRole, Assignment, Collection, CollectionGroup, Layer, Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def client_of():
    def client_of(user):
        client = Client()
        client.force_login(user)
        return client

    return client_of


@pytest.fixture
def in_group(person):
    """Make a member of staff with a role in one collection."""

    def in_group(name, role, collection):
        group = Group.objects.create(name=f"{name}s")
        AnnotationRole.objects.create(group=group, role=role, collection=collection)
        user = person(name)
        user.groups.add(group)
        return user

    return in_group


def page(name, *args):
    return reverse(f"admin:corpus_annotation_{name}", args=args)


def row(code, document, **more):
    return {
        "version": code.version_id,
        "guid": str(uuid.uuid4()),
        "document": document.pk,
        "start": 10,
        "end": 20,
        "code": code.pk,
    } | more


def sent(client, method, address, body):
    return getattr(client, method)(address, json.dumps(body), content_type="application/json")


def test_annotators_see_only_their_own_layers(assigned, client_of, code, say, thread):
    ada, bo = assigned
    made = say(ada.layer, code("doubt"), "Maybe")
    theirs = client_of(bo.layer.author)
    assert theirs.get(page("coding", bo.layer_id)).status_code == 200
    assert theirs.get(page("coding", ada.layer_id)).status_code == 404
    assert theirs.get(page("rows", ada.layer_id)).status_code == 404
    assert theirs.get(page("suggestions", ada.layer_id, made.guid)).status_code == 404
    document = thread.documents.get()
    body = row(code("doubt"), document)
    assert sent(theirs, "post", page("rows", ada.layer_id), body).status_code == 404
    address = page("row", ada.layer_id, made.guid)
    assert sent(theirs, "patch", address, body | {"revision": 0}).status_code == 404
    assert theirs.delete(f"{address}?version=1").status_code == 404
    through = page("row", bo.layer_id, made.guid)
    assert sent(theirs, "patch", through, body | {"revision": 0}).status_code == 404
    assert theirs.delete(f"{through}?version={code('doubt').version_id}").status_code == 204
    assert ada.layer.annotations.count() == 1
    assert theirs.post(page("finish", ada.layer_id), {"finished": "1"}).status_code == 404


def test_released_layers_are_read_by_the_other_annotators(assigned, client_of, code, say, thread):
    ada, bo = assigned
    say(ada.layer, code("doubt"), "Maybe")
    assigning.release(Layer.objects.filter(pk=ada.layer_id))
    still_coding = client_of(bo.layer.author)
    assert still_coding.get(page("coding", ada.layer_id)).status_code == 404
    assigning.release(Layer.objects.all())
    theirs = client_of(bo.layer.author)
    assert theirs.get(page("coding", ada.layer_id)).status_code == 200
    body = row(code("doubt"), thread.documents.get())
    refused = sent(theirs, "post", page("rows", bo.layer_id), body)
    assert (refused.status_code, refused.json()["reason"]) == (409, "locked")
    assert sent(theirs, "post", page("rows", ada.layer_id), body).status_code == 404


#: Pages of a codebook, and what coordinators and adjudicators get of them.
OF_CODEBOOK = [
    "agreement", "adjudication", "passages", "use", "review", "files",
]  # fmt: skip


def addresses(codebook, thread, layer):
    return {
        **{name: page(name, codebook.pk) for name in OF_CODEBOOK},
        "adjudicate": page("adjudicate", codebook.pk, thread.pk),
        "export": page("export", codebook.pk, "csv"),
        "codebook": reverse("admin:corpus_codebook_change", args=[codebook.pk]),
        "codebooks": reverse("admin:corpus_codebook_changelist"),
        "new codebook": reverse("admin:corpus_codebook_add"),
        "code": page("code_add", codebook.pk),
        "codebook file": page("codebook_export", codebook.pk, "json"),
        "assignments": reverse("admin:corpus_assignment_changelist"),
        "annotations": reverse("admin:corpus_annotation_changelist"),
        "assign": page("assign"),
        "worklist": page("worklist"),
        "coding": page("coding", layer.pk),
    }


def allowed(client, tried):
    answers = {name: client.get(address) for name, address in tried.items()}
    for answer in answers.values():
        if answer.streaming:
            list(answer)  # Read to the end, its file is closed.
    return {name for name, answer in answers.items() if answer.status_code == 200}


def test_pages_allow_nothing_inline(assigned, codebook, thread, admin_client):
    tried = addresses(codebook, thread, assigned[0].layer)
    for name in ("agreement", "adjudicate", "worklist", "assign"):
        policy = admin_client.get(tried[name])["Content-Security-Policy"]
        assert "default-src 'self'" in policy, name
        assert "unsafe-inline" not in policy, name


def test_every_page_is_for_those_with_the_role(
    assigned, codebook, thread, client_of, person, admin_user
):
    tried = addresses(codebook, thread, assigned[0].layer)
    both = {
        *OF_CODEBOOK,
        "export",
        "codebook",
        "codebooks",
        "codebook file",
        "annotations",
        "coding",
    }
    expected = {
        "stranger": set(),
        "annotator": {"worklist"},
        "coordinator": both | {"new codebook", "code", "assignments", "assign"},
        "adjudicator": both | {"adjudicate"},
    }
    people = {
        "stranger": person("stranger"),
        "annotator": person("annotator", "annotate_thread"),
        "coordinator": person("coordinator", "coordinate_annotation"),
        "adjudicator": person("adjudicator", "adjudicate_annotation"),
    }
    assert {name: allowed(client_of(user), tried) for name, user in people.items()} == expected
    assert allowed(client_of(admin_user), tried) == set(tried)
    assert allowed(Client(), tried) == set()


def test_roles_hold_for_their_collection_only(
    assigned, codebook, thread, client_of, in_group, code, say
):
    say(assigned[0].layer, code("doubt"), "Maybe")
    other = Collection.objects.create(name="Elsewhere")
    insider = client_of(in_group("insider", Role.ADJUDICATE, thread.collection))
    outsider = client_of(in_group("outsider", Role.ADJUDICATE, other))
    adjudicate = page("adjudicate", codebook.pk, thread.pk)
    assert insider.get(adjudicate).status_code == 200
    assert outsider.get(adjudicate).status_code == 403
    assert outsider.post(adjudicate, {"agreed": "1"}).status_code == 403
    assert outsider.get(page("coding", assigned[0].layer_id)).status_code == 404
    for name in ("passages", "use"):
        told = [c.get(page(name, codebook.pk)).content.decode() for c in (insider, outsider)]
        assert ["Beans" in content for content in told] == [True, False]
    exported = [
        b"".join(c.get(page("export", codebook.pk, "csv"))).decode() for c in (insider, outsider)
    ]
    assert ["Maybe" in content for content in exported] == [True, False]
    book = reverse("admin:corpus_codebook_change", args=[codebook.pk])
    used = [sum(n for *_, n in c.get(book).context["codes"]) for c in (insider, outsider)]
    assert used == [1, 0]
    listed = outsider.get(reverse("admin:corpus_annotation_changelist"))
    assert list(listed.context["cl"].result_list) == []


def test_coordinator_of_another_collection_cannot_touch_assignments(assigned, client_of, in_group):
    other = Collection.objects.create(name="Elsewhere")
    client = client_of(in_group("outsider", Role.COORDINATE, other))
    listing = reverse("admin:corpus_assignment_changelist")
    assert list(client.get(listing).context["cl"].result_list) == []
    for action in ("release", "adopt_latest", "withdraw"):
        keys = [assignment.pk for assignment in assigned]
        client.post(listing, {"action": action, "_selected_action": keys})
    assert Assignment.objects.count() == 2
    assert not Layer.objects.filter(released=True).exists()


def test_annotator_who_lost_the_permission_sees_nothing(assigned, client_of):
    user = assigned[0].layer.author
    user.user_permissions.clear()
    client = client_of(type(user).objects.get(pk=user.pk))
    assert client.get(page("coding", assigned[0].layer_id)).status_code == 404


def test_endpoints_want_the_token(assigned, code, thread):
    client = Client(enforce_csrf_checks=True)
    client.force_login(assigned[0].layer.author)
    body = row(code("doubt"), thread.documents.get())
    assert sent(client, "post", page("rows", assigned[0].layer_id), body).status_code == 403


def test_collection_closed_to_curators_is_closed_to_coordinators_too(thread, person):
    coordinator = person("coordinator", "coordinate_annotation")
    assert collections_of(coordinator, Role.COORDINATE).get() == thread.collection
    CollectionGroup.objects.create(
        collection=thread.collection, group=Group.objects.create(name="Others")
    )
    assert not collections_of(coordinator, Role.COORDINATE).exists()
    assert not may(coordinator, Role.COORDINATE, thread.collection)
    own = Group.objects.create(name="Coordinators")
    own.user_set.add(coordinator)
    AnnotationRole.objects.create(collection=thread.collection, group=own, role=Role.COORDINATE)
    assert may(coordinator, Role.COORDINATE, thread.collection)
