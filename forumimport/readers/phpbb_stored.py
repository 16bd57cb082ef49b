"""Text as phpBB's database has it, as its writer wrote it.

Up to 3.1 every BBCode bears a mark of its post, signs are written as entities, and smilies and
links as HTML between comments; from 3.2 on it is XML, in which all that was written is still words.
"""

from __future__ import annotations

import re

_CLOSING = re.compile(r"\[/[a-z*]{1,30}(?::[oum1])?:([0-9a-z]{5,10})\]")
_TAGS = re.compile(r"<[^<>]*+>")
_SMILEY = re.compile(r"<!-- s(\S{1,60}) --><img [^<>]*+><!-- s\1 -->")
_LINK = re.compile(r"<!-- ([mlwe]) --><a ([^<>]*+)>([^<>]*+)</a><!-- \1 -->")
_ADDRESS = re.compile(r'\bhref="([^"]*+)"')
_CUT = " ... "
_RAW = re.compile(r"[<>]|&(?!#?\w{1,10};)")
_ENTITY = re.compile(r"&(?:quot|lt|gt|amp|#\d{1,6}|#x[0-9a-fA-F]{1,5});")
_NAMED = {"&quot;": '"', "&lt;": "<", "&gt;": ">", "&amp;": "&"}


def written(text: str, *, certainly: bool = False) -> str:
    """Return what was written; text that is not as phpBB stores it stays as it is.

    ``certainly``: it is out of phpBB's table, so without BBCode in it, too.

    >>> written("[quote=&quot;Ada&quot;:3k2j1abc]Why?[/quote:3k2j1abc]")
    '[quote="Ada"]Why?[/quote]'
    >>> written('<r><QUOTE author="Ada"><s>[quote=Ada]</s>Why?<e>[/quote]</e></QUOTE></r>')
    '[quote=Ada]Why?[/quote]'
    """
    if _is_xml(text, certainly):
        return _unescaped(_TAGS.sub("", text))
    unmarked = _unmarked(text)
    if unmarked == text and not certainly:
        return text
    bare = _LINK.sub(_address, _SMILEY.sub(r"\1", unmarked))
    return bare if _RAW.search(bare) else _unescaped(bare)


def _is_xml(text: str, certainly: bool) -> bool:
    for tag in "r", "t":
        if text.startswith(f"<{tag}>") and text.rstrip().endswith(f"</{tag}>"):
            return certainly or "</s>" in text
    return False


def _unmarked(text: str) -> str:
    """The text with its BBCodes bare, where one is opened and closed with the same mark."""
    found = _CLOSING.search(text)
    if not found:
        return text
    mark = found[1]
    if text.count(f":{mark}]") < 2 and f":{mark}=" not in text:
        return text
    return re.sub(rf'(?::[oum1])?:{mark}(?=\]|=")', "", text)


def _address(link: re.Match[str]) -> str:
    whole = _ADDRESS.search(link[2]) if _CUT in link[3] else None
    return whole[1] if whole else link[3]


def _unescaped(text: str) -> str:
    return _ENTITY.sub(_sign, text)


def _sign(entity: re.Match[str]) -> str:
    name = entity[0]
    if name in _NAMED:
        return _NAMED[name]
    number = int(name[3:-1], 16) if name[2] == "x" else int(name[2:-1])
    fits = 0 < number < 0x110000 and not 0xD800 <= number < 0xE000
    return chr(number) if fits else name
