"""Somebody's machina site, made as machina's and Django's own documentation say.

Django's ``startproject`` writes it; the lines below are those that machina's "Getting started"
adds. Only the plugin's lines come from our README.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_BLOCK = re.compile(r"^```python\n# (?P<file>\S+)\n(?P<lines>.*?)^```$", re.MULTILINE | re.DOTALL)

MACHINA_SETTINGS = """
from machina import MACHINA_MAIN_STATIC_DIR, MACHINA_MAIN_TEMPLATE_DIR

INSTALLED_APPS += [
    "mptt",
    "haystack",
    "widget_tweaks",
    "machina",
    "machina.apps.forum",
    "machina.apps.forum_conversation",
    "machina.apps.forum_conversation.forum_attachments",
    "machina.apps.forum_conversation.forum_polls",
    "machina.apps.forum_feeds",
    "machina.apps.forum_moderation",
    "machina.apps.forum_search",
    "machina.apps.forum_tracking",
    "machina.apps.forum_member",
    "machina.apps.forum_permission",
]
TEMPLATES[0]["DIRS"] = (MACHINA_MAIN_TEMPLATE_DIR,)
del TEMPLATES[0]["APP_DIRS"]
TEMPLATES[0]["OPTIONS"]["context_processors"].append("machina.core.context_processors.metadata")
TEMPLATES[0]["OPTIONS"]["loaders"] = [
    "django.template.loaders.filesystem.Loader",
    "django.template.loaders.app_directories.Loader",
]
MIDDLEWARE += ["machina.apps.forum_permission.middleware.ForumPermissionMiddleware"]
STATICFILES_DIRS = (MACHINA_MAIN_STATIC_DIR,)
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "machina_attachments": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": str(BASE_DIR / "attachments"),
    },
}
HAYSTACK_CONNECTIONS = {
    "default": {
        "ENGINE": "haystack.backends.whoosh_backend.WhooshEngine",
        "PATH": str(BASE_DIR / "whoosh_index"),
    },
}
"""

MACHINA_URLS = """
from django.urls import include
from machina import urls as machina_urls

urlpatterns += [path("forum/", include(machina_urls))]
"""


def readme_lines(file: str) -> str:
    """Return the lines that the README's plugin section says to add to a file of the site."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    section = re.split(
        r"^## ", text.split("\n## As a plugin in your machina site\n")[1], flags=re.M
    )
    (lines,) = [block["lines"] for block in _BLOCK.finditer(section[0]) if block["file"] == file]
    return lines


@dataclass(frozen=True)
class Site:
    """A site in ``folder`` whose Python finds ``packages`` and itself, and not the checkout."""

    folder: Path
    packages: Path

    def python(self, *arguments: str, status: int = 0) -> str:
        """Run Python in the site, expect its exit status and return all that it printed."""
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=self.folder,
            env={
                "PATH": os.environ["PATH"],
                "PYTHONPATH": f"{self.packages}{os.pathsep}{self.folder}",
                "DJANGO_SETTINGS_MODULE": "mysite.settings",
                "PYTHONUTF8": "1",
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == status, done.stdout
        return done.stdout

    def manage(self, *arguments: str, status: int = 0) -> str:
        return self.python("manage.py", *arguments, status=status)

    def append(self, file: str, lines: str) -> None:
        with (self.folder / "mysite" / file).open("a", encoding="utf-8") as stream:
            stream.write(f"\n{lines}")


def machina_site(folder: Path, packages: Path) -> Site:
    """Make a machina site that has never heard of us."""
    folder.mkdir()
    site = Site(folder, packages)
    site.python("-m", "django", "startproject", "mysite", ".")
    site.append("settings.py", MACHINA_SETTINGS)
    site.append("urls.py", MACHINA_URLS)
    return site
