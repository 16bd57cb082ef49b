"""Curators at the workbench, in a real browser: with keys alone, two at once, without scripts."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from corpus.models import Redaction
from tests.browser.keyboard import Keys, bench, ready, starts

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SAMPLE = Path(__file__).parents[2] / "corpus/samples/gaps-and-unmarked-quotations.txt"

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


def test_post_is_gone_to_by_its_number(import_text, enter):
    thread = import_text(SAMPLE.read_text(encoding="utf-8"))
    page = ready(enter(bench(thread)))
    for key in ("g", "1", "2", "Enter"):
        page.keyboard.press(key)
    expect(page.locator("#corpus-go")).not_to_be_visible()
    assert _caret(page) == starts(thread)[11]
    page.goto(f"{bench(thread)}?number=9")
    ready(page)
    assert Keys(page, thread).at()["from"] == starts(thread)[8]


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
        f"/admin/corpus/collection/{thread.collection_id}/suggestions/",
    ):
        page.goto(address)
        wider = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wider <= 0, address
