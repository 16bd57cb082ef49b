"""How web servers pack what they answer (Content-Encoding: RFC 9110, 8.4.1; br: RFC 7932; zstd: RFC
8878 and 9659), and as much of it as can be unpacked."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol

import brotli
import zstandard

from forumimport.readers.base import BadRecord
from forumimport.readers.records import LONGEST
from forumimport.readers.values import readable

#: What is unpacked at once: only so much is lost with a damaged place behind it.
_PACKED = 256
#: Bytes that come of it at once, where that can be said.
_ROOM = 1024 * 1024
#: Window that a decoder must have for "zstd": a server packs nothing that asks for more.
_WINDOW = 8 * 1024 * 1024
#: Encodings one upon the other: servers behind others pack what is packed already.
_LAYERS = 4
#: Members of one answer: those of block compression have 64 KB each.
_MEMBERS = 10_000
_NOTHING = "Its compressed page is damaged, and nothing of it can be unpacked; fetch it anew."


class _Unpacker(Protocol):
    @property
    def eof(self) -> bool: ...

    @property
    def unused_data(self) -> bytes: ...

    def decompress(self, packed: bytes, /) -> bytes: ...


class _Brotli:
    """A decoder with the interface of zlib's."""

    def __init__(self) -> None:
        self._decoder = brotli.Decompressor()

    @property
    def eof(self) -> bool:
        return bool(self._decoder.is_finished())

    @property
    def unused_data(self) -> bytes:
        return b""

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
#: Encodings that change nothing.
_UNPACKED = frozenset({"", "identity", "none"})
#: What another member of the same answer begins with (RFC 1952, 2.2; RFC 8878, 3.1), by encoding;
#: what else stands behind the end, no browser shows.
_MEMBER = re.compile(rb"\x1f\x8b\x08")
_FRAME = re.compile(rb"\x28\xb5\x2f\xfd|[\x50-\x5f]\x2a\x4d\x18")
_FURTHER = {"gzip": _MEMBER, "x-gzip": _MEMBER, "zstd": _FRAME}
#: What stands above the markup of a page, if anything; in UTF-16 there is more of it.
_ABOVE_MARKUP = b"\xef\xbb\xbf \t\r\n"
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"\0<")
#: Signs that no text has and packed bytes have soon, and how many bytes are looked through.
_CONTROL = re.compile(rb"[\x00-\x08\x10-\x1a\x1c-\x1f\x7f]")
_LOOKED_AT = 1024
_DAMAGE = (zlib.error, brotli.error, zstandard.ZstdError)


def unpacked(content: bytes, encoding: str) -> tuple[bytes, bool]:
    """Return an answer as it was before it was packed, and whether that is all of it.

    Programs that store answers unpacked leave the header that says how they were packed: what is
    not packed so is returned as it is.

    >>> unpacked(brotli.compress(b"How deep?"), "br"), unpacked(b"<p>How deep?", "gzip")
    ((b'How deep?', True), (b'<p>How deep?', True))

    Raises:
        BadRecord: nothing of it can be unpacked.
    """
    layers = [one.strip().lower() for one in encoding.split(",")]
    layers = [one for one in layers if one not in _UNPACKED]
    if len(layers) > _LAYERS:
        raise BadRecord(f"It is packed more than {_LAYERS} times over, as no server does.")
    whole = True
    for layer in reversed(layers):
        content, came_whole = _layer(content, layer)
        whole = whole and came_whole
        if len(content) > LONGEST:
            break
    if layers and _is_packed(content):
        unknown = [layer for layer in layers if layer not in _DECODERS]
        raise BadRecord(_unknown(unknown[0]) if unknown else _NOTHING)
    return content, whole


def _unknown(encoding: str) -> str:
    known = ", ".join(name for name in _DECODERS if not name.startswith("x-"))
    return (
        f"Its page is packed in a way that cannot be unpacked (“{readable(encoding[:40])}”; known: "
        f"{known}); save it unpacked."
    )


def _is_packed(content: bytes) -> bool:
    """Whether bytes are neither markup nor any other text."""
    if content.startswith(_WIDE) or content.lstrip(_ABOVE_MARKUP).startswith(b"<"):
        return False
    return _CONTROL.search(content, 0, _LOOKED_AT) is not None


def _layer(content: bytes, encoding: str) -> tuple[bytes, bool]:
    """Return what was packed in one encoding, or what it is if it is not packed so."""
    for decoder in _DECODERS.get(encoding, ()):
        found, whole = _decoded(content, decoder, _FURTHER.get(encoding))
        # Where no header tells packed bytes, a page may by chance begin as such do.
        if found and (whole or not content.lstrip(_ABOVE_MARKUP).startswith(b"<")):
            return found, whole
    return content, True


def _decoded(
    packed: bytes, decoder: Callable[[], _Unpacker], further: re.Pattern[bytes] | None = None
) -> tuple[bytes, bool]:
    """Return what can be unpacked, up to where it is longer than any, and whether it has its end.

    An answer may come in several members, one behind the other, each beginning like ``further``.

    >>> _decoded(zlib.compress(b"How deep?")[:-1], zlib.decompressobj)
    (b'How deep?', False)
    """
    found = bytearray()
    at = 0
    for _member in range(_MEMBERS):
        at, whole = _take_member(packed, at, decoder(), found)
        if not whole or len(found) > LONGEST:
            return bytes(found), whole
        if further is None or not further.match(packed, at):
            return bytes(found), True
    return bytes(found), False


def _take_member(
    packed: bytes, start: int, unpacker: _Unpacker, found: bytearray
) -> tuple[int, bool]:
    """Add what a member holds to what is found; return where it ends, and whether it does."""
    for at in range(start, len(packed), _PACKED):
        piece = packed[at : at + _PACKED]
        before = unpacker.copy() if isinstance(unpacker, _INFLATING) else None
        try:
            found += unpacker.decompress(piece)
        except _DAMAGE:
            found += _upto_damage(before, piece)
            return at, False
        if unpacker.eof or len(found) > LONGEST:
            return at + len(piece) - len(unpacker.unused_data), True
    return len(packed), False


_INFLATING = type(zlib.decompressobj())


def _upto_damage(unpacker: zlib._Decompress | None, packed: bytes) -> bytes:
    """What zlib unpacks before the damaged byte; other decoders cannot try twice."""
    found = bytearray()
    with suppress(zlib.error):
        for at in range(len(packed) if unpacker else 0):
            found += unpacker.decompress(packed[at : at + 1])  # type: ignore[union-attr]
    return bytes(found)
