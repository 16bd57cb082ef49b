"""What a curator and a reader do, in a real browser."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SAMPLE = Path(__file__).parents[2] / "corpus/samples/gaps-and-unmarked-quotations.txt"
SPECIAL = SAMPLE.with_name("special-characters.txt")


@pytest.fixture
def import_in_admin(open_page, django_user_model):
    """Log in, upload a file, look at the preview, confirm; the page of the import run is left."""
    django_user_model.objects.create_superuser("admin", password="secret")

    def import_in_admin(file, **size):
        page = open_page(**size)
        page.goto("/admin/")
        page.get_by_label("Username").fill("admin")
        page.get_by_label("Password").fill("secret")
        page.get_by_role("button", name="Log in").click()
        page.locator("#content").get_by_role("link", name="Import runs").click()
        page.get_by_role("link", name="Import threads").click()
        page.get_by_label("Files").set_input_files(file)
        page.get_by_role("button", name="Look at it").click()
        expect(page.get_by_role("heading", name="What would be imported")).to_be_visible()
        return page

    return import_in_admin


def open_discussion(page):
    """Follow the import run's link to the imported thread and wait for its posts."""
    page.get_by_role("link", name="read", exact=True).first.click()
    page.locator("article.post").first.wait_for()


def overflow(page):
    """How many pixels the page is wider than the window."""
    return page.evaluate("document.documentElement.scrollWidth - window.innerWidth")


def test_thread_is_imported_in_the_admin_read_in_the_forum_and_found(import_in_admin):
    page = import_in_admin(SAMPLE)
    expect(page.get_by_text("opens by repeating an earlier post").first).to_be_visible()
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_text("Imported 1 thread,")).to_be_visible()

    open_discussion(page)
    expect(page.locator("article.post").first).to_contain_text("unknown speaker")
    expect(page.locator("article.post").first).to_contain_text("date unknown")
    title = page.locator("h1").inner_text()

    quotation = page.locator("blockquote.corpus-quotation").first
    words = quotation.locator(".corpus-text").inner_text()
    source = quotation.get_by_role("link")
    number = source.inner_text().rsplit(" ", 1)[1]
    source.click()
    target = page.locator("article.post:target")
    expect(target.locator(".corpus-number")).to_have_text(f"#{number}")
    expect(target).to_contain_text(words)
    expect(target).to_be_in_viewport()

    sought = max(words.split(), key=len).strip(".,:;!?")
    page.get_by_role("searchbox", name="Search").fill(sought)
    page.get_by_role("button", name="Search").click()
    result = page.locator(".corpus-result", has_text=title).first
    expect(result.locator("mark").first).to_be_visible()
    result.get_by_role("link").click()
    expect(page.locator("article.post:target")).to_contain_text(sought)


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_pages_fit_the_window(import_in_admin, width, color_scheme):
    page = import_in_admin(SPECIAL, width=width, color_scheme=color_scheme)
    assert overflow(page) <= 0
    page.get_by_role("button", name="Import", exact=True).click()
    open_discussion(page)
    assert overflow(page) <= 0
    address = page.url
    for path in ("/", address.split("/topic/")[0] + "/", "/search/?q=the"):
        page.goto(path)
        assert overflow(page) <= 0, path


def test_any_text_reads_as_it_was_written(import_in_admin):
    page = import_in_admin(SPECIAL)
    page.get_by_role("button", name="Import", exact=True).click()
    open_discussion(page)
    shown = [
        "".join(post.locator(".corpus-utterance").evaluate(_TEXT_WITHOUT_ATTRIBUTIONS))
        for post in page.locator("article.post").all()
    ]
    title, posts = SPECIAL.read_text(encoding="utf-8").split("\n", 1)
    assert page.locator("h1").inner_text() == title
    assert "".join("".join(shown).split()) == "".join(posts.split())


_TEXT_WITHOUT_ATTRIBUTIONS = """element => {
    const copy = element.cloneNode(true);
    copy.querySelectorAll('.corpus-attribution').forEach(e => e.remove());
    return copy.textContent;
}"""


def test_page_works_without_scripts(chromium, import_in_admin, live_server):
    page = import_in_admin(SAMPLE)
    page.get_by_role("button", name="Import", exact=True).click()
    open_discussion(page)
    address = page.url
    context = chromium.new_context(java_script_enabled=False)
    plain = context.new_page()
    plain.goto(address)
    plain.locator("blockquote.corpus-quotation").first.get_by_role("link").click()
    expect(plain.locator("article.post:target")).to_be_in_viewport()
    context.close()
