"""What a researcher does with search and concordance, in a real browser."""

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from corpus.curation import AssignDate, AssignSpeaker
from corpus.models import Utterance

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

COPIED = "The late frost took all of my radishes this very spring, alas."


@pytest.fixture
def thread(import_text):
    thread = import_text(
        f"Beans\n\n{COPIED}\n\n\nNo frost here; a frost <b>there</b>!\n\n\n{COPIED}\n\nSuch frost."
    )
    first, second, _third = Utterance.objects.of_thread(thread.pk).in_order()
    AssignSpeaker(first, "Ada").execute()
    AssignSpeaker(second, "Ben").execute()
    AssignDate(first, datetime(2004, 5, 17, tzinfo=UTC), "day").execute()
    return thread


def test_facets_are_chosen_and_chips_removed(thread, open_page):
    page = open_page()
    page.goto("/search/?q=frost")
    expect(page.get_by_role("status")).to_have_text("3 posts found")
    aside = page.get_by_role("complementary", name="Narrow the results")
    aside.get_by_role("link", name=re.compile("^Ada 1")).click()
    expect(page.get_by_role("status")).to_have_text("1 post found")
    expect(page).to_have_url(re.compile("speaker=Ada"))
    page.get_by_role("link", name="Remove Speaker: Ada").click()
    expect(page.get_by_role("status")).to_have_text("3 posts found")


def test_results_are_sorted_and_quotations_included(thread, open_page):
    page = open_page()
    page.goto("/search/?q=radishes")
    expect(page.locator(".corpus-result")).to_have_count(1)
    page.get_by_label("Find quoted words too").check()
    page.get_by_label("Order").select_option(label="by thread")
    page.get_by_role("search", name="Posts").get_by_role("button", name="Search").click()
    expect(page.locator(".corpus-result")).to_have_count(2)
    quotation = page.locator(".corpus-result").nth(1).locator("blockquote")
    expect(quotation).to_contain_text("words of Ada")
    quotation.get_by_role("link", name="the original").click()
    expect(page.locator("article.post:target")).to_contain_text("radishes")


def test_a_bad_query_is_put_right(thread, open_page):
    page = open_page()
    page.goto("/search/?q=frost+OR")
    expect(page.get_by_role("alert")).to_contain_text("There is nothing after “OR” here.")
    field = page.get_by_role("searchbox", name="What to search for")
    expect(field).to_have_value("frost OR")
    field.fill("frist")
    field.press("Enter")
    page.get_by_role("link", name="frost", exact=True).click()
    expect(page.get_by_role("status")).to_have_text("3 posts found")


def test_lines_are_sorted_and_expanded_by_the_keyboard(thread, open_page):
    page = open_page()
    page.goto("/search/?q=frost")
    page.get_by_role("link", name="Concordance").click()
    lines = page.locator(".corpus-lines summary")
    expect(lines).to_have_count(4)
    expect(lines.first).to_contain_text("took")
    page.get_by_label("Sort lines by").select_option("R1")
    page.get_by_role("search", name="Concordance").get_by_role("button", name="Search").click()
    expect(lines.nth(0)).to_contain_text(re.compile(r"Such\s+frost"))
    lines.nth(1).focus()
    page.keyboard.press("Enter")
    wide = page.locator(".corpus-wide").nth(1)
    expect(wide).to_be_visible()
    expect(wide).to_contain_text("Ben")
    page.get_by_role("link", name="Line 2: open the post 2 in Beans").click()
    expect(page.locator("article.post:target")).to_contain_text("No frost here")


def test_nodes_stand_below_each_other(thread, open_page):
    page = open_page(width=1280)
    page.goto("/search/concordance/?q=frost")
    marks = page.locator(".corpus-lines summary mark").all()
    lefts = {round(mark.bounding_box()["x"]) for mark in marks}
    assert max(lefts) - min(lefts) <= 2


@pytest.mark.parametrize("width", [360, 1280])
def test_search_pages_fit_the_window(thread, open_page, width):
    page = open_page(width=width)
    for path in (
        "/search/",
        "/search/?q=frost&speaker=Ada",
        "/search/?q=frost+AND+(",
        "/search/concordance/?q=frost",
        "/search/subcorpora/",
    ):
        page.goto(path)
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert overflow <= 0, path


def test_count_of_a_long_value_stays_on_one_line(thread, import_text, open_page):
    posts = "\n\n\n".join(f"The frost of night {night} took beans." for night in range(12))
    title = "Frosts that took all beans of this whole allotment again"
    import_text(f"{title}\n\n{posts}", origin="long.txt")
    page = open_page(width=1280)
    page.goto("/search/?q=frost")
    count = page.locator(".corpus-facets .corpus-count", has_text="12").first
    lines = count.evaluate(
        "each => { const words = document.createRange(); words.selectNodeContents(each.firstChild);"
        " return words.getClientRects().length; }"
    )
    assert lines == 1


def test_pages_work_without_scripts(thread, chromium, live_server):
    context = chromium.new_context(java_script_enabled=False, base_url=live_server.url)
    page = context.new_page()
    page.goto("/search/concordance/?q=frost&sort1=L1")
    page.locator(".corpus-lines summary").first.click()
    expect(page.locator(".corpus-wide").first).to_be_visible()
    page.goto("/search/?q=frost")
    page.get_by_role("link", name=re.compile("^Ben 1")).click()
    expect(page.get_by_role("status")).to_have_text("1 post found")
    context.close()
