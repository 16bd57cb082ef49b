"""The whole job of a curator in a real browser, from the file to the hand-checked truth.

After each step the forum and the search show it.
"""

import json
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest
from playwright.sync_api import expect

from corpus.models import SourceDocument, Thread, Utterance
from tests.browser.keyboard import Keys, bench, check, ready, repaired

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"
SAMPLES = ROOT / "corpus/samples"
OTHER = SAMPLES / "marked-quotations.txt"


@dataclass(frozen=True)
class Sample:
    """A thread with its truth, and how many keys it takes to put it right."""

    file: Path
    truth_file: Path
    keys: int
    quotations: int

    @cached_property
    def truth(self):
        return json.loads(self.truth_file.read_text())


OURS = Sample(
    SAMPLES / "gaps-and-unmarked-quotations.txt",
    ROOT / "tests/samples/gaps-and-unmarked-quotations.json",
    keys=12,
    quotations=7,
)
SHARED_ONE = Sample(
    SHARED / "threads/seed.txt", SHARED / "truth/seed-thread.json", keys=13, quotations=9
)
needs_shared = pytest.mark.skipif(not SHARED_ONE.truth_file.exists(), reason="no shared threads")
both = pytest.mark.parametrize(
    "sample",
    [pytest.param(OURS, id="ours"), pytest.param(SHARED_ONE, id="shared", marks=needs_shared)],
)


class Journey:
    """A curator with the admin in one page and the forum and the search in another."""

    def __init__(self, page, reader):
        self.page, self.reader = page, reader

    def import_file(self, file):
        """Upload a file, look at the preview, confirm; returns the thread."""
        self.page.goto("/admin/forumimport/importrun/add/")
        self.page.get_by_label("Files").set_input_files(file)
        self.page.get_by_role("button", name="Look at it").click()
        expect(self.page.get_by_role("heading", name="What would be imported")).to_be_visible()
        self.page.get_by_role("button", name="Import", exact=True).click()
        expect(self.page.get_by_text("Imported 1 thread,")).to_be_visible()
        return Thread.objects.latest("pk")

    def read(self, thread):
        """The posts of a thread as the forum shows them, without lines about quotations."""
        self.reader.goto(f"/thread/{thread.pk}/")
        posts, number = [], 1
        while True:
            posts += self.reader.locator("article.post .corpus-utterance").evaluate_all(_WORDS)
            number += 1
            following = self.reader.locator(f".pagination a[href$='page={number}']")
            if not following.count():
                return posts
            following.first.click()
            self.reader.wait_for_url(f"**page={number}")

    def found(self, words):
        """The titles and numbers of the posts that the search finds with these very words."""
        self.reader.goto("/search/")
        field = self.reader.get_by_role("searchbox").first
        field.fill(f'"{words}"')
        field.press("Enter")
        self.reader.get_by_role("status").wait_for()
        return self.reader.locator(".corpus-result h3 a").all_inner_texts()

    def shows(self, thread):
        """Assert that the forum reads as the corpus, and each post is found where it stands."""
        rows = list(Utterance.objects.of_thread(thread.pk).in_order().select_related("document"))
        texts = ["".join(row.span.of(row.document.text).split()) for row in rows]
        assert ["".join(post.split()) for post in self.read(thread)] == texts


_WORDS = """posts => posts.map(post => {
    const copy = post.cloneNode(true);
    copy.querySelectorAll('.corpus-attribution').forEach(line => line.remove());
    return copy.textContent;
})"""


@pytest.fixture
def journey(enter, open_page):
    return Journey(enter("/admin/"), open_page())


def own_words(text, post, count=4):
    """A phrase of a post's own that stands nowhere else in the text."""
    words = text[post["quotes"][-1]["end"] if post["quotes"] else post["start"] : post["end"]]
    runs = re.findall(rf"(?<![\w'’])\w+(?: \w+){{{count - 1}}}(?![\w'’])", words)
    return next(run for run in runs if text.count(run) == 1)


def select(page, thread, words):
    """Select words in their post; returns where they begin."""
    at = thread.documents.get().text.index(words)
    page.evaluate(
        """async ([start, end]) => {
            const { select } = await import('/static/corpus/offsets.js');
            const rows = [...document.querySelectorAll('.corpus-stretch')];
            const row = rows.find(one => Number(one.dataset.to) >= end);
            select(row.querySelector('[data-words]'), start, end);
        }""",
        [at, at + len(words)],
    )
    return at


@both
def test_thread_is_imported_and_put_right_with_keys_alone(journey, sample):
    thread = journey.import_file(sample.file)
    text, posts = thread.documents.get().text, sample.truth["posts"]
    begun = list(Utterance.objects.of_thread(thread.pk).in_order().values_list("start", flat=True))
    journey.shows(thread)

    pressed = repaired(ready_at(journey.page, thread), thread, sample.truth)
    print(f"{sample.file.name}: {len(pressed)} keys: {' '.join(pressed)}")
    assert len(pressed) == sample.keys
    check(thread, sample.truth)
    assert sum(len(post["quotes"]) for post in posts) == sample.quotations
    journey.shows(thread)
    moved = [n for n, post in enumerate(posts, 1) if post["start"] not in begun] or [len(posts)]
    for number in moved:
        words = own_words(text, posts[number - 1])
        assert journey.found(words) == [f"{thread.title} #{number}"]
    journey.reader.locator(".corpus-result h3 a").click()
    expect(journey.reader.locator("article.post:target .corpus-number")).to_have_text(
        f"#{moved[-1]}"
    )


def ready_at(page, thread):
    page.goto(bench(thread))
    return ready(page)


@both
def test_phrase_is_redacted_undone_and_redone(journey, sample):
    thread = journey.import_file(sample.file)
    words = own_words(thread.documents.get().text, sample.truth["posts"][-1])
    page = ready_at(journey.page, thread)
    keys = Keys(page, thread)
    assert len(journey.found(words)) == 1
    select(page, thread, words)
    keys.press("h")
    page.locator("#corpus-dialog select").wait_for()
    page.get_by_label("What are they?").select_option("other")
    keys.step("Enter")
    for key, hidden in ((None, True), ("z", False), ("Z", True)):
        if key:
            keys.step(key)
        read = " ".join(journey.read(thread))
        assert (words in " ".join(read.split()), "[other]" in read) == (not hidden, hidden)
        assert len(journey.found(words)) == (0 if hidden else 1)
    expect(page.locator(".corpus-hidden").first).to_be_visible()
    page.goto(f"/admin/corpus/thread/{thread.pk}/history/")
    expect(page.locator(".corpus-steps > li")).to_have_count(3)
    assert words not in page.content()


@both
def test_threads_are_merged_and_undone_in_the_admin(journey, sample):
    thread, other = journey.import_file(sample.file), journey.import_file(OTHER)
    text = other.documents.get().text
    last = Utterance.objects.of_thread(other.pk).in_order().last()
    words = own_words(text, {"start": last.start, "end": last.end, "quotes": []}, count=3)
    before = [journey.read(one) for one in (thread, other)]
    where = journey.found(words)
    assert where[-1].startswith(other.title)

    page = journey.page
    page.goto("/admin/corpus/thread/")
    for one in (thread, other):
        page.locator(f"input.action-select[value='{one.pk}']").check()
    page.get_by_label("Action:").select_option("merge")
    page.get_by_role("button", name="Go", exact=True).click()
    expect(page.get_by_text("1 step done.")).to_be_visible()
    assert journey.read(thread) == [*before[0], *before[1]]
    total = len(before[0]) + len(before[1])
    assert journey.found(words)[-1] == f"{thread.title} #{total}"

    page.goto(f"/admin/corpus/thread/{thread.pk}/history/")
    page.get_by_role("button", name=re.compile("^Undo")).click()
    expect(page.get_by_text("Undid: Merged the thread")).to_have_count(2)  # Message and list.
    assert [journey.read(one) for one in (thread, other)] == before
    assert journey.found(words) == where


@both
def test_post_becomes_a_thread_of_its_own_and_comes_back(journey, sample):
    thread = journey.import_file(sample.file)
    all_posts = journey.read(thread)
    half = len(all_posts) // 2
    middle = Utterance.objects.of_thread(thread.pk).in_order()[half]
    words = own_words(
        thread.documents.get().text, {"start": middle.start, "end": middle.end, "quotes": []}
    )
    page = ready_at(journey.page, thread)
    keys = Keys(page, thread)
    keys.go(middle.start)
    keys.press("o")
    page.locator("#corpus-dialog").get_by_label("Title").fill("Something else")
    keys.step("Enter")
    new = Thread.objects.latest("pk")
    assert (journey.read(thread), journey.read(new)) == (all_posts[:half], all_posts[half:])
    assert "Something else #1" in journey.found(words)
    assert SourceDocument.objects.filter(thread=new).count() == 1

    page.goto(f"/admin/corpus/thread/{new.pk}/history/")
    page.get_by_role("button", name=re.compile("^Undo")).click()
    expect(page.get_by_text("Undid: Split off").first).to_be_visible()
    assert journey.read(thread) == all_posts
    assert f"{thread.title} #{half + 1}" in journey.found(words)


@both
def test_second_of_two_curators_sees_what_the_first_did(journey, sample, enter):
    thread = journey.import_file(sample.file)
    posts = Utterance.objects.of_thread(thread.pk).in_order()
    count, second_post = posts.count(), posts[1]
    begins = {"start": second_post.start, "end": second_post.end, "quotes": []}
    words = own_words(thread.documents.get().text, begins)
    assert journey.found(words)[0] == f"{thread.title} #2"
    first = ready_at(journey.page, thread)
    second = ready(enter(bench(thread), name="other"))
    for page in (first, second):
        Keys(page, thread).go(second_post.start)
    Keys(first, thread).step("m")
    with second.expect_response(lambda answer: answer.status == 409):
        second.keyboard.press("s")
    expect(second.locator("#corpus-said")).to_contain_text("admin: Merged the post")
    expect(second.locator("[data-post]")).to_have_count(count - 1)
    assert len(journey.read(thread)) == count - 1
    assert journey.found(words)[0] == f"{thread.title} #1"
    Keys(second, thread).step("A")
    assert len(journey.read(thread)) == count - 1
