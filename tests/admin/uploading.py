"""Uploads as a person makes them in the admin, and who may see them."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.files.uploadedfile import SimpleUploadedFile

from corpus.models import Collection, CollectionGroup
from forumimport.models import ImportRun

ADD = "/admin/forumimport/importrun/add/"
GOOD = "Beans\n\nFrost took every single one of my beans.\n\n\nCover them at night."


def upload(client, *files, follow=True, **fields):
    data = {"collection": "Garden talk", "format": "auto", "pasted": ""} | fields
    data["documents"] = [SimpleUploadedFile(name, content) for name, content in files]
    return client.post(ADD, data, follow=follow)


def decide(client, run, decision):
    return client.post(
        f"/admin/forumimport/importrun/{run.pk}/preview/", {decision: "1"}, follow=True
    )


def messages(response):
    return [str(message) for message in response.context["messages"]]


def page(run, name="progress"):
    return f"/admin/forumimport/importrun/{run.pk}/{name}/"


def confirmed(client, *files, **fields):
    upload(client, *files, **fields)
    run = ImportRun.objects.latest("pk")
    client.post(page(run, "preview"), {"confirm": "1"})
    run.refresh_from_db()
    return run


def threads(count):
    """Return JSON lines of that many threads of some size."""
    return "".join(
        f'{{"text": "Beans {number}\\n\\n{"Cover them. " * 50}", "url": "x/{number}"}}\n'
        for number in range(count)
    ).encode()


def closed_collection(name, group="Insiders"):
    collection = Collection.objects.get_or_create(name=name)[0]
    group = Group.objects.get_or_create(name=group)[0]
    CollectionGroup.objects.create(collection=collection, group=group)


@pytest.fixture
def importer_client(client, django_user_model):
    """An importer who is in no group, logged in."""
    user = django_user_model.objects.create_user("outsider", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="import_threads"))
    client.force_login(user)
    return client
