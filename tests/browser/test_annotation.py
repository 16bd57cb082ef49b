"""Two annotators, a coordinator and an adjudicator at work, in a real browser."""

import os
from zipfile import ZipFile

import pytest
from cassis import load_cas_from_xmi, load_typesystem
from django.conf import settings as site
from django.test import Client
from playwright.sync_api import expect

from corpus.annotation import editing
from corpus.annotation.assigning import release
from corpus.curation import RedactSpan, SplitUtterance
from tests.annotation.conftest import (  # noqa: F401 - fixtures
    TEXT,
    assigned,
    code,
    codebook,
    coded,
    coders,
    person,
    posts,
    say,
    thread,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page_of(open_page, live_server):
    """Open a page as a member of staff, logged in."""

    def page_of(user, **size):
        client = Client()
        client.force_login(user)
        page = open_page(**size)
        cookie = client.cookies[site.SESSION_COOKIE_NAME]
        session = {"name": cookie.key, "value": cookie.value, "url": live_server.url}
        page.context.add_cookies([session])
        return page

    return page_of


@pytest.fixture
def coding_page(page_of):
    """Open the coding page of an assignment and wait for its script."""

    def coding_page(assignment, user=None, **size):
        page = page_of(user or assignment.layer.author, **size)
        page.goto(f"/admin/corpus/assignment/layer/{assignment.layer_id}/")
        page.wait_for_selector("html[data-coding=ready]", state="attached")
        return page

    return coding_page


def saved(page):
    expect(page.locator("#coding-status")).to_have_attribute("data-state", "saved")


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def test_words_are_coded_by_keyboard_alone(coding_page, assigned):
    page = coding_page(assigned[0])
    page.locator("#post-1").focus()
    press(page, "j", "j", "ArrowRight", "d")  # Thanks
    press(page, *["ArrowRight"] * 3, "Shift+ArrowRight", "a")  # Maybe the
    press(page, "t", "o")
    saved(page)
    assert coded(assigned[0].layer) == [
        ("topic", TEXT),
        ("doubt", "Thanks"),
        ("thanks", "Thanks, I shall. Maybe the frost took the roots too?"),
        ("advice", "Maybe the"),
    ]


def test_offsets_are_code_points_whatever_stands_before(coding_page, assigned, open_page):
    page = coding_page(assigned[0])
    page.locator("#post-1 .coding-words").click(click_count=3)  # The whole paragraph, as chosen.
    page.wait_for_timeout(300)
    page.keyboard.press("d")
    page.locator("#post-2").focus()
    press(page, "q")
    press(page, *["ArrowRight"] * 12, "Control+Shift+ArrowRight", "Control+Shift+ArrowRight", "a")
    saved(page)
    assert coded(assigned[0].layer) == [
        ("doubt", "The frost took all my beans this spring, every one of them 🥶."),
        ("advice", "them 🥶"),
    ]


def test_annotation_is_changed_without_the_mouse(coding_page, assigned):
    page = coding_page(assigned[0])
    page.locator("#post-3").focus()
    press(page, *["ArrowRight"] * 4, "d")
    press(page, "e", "Shift+ArrowRight", "Shift+ArrowRight", "Control+ArrowLeft", "Enter")
    press(page, "u", "m")
    page.keyboard.type("or is it?")
    press(page, "Escape")
    saved(page)
    row = assigned[0].layer.annotations.get()
    assert coded(assigned[0].layer) == [("doubt", "shall. Maybe the frost")]
    assert (row.note, row.unsure) == ("or is it?", True)
    press(page, "e", "a")
    saved(page)
    assert coded(assigned[0].layer) == [("advice", "shall. Maybe the frost")]
    press(page, "Delete")
    saved(page)
    assert coded(assigned[0].layer) == []


def test_uncoded_posts_words_and_suggestions_are_found(coding_page, assigned):
    page = coding_page(assigned[0])
    page.locator("#post-1").focus()
    press(page, "t", "n")
    expect(page.locator("#post-2")).to_be_focused()
    press(page, "/")
    page.keyboard.type("FROST")
    press(page, "Enter", "Enter")
    expect(page.locator("#coding-found")).to_have_text("2 of 3 found")
    page.locator("#post-1").focus()
    press(page, "ArrowRight", "ArrowRight", "Shift+ArrowRight", "d")  # frost took
    offered = page.locator("#coding-suggestions li")
    expect(offered).to_have_count(2)
    expect(offered.first).to_contain_text("quoted in post 2: …The [frost took] all my beans")
    offered.nth(1).get_by_role("button").click()
    saved(page)
    assert coded(assigned[0].layer) == [
        ("thanks", "The frost took all my beans this spring, every one of them 🥶."),
        ("doubt", "frost took"),
        ("doubt", "frost took"),
    ]


def test_nothing_is_lost_without_a_connection(coding_page, assigned):
    page = coding_page(assigned[1])
    page.locator("#post-3").focus()
    page.context.set_offline(True)
    press(page, "ArrowRight", "d", "u")
    status = page.locator("#coding-status")
    expect(status).to_contain_text("2 change(s) wait in this browser")
    assert coded(assigned[1].layer) == []
    page.context.set_offline(False)
    saved(page)
    assert coded(assigned[1].layer) == [("doubt", "Thanks")]
    assert assigned[1].layer.annotations.get().unsure


def test_what_waits_outlives_the_page(coding_page, assigned):
    page = coding_page(assigned[1])
    page.route("**/annotations/**", lambda route: route.abort())
    page.locator("#post-3").focus()
    press(page, "ArrowRight", "d")
    expect(page.locator("#coding-status")).to_have_attribute("data-state", "waiting")
    page.unroute("**/annotations/**")
    page.reload()
    page.wait_for_selector("html[data-coding=ready]", state="attached")
    saved(page)
    expect(page.locator("#post-3 .coding-chip")).to_have_count(1)
    assert coded(assigned[1].layer) == [("doubt", "Thanks")]


def test_page_says_what_the_server_refuses(coding_page, assigned, codebook, open_page):
    page = coding_page(assigned[0], refusals=True)
    editing.retire(codebook.latest.codes.get(name="doubt"))
    page.locator("#post-3").focus()
    press(page, "ArrowRight", "d")
    expect(page.locator("#coding-error")).to_contain_text("“doubt” is retired; choose another")
    expect(page.locator("#post-3 .coding-chip")).to_have_count(0)


def test_redacted_words_are_not_on_the_page(coding_page, assigned, thread):
    start = TEXT.index("curtain")
    RedactSpan(thread.documents.get(), start, start + 7, "other").execute()
    page = coding_page(assigned[0])
    assert "curtain" not in page.content()
    page.locator("#post-2").focus()
    press(page, *["ArrowRight"] * 6, "Shift+ArrowRight", "a")  # old [other] does
    saved(page)
    assert coded(assigned[0].layer) == [("advice", "old curtain does")]
    expect(page.locator("#post-2 .coding-chip")).to_contain_text("old [other] does")


def by_hand(first, second, universe):
    """Percent, Cohen's kappa and Krippendorff's alpha of two sets of characters."""
    n = len(universe)
    same = sum((at in first) == (at in second) for at in universe) / n
    one, other = len(first & universe) / n, len(second & universe) / n
    chance = one * other + (1 - one) * (1 - other)
    yes = len(first & universe) + len(second & universe)
    no = 2 * n - yes
    expected = (yes * (yes - 1) + no * (no - 1)) / (2 * n * (2 * n - 1))
    return same, (same - chance) / (1 - chance), (same - expected) / (1 - expected)


def test_thread_is_coded_by_two_measured_adjudicated_and_exported(
    coding_page, page_of, open_page, assigned, codebook, thread, person, tmp_path
):
    ada, bo = (assignment.layer for assignment in assigned)
    page = coding_page(assigned[0])
    page.locator("#post-3").focus()
    press(page, *["ArrowRight"] * 4, *["Shift+ArrowRight"] * 3, "d")  # Maybe the frost took
    press(page, "k", "ArrowRight", *["Shift+ArrowRight"] * 3, "a")  # Cover them at night
    press(page, "t")
    saved(page)
    page.get_by_role("button", name="This thread is finished").click()
    expect(page.get_by_text("1 of 1 thread finished")).to_be_visible()

    page = coding_page(assigned[1])
    page.locator("#post-3").focus()
    page.context.set_offline(True)
    press(page, *["ArrowRight"] * 5, *["Shift+ArrowRight"] * 4, "d")  # the frost took the roots
    press(page, "k", "ArrowRight", *["Shift+ArrowRight"] * 3, "a")
    expect(page.locator("#coding-status")).to_have_attribute("data-state", "waiting")
    page.context.set_offline(False)
    saved(page)
    said = [coded(ada), coded(bo)]
    assert said[1] == [("advice", "Cover them at night"), ("doubt", "the frost took the roots")]

    SplitUtterance(posts(thread)[1], TEXT.index("An old")).execute()
    assert [coded(ada), coded(bo)] == said

    chief = page_of(person("chief", "coordinate_annotation", "adjudicate_annotation"))
    chief.goto(f"/admin/corpus/codebook/{codebook.pk}/agreement/")
    universe = set()
    for post in posts(thread):
        universe |= set(range(post.start, post.end))
        for quotation in post.quotations.all():
            universe -= set(range(quotation.start, quotation.end))
    first, second = (
        {
            at
            for row in layer.annotations.filter(code__name="doubt")
            for at in range(row.start, row.end)
        }
        for layer in (ada, bo)
    )
    expected = [f"{value:.3f}" for value in (*by_hand(first, second, universe), 0, 1)]
    shown = chief.locator('tr[data-code="doubt"] .agreement-value').all_inner_texts()
    assert shown == expected
    advice = chief.locator('tr[data-code="advice"] .agreement-value').all_inner_texts()
    assert advice == ["1.000"] * 5

    chief.get_by_role("link", name="decide").first.click()
    chief.get_by_role("button", name="Take what all said alike").click()
    doubts = chief.locator("#post-4 tbody tr")
    expect(doubts).to_have_count(2)
    for row in range(2):
        doubts.nth(row).get_by_role("checkbox").check()
    chief.locator("#post-4").get_by_label("Why").fill("both are right")
    chief.get_by_role("button", name="Merge the chosen").last.click()
    expect(chief.get_by_text("several were merged")).to_be_visible()
    gold = thread.layers.get(kind="gold")
    assert coded(gold) == [
        ("advice", "Cover them at night"),
        ("doubt", "Maybe the frost took the roots"),
    ]
    assert (gold.author_name, gold.decisions.count()) == ("chief", 2)

    chief.goto(f"/admin/corpus/codebook/{codebook.pk}/passages/?layers=gold")
    chief.get_by_label("Code", exact=True).select_option("stance > doubt")
    chief.get_by_role("button", name="Show").click()
    expect(chief.locator("#content-main tbody tr")).to_have_count(1)
    expect(chief.locator("#content-main tbody")).to_contain_text("Maybe the frost took the roots")
    assert chief.get_by_role("link", name="read").get_attribute("href").startswith("/")

    release(thread.layers.all())
    visitor = open_page()
    visitor.goto("/search/?q=frost")
    visitor.get_by_role("link", name="doubt").click()
    expect(visitor.get_by_role("status")).to_have_text("1 post found")
    expect(visitor.locator(".corpus-result")).to_contain_text("Maybe the frost took the roots")
    visitor.goto("/search/?q=code:advice")
    expect(visitor.locator(".corpus-result")).to_contain_text("Cover them at night")

    chief.goto(f"/admin/corpus/codebook/{codebook.pk}/files/")
    files = {}
    for name in ("W3C Web Annotation", "UIMA CAS XMI"):
        with chief.expect_download() as download:
            chief.get_by_role("link", name=f"{name}, gold").click()
        files[name] = tmp_path / download.value.suggested_filename
        download.value.save_as(files[name])
    with ZipFile(files["UIMA CAS XMI"]) as archive:
        (xmi,) = [name for name in archive.namelist() if name.endswith(".xmi")]
        types = load_typesystem(archive.open("TypeSystem.xml"))
        cas = load_cas_from_xmi(archive.open(xmi), typesystem=types)
    said_in_cas = sorted(
        (one.code, one.get_covered_text()) for one in cas.select("webanno.custom.CorpusCode")
    )
    assert said_in_cas == [(f"stance > {name}", words) for name, words in coded(gold)]
    eve = person("eve", "annotate_thread")
    chief.goto(f"/admin/corpus/codebook/{codebook.pk}/files/")
    chief.get_by_label("File").set_input_files(files["W3C Web Annotation"])
    chief.get_by_label("Into the layers of").select_option("eve")
    chief.get_by_role("button", name="Import").click()
    expect(chief.get_by_role("status")).to_contain_text("Imported 2; 0 known already; 0 could")
    assert coded(thread.layers.get(author=eve)) == coded(gold)


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_pages_of_annotation_fit_the_window(
    page_of, assigned, codebook, code, say, person, thread, width, color_scheme
):
    for assignment, words in zip(assigned, ["Maybe the", "the frost took the"], strict=True):
        say(assignment.layer, code("doubt"), words)
    user = person("chief", "coordinate_annotation", "adjudicate_annotation", "annotate_thread")
    page = page_of(user, width=width, color_scheme=color_scheme)
    codebook_page = f"/admin/corpus/codebook/{codebook.pk}"
    names = ["change", "code", "agreement", "adjudication", "passages", "use", "review", "files"]
    addresses = [
        *(f"{codebook_page}/{name}/" for name in names),
        f"{codebook_page}/adjudicate/{thread.pk}/",
        "/admin/corpus/assignment/worklist/",
        "/admin/corpus/assignment/assign/",
        "/admin/corpus/codebook/add/",
        f"/admin/corpus/assignment/layer/{assigned[0].layer_id}/",
    ]
    for address in addresses:
        page.goto(address)
        wider = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wider <= 0, address
        if folder := os.environ.get("CORPUS_LOOK"):
            name = address.strip("/").replace("/", "-")
            page.screenshot(path=f"{folder}/{name}-{width}-{color_scheme}.png", full_page=True)
