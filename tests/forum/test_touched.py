"""Only posts that a step touched are rendered, and the rows are those of rendering all."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from corpus.curation import (
    AddQuotation,
    AssignDate,
    AssignSpeaker,
    ChangeQuotation,
    MergeThreads,
    MergeUtterance,
    MoveBoundary,
    RedactSpan,
    RemoveQuotation,
    RetitleThread,
    SplitThread,
    SplitUtterance,
    UndoEvent,
    together,
)
from corpus.models import Quotation, Utterance
from forumimport import projection
from forumimport.engines import engine
from forumimport.models import PendingPost, ProjectedPost
from forumimport.projection import wanted

pytestmark = pytest.mark.django_db

FROST = "The frost took all my beans this spring, every one of them."
SNAILS = "The snails ate what the frost had left of the lettuce, sadly."
TEXT = (
    f"Beans\n\n{FROST}\n\n\n{SNAILS}\n\n\nOne more.\n\nAnd more words here."
    f"\n\n\n{FROST}\n\nCover them.\n\n\n{SNAILS}\n\nCollect them at night.\n\n\nThanks."
)


@pytest.fixture
def thread(import_text):
    thread = import_text(TEXT)
    assert Utterance.objects.count() == 6
    assert Quotation.objects.count() == 2
    return thread


@pytest.fixture
def rendered(monkeypatch):
    """The words of the posts that are rendered, as far as they go."""
    found = []
    content = wanted.content

    def noted(*given):
        made = content(*given)
        found.append(made.words[:9])
        return made

    monkeypatch.setattr(wanted, "content", noted)
    return found


def shown(thread):
    rows = ProjectedPost.objects.order_by("position", "pk").values_list("post", "position")
    contents = engine().contents(post for post, _position in rows)
    return [(position, contents[post]) for post, position in rows]


def post(thread, number):
    return list(Utterance.objects.of_thread(thread.pk).in_order())[number - 1]


def quotation(thread, number):
    return post(thread, number).quotations.get()


AT = TEXT.index("And more")
STEPS = {
    "split": (lambda t: SplitUtterance(post(t, 3), AT), 2),
    "split before the quoted": (lambda t: SplitUtterance(post(t, 1), TEXT.index("this")), 4),
    "merge": (lambda t: MergeUtterance(post(t, 3)), 2),
    "merge of the quoted": (lambda t: MergeUtterance(post(t, 2)), 3),
    "boundary": (lambda t: MoveBoundary(post(t, 4), AT), 2),
    "speaker of the last": (lambda t: AssignSpeaker(post(t, 6), "Ada"), 1),
    "speaker of a quoted": (lambda t: AssignSpeaker(post(t, 1), "Ada"), 2),
    "date of the last": (
        lambda t: AssignDate(post(t, 6), datetime(2009, 3, 1, tzinfo=UTC), "day"),
        1,
    ),
    "other original": (lambda t: ChangeQuotation(quotation(t, 5), post(t, 3)), 1),
    "no quotation": (lambda t: RemoveQuotation(quotation(t, 5)), 1),
    "new quotation": (
        lambda t: AddQuotation(post(t, 6), TEXT.index("Thanks"), len(TEXT), post(t, 1)),
        1,
    ),
    "redaction": (lambda t: RedactSpan(post(t, 1).document, 11, 16, "other"), 2),
    "title": (lambda t: RetitleThread(t, "Peas"), 0),
}


@pytest.mark.parametrize("name", STEPS)
def test_a_step_renders_what_it_touched_as_all_would_be_rendered(thread, rendered, name):
    step, posts = STEPS[name]
    before = shown(thread)
    event = step(thread).execute()
    assert len(rendered) == posts, rendered
    after = shown(thread)
    assert after != before
    projection.project(thread.pk)
    assert shown(thread) == after
    rendered.clear()
    UndoEvent(event).execute()
    assert len(rendered) <= max(posts, 4), rendered
    assert shown(thread) == before


@pytest.mark.parametrize(
    "steps",
    [
        # The posts between move down and those behind move by two.
        [lambda t: SplitUtterance(post(t, 1), 20), lambda t: SplitUtterance(post(t, 4), AT)],
        # Only the posts between move.
        [lambda t: SplitUtterance(post(t, 1), 20), lambda t: MergeUtterance(post(t, 6))],
    ],
)
def test_numbers_follow_several_steps_at_once(thread, steps):
    with together():
        for step in steps:
            step(thread).execute()
    after = shown(thread)
    assert [number for number, _content in after] == list(range(1, len(after) + 1))
    projection.project(thread.pk)
    assert shown(thread) == after


def test_of_a_thread_that_is_parted_only_what_quotes_is_rendered(thread, rendered):
    before = shown(thread)
    event = SplitThread(post(thread, 5), "Snails").execute()
    assert len(rendered) == 1, rendered  # Of the two that leave, the one that quotes.
    after = shown(thread)
    new = event.touched.get()
    for one in (thread, new):
        projection.project(one.pk)
    assert shown(thread) == after
    assert [number for number, _content in after] == [1, 1, 2, 2, 3, 4]
    rendered.clear()
    UndoEvent(event).execute()
    assert len(rendered) == 1, rendered
    assert shown(thread) == before


def test_merged_threads_are_projected_whole(thread, import_text):
    other = import_text("Peas\n\nI sow peas in March.\n\n\nNo, in April.", origin="peas.txt")
    MergeThreads(thread, other).execute()
    after = shown(thread)
    assert [(number, content.subject) for number, content in after[-2:]] == [
        (7, "Beans"),
        (8, "Beans"),
    ]


def test_steps_taken_together_are_all_followed(thread):
    with together():
        AssignSpeaker(post(thread, 1), "Ada").execute()
        AssignSpeaker(post(thread, 2), "Bo").execute()
    ((_one, first), (_two, second), *_others) = shown(thread)
    assert (first.poster, second.poster) == ("Ada", "Bo")


def test_what_nothing_touched_is_left_as_it_is(thread):
    """That is what makes a step cheap; projecting all mends what somebody tampered with."""
    (_number, last) = shown(thread)[-1]
    tampered = replace(last, html="<p>tampered with</p>")
    engine().update_posts([(post(thread, 6).projected.post_id, tampered)])
    AssignSpeaker(post(thread, 1), "Ada").execute()
    assert shown(thread)[-1] == (6, tampered)
    projection.project(thread.pk)
    assert shown(thread)[-1] == (6, last)


def test_a_date_is_indexed_for_its_own_post_alone(thread):
    AssignDate(post(thread, 3), datetime(2009, 3, 1, tzinfo=UTC), "day").execute()
    waiting = set(PendingPost.objects.values_list("post_id", flat=True))
    assert waiting == {post(thread, 3).projected.post_id}
