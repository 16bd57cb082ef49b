"""What crawls bring along beside the pages of threads: told together, by number.

A crawl of a forum fetches its index, its members, pages that are gone. A line for each would hide
what is lost indeed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from forumimport.drafts import ThreadDraft, Unread
from forumimport.readers.grouping import broken_off_later

#: Addresses that are told of each kind, and different kinds of answers.
_SHOWN, _STATUSES = 3, 5
#: Pages that are remembered, so that revisits of them are known; some 200 bytes each.
_REMEMBERED = 500_000
#: Addresses of what is no page, where nothing else tells.
_NO_PAGE = re.compile(
    r"\.(?:png|jpe?g|gif|webp|avif|svg|ico|bmp|css|m?js|json|xml|woff2?|ttf|eot|pdf|zip|mp[34])$",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Places:
    """Some addresses: how many, and the first of them."""

    number: int = 0
    first: list[str] = field(default_factory=list)

    def add(self, place: str) -> None:
        self.number += 1
        if len(self.first) < _SHOWN:
            self.first.append(place)

    def __str__(self) -> str:
        more = self.number - len(self.first)
        return ", ".join(self.first) + (f" and {more:,} more" if more else "")


@dataclass(slots=True)
class Beside:
    """Counts what a crawl holds beside threads. ``complete``: all of it has been counted."""

    postless: dict[str, Places] = field(default_factory=dict)
    refused: Places = field(default_factory=Places)
    statuses: Counter[str] = field(default_factory=Counter)
    #: Hashes of what names the pages that came.
    came: set[int] = field(default_factory=set)
    #: Pages that came before the crawl began, by what names them, with their address.
    missing: dict[str, str] = field(default_factory=dict)
    complete: bool = False

    def without_posts(self, place: str, reason: str) -> None:
        self.postless.setdefault(reason, Places()).add(place)

    def of_status(self, status: str, place: str) -> None:
        self.statuses[status] += 1
        self.refused.add(place)

    def page(self, address: str, digest: str) -> None:
        """Take note of a page that came, so that one that is the same is known."""
        for name in (f"address {address}", f"digest {digest or address}"):
            self.missing.pop(name, None)
            if len(self.came) < 2 * _REMEMBERED:
                self.came.add(hash(name))

    def revisit(self, address: str, digest: str, earlier: str) -> None:
        """Take note of a page that is said to be as it was, or as that at ``earlier`` was."""
        names = [f"digest {one}" for one in (digest, earlier, address) if one]
        if not digest:
            names = [f"address {one}" for one in (earlier, address) if one]
        full = len(self.missing) >= _REMEMBERED or len(self.came) >= 2 * _REMEMBERED
        if names and not full and not any(hash(name) in self.came for name in names):
            self.missing.setdefault(names[0], address)

    def told(self, found: Iterator[ThreadDraft | Unread]) -> Iterator[ThreadDraft | Unread]:
        """Pass on what is found, with notices of what was beside it: they stand with the first
        thread behind the last page that was counted, or alone, as lost, if there is none."""
        told = False
        with broken_off_later() as upto_break:
            for one in upto_break(found):
                if self.complete and not told and isinstance(one, ThreadDraft):
                    told = True
                    one = replace(one, problems=(*one.problems, *self._notices(lost=False)))
                yield one
            if not told:
                yield from self._notices(lost=True)

    def _notices(self, *, lost: bool) -> Iterator[Unread]:
        for reason, places in self.postless.items():
            if lost and places.number == 1:
                yield Unread(places.first[0], reason)
                continue
            pages = _counted(places.number, "page is", "pages are")
            yield Unread("", f"{pages} left out, as no thread shows: {places}. {reason}", lost)
        if self.refused.number:
            common = self.statuses.most_common(_STATUSES)
            kinds = ", ".join(f"{status}: {number:,}" for status, number in common)
            answers = _counted(self.refused.number, "answer is", "answers are")
            yield Unread(
                "",
                f"{answers} left out, as the status is that of no page ({kinds}): {self.refused}.",
                lost,
            )
        if self.missing:
            places = Places()
            for address in self.missing.values():
                places.add(address)
            pages = _counted(places.number, "page is", "pages are")
            yield Unread(
                "",
                f"{pages} recorded as unchanged since an earlier visit (revisit) that is not in "
                f"this archive; import the archive that has it, too: {places}.",
                lost,
            )


def is_no_page(address: str) -> bool:
    """Whether an address is one of a picture, a style sheet and the like."""
    return _NO_PAGE.search(re.split(r"[?#]", address, maxsplit=1)[0]) is not None


def _counted(number: int, one: str, more: str) -> str:
    return f"{number:,} {one if number == 1 else more}"
