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
        ("[quote='Fen']", "Fen"),
        ("[quote=O'Fen]", "O'Fen"),
        ('[quote="Fen, post: 1234, member: 55"]', "Fen"),
        ("[quote author=Fen Marsh link=topic=12.msg34#msg34 date=123]", "Fen Marsh"),
        ('[quote name="Fen" post="12"]', "Fen"),
        ('[quote:1a2b3c="Fen"]', "Fen"),
        ("[I]Originally posted by Fen[/I]", "Fen"),
        ("Originally Posted by Fen View Post", "Fen"),
        ("Цитата (Fen @ 03.09.2013 12:40)", "Fen"),
        ("Quoting Fen (reply 3):", "Fen"),
        ("Fen said: ↑", "Fen"),
        ("↑ Fen said:", "Fen"),
        ("Fen wrote: ↑Tue May 03, 2011 10:02 am", "Fen"),
        ("Fen hat geschrieben:", "Fen"),
        ("Fen (Leeds) wrote:", "Fen (Leeds)"),
        ("In article <x@y.example>, Fen Marsh <f@x.example> wrote:", "Fen Marsh"),
        ("On 3 May 2011, fen@x.example (Fen Marsh) wrote:", "Fen Marsh"),
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
        "[b]Note[/b]",
        "[1] Marsh, Owls.",
        "↑",
        "Prices went up ↑ in May",
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
