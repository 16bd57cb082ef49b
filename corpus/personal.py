"""Personal details that a text may hold: offered to curators for redaction, never hidden by itself.

Pure: text and handles in, spans out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from corpus.spans import Span


class Detail(StrEnum):
    """What was found; the values are those of redactions' kinds."""

    NAME = "name"
    EMAIL = "e-mail"
    PHONE = "phone"


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """A span that looks like a personal detail."""

    span: Span
    kind: Detail


# The lengths are those that the formats allow; they also bound the search.
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}(?!\w)")
_PHONE = re.compile(r"(?<![\w./-])(?:\+|\()?\d(?:[ ().\-/\u00a0]{0,2}\d){6,14}(?![\w/-]|\.\d)")
_DATE = re.compile(r"(?:19|20)\d\d[./-]\d{1,2}[./-]\d{1,2}|\d{1,2}[./-]\d{1,2}[./-](?:19|20)\d\d")
_PHONE_START = re.compile(r"[+(0]|\d{3}[ .\-/\u00a0]")
_URL = re.compile(r"(?:https?://|www\.)[^\s<>\"'\[\]{}|]{3,2000}", re.IGNORECASE)
#: Where in an address the name of a user stands.
_USER = re.compile(
    r"(?:/(?:users?|u|members?|profiles?|people|channel|in)/(?:\d+[-/])?|/~|/@"
    r"|[?&](?:user(?:name)?|u|member|author)="
    r"|//(?:www\.|m\.)?(?:twitter|x|facebook|instagram|github|reddit|tiktok)\.com/)"
    r"(?P<name>[\w.%-]{2,64})",
    re.IGNORECASE,
)
_WORD = re.compile(r"\w+")
#: Shorter handles are words too often.
_SHORTEST = 3


class Handles:
    """Names to be looked for, by their first word and length: more names do not take longer."""

    def __init__(self, handles: Iterable[str]) -> None:
        #: By the first word: by what is before it and how long the handle is, all such handles.
        self._known: dict[str, dict[tuple[int, int], set[str]]] = {}
        for handle in handles:
            first = _WORD.search(handle)
            if first and len(handle) >= _SHORTEST:
                alike = self._known.setdefault(first.group().casefold(), {})
                shape = first.start(), len(handle)
                alike.setdefault(shape, set()).add(handle.casefold())

    def find(self, text: str) -> Iterator[Finding]:
        """Yield each one wherever it stands as a word of its own, in capitals or not."""
        for word in _WORD.finditer(text) if self._known else ():
            alike = self._known.get(word.group().casefold(), {})
            for (before, length), handles in alike.items():
                start = word.start() - before
                end = start + length
                same = start >= 0 and text[start:end].casefold() in handles
                if same and not _goes_on(text, start, end):
                    yield Finding(Span(start, end), Detail.NAME)


def find(text: str, handles: Iterable[str] | Handles = ()) -> Iterator[Finding]:
    """Yield e-mail addresses, phone numbers, user names in addresses, and these handles.

    In order and disjoint; of two that overlap the earlier, then the longer one.

    >>> [(f.span.of("ask Ada: ada@example.org"), f.kind.value)
    ...  for f in find("ask Ada: ada@example.org", ["ada"])]
    [('Ada', 'name'), ('ada@example.org', 'e-mail')]
    """
    known = handles if isinstance(handles, Handles) else Handles(handles)
    found = [*_emails(text), *_phones(text), *_users(text), *known.find(text)]
    end = 0
    for finding in sorted(found, key=lambda one: (one.span.start, -one.span.end)):
        if finding.span.start >= end:
            yield finding
            end = finding.span.end


def _emails(text: str) -> Iterator[Finding]:
    for match in _EMAIL.finditer(text):
        yield Finding(Span(*match.span()), Detail.EMAIL)


def _phones(text: str) -> Iterator[Finding]:
    for match in _PHONE.finditer(text):
        if _PHONE_START.match(match.group()) and not _DATE.search(match.group()):
            yield Finding(Span(*match.span()), Detail.PHONE)


def _users(text: str) -> Iterator[Finding]:
    for address in _URL.finditer(text):
        for user in _USER.finditer(address.group()):
            at = address.start()
            yield Finding(Span(at + user.start("name"), at + user.end("name")), Detail.NAME)


def _goes_on(text: str, start: int, end: int) -> bool:
    """Whether the word goes on before or behind the span."""
    before = start > 0 and text[start - 1 : start + 1].isalnum()
    behind = end < len(text) and text[end - 1 : end + 1].isalnum()
    return before or behind
