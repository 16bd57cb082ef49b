"""Personal details are found wherever they stand, and nothing else is cut."""

import string
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.personal import Handles, find
from tests.texts import bodies

names = st.text(string.ascii_letters + string.digits, min_size=1, max_size=12)
addresses = st.builds("{}@{}.org".format, names, names)
handles = st.text(string.ascii_letters, min_size=3, max_size=12)


def found(text, known=()):
    return [(finding.span.of(text), finding.kind.value) for finding in find(text, known)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Write to ada.b+c@mail.example.org.", [("ada.b+c@mail.example.org", "e-mail")]),
        ("call +44 (0)20 7946 0958 now", [("+44 (0)20 7946 0958", "phone")]),
        ("call 555-867-5309!", [("555-867-5309", "phone")]),
        ("on 2009-03-03 14:05 and 03.04.2009", []),
        ("1234567890 is a number", []),
        ("version 1.2.3.4 of 10 000 000", []),
        ("https://forum.example/users/17-ada_b?x=1", [("ada_b", "name")]),
        ("www.example.org/~ada, and http://example.org/post/7", [("ada", "name")]),
        ("http://x.example/p.php?user=Ada", [("Ada", "name")]),
        ("https://twitter.com/ada/status/1", [("ada", "name")]),
        ("a @ b, 7 of 9, me@home", []),
    ],
)
def test_details_are_told_from_what_only_looks_like_them(text, expected):
    assert found(text) == expected


def test_handle_is_found_as_a_word_of_its_own_only():
    text = "ADA, Adam, @ada: x_Ada_x said; B. Fischer too, not B. Fischers."
    assert found(text, ["Ada", "x_Ada_x", "B. Fischer", "to"]) == [
        ("ADA", "name"),
        ("ada", "name"),
        ("x_Ada_x", "name"),
        ("B. Fischer", "name"),
    ]


@given(text=bodies, known=st.lists(st.one_of(handles, st.text(max_size=5)), max_size=5))
def test_findings_are_disjoint_inside_and_in_order(text, known):
    end = 0
    for finding in find(text, known):
        assert end <= finding.span.start < finding.span.end <= len(text)
        assert finding.span.of(text).strip()
        end = finding.span.end


@given(before=bodies, address=addresses, after=bodies)
def test_address_between_spaces_is_found(before, address, after):
    assert (address, "e-mail") in found(f"{before} {address} {after}")


@given(before=bodies, handle=handles, after=bodies)
def test_handle_between_spaces_is_found(before, handle, after):
    text = f"{before} {handle} {after}"
    at = len(before) + 1
    covered = [f.span for f in find(text, [handle]) if f.span.start <= at < f.span.end]
    assert covered


def test_countless_handles_that_begin_alike_cost_little():
    known = Handles(f"the x{number}" for number in range(20_000))
    start = time.process_time()
    assert not list(known.find("the cat " * 20_000))
    assert time.process_time() - start < 3
