"""Lines that say whose words come next, in the ways of several programs and languages."""

import pytest

from corpus.segmentation import attributions, recover


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Fen wrote:", "Fen"),
        ("Fen Marsh said:", "Fen Marsh"),
        ("On Tue, May 3, 2011 at 6:00 PM, Fen Marsh wrote:", "Fen Marsh"),
        ("Am 3. Mai 2011 um 10:02 schrieb Fen:", "Fen"),
        ("Fen skrifaði:", "Fen"),
        ("Fen a écrit :", "Fen"),
        ("Fen написал(а):", "Fen"),
        ("Quote from: Fen on May 03, 2011, 06:00:00 PM", "Fen"),
        ("Originally Posted by Fen M.", "Fen M."),
        ("Zitat von Fen", "Fen"),
        ('[quote="Fen";p=12]', "Fen"),
        ("[QUOTE=Fen]", "Fen"),
    ],
)
def test_attributions_name_the_speaker(line, name):
    assert attributions.recognised(line)
    assert attributions.name(line) == name


@pytest.mark.parametrize("line", ["Quote:", "[quote]"])
def test_attributions_without_a_name_are_recognised(line):
    assert attributions.recognised(line)
    assert attributions.name(line) == ""


@pytest.mark.parametrize(
    "line",
    [
        "",
        "Note:",
        "Fen wrote a book.",
        "Who wrote this?",
        "the old man who lives down by the river and keeps geese said:",
        "w" * 300 + " wrote:",
    ],
)
def test_other_lines_attribute_nothing(line):
    assert not attributions.recognised(line)


def test_quotation_below_an_attribution_is_marked_and_says_whose_words_they_are():
    text = (
        "Owl boxes\n\nFen » 3 May 2011, 10:02\n\nOak, facing east.\n\n"
        "Wren » 4 May 2011, 10:02\n\nFen wrote:\nOak, facing east.\n\nNot ash?"
    )
    structure = recover(text)
    (quotation,) = structure.quotations
    assert quotation.span.of(text) == "Oak, facing east."
    assert (quotation.marked, quotation.attributed) == (True, "Fen")
    assert structure.utterances[1].reply_to == 0
