"""Encodings as pages and their servers state them: read as browsers do, after the WHATWG's
Encoding Standard (https://encoding.spec.whatwg.org/#names-and-labels)."""

from __future__ import annotations

import codecs
from functools import cache

from forumimport.readers.encodings import Decoded, has_surrogates, text_encoding

#: The standard's labels by the codec that reads what bears them: often a wider one than its name
#: says, since "iso-8859-1" was written by Windows. What the standard reads as nothing (hz-gb-2312,
#: iso-2022-kr), for fear of scripts, Python reads: no script runs here. Nobody is known to write
#: x-user-defined but by mistake.
_LABELS = {
    "utf-8": "unicode-1-1-utf-8 unicode11utf8 unicode20utf8 utf-8 utf8 x-unicode20utf8",
    "utf-16-le": "csunicode iso-10646-ucs-2 ucs-2 unicode unicodefeff utf-16 utf-16le",
    "utf-16-be": "unicodefffe utf-16be",
    "cp866": "866 cp866 csibm866 ibm866",
    "cp874": "dos-874 iso-8859-11 iso8859-11 iso885911 tis-620 windows-874",
    "cp932": "csshiftjis ms932 ms_kanji shift-jis shift_jis sjis windows-31j x-sjis",
    "cp949": (
        "cseuckr csksc56011987 euc-kr iso-ir-149 korean ks_c_5601-1987 ks_c_5601-1989 ksc5601 "
        "ksc_5601 windows-949"
    ),
    "cp1250": "cp1250 windows-1250 x-cp1250",
    "cp1251": "cp1251 windows-1251 x-cp1251",
    "cp1252": (
        "ansi_x3.4-1968 ascii cp1252 cp819 csisolatin1 ibm819 iso-8859-1 iso-ir-100 iso8859-1 "
        "iso88591 iso_8859-1 iso_8859-1:1987 l1 latin1 us-ascii windows-1252 x-cp1252 "
        "x-user-defined"
    ),
    "cp1253": "cp1253 windows-1253 x-cp1253",
    "cp1254": (
        "cp1254 csisolatin5 iso-8859-9 iso-ir-148 iso8859-9 iso88599 iso_8859-9 iso_8859-9:1989 "
        "l5 latin5 windows-1254 x-cp1254"
    ),
    "cp1255": "cp1255 windows-1255 x-cp1255",
    "cp1256": "cp1256 windows-1256 x-cp1256",
    "cp1257": "cp1257 windows-1257 x-cp1257",
    "cp1258": "cp1258 windows-1258 x-cp1258",
    "iso8859-2": (
        "csisolatin2 iso-8859-2 iso-ir-101 iso8859-2 iso88592 iso_8859-2 iso_8859-2:1987 l2 latin2"
    ),
    "iso8859-3": (
        "csisolatin3 iso-8859-3 iso-ir-109 iso8859-3 iso88593 iso_8859-3 iso_8859-3:1988 l3 latin3"
    ),
    "iso8859-4": (
        "csisolatin4 iso-8859-4 iso-ir-110 iso8859-4 iso88594 iso_8859-4 iso_8859-4:1988 l4 latin4"
    ),
    "iso8859-5": (
        "csisolatincyrillic cyrillic iso-8859-5 iso-ir-144 iso8859-5 iso88595 iso_8859-5 "
        "iso_8859-5:1988"
    ),
    "iso8859-6": (
        "arabic asmo-708 csiso88596e csiso88596i csisolatinarabic ecma-114 iso-8859-6 "
        "iso-8859-6-e iso-8859-6-i iso-ir-127 iso8859-6 iso88596 iso_8859-6 iso_8859-6:1987"
    ),
    "iso8859-7": (
        "csisolatingreek ecma-118 elot_928 greek greek8 iso-8859-7 iso-ir-126 iso8859-7 iso88597 "
        "iso_8859-7 iso_8859-7:1987 sun_eu_greek"
    ),
    "iso8859-8": (
        "csiso88598e csiso88598i csisolatinhebrew hebrew iso-8859-8 iso-8859-8-e iso-8859-8-i "
        "iso-ir-138 iso8859-8 iso88598 iso_8859-8 iso_8859-8:1988 logical visual"
    ),
    "iso8859-10": "csisolatin6 iso-8859-10 iso-ir-157 iso8859-10 iso885910 l6 latin6",
    "iso8859-13": "iso-8859-13 iso8859-13 iso885913",
    "iso8859-14": "iso-8859-14 iso8859-14 iso885914",
    "iso8859-15": "csisolatin9 iso-8859-15 iso8859-15 iso885915 iso_8859-15 l9",
    "iso8859-16": "iso-8859-16",
    "koi8-r": "cskoi8r koi koi8 koi8-r koi8_r",
    "koi8-u": "koi8-ru koi8-u",
    "mac-roman": "csmacintosh mac macintosh x-mac-roman",
    "mac-cyrillic": "x-mac-cyrillic x-mac-ukrainian",
    "gb18030": (
        "chinese csgb2312 csiso58gb231280 gb18030 gb2312 gb_2312 gb_2312-80 gbk iso-ir-58 x-gbk"
    ),
    "big5hkscs": "big5 big5-hkscs cn-big5 csbig5 x-x-big5",
    "euc_jp": "cseucpkdfmtjapanese euc-jp x-euc-jp",
    "iso2022_jp": "csiso2022jp iso-2022-jp",
}
_CODECS = {label: codec for codec, labels in _LABELS.items() for label in labels.split()}
#: What has characters that the codec lacks and browsers know: the euro in Big5, ① in EUC-JP.
_WIDER = {"big5hkscs": "cp950", "euc_jp": "euc_jis_2004"}
#: The code pages whose gaps among 0x80 to 0x9F browsers read as control characters.
_WITH_GAPS = frozenset({"cp874", *(f"cp{number}" for number in range(1250, 1259))})
#: So many of them, or one in so many characters, are thought to be slips of the writer; with more
#: it is another encoding, as Japanese that is served as iso-8859-1.
_SLIPS, _OF_CHARACTERS = 4, 50


def codec(label: str, *, in_markup: bool = False) -> str:
    """Return the codec that reads what bears a label; ``in_markup`` where bytes had to be read as
    ASCII to find it, so that it is none of two bytes a character.

    >>> codec("ISO-8859-1"), codec("unicode", in_markup=True)
    ('cp1252', 'utf-8')

    Raises:
        LookupError, ValueError: neither the standard nor Python knows it.
    """
    found = text_encoding(_CODECS.get(label.strip().lower(), label))
    return "utf-8" if in_markup and "<".encode(found) != b"<" else found


def whole(content: bytes, encoding: str) -> Decoded | None:
    """Return the text of bytes that are in an encoding from end to end, else None."""
    for name in filter(None, (encoding, _WIDER.get(encoding))):
        try:
            text = content.decode(name)
        except ValueError:
            continue
        if "\0" not in text and not has_surrogates(text):
            return Decoded(text, name)
    return None


def nearly_whole(content: bytes, encoding: str) -> Decoded | None:
    """Return the text of bytes that are in an encoding but for a few, else None.

    Each place that does not fit is one U+FFFD, and counted. What means nothing in a code page of
    Windows is the control character of that number.

    >>> nearly_whole(b"caf\\xe9 \\x81", "cp1252").text
    'café \\x81'
    """
    text, gaps = _with_gaps(content, encoding)
    misfits = text.count("\ufffd") - content.decode(encoding, "ignore").count("\ufffd")
    beyond_ascii = len(text) - len(text.encode("ascii", "ignore"))
    fitting = beyond_ascii - misfits - gaps
    if "\0" in text or has_surrogates(text) or not (misfits or gaps):
        return None
    if (misfits and fitting <= misfits) or gaps > max(_SLIPS, fitting // _OF_CHARACTERS):
        return None
    return Decoded(text, encoding, misfits=misfits)


def _with_gaps(content: bytes, encoding: str) -> tuple[str, int]:
    """Decode what fits; how often a gap of a code page of Windows stands in it."""
    if encoding not in _WITH_GAPS:
        return content.decode(encoding, "replace"), 0
    table, gaps = _table(encoding)
    text, _length = codecs.charmap_decode(content, "replace", table)
    return text, sum(map(content.count, gaps))


@cache
def _table(encoding: str) -> tuple[str, bytes]:
    """What each byte is read as, and the bytes that mean nothing, among 0x80 to 0x9F."""
    table = bytes(range(256)).decode(encoding, "replace")
    gaps = bytes(byte for byte in range(0x80, 0xA0) if table[byte] == "\ufffd")
    return "".join(chr(byte) if byte in gaps else table[byte] for byte in range(256)), gaps
