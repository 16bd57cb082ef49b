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


#: The samples, and the collections that they are imported into.
_IMPORTED = {
    "gaps-and-unmarked-quotations": "Sample threads",
    "special-characters": "The choir's cupboard",
}


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
        with _site() as (address, layer, codebook):
            _take(address, layer, codebook)


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
        for sample, collection in _IMPORTED.items():
            path = str(SAMPLES / f"{sample}.txt")
            call_command("import_threads", path, collection=collection, verbosity=0)
        _more_threads()
        layer, codebook = _annotated()
        server = LiveServerThread("127.0.0.1", _StaticFilesHandler)
        server.daemon = True
        server.start()
        server.is_ready.wait()
        if server.error:
            raise server.error
        yield f"http://127.0.0.1:{server.port}", layer, codebook
        server.terminate()

    return running()


#: Threads that stand in the queue beside the samples: collection, title, and words of posts.
_MORE = {
    "Allotment letters": [
        "Water butt has gone green|Does anyone else have a butt like pea soup this year?|Barley "
        "straw, a handful in a stocking. It takes a month.\n\nDo not drink it.|Mine has newts in "
        "it now, so it stays as it is.",
        "Seed swap in March|Same hall, same day as last year, bring envelopes.|Is there parking?"
        "\n\nAnd may one bring tubers?|Tubers yes, parking no.",
        "Who has the long ladder|It was behind the shed until Sunday.|I have it. Apple tree.|Keep "
        "it until Friday then.\n\nBut bring it back dry.",
        "Bindweed, again|I have dug out a bucket of root and it is back.|You never get all of it."
        "\n\nCover it for two years, says my father.|Two years! I shall move house first.",
    ],
    "Village board": [
        "Bus at half past seven|It went at twenty past, with nobody on it.|It does that when the "
        "bridge is up.|The bridge was down.\n\nI was standing on it.",
        "Lost: one grey cat|Answers to nothing, eats everything.|Seen at the mill this morning, "
        "asleep on the flour.|That is not a cat.\n\nThat is the mill's cat.",
        "Choir needs basses|We have eleven sopranos and a dog.|I can hum.|Humming will do.",
        "Choir needs basses, page 2|Thursday then.|I shall bring the dog's music.",
    ],
}


def _more_threads():
    from django.core.management import call_command

    from corpus.curation import ConfirmThread, FlagSpan, reviews
    from corpus.models import SourceDocument, Thread

    for collection, threads in _MORE.items():
        with tempfile.TemporaryDirectory(prefix="corpus-threads-") as folder:
            for number, thread in enumerate(threads):
                # Letters stand as far apart as their paragraphs, so that some are unsure.
                words = thread.replace("|", "\n\n\n" if number % 2 else "\n\n")
                Path(folder, f"{number}.txt").write_text(words, encoding="utf-8")
            call_command("import_threads", folder, collection=collection, verbosity=0)
    reviews.complete()
    for title in ("Who has the long ladder", "Bus at half past seven", "Seed swap in March"):
        thread = Thread.objects.get(title=title)
        reviews.see(thread)
        ConfirmThread(thread).execute()
    document = SourceDocument.objects.get(thread__title="Lost: one grey cat")
    FlagSpan(document, 0, 4, "Is this one thread with “Seen at the mill”?").execute()


#: Key, name, and the code above.
_CODES = [
    ("r", "report", None),
    ("l", "loss", "report"),
    ("t", "tried", "report"),
    ("s", "stance", None),
    ("a", "advice", "stance"),
    ("i", "evidence", "stance"),
    ("d", "doubt", "stance"),
    ("v", "value", None),
    ("h", "humour", None),
    ("p", "appeal", None),
]

#: What two people made of the first sample: code, words, and who found it.
_SAID = [
    ("loss", "every last lettuce is gone", "ab"),
    ("loss", "nothing left but the plastic labels", "ab"),
    ("tried", "I have tried eggshells, I have tried coffee grounds", "a"),
    ("tried", "I have tried coffee grounds, I have tried going out with a torch", "b"),
    ("appeal", "What do the rest of you actually do that works?", "ab"),
    ("value", "we have hedgehogs and they have enough to put up with", "ab"),
    ("advice", "Copper tape round the raised beds", "ab"),
    ("evidence", "I did mine four years ago and have not lost a lettuce since", "ab"),
    ("advice", "keep it clean", "a"),
    ("advice", "The trick is to keep it clean, because once it goes green", "b"),
    ("humour", "they stroll over it as if it were a zebra crossing", "ab"),
    ("evidence", "I have watched one lie down on it", "ab"),
    ("doubt", "I suspect you have a good blackbird and the tape is taking the credit", "ab"),
    ("humour", "the tape is taking the credit", "a"),
    ("advice", "Beer traps", "ab"),
    ("evidence", "you do see results", "a"),
    ("humour", "There was an incident with the custard", "ab"),
    ("value", "they are on our side", "b"),
]


def _annotated():
    """Let two people code the first sample; returns the first's layer and the codebook."""
    from django.contrib.auth import get_user_model

    from corpus.annotation import editing
    from corpus.annotation.assigning import Plan, assign
    from corpus.annotation.choosing import Share
    from corpus.annotation.coding import Coding, annotate
    from corpus.annotation.editing import CodeColumns
    from corpus.models import Thread

    codebook = editing.create("Advice among gardeners", "Code what *this* post says itself.")
    with editing.editing(codebook) as version:
        codes = {}
        for key, name, above in _CODES:
            columns = CodeColumns(name, key=key)
            codes[name] = editing.add_code(version, columns, codes.get(above))
    users = get_user_model().objects
    people = [
        users.get(username="curator"),
        users.create_superuser("bo", password="pictures"),
    ]
    thread = Thread.objects.get(pk=1)
    layers = {
        made.layer.author_name[0]: made.layer
        for made in assign([thread], Plan(version, people, Share(each=2)))
    }
    document = thread.documents.get()
    for name, words, who in _SAID:
        start = document.text.index(words)
        for key in who.replace("a", "c"):
            coding = Coding(codes[name].pk, document.pk, start, start + len(words))
            annotate(layers[key], coding)
    return layers["c"].pk, codebook.pk


def _take(address, layer, codebook):
    from playwright.sync_api import sync_playwright

    from tests.browser.conftest import find_chromium, switches

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=switches)
        page = browser.new_page(viewport={"width": 1100, "height": 780}, base_url=address)
        page.goto("/thread/1/")
        page.set_viewport_size({"width": 1100, "height": 960})
        page.screenshot(path=PICTURES / "discussion.png")
        page.set_viewport_size({"width": 1100, "height": 780})
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
        _state_speakers_and_dates()
        visitor = browser.new_page(viewport={"width": 1100, "height": 900}, base_url=address)
        visitor.goto("/search/?q=slugs+OR+tape+OR+print*&order=thread&quotations=on")
        visitor.screenshot(path=PICTURES / "search.png")
        visitor.goto("/search/concordance/?q=slugs&sort1=L1&quotations=on")
        visitor.locator(".corpus-lines summary").nth(1).click()
        visitor.screenshot(path=PICTURES / "concordance.png", full_page=True)
        phone.goto("/search/?q=slugs&quotations=on")
        phone.get_by_role("status").scroll_into_view_if_needed()
        phone.evaluate("window.scrollTo(0, 150)")
        phone.screenshot(path=PICTURES / "search-phone.png")
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(f"/admin/corpus/assignment/layer/{layer}/")
        page.locator("#post-2 .coding-chip").nth(1).click()
        page.wait_for_timeout(500)
        page.screenshot(path=PICTURES / "coding.png")
        page.goto(f"/admin/corpus/codebook/{codebook}/agreement/")
        page.screenshot(path=PICTURES / "agreement.png")
        page.goto("/admin/corpus/thread/1/workbench/?unsure=1")
        page.locator("[data-ready]").wait_for()
        page.set_viewport_size({"width": 1280, "height": 980})
        page.locator(".corpus-unsure-here").first.evaluate(
            "at => at.scrollIntoView({block: 'center'})"
        )
        page.screenshot(path=PICTURES / "workbench.png")
        page.set_viewport_size({"width": 1280, "height": 900})
        for key in ("a", "m", "z", "J", "a"):
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


def _state_speakers_and_dates():
    """What a curator knows of some posts, so that there is something to narrow results by."""
    from datetime import UTC, datetime

    from corpus.curation import AssignDate, AssignSpeaker
    from corpus.models import Utterance

    for number, utterance in enumerate(Utterance.objects.of_thread(1).in_order()):
        if number % 4:
            AssignSpeaker(utterance, ("Ada", "Bill", "Marion")[number % 3]).execute()
            day = datetime(2001 + number // 4, 5, 3 + number % 4, tzinfo=UTC)
            AssignDate(utterance, day, "day").execute()


if __name__ == "__main__":
    sys.exit(main())
