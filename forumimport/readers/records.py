"""A stream as records, each with its bytes and its place; memory is bounded by the longest one."""

from __future__ import annotations

import lzma
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

import zstandard

from forumimport.drafts import Unread
from forumimport.readers.base import Source, Unreadable

#: Longest record that is read, in bytes. A record is held some ten times while it is read
#: (bytes, text, values, the composed text), so this bounds memory at about half a gigabyte.
LONGEST = 32 * 1024 * 1024
_MARK = b"\xef\xbb\xbf"
_LINE_END = b"\r\n"
_TOO_LONG = "It is longer than the {:,} bytes that are read of one record."


@dataclass(frozen=True, slots=True)
class Record:
    """The bytes of one record without what separates it from the next, and where it stands.

    ``encoding`` is what the source states of it apart from the bytes, if anything.
    """

    content: bytes
    locator: str
    encoding: str = ""


def lines(source: Source, *, longest: int = LONGEST) -> Iterator[Record | Unread]:
    """Yield the lines of a source that are not blank; a longer one is refused by its number.

    Raises:
        Unreadable: the source cannot be read to its end.
    """
    with told(source), source.stream() as stream:
        for number, line in enumerate(_bounded(stream, longest), 1):
            if line is None:
                yield Unread(f"line {number}", too_long(longest))
                continue
            content = line.removeprefix(_MARK) if number == 1 else line
            if content.strip():
                yield Record(content.rstrip(_LINE_END), f"line {number}")


def whole(source: Source, *, longest: int = LONGEST) -> bytes:
    """Return all bytes of a source.

    Raises:
        Unreadable: it cannot be read, or is larger than ``longest`` bytes.
    """
    with told(source, partly=False), source.stream() as stream:
        content = stream.read(longest + 1)
    if len(content) > longest:
        raise Unreadable(
            f"{source.origin} is larger than the {longest:,} bytes that are read of a file that "
            "holds one thread; split it."
        )
    return content


def taken(stream: BinaryIO, size: int) -> bytes:
    """Return the next bytes, so many or up to where the stream ends or breaks off.

    What is before a break is returned; the break itself is raised by the next call.
    """
    parts: list[bytes] = []
    while size > 0:
        try:
            some: bytes = stream.read1(size)  # type: ignore[attr-defined]
        except (OSError, EOFError):
            if parts:
                break
            raise
        if not some:
            break
        parts.append(some)
        size -= len(some)
    return b"".join(parts)


def too_long(longest: int = LONGEST) -> str:
    return _TOO_LONG.format(longest)


@contextmanager
def told(source: Source, *, partly: bool = True) -> Iterator[None]:
    """Say in one sentence why a source breaks off; ``partly``: what is before that is read."""
    try:
        yield
    except (EOFError, zlib.error, lzma.LZMAError, zstandard.ZstdError) as error:
        rest = "what stands before is read" if partly else "nothing of it is read"
        raise Unreadable(
            f"{source.origin} is damaged or cut off ({str(error).rstrip('.')}); {rest}. "
            "Fetch it anew."
        ) from None
    except OSError as error:
        raise Unreadable(
            f"{source.origin} cannot be read to its end: {error.strerror or error}."
        ) from None


def _bounded(stream: BinaryIO, longest: int) -> Iterator[bytes | None]:
    """Yield lines with their ends, None in place of one that is too long."""
    while line := stream.readline(longest + 2):
        if len(line.rstrip(_LINE_END)) <= longest:
            yield line
            continue
        while not line.endswith(b"\n") and (line := stream.readline(longest)):
            pass
        yield None
