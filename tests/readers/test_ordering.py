"""The order of scattered posts: none stands before the post that it answers."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from forumimport.drafts import PostDraft
from forumimport.readers import Unreadable
from forumimport.readers.ordering import by_time, depth_first, ordered

START = datetime(2019, 5, 3, tzinfo=UTC)
names = st.sampled_from(["", *"abcdef"])


def post(name, reply_to="", hour=None):
    date = None if hour is None else START + timedelta(hours=hour)
    return PostDraft(f"Words of {name}.", name, date=date, reply_to=reply_to)


drafts = st.lists(st.builds(post, names, names, st.none() | st.integers(0, 9)), max_size=12)


def order(posts):
    return "".join(one.identifier for one in posts)


@pytest.mark.parametrize(
    ("posts", "time", "depth"),
    [
        ([post("b", hour=2), post("a", hour=1)], "ab", "ab"),
        ([post("b", "a", hour=1), post("a", hour=2)], "ab", "ab"),
        ([post("b"), post("a", hour=1)], "ba", "ba"),
        (
            [post("a", hour=1), post("b", "a", 2), post("c", "a", 3), post("d", "b", 4)],
            "abcd",
            "abdc",
        ),
        ([post("a", "b", 1), post("b", "a", 2)], "ba", "ba"),
        ([post("a", "a", 1), post("b", "gone", 2)], "ab", "ab"),
    ],
)
def test_posts_are_ordered(posts, time, depth):
    assert (order(by_time(posts)), order(depth_first(posts))) == (time, depth)


@given(drafts)
def test_ordering_loses_no_post(posts):
    for sort in (by_time, depth_first):
        found = sort(posts)
        assert sorted(map(id, found)) == sorted(map(id, posts))


@given(drafts)
@example([post("a", hour=1), post("a", "a", hour=0)])
def test_ordering_puts_answers_behind_what_they_answer(posts):
    # Where several posts bear a name, the first by time is meant.
    dated = sorted(posts, key=lambda one: one.date) if all(one.date for one in posts) else posts
    named = {one.identifier: one for one in reversed(dated) if one.identifier}
    for found in (by_time(posts), depth_first(posts)):
        places = {id(one): place for place, one in enumerate(found)}
        for one in posts:
            answered = named.get(one.reply_to)
            if answered is None or in_circle(one, named):
                continue
            assert places[id(answered)] < places[id(one)]


def in_circle(post, named):
    """Whether the answers from a post on go in a circle."""
    seen = set()
    while post is not None and id(post) not in seen:
        seen.add(id(post))
        post = named.get(post.reply_to)
    return post is not None


@given(st.lists(st.integers(0, 20), max_size=15))
def test_depth_first_order_keeps_each_branch_together(given):
    """Each number says which of the posts before a post answers; 0 is none."""
    parents = [number % (place + 1) - 1 for place, number in enumerate(given)]
    posts = [
        post(str(place), str(parent) if parent >= 0 else "", place)
        for place, parent in enumerate(parents)
    ]

    def branch(at):
        yield posts[at]
        for place, parent in enumerate(parents):
            if parent == at:
                yield from branch(place)

    roots = [place for place, parent in enumerate(parents) if parent < 0]
    assert depth_first(posts) == [one for root in roots for one in branch(root)]


def test_order_that_is_none_is_refused():
    with pytest.raises(Unreadable) as refusal:
        ordered([], "backwards")
    assert str(refusal.value) == "There is no order 'backwards'; name time, depth-first or source."
