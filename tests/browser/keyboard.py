"""A curator's hands at the workbench: every key is counted."""

from playwright.sync_api import expect

from corpus.models import Quotation, Utterance


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
    def __init__(self, page, thread):
        self.page, self.thread, self.pressed = page, thread, []

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
        """Go to the paragraph that begins at ``target``: to its post by number if it is far."""
        here, begun = self.at()["from"], starts(self.thread)
        there = sum(start <= target for start in begun)
        typed = ["g", *str(there), "Enter"]
        if abs(there - sum(start <= here for start in begun)) > len(typed):
            for key in typed:
                self.press(key)
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
    keys = Keys(page, thread)
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
