"""Colours and keys of codes; pure."""

from __future__ import annotations

from itertools import product

#: Okabe and Ito (2008), "Color Universal Design"; their black is a grey here, since it must be
#: told from the text.
COLOURS = {
    "orange": "#E69F00",
    "sky": "#56B4E9",
    "green": "#009E73",
    "yellow": "#F0E442",
    "blue": "#0072B2",
    "vermillion": "#D55E00",
    "purple": "#CC79A7",
    "grey": "#777777",
}
LINES = ("solid", "dashed", "dotted", "wavy")

#: What the coding page itself listens to: next, previous, uncoded post, edit, note, unsure,
#: quotations, search, help.
RESERVED_KEYS = frozenset("jknemuq/?")


def sign(at: int) -> tuple[str, str]:
    """Return colour and line of the code at this place: all colours first, then another line.

    >>> sign(0), sign(8)
    (('orange', 'solid'), ('orange', 'dashed'))
    """
    line, colour = list(product(LINES, COLOURS))[at % (len(LINES) * len(COLOURS))]
    return colour, line


def nearest(hexadecimal: str) -> str:
    """Return the name of the colour closest to one like ``#ff8800``; orange for anything else.

    >>> nearest("#ff8800"), nearest("#00f"), nearest("red")
    ('orange', 'blue', 'orange')
    """
    digits = hexadecimal.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(2 * digit for digit in digits)
    try:
        red, green, blue = bytes.fromhex(digits)
    except ValueError:
        return "orange"

    def distance(name: str) -> int:
        known = bytes.fromhex(COLOURS[name][1:])
        return sum((a - b) ** 2 for a, b in zip((red, green, blue), known, strict=True))

    return min(COLOURS, key=distance)
