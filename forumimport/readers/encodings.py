"""Bytes to text, faithfully: the encoding is stated, proved by decoding, or guessed and said so."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from charset_normalizer import from_bytes

from forumimport.readers.base import Source, Unreadable

#: Byte order marks with the codec that takes them off and the one that would keep them; longest
#: first, since UTF-32-LE begins like UTF-16-LE.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32", "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32", "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8-sig", "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16", "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16", "utf-16-be"),
)
#: What Python decodes but nobody writes texts in: names of domains, whose decoding takes time by
#: the square of the length, and Python's own escapes, which are not what was written.
_NO_TEXT = frozenset({"idna", "punycode", "raw-unicode-escape", "unicode-escape", "undefined"})
#: Encodings that say nothing without a byte order mark.
_ORDERLESS = ("utf-16", "utf-32")
#: What text without a stated encoding is guessed to be in: the encodings of the web before UTF-8.
#: Where statistics see no difference, as between cp1252 and cp1250 in French, the first one is it.
_LEGACY = (
    *("cp1252", "cp1250", "cp1251", "iso8859_2", "cp1254", "cp1253", "cp1255", "cp1256", "cp1257"),
    *("cp1258", "koi8_r", "koi8_u", "cp932", "gb18030", "big5", "euc_jp", "cp949", "mac_roman"),
)
#: Bytes looked at to guess an encoding or to recognise UTF-16 without a mark.
_SAMPLE = 256 * 1024
#: Share of control characters above which a file is no text: none of the thread texts that the
#: defaults were tried on has any; pictures and archives have some 10%.
_CONTROL_SHARE = 0.02
_CONTROLS = frozenset(chr(c) for c in [*range(1, 9), *range(14, 27), *range(28, 32), 127])
_BINARY = (
    "{} is a binary file, not text; save it as plain text, or name its encoding with --encoding "
    "if it is UTF-16 or UTF-32 without a byte order mark."
)


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text with the name of its encoding; ``guessed`` where statistics chose it.

    ``misfits`` counts the places whose bytes do not fit, each a U+FFFD in the text; ``stated`` is
    an encoding that was stated in vain.
    """

    text: str
    encoding: str
    guessed: bool = False
    misfits: int = 0
    stated: str = ""


def guess_told(encoding: str, stated: str = "") -> str:
    """Return the notice that an encoding is guessed, since none or the wrong one is stated."""
    why = f"is stated as {stated}, but that does not fit" if stated else "is not stated"
    return (
        f"The encoding {why}; read as {encoding}. "
        "If characters look wrong, import it with --encoding NAME."
    )


def notice(decoded: Decoded) -> str:
    """Return what is to be told of how bytes were decoded, empty if nothing is."""
    told = guess_told(decoded.encoding, decoded.stated) if decoded.guessed else ""
    if not decoded.misfits:
        return told
    places = "1 place" if decoded.misfits == 1 else f"{decoded.misfits} places"
    damaged = (
        f"At {places} the bytes do not fit {decoded.encoding}; U+FFFD (\ufffd) stands there, and "
        "the words around it may be damaged."
    )
    return f"{told} {damaged}".strip()


def decode(source: Source, *, encoding: str | None = None, damaged: bool = False) -> Decoded:
    """Decode a source without losing or inventing a character.

    In order: the encoding asked for; a byte order mark; UTF-16 without a mark; UTF-8; the best
    guess of charset-normalizer. A byte order mark is no part of the text. If it may be
    ``damaged``, UTF-8 of which a few bytes do not fit is read with U+FFFD in their place.

    Raises:
        Unreadable: empty, binary, with NULs, or not in the encoding asked for.
    """
    name = source.origin
    decoded = _decode(source.content, name, encoding, damaged)
    text = decoded.text
    if not text.strip():
        raise Unreadable(f"{name} is empty; a thread text has a title line and then the posts.")
    if "\0" in text:
        raise Unreadable(
            f"{name} holds a NUL character (the first is character {text.index(chr(0)) + 1}), so "
            "it is a binary or damaged file; save it as plain text without NULs."
        )
    sample = text[:_SAMPLE]
    if sum(map(_CONTROLS.__contains__, sample)) > _CONTROL_SHARE * len(sample):
        raise Unreadable(_BINARY.format(name))
    if has_surrogates(text):
        raise Unreadable(
            f"{name} holds half a character (a lone surrogate) when read as {decoded.encoding}; "
            "name the encoding it is in, or save it as UTF-8."
        )
    return decoded


def _decode(content: bytes, name: str, encoding: str | None, damaged: bool) -> Decoded:
    asked = _canonical(encoding, name) if encoding else None
    for mark, marked, unmarked in _MARKS:
        if content.startswith(mark) and asked in (None, marked, unmarked):
            return Decoded(_strictly(content, marked, name), marked)
    if asked in _ORDERLESS:
        raise Unreadable(
            f"{name} has no byte order mark, so {asked} does not tell how to read it; "
            f"name {asked}-le or {asked}-be."
        )
    if asked:
        return Decoded(_strictly(content, asked, name), asked)
    if b"\0" in content:
        # Before UTF-8, which takes NULs for characters.
        unmarked_utf16 = _unmarked_utf16(content)
        if not unmarked_utf16:
            raise Unreadable(_BINARY.format(name))
        return Decoded(_strictly(content, unmarked_utf16, name), unmarked_utf16, guessed=True)
    try:
        return Decoded(content.decode("utf-8"), "utf-8")
    except UnicodeDecodeError as error:
        if damaged and _mostly_utf8(content):
            text = content.decode("utf-8", "replace")
            return Decoded(text, "utf-8", guessed=True, misfits=_broken(text, content))
        return _guessed(content, name, error.start)


def _guessed(content: bytes, name: str, misfit: int) -> Decoded:
    if _mostly_utf8(content):
        raise Unreadable(
            f"{name} is in UTF-8, but damaged: byte {misfit + 1} does not fit; "
            "save it anew as UTF-8, or name its encoding with --encoding if it is in another."
        )
    for candidate in _candidates(content):
        try:
            return Decoded(content.decode(candidate), codecs.lookup(candidate).name, guessed=True)
        except UnicodeDecodeError:
            continue  # It fits the sample only.
    raise Unreadable(
        f"{name} is not in UTF-8 (byte {misfit + 1} does not fit) nor in another encoding that "
        "can be told; name it with --encoding, or save the file as UTF-8."
    )


def _candidates(content: bytes) -> list[str]:
    """Encodings that the beginning may be in, the likeliest first."""
    sample = content[:_SAMPLE]
    if len(sample) < len(content):
        # Up to a line end, so that no character is cut in two.
        sample = sample[: sample.rfind(b"\n") + 1 or _SAMPLE]
    found = [
        (match.chaos, -match.coherence, _LEGACY.index(encoding))
        for match in from_bytes(sample, cp_isolation=list(_LEGACY))
        for encoding in match.could_be_from_charset
        if encoding in _LEGACY
    ]
    return [_LEGACY[number] for _chaos, _coherence, number in sorted(found)]


def _mostly_utf8(content: bytes) -> bool:
    """Whether more characters beyond ASCII are whole in UTF-8 than broken: in text of another
    encoding hardly any is."""
    text = content.decode("utf-8", "replace")
    broken = _broken(text, content)
    return sum(map("\x7f".__lt__, text)) - broken > broken


def _broken(text: str, content: bytes) -> int:
    """At how many places UTF-8 is broken; U+FFFD that was written as such is not."""
    return text.count("\ufffd") - content.count("\ufffd".encode())


def _strictly(content: bytes, encoding: str, name: str) -> str:
    try:
        text, _ = codecs.lookup(encoding).decode(content, "strict")
    except UnicodeError as error:
        where = f": byte {error.start + 1} does not fit" if hasattr(error, "start") else ""
        raise Unreadable(
            f"{name} is not in {encoding}{where}; name the encoding it is in, or save it as UTF-8."
        ) from None
    return text


def text_encoding(name: str) -> str:
    """Return what Python calls a text encoding.

    Raises:
        LookupError, ValueError: there is none of that name.
    """
    " ".encode(name)  # Refuses codecs that are no text encodings, such as zlib.
    found = codecs.lookup(name).name
    if found.replace("_", "-") in _NO_TEXT:
        raise LookupError(name)
    return found


def _canonical(encoding: str, name: str) -> str:
    try:
        return text_encoding(encoding)
    except (LookupError, ValueError):
        raise Unreadable(
            f"{name} cannot be read as {encoding!r}: no text encoding has that name "
            "(utf-8, utf-16, latin-1 and cp1252 are some)."
        ) from None


def has_surrogates(text: str) -> bool:
    """Whether it holds what neither UTF-8 nor a database can, as some codecs (utf-7) produce."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False


def _unmarked_utf16(content: bytes) -> str | None:
    """Tell UTF-16 without a mark by its zero bytes: text of European scripts has one in every
    pair, always on the same side."""
    sample = content[:_SAMPLE]
    if len(sample) < 4 or len(content) % 2:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if odd > 0.7 * half and even < 0.05 * half:
        return "utf-16-le"
    if even > 0.7 * half and odd < 0.05 * half:
        return "utf-16-be"
    return None
