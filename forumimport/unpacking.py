"""Compressed bytes as a stream of what is in them, whatever their size. Pure."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zlib
from collections.abc import Callable
from typing import TYPE_CHECKING, BinaryIO, cast

import zstandard

if TYPE_CHECKING:
    from typing_extensions import Buffer

#: What compressed files are packed with, by their ending: the one before it tells the format.
KINDS = {".gz": "gzip", ".zst": "Zstandard", ".xz": "xz", ".bz2": "bzip2"}
SUFFIXES = frozenset(KINDS)
#: Largest window of a Zstandard stream: dumps of large forums are packed with it.
WINDOW = 2**31
#: What expands further than this is no text: dumps of forums shrink to a tenth or a thirtieth.
RATIO = 1_000
#: Below so many bytes it may expand as it likes.
_HARMLESS = 64 * 1024 * 1024
#: Zstandard expands a byte to 32 kB at most, so this keeps what is held at once at 32 MB.
_PACKED = 1024
_BUFFER = 128 * 1024


class ExpandsTooFar(OSError):
    """Compressed bytes that hold much more than text could."""


def unpacked(stream: BinaryIO) -> BinaryIO:
    """Return the bytes in ``stream`` (at its beginning), unpacked if they are compressed.

    Reading raises OSError or EOFError where they are damaged or cut off, and
    :class:`ExpandsTooFar`.
    """
    start = stream.read(6)
    stream.seek(0)
    opened = _opener(start)
    if opened is None:
        return stream
    bounded = _Bounded(stream, opened)
    return cast(BinaryIO, io.BufferedReader(bounded, _BUFFER))


def is_compressed(start: bytes) -> bool:
    """Whether bytes that begin with ``start`` (six or more) are compressed in a known way."""
    return _opener(start) is not None


def _opener(start: bytes) -> Callable[[BinaryIO], BinaryIO] | None:
    if start.startswith(b"\x1f\x8b"):
        return lambda stream: cast(BinaryIO, gzip.GzipFile(fileobj=stream))
    if start.startswith(b"\x28\xb5\x2f\xfd"):
        return lambda stream: cast(BinaryIO, _Zstandard(stream))
    if start.startswith(b"\xfd7zXZ\x00"):
        return lambda stream: cast(BinaryIO, lzma.LZMAFile(stream))
    if start.startswith(b"BZh"):
        return lambda stream: cast(BinaryIO, bz2.BZ2File(stream))
    return None


class _Bounded(io.RawIOBase):
    """Reads ``opened(packed)`` and refuses to go on where it expands too far.

    All that is before a damaged place is given; from there on it raises, however often it is asked.
    """

    def __init__(self, packed: BinaryIO, opened: Callable[[BinaryIO], BinaryIO]) -> None:
        self._packed = packed
        self._opened = opened(packed)
        # A whole buffer would be lost with the damage behind it; pieces are not.
        self._some: Callable[[int], bytes] = getattr(self._opened, "read1", self._opened.read)
        self._given = 0
        self._broken: Exception | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer) -> int:
        view = memoryview(buffer).cast("B")
        if self._broken:
            raise self._broken
        try:
            found = self._some(len(view))
        except (lzma.LZMAError, zlib.error, zstandard.ZstdError) as error:
            self._broken = OSError(f"it is damaged ({error})")
            raise self._broken from error
        except (OSError, EOFError) as error:
            self._broken = error
            raise
        view[: len(found)] = found
        self._given += len(found)
        if self._given > _HARMLESS and self._given > RATIO * max(1, self._packed.tell()):
            raise ExpandsTooFar(f"it expands to more than {RATIO:,} times its size")
        return len(found)

    def close(self) -> None:
        if not self.closed:
            self._opened.close()
            self._packed.close()
        super().close()


class _Zstandard(io.RawIOBase):
    """Frames one after the other; unlike the library's own reader it tells a missing end."""

    def __init__(self, packed: BinaryIO) -> None:
        self._packed = packed
        self._library = zstandard.ZstdDecompressor(max_window_size=WINDOW)
        self._frame: zstandard.ZstdDecompressionObj | None = None
        self._waiting, self._left = memoryview(b""), b""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        while not self._waiting:
            chunk = self._left or self._packed.read(_PACKED)
            self._left = b""
            if not chunk:
                if self._frame is not None:
                    raise EOFError("its end is missing")
                return b""
            self._frame = self._frame or self._library.decompressobj()
            self._waiting = memoryview(self._frame.decompress(chunk))
            if self._frame.eof:
                self._left, self._frame = self._frame.unused_data, None
        found = self._waiting[:size] if size >= 0 else self._waiting
        self._waiting = self._waiting[len(found) :]
        return bytes(found)
