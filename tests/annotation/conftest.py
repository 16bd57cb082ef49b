"""A thread to code, a codebook to code it with, and people who may."""

import pytest
from django.contrib.auth.models import Permission

from corpus.annotation import editing
from corpus.annotation.assigning import Plan, assign
from corpus.annotation.choosing import Share
from corpus.annotation.coding import Coding, annotate
from corpus.annotation.editing import CodeColumns
from corpus.models import Layer, Utterance

TEXT = (
    "Beans\n\n"
    "The frost took all my beans this spring, every one of them 🥶.\n\n\n"
    "The frost took all my beans this spring, every one of them 🥶.\n\n"
    "Cover them at night. An old curtain does.\n\n\n"
    "Thanks, I shall. Maybe the frost took the roots too?"
)


@pytest.fixture
def thread(import_text):
    return import_text(TEXT, indexed=False)


@pytest.fixture
def codebook(db):
    """Doubt (d) and advice (a) are said of passages, below stance; thanks (t) of posts, topic (o)
    of threads."""
    codebook = editing.create("Talk", "*Doubt* only where it is **said**.")
    with editing.editing(codebook) as version:
        stance = editing.add_code(version, CodeColumns("stance", key="s"))
        editing.add_code(version, CodeColumns("doubt", key="d"), stance)
        editing.add_code(version, CodeColumns("advice", key="a"), stance)
        editing.add_code(version, CodeColumns("thanks", key="t", scope="post"))
        editing.add_code(version, CodeColumns("topic", key="o", scope="thread"))
    return codebook


@pytest.fixture
def person(django_user_model):
    """Make a member of staff who may do what is named."""

    def person(name, *permissions):
        user = django_user_model.objects.create_user(name, password="secret", is_staff=True)
        user.user_permissions.add(*Permission.objects.filter(codename__in=permissions))
        return user

    return person


@pytest.fixture
def coders(person):
    return [person("ada", "annotate_thread"), person("bo", "annotate_thread")]


@pytest.fixture
def assigned(thread, codebook, coders):
    """Both coders have the thread; returns their assignments."""
    plan = Plan(codebook.latest, coders, Share(each=2))
    made = assign([thread], plan)
    return sorted(made, key=lambda assignment: assignment.layer.author_name)


@pytest.fixture
def code(codebook):
    """Look a code of the latest version up by name."""
    return lambda name: codebook.latest.codes.get(name=name)


@pytest.fixture
def say(thread):
    """Let a layer say a code of words, the first time they stand in the text or later."""

    def say(layer, code, words, *, nth=0, **more):
        document = thread.documents.get()
        start = -1
        for _time in range(nth + 1):
            start = document.text.index(words, start + 1)
        coding = Coding(code.pk, document.pk, start, start + len(words), **more)
        return annotate(layer, coding)

    return say


def posts(thread):
    return list(Utterance.objects.of_thread(thread.pk).in_order())


def coded(layer):
    """What a layer says, in words."""
    rows = layer.annotations.select_related("document", "code").in_order()
    return [(row.code.name, row.span.of(row.document.text)) for row in rows]


def layers():
    return Layer.objects.all()
