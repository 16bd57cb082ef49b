"""How far a reading has come, in bytes of the file as it lies there. Pure."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import TYPE_CHECKING, BinaryIO, cast

if TYPE_CHECKING:
    from typing_extensions import Buffer

_BUFFER = 128 * 1024


class Meter:
    """Where in a file of ``size`` bytes a reader is; tells ``heard``, and only ever forward.

    A reader that goes through its file more than once, or works on what it sorted, says with
    :meth:`share` which part of the whole each passage is.

    >>> told = []
    >>> meter = Meter(100, told.append)
    >>> meter.share(0.5, of=10)
    >>> meter.at(5)
    >>> meter.share(1.0, of=2)
    >>> meter.at(1)
    >>> told
    [25, 62]
    """

    __slots__ = ("_begin", "_end", "_heard", "_of", "_told", "size")

    def __init__(self, size: int = 0, heard: Callable[[int], None] | None = None) -> None:
        self.size = size
        self._heard = heard
        self._begin, self._end, self._of, self._told = 0.0, float(size), size, 0.0

    @property
    def listening(self) -> bool:
        return self._heard is not None

    def at(self, position: float) -> None:
        """Say that the present passage has come to ``position``."""
        if self._heard is None or not self._of:
            return
        told = self._begin + (self._end - self._begin) * min(1.0, position / self._of)
        # Whoever listens may stop the reading, and hears of every step, forward or not.
        self._told = max(self._told, told)
        self._heard(int(self._told))

    def share(self, part: float, *, of: int | None = None) -> None:
        """Let what follows, ``of`` so many steps, lead from here to that ``part`` of the file."""
        self._begin = self._told
        self._end = max(self._told, self.size * part)
        self._of = self.size if of is None else of

    def within(self, start: float, end: float, size: int) -> Meter:
        """Return a meter for ``size`` bytes that lie, packed, at ``start`` to ``end`` here."""
        if self._heard is None or not size:
            return Meter()
        return Meter(size, lambda at: self.at(start + (end - start) * at / size))


def metered(stream: BinaryIO, meter: Meter) -> BinaryIO:
    """Return the stream; if anybody listens, one that tells the meter how far it is read."""
    if not meter.listening:
        return stream
    return cast(BinaryIO, io.BufferedReader(_Metered(stream, meter), _BUFFER))


class _Metered(io.RawIOBase):
    def __init__(self, stream: BinaryIO, meter: Meter) -> None:
        self._stream = stream
        self._meter = meter

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        return self._stream.tell()

    def readinto(self, buffer: Buffer) -> int:
        view = memoryview(buffer).cast("B")
        found = self._stream.read(len(view))
        view[: len(found)] = found
        self._meter.at(self._stream.tell())
        return len(found)

    def close(self) -> None:
        if not self.closed:
            self._stream.close()
        super().close()
