"""Measure the coding page of a long thread: python -m tests.browser.scrolling [ANNOTATIONS]

500 posts, by default 2,000 annotations. Prints JSON: seconds to load and draw, milliseconds a frame
while scrolling, seconds from a key to its code. Compare with 0 annotations on the same machine.
"""

import json
import os
import random
import sys
import tempfile
import time

_WORDS = [
    "the",
    "of",
    "beans",
    "frost",
    "and",
    "garden",
    "we",
    "took",
    "night",
    "cover",
    "maybe",
    "because",
    "thanks",
    "soil",
    "🥶",
]

_SCROLL = """async () => {
    const frames = [];
    let last = performance.now();
    for (let y = 0; y < Math.min(document.documentElement.scrollHeight, 60000); y += 150) {
        window.scrollTo(0, y);
        await new Promise(requestAnimationFrame);
        const now = performance.now();
        frames.push(now - last);
        last = now;
    }
    frames.sort((one, other) => one - other);
    window.scrollTo(0, 0);
    return [frames[frames.length >> 1], frames[Math.floor(frames.length * 0.95)]];
}"""


def main(annotations=2000):
    with tempfile.TemporaryDirectory(prefix="corpus-scrolling-") as folder:
        os.environ.update(
            CORPUS_DATA_DIR=folder,
            CORPUS_SECRET_KEY="only-for-measuring",
            DJANGO_SETTINGS_MODULE="forumimport.site.settings",
            DJANGO_ALLOW_ASYNC_UNSAFE="true",
        )
        import django

        django.setup()
        print(json.dumps(_measure(*_thread(annotations))))


def _thread(annotations):
    """Store a long thread with random annotations; returns its annotator and the layer's key."""
    from django.conf import settings
    from django.contrib.auth import get_user_model
    from django.core.management import call_command

    from corpus.annotation import editing
    from corpus.annotation.assigning import Plan, assign
    from corpus.models import Annotation, Collection, SourceDocument, Thread, Utterance

    settings.WHITENOISE_USE_FINDERS = True
    call_command("migrate", verbosity=0)
    chance = random.Random(1)
    posts = [" ".join(chance.choices(_WORDS, k=chance.randint(30, 160))) for _post in range(500)]
    text = "\n\n".join(posts)
    thread = Thread.objects.create(collection=Collection.objects.create(name="Long"), title="Long")
    document = SourceDocument.objects.create(thread=thread, text=text, characters=len(text))
    places, at = [], 0
    for post in posts:
        places.append((at, at + len(post)))
        at += len(post) + 2
    Utterance.objects.bulk_create(Utterance(document=document, start=s, end=e) for s, e in places)
    with editing.editing(editing.create("Many codes")) as version:
        codes = [
            editing.add_code(
                version, editing.CodeColumns(f"code {n}", key=str(n) if n < 10 else "")
            )
            for n in range(24)
        ]
    user = get_user_model().objects.create_superuser("annotator", password="measuring")
    (assignment,) = assign([thread], Plan(version, [user]))
    said = set()
    while len(said) < annotations:
        first, last = chance.choice(places)
        start = chance.randint(first, last - 10)
        end = min(last, start + chance.randint(5, 120))
        said.add((start, end, chance.choice(codes)))
    Annotation.objects.bulk_create(
        Annotation(layer=assignment.layer, document=document, start=s, end=e, code=c)
        for s, e, c in said
    )
    return user, assignment.layer_id


def _measure(user, layer):
    from django.test import Client
    from django.test.testcases import LiveServerThread, _StaticFilesHandler
    from playwright.sync_api import sync_playwright

    from tests.browser.conftest import find_chromium, switches

    server = LiveServerThread("127.0.0.1", _StaticFilesHandler)
    server.daemon = True
    server.start()
    server.is_ready.wait()
    address = f"http://127.0.0.1:{server.port}"
    client = Client()
    client.force_login(user)
    session = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": address}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=switches)
        page = browser.new_page(viewport={"width": 1280, "height": 900}, base_url=address)
        page.context.add_cookies([session])
        began = time.perf_counter()
        page.goto(f"/admin/corpus/assignment/layer/{layer}/")
        page.wait_for_selector("html[data-coding=ready]", state="attached")
        loaded = time.perf_counter() - began
        median, slow = page.evaluate(_SCROLL)
        page.locator("#post-1").focus()
        chips = page.locator(".coding-chip")
        wanted = chips.count() + 1
        began = time.perf_counter()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("1")
        page.wait_for_function(f"document.querySelectorAll('.coding-chip').length === {wanted}")
        coded = time.perf_counter() - began
        browser.close()
    server.terminate()
    return {
        "annotations": wanted - 1,
        "seconds to load and draw": round(loaded, 2),
        "milliseconds a frame, median": round(median, 1),
        "milliseconds a frame, 95 %": round(slow, 1),
        "seconds from key to code": round(coded, 3),
    }


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
