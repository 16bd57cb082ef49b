"""What is known of characters one by one, looked up for all of a text at once."""

from __future__ import annotations

import sys
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray


class Kinds:
    """The kind of a character, from 1 to 255, is what ``of`` says.

    It is asked when a character is first met. Threads may share a table: it is only ever filled
    in, with the same.

    >>> Kinds(lambda char: 2 if char == "o" else 1).each("no").tolist()
    [1, 2]
    """

    def __init__(self, of: Callable[[str], int]) -> None:
        self._of = of
        # 0 stands for what is not asked yet; memory is only taken for what is met.
        self._known = np.zeros(sys.maxunicode + 1, dtype=np.uint8)

    def each(self, text: str) -> NDArray[np.uint8]:
        """The kind of every character."""
        found = codes(text)
        kinds: NDArray[np.uint8] = self._known[found]
        if not kinds.all():
            for char in set(text):
                if not self._known[ord(char)]:
                    self._known[ord(char)] = self._of(char)
            kinds = self._known[found]
        return kinds


def codes(text: str) -> NDArray[np.uint32]:
    """The code points."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
