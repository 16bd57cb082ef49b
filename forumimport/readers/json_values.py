"""JSON as records: lines, or the values of one array, each with its bytes.

A value is cut out by its brackets before it is parsed, so a broken one costs itself only, and
neither a file of one line nor one of a million lines is held in memory.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from forumimport.drafts import Unread
from forumimport.readers.base import BadRecord, Source, Unreadable
from forumimport.readers.records import LONGEST, Record, lines, taken, told, too_long

_CHUNK = 256 * 1024
#: A string, the beginning of one, or a bracket. Possessive repetition keeps it linear.
_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+(?P<closed>"?)|[\[\]{}]', re.DOTALL)
_OPENING = frozenset(b"[{")


def objects(source: Source, encoding: str | None = None) -> Iterator[tuple[Record, Any] | Unread]:
    """Yield the objects of JSON lines, of one array, or the one object, with their records.

    Raises:
        Unreadable: it is no JSON at all.
    """
    records = lines(source) if _line_by_line(source) else _values(source)
    for record in records:
        if isinstance(record, Unread):
            yield record
            continue
        try:
            yield record, parsed(record.content, encoding)
        except BadRecord as error:
            yield Unread(record.locator, str(error))


def parsed(content: bytes, encoding: str | None = None) -> dict[str, Any]:
    """Return the object that the bytes are.

    Raises:
        BadRecord: they are no JSON object.
    """
    try:
        text = content.decode(encoding or "utf-8")
    except UnicodeDecodeError as error:
        raise BadRecord(
            f"It is not in {encoding or 'UTF-8'}: byte {error.start + 1} does not fit."
        ) from None
    except (LookupError, ValueError):
        raise BadRecord(f"No text encoding is named {encoding!r}.") from None
    try:
        # NaN and Infinity are no JSON but written by careless programs: nothing is known then.
        value = json.loads(text, parse_constant=lambda name: None)
    except json.JSONDecodeError as error:
        raise BadRecord(
            f"It is no valid JSON ({error.msg[:1].lower()}{error.msg[1:]} at character "
            f"{error.pos + 1})."
        ) from None
    except RecursionError:
        raise BadRecord("Its values lie too deep in one another to be read.") from None
    except ValueError:
        raise BadRecord("It holds a number too long to be read.") from None
    if not isinstance(value, dict):
        raise BadRecord("It is no JSON object in braces.")
    return value


def _line_by_line(source: Source) -> bool:
    """Whether the first line is an object, whole or broken, with another after it, or nothing."""
    following = b""
    with told(source), source.stream() as stream:
        try:
            start = stream.readline(LONGEST).removeprefix(b"\xef\xbb\xbf")
            while start and not start.strip():
                start = stream.readline(LONGEST)
        except EOFError:
            return False  # It is cut off in its first line: whoever reads it says so.
        if not start.strip():
            raise Unreadable(f"{source.origin} is empty.")
        with suppress(OSError, EOFError):
            following = stream.read(1)
    try:
        return isinstance(json.loads(start), dict)
    except (ValueError, RecursionError):
        # A broken first line is told from the first line of a longer object by what follows.
        return start.startswith(b"{") and start.strip() != b"{" and following == b"{"


@dataclass(slots=True)
class _Cutter:
    """Cuts values out of JSON as it comes in; ``base`` is the depth at which they lie."""

    stream: BinaryIO
    buffer: bytearray = field(default_factory=bytearray)
    at: int = 0
    depth: int = 0
    base: int = 0
    start: int = -1
    overlong: bool = False
    ended: bool = False

    def values(self) -> Iterator[bytes | None]:
        """Yield every value in brackets, None for one that is too long."""
        size = _CHUNK
        while not self.ended:
            chunk = taken(self.stream, size)
            self.ended = not chunk
            self.buffer += chunk
            yield from self._cut()
            if len(self.buffer) > LONGEST:
                self._forget()
            # Grows with what waits for its end, so that a long string is not scanned in squares.
            size = max(_CHUNK, len(self.buffer))
        if self.depth > self.base:
            yield bytes(self.buffer[max(self.start, 0) :]) if not self.overlong else None

    def _cut(self) -> Iterator[bytes | None]:
        for token in _TOKEN.finditer(self.buffer, self.at):
            if token["closed"] == b"":
                self.at = token.start()  # Its end has not come yet.
                break
            self.at = token.end()
            if token["closed"] is None and (ended := self._bracket(token.start())):
                long = self.overlong or ended - self.start > LONGEST
                yield None if long else bytes(self.buffer[self.start : ended])
                self.start, self.overlong = -1, False
        else:
            self.at = len(self.buffer)
        kept = self.start if self.start >= 0 else self.at
        del self.buffer[:kept]
        self.at -= kept
        self.start = min(self.start, 0)

    def _bracket(self, at: int) -> int:
        """Count a bracket; return where a value ends, 0 where none does."""
        if self.buffer[at] in _OPENING:
            if self.depth == self.base == 0 and self.buffer[at] == ord("["):
                self.base = 1
            elif self.depth == self.base:
                self.start = at
            self.depth += 1
            return 0
        self.depth -= 1
        if self.depth < self.base:
            self.base = self.depth = 0
            return 0
        return at + 1 if self.depth == self.base else 0

    def _forget(self) -> None:
        """Drop what has come of a value that is too long, and go on to its end."""
        self.overlong = True
        del self.buffer[: self.at]
        self.at, self.start = 0, 0
        if len(self.buffer) > LONGEST:  # One string: go on in it.
            self.buffer[:] = b'"'


def _values(source: Source) -> Iterator[Record | Unread]:
    with told(source), source.stream() as stream:
        found = False
        for number, value in enumerate(_Cutter(stream).values(), 1):
            found = True
            if value is None:
                yield Unread(f"record {number}", too_long())
            else:
                yield Record(value, f"record {number}")
    if not found:
        raise Unreadable(f"{source.origin} is no JSON: there is no object in it.")
