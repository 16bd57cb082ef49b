"""Threads of messages by what they refer to, after Jamie Zawinski (jwz.org/doc/threading.html).

Steps 1 to 3 of the algorithm. Its last step, to join what has the same subject, is left out: that
two messages are of one thread is then a guess, and what is stored of a source is what it says.
Where references contradict one another beyond any mailbox (made up to cost time), what was read
first stays.
Names are strings of any kind. About half a kilobyte is held for every message. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

#: Steps up the threads for each message (mailboxes need two), and those that come on top.
_STEPS, _FREE = 50, 100_000


@dataclass(slots=True)
class Threading:
    """Grows message by message; what is not there may still be referred to."""

    parents: dict[str, str] = field(default_factory=dict)
    #: Some message above each, mostly the root: walks stay short in threads of any depth.
    shortcuts: dict[str, str] = field(default_factory=dict)
    #: Steps of walks, which a guess that is withdrawn makes long again.
    steps: int = 0

    def add(self, name: str, references: Iterable[str]) -> None:
        """Take a message with the names that it refers to, the oldest first.

        >>> made = Threading()
        >>> made.add("c", ["a", "b"])
        >>> made.parent("c"), made.parent("b"), made.root("c")
        ('b', 'a', 'a')
        """
        above = ""
        for reference in references:
            # What is linked already stays so: a message knows its own line better.
            if above and reference not in self.parents:
                self._link(reference, above)
            above = reference
        if above:
            # Its own references tell of a message better than those of others that guessed.
            free = self.steps < _STEPS * len(self.parents) + _FREE
            if free and self.parents.get(name, above) != above:
                del self.parents[name]
                self.shortcuts.clear()
            if name not in self.parents:
                self._link(name, above)

    def parent(self, name: str) -> str:
        """Return what a message answers, there or not; empty if it says nothing of it."""
        return self.parents.get(name, "")

    def root(self, name: str) -> str:
        """Return the name of the message that its thread began with, there or not."""
        walked = []
        while above := self.shortcuts.get(name) or self.parents.get(name):
            walked.append(name)
            name = above
        self.steps += len(walked)
        self.shortcuts.update(dict.fromkeys(walked, name))
        return name

    def _link(self, name: str, above: str) -> None:
        """Put a message that stands below none below another, unless that closed a circle."""
        if self.root(above) != name:
            self.parents[name] = above
