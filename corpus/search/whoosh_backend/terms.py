"""Terms and their postings into the files of Whoosh's own codec, many at a time.

Whoosh gathers what it says of a term posting by posting and writes each length, key and block by
a call of its own. The files here are the same but for the protocol of what is pickled: the third
knows bytes, of which the second, Whoosh's, makes a call for each that is read.
"""

from __future__ import annotations

import struct
import zlib
from array import array
from collections import defaultdict
from collections.abc import Sequence
from itertools import islice
from operator import sub
from pickle import dumps
from typing import Any

from whoosh.codec.whoosh3 import WHOOSH3_HEADER_MAGIC, W3FieldWriter, W3TermInfo
from whoosh.filedb.filetables import OrderedHashWriter
from whoosh.system import pack_int, pack_long, pack_ushort

#: Of each term: document, weight, value, document, weight, value …
Inverted = defaultdict[bytes, list[Any]]

#: Whoosh's block. Short ones are not worth compressing.
_BLOCK, _COMPRESSED, _LEVEL = 128, 32, 3
#: Terms that are written at once.
_AT_ONCE = 10_000
_PROTOCOL = 3

_LENGTHS = struct.Struct("!ii")


def write_field(
    writer: W3FieldWriter, name: str, field: Any, inverted: Inverted, lengths: Any
) -> None:
    """Write the terms of a field, which ``inverted`` is emptied of.

    ``lengths`` are the field's, by document, as Whoosh packs them; None where it has none.
    """
    writer.start_field(name, field)
    prefix, postings = pack_ushort(writer._fieldid), writer._postfile
    size_of_values = field.format.fixed_value_size()
    terms = iter(sorted(inverted))
    at = postings.tell()
    while some := list(islice(terms, _AT_ONCE)):
        told: list[tuple[bytes, bytes]] = []
        written: list[bytes] = []
        for term in some:
            flat = inverted.pop(term)
            if len(flat) == 3:
                told.append((prefix + term, _inlined(flat, lengths)))
                continue
            info, blocks = _blocks(flat, lengths, size_of_values)
            told.append((prefix + term, info + pack_long(at) + pack_int(len(blocks))))
            written.append(blocks)
            at += len(blocks)
        postings.write(b"".join(written))
        _add(writer._tindex, told)
    writer.finish_field()


def _inlined(flat: list[Any], lengths: Any) -> bytes:
    """Say of a term what its only posting says, which stands with it."""
    number, weight, value = flat
    size = lengths[number] if lengths is not None else 0
    info: bytes = W3TermInfo._struct.pack(True, weight, 1, size, size, weight, number, number)
    return info + dumps(((number,), (weight,), (value,)), _PROTOCOL)


def _blocks(flat: list[Any], lengths: Any, size_of_values: int | None) -> tuple[bytes, bytes]:
    """Return what is said of a term, and its postings."""
    numbers, weights, values = flat[0::3], array("f", flat[1::3]), flat[2::3]
    written = [WHOOSH3_HEADER_MAGIC]
    last = len(numbers) - 1
    total, least, most, heaviest = 0.0, 255, 0, 0.0
    for start in range(0, len(numbers), _BLOCK):
        own, heavy = numbers[start : start + _BLOCK], weights[start : start + _BLOCK]
        shortest = longest = 0
        if lengths is not None:
            sizes = [lengths[number] for number in own]
            shortest, longest = min(sizes), max(sizes)
        weight = max(heavy)
        total += sum(heavy)
        least, most, heaviest = min(least, shortest), max(most, longest), max(heaviest, weight)
        steps = (own[0], *map(sub, own[1:], own))
        said = _values(values[start : start + _BLOCK], size_of_values)
        data = dumps((steps, _weights(heavy), said), _PROTOCOL)
        level = _LEVEL if len(own) >= _COMPRESSED else 0
        if level:
            data = zlib.compress(data, level)
        head = dumps((len(own), own[-1], weight, level, shortest, longest), _PROTOCOL)
        size = len(head) + len(data)
        # The last one is told by its sign.
        written += [pack_int(-size if start + _BLOCK > last else size), head, data]
    info: bytes = W3TermInfo._struct.pack(
        False, total, len(numbers), least, most, heaviest, numbers[0], numbers[-1]
    )
    return info, b"".join(written)


def _weights(weights: Sequence[float]) -> Any:
    """As Whoosh has them: nothing if all are one, a number if all are equal."""
    first = weights[0]
    if any(weight != first for weight in weights):
        return tuple(weights)
    return None if first == 1.0 else first


def _values(values: Sequence[bytes], size: int | None) -> Any:
    """As Whoosh has them: joined if all are of one size, nothing if that is none."""
    if size is None or size < 0:
        return tuple(values)
    return b"".join(values) if size else None


def _add(index: OrderedHashWriter, told: Sequence[tuple[bytes, bytes]]) -> None:
    """Add keys, in order, with their values to the index of terms."""
    at, hashed, buckets = index.dbfile.tell(), index.hashfn, index.buckets
    written: list[bytes] = []
    for key, value in told:
        number = hashed(key)
        buckets[number & 255].append((number, at))
        index.index.append(at)
        written += [_LENGTHS.pack(len(key), len(value)), key, value]
        at += _LENGTHS.size + len(key) + len(value)
    index.dbfile.write(b"".join(written))
    index.lastkey = told[-1][0]
