"""Curators at the workbench, in a real browser: with keys alone, two at once, without scripts."""

import json
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import expect

from corpus.models import Quotation, Redaction, Utterance

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "corpus/samples/gaps-and-unmarked-quotations.txt"
TRUTH = ROOT / "tests/samples/gaps-and-unmarked-quotations.json"
SHARED = ROOT.parent / "shared"


@pytest.fixture
def enter(open_page, django_user_model, live_server):
    """Open a page as a curator who is logged in."""

    def enter(address, name="admin", **size):
        user = django_user_model.objects.filter(username=name).first()
        user = user or django_user_model.objects.create_superuser(name, password="secret")
        client = Client()  # Of their own: logging in ends the session before.
        client.force_login(user)
        page = open_page(**size)
        cookie = client.cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
        page.goto(address)
        return page

    return enter


def bench(thread):
    return f"/admin/corpus/thread/{thread.pk}/workbench/"


def ready(page):
    page.locator("[data-ready]").wait_for()
    return page


def starts(thread):
    return list(Utterance.objects.of_thread(thread.pk).in_order().values_list("start", flat=True))


def version(page):
    return int(page.locator("[data-version]").get_attribute("data-version"))


class Keys:
    """A curator's hands: every key is counted."""

    def __init__(self, page):
        self.page, self.pressed = page, []

    def press(self, key):
        self.page.keyboard.press(key)
        self.pressed.append(key)

    def step(self, key):
        """Press a key that changes the thread, and wait until the sheet shows it."""
        seen = version(self.page)
        self.press(key)
        expect(self.page.locator("[data-version]")).not_to_have_attribute("data-version", str(seen))
        expect(self.page.locator("[aria-busy]")).to_have_count(0)

    def at(self):
        """Where the caret is, and the stretch that it is in."""
        return self.page.evaluate(_CARET)

    def go(self, target):
        """Go by posts, then by paragraphs, to the one that begins at ``target``."""
        for _ in range(200):
            here = self.at()
            if here["at"] == target:
                return
            if here["to"] <= target:
                self.press("J")
            elif here["from"] > target:
                self.press("K")
            else:
                self.press("j" if here["at"] < target else "k")
        raise AssertionError(f"no way to {target}: {self.at()}")


_CARET = """() => {
    const anchor = document.getSelection().anchorNode;
    const element = anchor && (anchor.nodeType === 1 ? anchor : anchor.parentElement);
    const held = document.activeElement.closest('.corpus-stretch');
    const stretch = held || element?.closest('.corpus-stretch');
    if (!stretch) return {at: -1, from: -1, to: -1};
    const paragraph = element && stretch.contains(element) && element.closest('[data-paragraph]');
    const at = paragraph ? Number(paragraph.dataset.paragraph) : Number(stretch.dataset.from);
    return {at, from: Number(stretch.dataset.from), to: Number(stretch.dataset.to)};
}"""


def repaired(page, thread, truth):
    """Put the thread right with keys alone; returns the keys."""
    keys = Keys(page)
    right = {post["start"] for post in truth["posts"]}
    unsure = Utterance.objects.of_thread(thread.pk).filter(confidence__lt=0.8, state="automatic")
    # First what the machine is unsure of: looked at, and accepted or merged.
    keys.press("n")
    while unsure.exists():
        at = keys.at()["from"]
        keys.step("a" if at in right else "m")
        if at not in right and unsure.exists():
            keys.press("n")
    # Then what it did not see, from the end back to the beginning.
    for start in sorted(right - set(starts(thread)), reverse=True):
        keys.go(start)
        keys.step("s")
    # Quotations that it missed, their originals proposed.
    for post in reversed(truth["posts"]):
        for quoted in post["quotes"]:
            if not Quotation.objects.filter(
                utterance__document__thread=thread, start=quoted["start"]
            ).exists():
                keys.go(quoted["start"])
                keys.press("q")
                page.locator("#corpus-dialog [name=original]:checked").wait_for()
                keys.step("Enter")
    keys.step("A")
    return keys.pressed


def check(thread, truth):
    """The thread is as the truth says: boundaries, quotations with their sources, all confirmed."""
    posts = list(Utterance.objects.of_thread(thread.pk).in_order())
    assert [(post.start, post.end) for post in posts] == [
        (post["start"], post["end"]) for post in truth["posts"]
    ]
    found = Quotation.objects.filter(utterance__document__thread=thread).order_by("start")
    place = {post.pk: number for number, post in enumerate(posts)}
    assert [(row.start, row.end, place[row.source_id]) for row in found] == [
        (quoted["start"], quoted["end"], quoted["source_post"])
        for post in truth["posts"]
        for quoted in post["quotes"]
    ]
    assert {row.state for row in [*posts, *found]} == {"confirmed"}


def test_sample_is_put_right_with_keys_alone(import_text, enter):
    thread = import_text(SAMPLE.read_text(encoding="utf-8"))
    truth = json.loads(TRUTH.read_text())
    page = ready(enter(bench(thread)))
    pressed = repaired(page, thread, truth)
    check(thread, truth)
    print(f"{SAMPLE.name}: {len(pressed)} keys: {' '.join(pressed)}")
    assert len(pressed) <= 40
    page.goto(f"/thread/{thread.pk}/")
    expect(page.locator("article.post")).to_have_count(15)  # The forum's first page.
    expect(page.locator("article.post .corpus-number").last).to_have_text("#15")


@pytest.mark.skipif(not (SHARED / "truth/seed-thread.json").exists(), reason="no shared threads")
def test_shared_sample_is_put_right_with_keys_alone(import_text, enter):
    thread = import_text((SHARED / "threads/seed.txt").read_bytes().decode())
    truth = json.loads((SHARED / "truth/seed-thread.json").read_text())
    page = ready(enter(bench(thread)))
    pressed = repaired(page, thread, truth)
    check(thread, truth)
    print(f"shared sample: {len(pressed)} keys: {' '.join(pressed)}")
    assert len(pressed) <= 60


EMOJI = (
    "Beans 😀\n\n😀😀 Frost 👩‍👩‍👧 took them.\n"
    "Cover 🏴󠁧󠁢󠁳󠁣󠁴󠁿 them, says Ada Lovelace.\n\n\nThanks, I shall."
)


def test_post_is_split_at_any_caret_whatever_stands_before(import_text, enter):
    thread = import_text(EMOJI)
    page = ready(enter(bench(thread)))
    page.keyboard.press("n")
    page.keyboard.press("J")
    page.keyboard.press("J")
    for _ in range(30):  # To the line that begins with "Cover", then a word further.
        page.keyboard.press("ArrowRight")
        if page.evaluate("document.getSelection().toString() || true") and _caret(page) >= (
            EMOJI.index("Cover")
        ):
            break
    page.keyboard.press("s")
    expect(page.locator("[data-post]")).to_have_count(3)
    assert starts(thread) == [EMOJI.index("😀😀"), EMOJI.index("Cover"), EMOJI.index("Thanks")]
    assert _caret(page) == EMOJI.index("Cover")


def _caret(page):
    return page.evaluate("""async () => {
        const { selected } = await import('/static/corpus/offsets.js');
        const words = document.activeElement.closest('[data-words]');
        return words ? selected(words).start : -1;
    }""")


def test_code_points_are_counted_as_the_corpus_counts_them(import_text, enter):
    page = ready(enter(bench(import_text(EMOJI))))
    text = "a😀b👩‍👩‍👧\u202eשלום\U0001f3f4"
    counted = page.evaluate(
        """async (text) => {
            const { codePoints, units } = await import('/static/corpus/offsets.js');
            const places = [];
            for (let at = 0; at <= text.length; at += 1) places.push(codePoints(text, at));
            const back = [...Array(codePoints(text) + 1).keys()].map((n) => units(text, n));
            return [places, back];
        }""",
        text,
    )
    sizes = [len(character.encode("utf-16-le")) // 2 for character in text]
    expected = [0]
    for number, size in enumerate(sizes, 1):
        expected += [number - 1] * (size - 1) + [number]
    assert counted == [expected, [sum(sizes[:n]) for n in range(len(text) + 1)]]


def test_selected_words_are_hidden_everywhere_at_once(import_text, enter):
    thread = import_text(EMOJI)
    page = ready(enter(bench(thread)))
    page.evaluate(
        """async (at) => {
            const { select } = await import('/static/corpus/offsets.js');
            const words = document.querySelectorAll('[data-post] [data-words]')[0];
            select(words, at, at + 12);
        }""",
        EMOJI.index("Ada"),
    )
    page.keyboard.press("h")
    page.locator("#corpus-dialog select").wait_for()
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".corpus-hidden")).to_have_text("[name]")
    assert "Lovelace" not in page.content()
    assert Redaction.objects.filter(start=EMOJI.index("Ada")).exists()
    page.goto(f"/thread/{thread.pk}/")
    expect(page.locator("article.post").first).to_contain_text("says [name].")
    page.goto("/search/?q=Lovelace")
    expect(page.locator("h1").first).to_be_visible()
    expect(page.locator(".corpus-result")).to_have_count(0)
    page.goto(bench(thread))
    ready(page).keyboard.press("z")
    expect(page.locator(".corpus-hidden")).to_have_count(0)
    page.goto("/search/?q=Lovelace")
    expect(page.locator(".corpus-result")).to_have_count(1)


def test_second_curator_is_told_and_keeps_what_they_typed(import_text, enter):
    thread = import_text(EMOJI)
    first = ready(enter(bench(thread)))
    second = ready(enter(bench(thread), name="other"))
    second.keyboard.press("J")
    second.keyboard.press("J")
    second.keyboard.press("w")
    second.get_by_label("Speaker").fill("Bo")
    first.keyboard.press("J")
    first.keyboard.press("J")
    first.keyboard.press("w")
    first.get_by_label("Speaker").fill("Ada")
    first.keyboard.press("Enter")
    expect(first.locator("#corpus-said")).to_contain_text("unknown → “Ada”")
    with second.expect_response(lambda answer: answer.status == 409):
        second.keyboard.press("Enter")
    told = second.locator("#corpus-dialog [role=alert]")
    expect(told).to_contain_text("admin: Speaker of the post")
    expect(told).to_contain_text("what you typed is kept")
    expect(second.get_by_label("Speaker")).to_have_value("Bo")
    expect(second.locator("[data-post]").first).to_contain_text("Ada")
    second.keyboard.press("Enter")
    expect(second.locator("#corpus-said")).to_contain_text("“Ada” → “Bo”")


def test_workbench_works_without_scripts(chromium, import_text, enter, live_server):
    thread = import_text(EMOJI)
    cookies = enter(bench(thread)).context.cookies()
    context = chromium.new_context(java_script_enabled=False, base_url=live_server.url)
    context.add_cookies(cookies)
    page = context.new_page()
    page.goto(bench(thread))
    page.get_by_role("button", name="Merge up").click()
    expect(page.locator("[data-post]")).to_have_count(1)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("[data-post]")).to_have_count(2)
    page.get_by_role("link", name="unknown speaker").first.click()
    page.get_by_label("Speaker").fill("Ada")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("[data-post]").first).to_contain_text("Ada")
    context.close()


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_pages_fit_the_window(import_text, enter, width, color_scheme):
    thread = import_text(SAMPLE.read_text(encoding="utf-8"))
    page = enter(bench(thread), width=width, color_scheme=color_scheme)
    for address in (
        bench(thread),
        "/admin/corpus/thread/queue/",
        f"/admin/corpus/thread/{thread.pk}/history/",
    ):
        page.goto(address)
        wider = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wider <= 0, address
