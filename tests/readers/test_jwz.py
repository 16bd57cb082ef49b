"""Threads of messages by what they refer to."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forumimport.readers.jwz import Threading

names = st.sampled_from("abcdefgh")
messages = st.lists(st.tuples(names, st.lists(names, max_size=4)), max_size=15)


def threaded(given):
    made = Threading()
    for name, references in given:
        made.add(name, references)
    return made


@pytest.mark.parametrize(
    ("given", "parents"),
    [
        ([("a", []), ("b", ["a"])], {"a": "", "b": "a"}),
        ([("b", ["a"]), ("a", [])], {"a": "", "b": "a"}),
        ([("c", ["a", "b"])], {"a": "", "b": "a", "c": "b"}),
        ([("b", ["x"]), ("c", ["a", "b"])], {"b": "x", "c": "b", "a": ""}),
        ([("c", ["a", "b"]), ("b", ["x"])], {"b": "x", "c": "b"}),
        ([("a", ["b"]), ("b", ["a"])], {"a": "b", "b": ""}),
        ([("a", ["a"])], {"a": ""}),
    ],
)
def test_threading_links_messages(given, parents):
    made = threaded(given)
    assert {name: made.parent(name) for name in parents} == parents


@given(messages)
def test_threading_never_makes_a_circle(given):
    made = threaded(given)
    for name in "abcdefgh":
        seen = {name}
        while name := made.parent(name):
            assert name not in seen
            seen.add(name)


@given(messages)
def test_threading_puts_what_answers_into_the_thread_of_what_is_answered(given):
    made = threaded(given)
    for name in "abcdefgh":
        if parent := made.parent(name):
            assert made.root(name) == made.root(parent)


def test_threading_of_a_chain_of_50000_is_quick():
    made = Threading()
    start = time.monotonic()
    for number in range(50_000):
        made.add(str(number), [str(number - 1)] if number else [])
    assert {made.root(str(number)) for number in range(50_000)} == {"0"}
    assert time.monotonic() - start < 10
