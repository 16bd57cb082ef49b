"""JSON cut into records: lines, one array, one object; with the bytes of each."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forumimport.drafts import Unread
from forumimport.readers import Source, Unreadable, json_values
from forumimport.readers.json_values import objects

values = st.dictionaries(
    st.text(max_size=4),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
        max_leaves=6,
    ),
    max_size=3,
)


def read(content):
    return [
        one if isinstance(one, Unread) else (one[0].locator, one[1])
        for one in objects(Source("f", content))
    ]


@given(st.lists(values, min_size=1, max_size=6), st.sampled_from([None, 2]), st.integers(1, 40))
def test_array_gives_its_objects_with_their_bytes(given, indent, chunk):
    content = json.dumps(given, indent=indent).encode()
    old, json_values._CHUNK = json_values._CHUNK, chunk
    try:
        found = list(objects(Source("f", content)))
    finally:
        json_values._CHUNK = old
    assert [value for _, value in found] == given
    assert [json.loads(record.content) for record, _ in found] == given
    assert [record.locator for record, _ in found] == [
        f"record {number}" for number in range(1, len(given) + 1)
    ]


@given(st.lists(values, min_size=1, max_size=6))
def test_lines_give_their_objects_with_their_bytes(given):
    content = "\r\n".join(json.dumps(value) for value in given).encode()
    found = list(objects(Source("f", content)))
    assert [value for _, value in found] == given
    assert b"\r\n".join(record.content for record, _ in found) == content


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b'{\n "a": 1\n}', [("record 1", {"a": 1})]),
        (b'{\n "a": 1\n}\n{\n "a": 2}', [("record 1", {"a": 1}), ("record 2", {"a": 2})]),
        (b'\xef\xbb\xbf{"a": 1}\n\n{"a": 2}\n', [("line 1", {"a": 1}), ("line 3", {"a": 2})]),
        (b'{"a": NaN, "b": -Infinity}', [("line 1", {"a": None, "b": None})]),
        (b'[{"a": "]}[{\\""}]', [("record 1", {"a": ']}[{"'})]),
    ],
)
def test_objects_are_found(content, found):
    assert read(content) == found


def test_broken_value_of_an_array_costs_itself():
    first, broken, last = read(b'[\n{"a": 1},\n{"b":},\n{"c": 3}\n]')
    assert (first, last) == (("record 1", {"a": 1}), ("record 3", {"c": 3}))
    assert broken == Unread("record 2", "It is no valid JSON (expecting value at character 6).")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "f is empty."),
        (b"\n \n", "f is empty."),
        (b"words", "f is no JSON: there is no object in it."),
        (b"[1, 2]", "f is no JSON: there is no object in it."),
    ],
)
def test_what_is_no_json_is_refused(content, reason):
    with pytest.raises(Unreadable) as refusal:
        read(content)
    assert str(refusal.value) == reason
