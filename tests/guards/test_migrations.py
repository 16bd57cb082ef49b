"""The migrations depend on the engine by setting only, and lead there and back."""

import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection

from tests.plugin.sites import ROOT

MIGRATIONS = sorted(ROOT.glob("*/migrations/[0-9]*.py"))
STANDIN = "tests.guards.standin_settings"
BOTH = "tests.guards.two_engines_settings"
#: Our own apps, and Django's users and groups.
OURS = {"corpus", "forumimport", "auth"}
#: Projection table → the tables that its foreign keys must point at on the stand-in engine.
EXPECTED_KEYS = {
    "forumimport_projectedforum": {"corpus_collection", "standin_engine_board"},
    "forumimport_projectedtopic": {"corpus_thread", "standin_engine_talk"},
    "forumimport_projectedpost": {
        "corpus_utterance",
        "forumimport_projectedtopic",
        "standin_engine_message",
    },
}


@pytest.fixture
def database(tmp_path):
    """Return the address of a new, empty database of the kind that the tests run on."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite3'}"
        return
    name = f"empty_{os.getpid()}"
    server = re.sub(r"[^/]*$", "", os.environ["DATABASE_URL"])
    with psycopg.connect(f"{server}postgres", autocommit=True) as opened:
        opened.execute(f'CREATE DATABASE "{name}"')
        yield f"{server}{name}"
        opened.execute(f'DROP DATABASE "{name}"')


@pytest.fixture
def manage(tmp_path):
    """Run a management command in a site of its own, with its own data folder."""

    def run(*arguments, settings="forumimport.site.settings", status=0, **environment):
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env={
                "PATH": os.environ["PATH"],
                "DJANGO_SETTINGS_MODULE": settings,
                "CORPUS_DATA_DIR": str(tmp_path),
                "CORPUS_SECRET_KEY": "only-for-tests",
                **environment,
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert done.returncode == status, done.stdout
        return done.stdout

    return run


@pytest.mark.parametrize("migration", MIGRATIONS, ids=lambda path: path.parts[-3])
def test_migration_names_no_engine(migration):
    """``makemigrations`` writes the engine's labels itself: machina's models are not swappable."""
    text = migration.read_text(encoding="utf-8")
    dependencies = re.search(r"dependencies = \[(.*?)\n    \]", text, re.DOTALL)[1]
    apps = re.findall(r"\(\s*[\"'](\w+)[\"'],", dependencies)
    targets = re.findall(r"\bto=[\"'](\w+)\.", text)
    labels = re.findall(r"machina|[\"']forum(?:_(?!id\b)\w+|\.\w+)", text)

    assert {*apps, *targets} <= OURS | {"auth"}
    assert labels == []


@pytest.mark.django_db
def test_no_migration_is_missing(capsys):
    call_command("makemigrations", check=True, dry_run=True)

    assert capsys.readouterr().out == "No changes detected\n"


def test_migrations_lead_there_and_back(manage, database):
    manage("migrate", DATABASE_URL=database)
    manage("migrate", "forumimport", "zero", DATABASE_URL=database)
    manage("migrate", "corpus", "zero", DATABASE_URL=database)
    shown = manage("showmigrations", "corpus", "forumimport", DATABASE_URL=database)
    manage("migrate", DATABASE_URL=database)

    assert "[ ] 0001_initial" in shown
    assert "[X]" not in shown
    assert "[ ]" not in manage("showmigrations", DATABASE_URL=database)


@pytest.fixture
def standin_site(manage, tmp_path):
    """Return the folder of a migrated site whose forum engine is not machina."""
    manage("migrate", settings=STANDIN)
    return tmp_path


def test_projection_follows_the_settings(standin_site):
    with closing(sqlite3.connect(standin_site / "corpus.sqlite3")) as opened:
        found = {
            table: {row[2] for row in opened.execute(f"PRAGMA foreign_key_list({table})")}
            for table in EXPECTED_KEYS
        }

    assert found == EXPECTED_KEYS


def test_no_migration_is_missing_on_another_engine(manage):
    assert manage("makemigrations", "--check", "--dry-run", settings=STANDIN) == (
        "No changes detected\n"
    )


def test_checks_are_silent_on_another_engine(standin_site, manage):
    assert manage("check", "--database", "default", settings=STANDIN) == (
        "System check identified no issues (0 silenced).\n"
    )


def test_forum_can_be_built_anew_on_another_engine(manage, tmp_path):
    """What the hint of forumimport.E008 says to do works, there and back."""

    def build_anew(**environment):
        refused = manage("migrate", settings=BOTH, status=1, **environment)
        manage("migrate", "--skip-checks", "forumimport", "zero", settings=BOTH, **environment)
        manage("migrate", settings=BOTH, **environment)
        return set(re.findall(r"\((forumimport\.\w+)\)", refused))

    thread = tmp_path / "thread.txt"
    thread.write_text("On hedges\n\nPlant them in autumn.\n", encoding="utf-8")
    manage("migrate", settings=BOTH)
    manage("import_threads", str(thread), settings=BOTH)

    assert build_anew(ENGINE="standin") == {"forumimport.E008"}
    assert build_anew() == {"forumimport.E008"}
    assert manage("corpus_check", "--repair", settings=BOTH) == (
        "Checked 1 thread(s), 1 source document(s): everything holds.\n"
    )
