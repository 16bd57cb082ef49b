"""How web servers pack what they answer (Content-Encoding: RFC 9110, 8.4.1; br: RFC 7932; zstd: RFC
8878 and 9659), and as much of it as can be unpacked."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol

import brotli
import zstandard

from forumimport.readers.records import LONGEST

#: What is unpacked at once: only so much is lost with a damaged place behind it.
_PACKED = 256
#: Bytes that come of it at once, where that can be said.
_ROOM = 1024 * 1024
#: Window that a decoder must have for "zstd": a server packs nothing that asks for more.
_WINDOW = 8 * 1024 * 1024


class _Unpacker(Protocol):
    @property
    def eof(self) -> bool: ...

    def decompress(self, packed: bytes, /) -> bytes: ...


class _Brotli:
    """A decoder with the interface of zlib's."""

    def __init__(self) -> None:
        self._decoder = brotli.Decompressor()

    @property
    def eof(self) -> bool:
        return bool(self._decoder.is_finished())

    def decompress(self, packed: bytes, /) -> bytes:
        found = bytearray(self._decoder.process(packed, output_buffer_limit=_ROOM))
        while len(found) <= LONGEST and (
            more := self._decoder.process(b"", output_buffer_limit=_ROOM)
        ):
            found += more
        return bytes(found)


def _zstandard() -> _Unpacker:
    return zstandard.ZstdDecompressor(max_window_size=_WINDOW).decompressobj()


#: Decoders by the encoding; servers send "deflate" with a header of zlib's and without.
_DECODERS: dict[str, tuple[Callable[[], _Unpacker], ...]] = {
    "gzip": (lambda: zlib.decompressobj(31),),
    "deflate": (lambda: zlib.decompressobj(15), lambda: zlib.decompressobj(-15)),
    "br": (_Brotli,),
    "zstd": (_zstandard,),
}
_DECODERS["x-gzip"] = _DECODERS["gzip"]
#: What stands above the markup of a page, if anything.
_ABOVE_MARKUP = b"\xef\xbb\xbf \t\r\n"
_DAMAGE = (zlib.error, brotli.error, zstandard.ZstdError)


def unpacked(content: bytes, encoding: str) -> tuple[bytes, bool]:
    """Return an answer as it was before it was packed, and whether that is all of it.

    Programs that store answers unpacked leave the header that says how they were packed: what is
    not packed so is returned as it is.

    >>> unpacked(brotli.compress(b"How deep?"), "br"), unpacked(b"<p>How deep?", "gzip")
    ((b'How deep?', True), (b'<p>How deep?', True))
    """
    for decoder in _DECODERS.get(encoding.strip().lower(), ()):
        found, whole = _decoded(content, decoder())
        # Where no header tells packed bytes, a page may by chance begin as such do.
        if found and (whole or not content.lstrip(_ABOVE_MARKUP).startswith(b"<")):
            return found, whole
    return content, True


def _decoded(packed: bytes, unpacker: _Unpacker) -> tuple[bytes, bool]:
    """Return what can be unpacked, up to where it is longer than any, and whether it has its end.

    >>> _decoded(zlib.compress(b"How deep?")[:-1], zlib.decompressobj())
    (b'How deep?', False)
    """
    found = bytearray()
    for at in range(0, len(packed), _PACKED):
        piece = packed[at : at + _PACKED]
        before = unpacker.copy() if isinstance(unpacker, _INFLATING) else None
        try:
            found += unpacker.decompress(piece)
        except _DAMAGE:
            return bytes(found + _upto_damage(before, piece)), False
        if unpacker.eof or len(found) > LONGEST:
            return bytes(found), True
    return bytes(found), False


_INFLATING = type(zlib.decompressobj())


def _upto_damage(unpacker: zlib._Decompress | None, packed: bytes) -> bytes:
    """What zlib unpacks before the damaged byte; other decoders cannot try twice."""
    found = bytearray()
    with suppress(zlib.error):
        for at in range(len(packed) if unpacker else 0):
            found += unpacker.decompress(packed[at : at + 1])  # type: ignore[union-attr]
    return bytes(found)
