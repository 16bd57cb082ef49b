"""The README's pictures, taken from a running site with the sample threads:

make screenshots
"""

import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / ".readme"
SAMPLES = ROOT / "corpus/samples"


def main():
    with tempfile.TemporaryDirectory(prefix="corpus-pictures-") as folder:
        os.environ.update(
            CORPUS_DATA_DIR=folder,
            CORPUS_SECRET_KEY="only-for-pictures",
            DJANGO_SETTINGS_MODULE="forumimport.site.settings",
            DJANGO_ALLOW_ASYNC_UNSAFE="true",
        )
        import django

        django.setup()
        with _site() as address:
            _take(address)


def _site():
    """A server on a free port, with two samples imported and a curator who may log in."""
    from contextlib import contextmanager

    from django.conf import settings
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from django.test.testcases import LiveServerThread, _StaticFilesHandler

    @contextmanager
    def running():
        settings.WHITENOISE_USE_FINDERS = True
        call_command("migrate", verbosity=0)
        get_user_model().objects.create_superuser("curator", password="pictures")
        call_command(
            "import_threads",
            str(SAMPLES / "gaps-and-unmarked-quotations.txt"),
            str(SAMPLES / "special-characters.txt"),
            collection="Sample threads",
            verbosity=0,
        )
        server = LiveServerThread("127.0.0.1", _StaticFilesHandler)
        server.daemon = True
        server.start()
        server.is_ready.wait()
        if server.error:
            raise server.error
        yield f"http://127.0.0.1:{server.port}"
        server.terminate()

    return running()


def _take(address):
    from playwright.sync_api import sync_playwright

    from tests.browser.conftest import find_chromium, switches

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=switches)
        page = browser.new_page(viewport={"width": 1100, "height": 780}, base_url=address)
        page.goto("/thread/1/")
        page.locator("blockquote").first.scroll_into_view_if_needed()
        page.screenshot(path=PICTURES / "discussion.png")
        page.goto("/search/?q=copper+tape")
        page.screenshot(path=PICTURES / "search.png")
        phone = browser.new_page(viewport={"width": 390, "height": 780}, base_url=address)
        phone.goto("/thread/2/")
        phone.locator("article").nth(1).scroll_into_view_if_needed()
        phone.screenshot(path=PICTURES / "phone.png")
        page.goto("/admin/")
        page.get_by_label("Username").fill("curator")
        page.get_by_label("Password").fill("pictures")
        page.get_by_role("button", name="Log in").click()
        page.goto("/admin/forumimport/importrun/add/")
        page.get_by_label("Files").set_input_files(SAMPLES / "marked-quotations.txt")
        page.get_by_role("button", name="Look at it").click()
        page.get_by_role("heading", name="What would be imported").wait_for()
        page.screenshot(path=PICTURES / "preview.png")
        page.goto("/admin/corpus/thread/1/workbench/?unsure=1")
        page.locator("[data-ready]").wait_for()
        page.keyboard.press("a")
        page.get_by_text("Confirmed the post").wait_for()
        page.screenshot(path=PICTURES / "workbench.png")
        for key in ("m", "z", "J", "a"):
            seen = page.locator("[data-version]").get_attribute("data-version")
            page.keyboard.press(key)
            if key != "J":
                page.locator(f"[data-version]:not([data-version='{seen}'])").wait_for()
        page.goto("/admin/corpus/thread/1/history/")
        page.locator("details").nth(2).click()
        page.screenshot(path=PICTURES / "history.png")
        page.goto("/admin/corpus/thread/queue/")
        page.screenshot(path=PICTURES / "queue.png")
        browser.close()


if __name__ == "__main__":
    sys.exit(main())
