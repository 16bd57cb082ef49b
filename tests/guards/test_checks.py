"""Each system check fires with its sentence and its hint, and none on the reference site."""

import re
import sys
from types import ModuleType

import pytest
from django.conf import settings
from django.contrib import admin
from django.core import checks as django_checks
from django.core.checks import Error, Warning
from django.db import models
from django.test import override_settings
from django.urls import get_script_prefix, include, path, set_script_prefix

from forumimport import checks
from forumimport.engines import engine
from forumimport.models import ProjectedForum
from tests.plugin.sites import ROOT

CONNECTION = settings.HAYSTACK_CONNECTIONS["default"]


@pytest.fixture(autouse=True)
def own_engine():
    """Leave the reference site's engine loaded, whatever a test configured."""
    yield
    engine()


@pytest.fixture
def urls(monkeypatch, settings):
    """Make these the site's URLs."""

    def use(*patterns):
        module = ModuleType("urls_of_some_site")
        module.urlpatterns = [path("admin/", admin.site.urls), *patterns]
        monkeypatch.setitem(sys.modules, module.__name__, module)
        settings.ROOT_URLCONF = module.__name__

    return use


@pytest.mark.django_db
def test_nothing_is_found_on_the_reference_site():
    assert django_checks.run_checks(databases=["default"]) == []


DATABASE_QUEUE = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


def test_upload_folder_check_tells_when_deploying(settings):
    told = Warning(
        "Uploads are imported by a worker, but they wait for it among the temporary files, which "
        "a worker on another machine, in a container or a service of its own does not see.",
        hint="Set CORPUS_UPLOAD_FOLDER to a folder that the server and the worker both see.",
        id="forumimport.W013",
    )
    del settings.CORPUS_UPLOAD_FOLDER
    settings.TASKS = DATABASE_QUEUE
    assert told in django_checks.run_checks(include_deployment_checks=True)
    assert told not in django_checks.run_checks()
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    assert told not in django_checks.run_checks(include_deployment_checks=True)
    settings.TASKS = DATABASE_QUEUE
    settings.CORPUS_UPLOAD_FOLDER = "/srv/uploads"
    assert told not in django_checks.run_checks(include_deployment_checks=True)


@pytest.mark.parametrize(
    ("configured", "expected"),
    [
        (
            {"CORPUS_ENGINE": "no.such.Engine"},
            Error(
                "CORPUS_ENGINE is 'no.such.Engine', which cannot be imported (No module named "
                "'no'); name an Engine subclass, such as "
                "'forumimport.engines.machina.MachinaEngine'.",
                hint="Correct CORPUS_ENGINE, or remove it: the default is machina's.",
                id="forumimport.E001",
            ),
        ),
        (
            {"CORPUS_ENGINE": "forumimport.drafts.ThreadDraft"},
            Error(
                "CORPUS_ENGINE is 'forumimport.drafts.ThreadDraft', which is no Engine subclass.",
                hint="Correct CORPUS_ENGINE, or remove it: the default is machina's.",
                id="forumimport.E001",
            ),
        ),
        (
            {"CORPUS_TOPIC_MODEL": "forum.Forum"},
            Error(
                "CORPUS_TOPIC_MODEL is 'forum.Forum', but the forum engine writes "
                "'forum_conversation.Topic'.",
                hint='Set CORPUS_TOPIC_MODEL = "forum_conversation.Topic", or name another engine '
                "in CORPUS_ENGINE.",
                id="forumimport.E009",
            ),
        ),
    ],
)
def test_engine_check_tells(configured, expected):
    with override_settings(**configured):
        assert checks.check_engine() == [expected]
        assert checks.check_urls() == []  # One cause, one message.


def test_engine_check_tells_engine_not_installed():
    without = [app for app in settings.INSTALLED_APPS if not app.startswith("machina")]

    with override_settings(INSTALLED_APPS=without):
        found = checks.check_engine()

    assert found == [
        Error(
            "The forum engine is not installed: No installed app with label 'forum'.",
            hint="Add the engine's apps to INSTALLED_APPS, before “forumimport”.",
            id="forumimport.E002",
        )
    ]


@override_settings(USE_TZ=False)
def test_time_zone_check_tells():
    assert checks.check_time_zones() == [
        Error(
            "USE_TZ is False, but the dates of posts are kept with their time zone.",
            hint="Set USE_TZ = True (Django's default).",
            id="forumimport.E003",
        )
    ]


@pytest.mark.parametrize(
    ("configured", "expected"),
    [
        (
            {"CORPUS_SEARCH_CONNECTION": "posts"},
            Error(
                "HAYSTACK_CONNECTIONS has no connection “posts”, so posts cannot be found.",
                hint="Define it as the README shows, or name another in CORPUS_SEARCH_CONNECTION.",
                id="forumimport.E004",
            ),
        ),
        (
            {"HAYSTACK_CONNECTIONS": {"default": CONNECTION | {"EXCLUDED_INDEXES": []}}},
            Error(
                "The forum's own search index is active on the haystack connection “default”; two "
                "indexes of the same posts cannot be.",
                hint='Add "EXCLUDED_INDEXES": '
                '["machina.apps.forum_search.search_indexes.PostIndex"] to '
                'HAYSTACK_CONNECTIONS["default"].',
                id="forumimport.E005",
            ),
        ),
        (
            {
                "HAYSTACK_CONNECTIONS": {
                    "default": {"ENGINE": "haystack.backends.simple_backend.SimpleEngine"}
                }
            },
            Warning(
                "The haystack connection “default” uses the simple backend, which keeps no index: "
                "every search reads the posts themselves, 5000 at most.",
                hint='Set HAYSTACK_CONNECTIONS["default"] to Whoosh as the README shows.',
                id="forumimport.W011",
            ),
        ),
    ],
)
def test_search_check_tells(configured, expected):
    with override_settings(**configured):
        assert checks.check_search_connection() == [expected]


@pytest.mark.parametrize(
    ("setting", "value", "allowed"),
    [
        ("CORPUS_UNSURE_BELOW", "much", "a number from 0 to 1"),
        ("CORPUS_UNSURE_BELOW", 80, "a number from 0 to 1"),
        (
            "CORPUS_SEGMENTER_WEIGHTS",
            "/nowhere/weights.json",
            "a file that manage.py train_segmenter of this version has made",
        ),
        (
            "CORPUS_SEGMENTER_WEIGHTS",
            __file__,
            "a file that manage.py train_segmenter of this version has made",
        ),
        ("CORPUS_DEFAULT_COLLECTION", " ", "a name of 1 to 100 characters"),
        ("CORPUS_DEFAULT_COLLECTION", "x" * 101, "a name of 1 to 100 characters"),
        ("CORPUS_MAX_DOCUMENT_BYTES", "32 MB", "a number of bytes, 1 or more"),
        ("CORPUS_MAX_DOCUMENT_BYTES", 0, "a number of bytes, 1 or more"),
        ("CORPUS_MAX_UPLOAD_BYTES", None, "a number of bytes, 1 or more"),
        ("CORPUS_MAX_UPLOAD_BYTES", -1, "a number of bytes, 1 or more"),
    ],
)
def test_value_check_tells(setting, value, allowed):
    with override_settings(**{setting: value}):
        assert checks.check_values() == [
            Error(
                f"{setting} is {value!r}, which is not {allowed}.",
                hint=f"Set {setting} to {allowed}, or remove it for the default.",
                id="forumimport.E010",
            )
        ]


def test_url_check_tells_missing_include(urls):
    urls(path("", include("machina.urls")))

    assert checks.check_urls() == [
        Error(
            "The pages of forumimport are not in the URL configuration.",
            hint='Add path("", include("forumimport.urls")) at the forum\'s prefix, before the '
            "forum's own include.",
            id="forumimport.E006",
        )
    ]


def test_url_check_tells_missing_forum(urls):
    urls(path("", include("forumimport.urls")))

    assert checks.check_urls() == [
        Error(
            "The forum's own pages are not in the URL configuration.",
            hint="Include the forum's URLs after forumimport.urls, with the same prefix.",
            id="forumimport.E012",
        )
    ]


@pytest.mark.parametrize(
    ("ours", "forums", "ours_first"),
    [("", "", False), ("forum/", "forum/", False), ("discussions/", "forum/", True)],
)
def test_url_check_tells_who_answers_in_our_place(urls, ours, forums, ours_first):
    includes = [
        path(ours, include("forumimport.urls")),
        path(forums, include("machina.urls")),
    ]
    urls(*includes[:: 1 if ours_first else -1])

    assert checks.check_urls() == [
        Error(
            f"/{forums} is not answered by forumimport but by machina.apps.forum.views (and so for "
            "12 of 12 pages), so pages would show invented dates for undated posts.",
            hint="Put the include of forumimport.urls before the forum's own, with the same "
            "prefix.",
            id="forumimport.E007",
        )
    ]


@pytest.mark.parametrize("prefix", ["", "forum/", "a/deeper/place/"])
def test_url_check_accepts_any_prefix(urls, prefix):
    urls(path(prefix, include("forumimport.urls")), path(prefix, include("machina.urls")))

    assert checks.check_urls() == []


def test_url_check_accepts_site_below_a_path():
    before = get_script_prefix()
    set_script_prefix("/below/")
    try:
        assert checks.check_urls() == []
    finally:
        set_script_prefix(before)


@pytest.mark.django_db
def test_table_check_tells_model_changed_after_migrating(monkeypatch):
    class Board(models.Model):
        class Meta:
            app_label = "elsewhere"

        def __str__(self):
            return str(self.pk)

    monkeypatch.setattr(ProjectedForum._meta.get_field("forum"), "related_model", Board)

    assert checks.check_projection_tables(databases=["default"]) == [
        Error(
            "forumimport_projectedforum.forum points at forum_forum, but the settings name "
            "elsewhere_board: CORPUS_FORUM_MODEL was changed after migrating.",
            hint="Set it back. Or build the forum anew from the corpus, losing only the records "
            "of import runs: migrate --skip-checks forumimport zero; migrate; "
            "corpus_check --repair.",
            id="forumimport.E008",
        )
    ]


@pytest.mark.django_db
def test_table_check_leaves_missing_model_to_django(monkeypatch):
    monkeypatch.setattr(ProjectedForum._meta.get_field("forum"), "related_model", "no.Model")

    assert checks.check_projection_tables(databases=["default"]) == []


def test_every_check_is_tested():
    written, expected = (
        set(re.findall(r'id="(forumimport\.\w+)"', (ROOT / file).read_text(encoding="utf-8")))
        for file in ("forumimport/checks.py", "tests/guards/test_checks.py")
    )

    assert written == expected
