"""The built wheel in somebody else's machina site, by the lines of the README alone."""

import re
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.plugin import sites

pytestmark = pytest.mark.wheel

THREAD = """\
Keeping bees in town

My neighbours are afraid of the hives that I want to put on our roof.


Invite them to a tasting: linden honey has settled many a quarrel here.
"""

#: Runs in the site: finds a post on machina's search page and follows the result's link.
VISIT = """
import re
import sys
from html import unescape

import django

django.setup()
from django.test import Client
from django.urls import reverse

import corpus
import forumimport

visitor = Client(SERVER_NAME="localhost")
found = visitor.get(reverse("forum_search:search"), {"q": "linden quarrel"})
links = re.findall(r'href="([^"]*/topic/[^"]*)"', found.content.decode())
topic = visitor.get(unescape(links[0]))
print(corpus.__file__)
print(forumimport.__file__)
print(found.request["PATH_INFO"], found.status_code, len(links))
print(topic.request["PATH_INFO"], topic.status_code)
print("linden honey has settled many a quarrel" in topic.content.decode())
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    done = subprocess.run([*build, str(sites.ROOT)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = folder.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def packages(wheel, tmp_path_factory):
    folder = tmp_path_factory.mktemp("packages")
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*install, "--target", str(folder), str(wheel)], check=True)
    return folder


@pytest.fixture
def site(tmp_path, packages):
    """A machina site with the README's lines for its settings."""
    site = sites.machina_site(tmp_path / "site", packages)
    site.append("settings.py", sites.readme_lines("settings.py"))
    return site


def include_at(prefix):
    return sites.readme_lines("urls.py").replace('"forum/"', f'"{prefix}"')


@pytest.mark.parametrize(
    "pattern",
    [
        "templates/**/*",
        "corpus/static/**/*",
        "corpus/samples/**/*",
        "corpus/**/*.py",
        "forumimport/**/*.py",
    ],
)
def test_wheel_holds_every_file(wheel, pattern):
    files = {
        path.relative_to(sites.ROOT).as_posix()
        for path in sites.ROOT.glob(pattern)
        if path.is_file() and path.suffix != ".pyc"
    }
    expected = {re.sub("^templates/", "forumimport/templates/", file) for file in files}

    assert expected
    assert expected - set(ZipFile(wheel).namelist()) == set()


def test_wheel_holds_nothing_else(wheel):
    folders = {Path(name).parts[0] for name in ZipFile(wheel).namelist()}

    assert folders == {"corpus", "forumimport", f"{'-'.join(wheel.name.split('-')[:2])}.dist-info"}


@pytest.mark.parametrize("prefix", ["forum/", ""])
def test_machina_search_finds_imported_post(site, prefix):
    site.append("urls.py", include_at(prefix))
    (site.folder / "sample.txt").write_text(THREAD, encoding="utf-8")
    (site.folder / "visit.py").write_text(VISIT, encoding="utf-8")

    site.manage("migrate")
    assert "0 silenced" in site.manage("check")
    imported = site.manage("import_threads", "sample.txt")
    again = site.manage("import_threads", "sample.txt")
    visit = site.python("visit.py").splitlines()

    assert imported.splitlines()[-1] == "Imported 1 thread, 2 posts."
    assert again.splitlines()[-1] == "Imported 0 threads, 0 posts; skipped 1 already imported."
    assert visit == [
        str(site.packages / "corpus" / "__init__.py"),
        str(site.packages / "forumimport" / "__init__.py"),
        f"/{prefix}search/ 200 1",
        f"/{prefix}forum/imported-threads-1/topic/keeping-bees-in-town-1/ 200",
        "True",
    ]


def test_site_needs_no_migrations(site):
    site.append("urls.py", include_at("forum/"))
    # A new project's BigAutoField changes machina's own models, with or without us.
    site.append("settings.py", 'DEFAULT_AUTO_FIELD = "django.db.models.AutoField"\n')

    assert site.manage("makemigrations", "--check", "--dry-run") == "No changes detected\n"


def test_plugin_needs_no_migrations_at_a_new_projects_key_type(site):
    site.append("urls.py", include_at("forum/"))
    planned = site.manage("makemigrations", "--dry-run")

    assert "BigAutoField" in (site.folder / "mysite" / "settings.py").read_text()
    assert {"corpus", "forumimport"}.isdisjoint(re.findall("Migrations for '(.*)'", planned))


def test_check_names_index_to_exclude(site):
    site.append("urls.py", include_at("forum/"))
    site.append("settings.py", 'del HAYSTACK_CONNECTIONS["default"]["EXCLUDED_INDEXES"]\n')

    assert (
        "(forumimport.E005) The forum's own search index is active on the haystack connection "
        "“default”; two indexes of the same posts cannot be.\n"
        '\tHINT: Add "EXCLUDED_INDEXES": ["machina.apps.forum_search.search_indexes.PostIndex"] '
        'to HAYSTACK_CONNECTIONS["default"].\n'
    ) in site.manage("check", status=1)


def test_check_names_include_to_add(site):
    assert (
        "(forumimport.E006) The pages of forumimport are not in the URL configuration.\n"
        '\tHINT: Add path("", include("forumimport.urls")) at the forum\'s prefix, before the '
        "forum's own include.\n"
    ) in site.manage("check", status=1)


def test_check_tells_include_after_machinas(site):
    site.append("urls.py", 'urlpatterns += [path("forum/", include("forumimport.urls"))]\n')

    assert (
        "(forumimport.E007) /forum/ is not answered by forumimport but by "
        "machina.apps.forum.views (and so for 12 of 12 pages), so pages would show invented "
        "dates for undated posts.\n"
        "\tHINT: Put the include of forumimport.urls before the forum's own, with the same "
        "prefix.\n"
    ) in site.manage("check", status=1)
