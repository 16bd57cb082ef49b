"""Text from files on a terminal: shown, never obeyed."""

from __future__ import annotations

#: Control characters by their pictures, and the marks that turn the direction of what follows.
_PICTURES = {
    **{code: 0x2400 + code for code in range(32)},
    127: 0x2421,
    **dict.fromkeys(range(128, 160), 0xFFFD),
    **dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)], 0xFFFD),
}


def shown(words: str) -> str:
    """Return ``words`` on one line, without anything that a terminal would act on.

    >>> shown("red: \\x1b[31m")
    'red: ␛[31m'
    """
    return words.translate(_PICTURES)
