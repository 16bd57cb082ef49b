"""What the address of a page tells: its thread, its place in the thread, and its board."""

from __future__ import annotations

import re
from urllib.parse import urljoin

#: Longest address that is kept; a part of one would be another's too.
LONGEST = 1000
_TAKEN = 8_000
#: What of an address tells the page of a thread, or the visit, and not the thread.
_PAGE = (
    (re.compile(r"#.*$"), ""),
    (re.compile(r"/page-?/?(\d+)/?$"), ""),
    (re.compile(r"(/t-\d+)-p-\d+(?=\.html$)"), r"\1"),
    (re.compile(r"(?<=[?&])(?:(?:page|start|st|pp|sid|highlight)=[^&]*|p=\d*(?![^&]))&?"), ""),
    (re.compile(r"(?<=[?&;])(?:PHPSESSID=[^&;]*|s=[0-9a-f]{32}(?![^&;]))[&;]?"), ""),
    (re.compile(r"(topic=\d+)\.\w.*"), r"\1.0"),
    (re.compile(r"(/topic,\d+)\.\w+(?=\.html)"), r"\1.0"),
    (re.compile(r"[?&;]$"), ""),
    (re.compile(r"/$"), ""),
)
#: What is cut off of an address, and may be all that names its thread.
_IN_QUERY = re.compile(r"[?&](?:page|start|st|pp|sid|highlight)=")
#: The number of a post in place of its thread's, as "permalinks" have it.
_OF_POST = re.compile(r"[?&]p=\d*(?:[&#]|$)")
_OF_THREAD = re.compile(
    r"(?:^|[&;])(?:(?:t|tid|id|(?:show)?(?:topic|thread)(?:_?id)?)=|[^=&;\d]*+\d[^=&;]*+(?:[&;]|$))",
    re.IGNORECASE,
)
#: The scripts of phpBB, vBulletin and MyBB, whose other parameters choose a view of the thread.
_BY_NUMBER = re.compile(r"(?:.*/)?(?:viewtopic|showthread)\.php\d?")
_NUMBER = re.compile(r"(?:^|[&;])(t|tid|threadid)=(\d{1,18})(?=[&;]|$)")
#: The number is that of a thread, but the one before or behind it is shown.
_ANOTHER = re.compile(r"[?&;](?:view=(?:next|previous)|goto=next\w*|prev_next=\w+)(?=[&;#]|$)")
_NUMBERED = re.compile(r"https?://[^/]*/.*\d")
_SCRIPT = re.compile(r"https?://[^/]*/?|.*\.(?:php\d?|aspx?|cgi|pl|jsp|cfm)", re.IGNORECASE)
_PAGE_NUMBER = re.compile(r"(?:/page-?/?|[?&]page=|/t-\d{1,18}-p-)(\d{1,6})")
_WEB = ("http://", "https://")
#: Where programs that save pages write the address, and how far from the start or end of one.
_SAVED = re.compile(
    r"<!--\s{0,20}(?:saved from url=\(\d{1,6}\)|Page saved with SingleFile\s{1,20}url:\s{0,20})"
    r"(https?://[^\s>]{1,1000})"
)
_MIRRORED = re.compile(r"<!-- Mirrored from (?:https?://)?([^\s>]{1,1000}) by HTTrack")
_STARTING, _ENDING = 16_384, 4_096


def is_one(address: str) -> bool:
    """Whether it is an address of the web, and no longer than servers take."""
    return address.startswith(_WEB) and len(address) <= _TAKEN


def saved_from(html: str) -> str:
    """Return where the program that saved a page had it from, empty if it does not say so.

    >>> saved_from("<!-- saved from url=(0023)http://a.example/?t=700 --><html>")
    'http://a.example/?t=700'
    """
    for part in (html[:_STARTING], html[-_ENDING:]):
        if found := _SAVED.search(part):
            return found[1]
        if found := _MIRRORED.search(part):
            # HTTrack leaves out whether it was http or https; most of what it saved was the former.
            return f"http://{found[1]}"
    return ""


def resolved(link: str, base: str) -> str:
    """Return the address that a link on the page at ``base`` leads to, empty if that is unknown."""
    if not link or not (is_one(base) or is_one(link)):
        return ""
    try:
        found = urljoin(base, link)
    except ValueError:
        return ""  # No address: brackets that hold none.
    return found if is_one(found) else ""


def thread(address: str) -> str:
    """Return the address of the thread that one of a page tells; none if it tells but a post.

    >>> thread("https://a.example/viewtopic.php?f=3&t=7&start=20&sid=0a")
    'https://a.example/viewtopic.php?t=7'
    >>> thread("https://a.example/viewtopic.php?f=3&p=99#p99")
    ''
    >>> thread("https://a.example/threads/leeks.7/page-2")
    'https://a.example/threads/leeks.7'
    """
    if _ANOTHER.search(address):
        return ""
    path, _, query = address.partition("#")[0].partition("?")
    if _BY_NUMBER.fullmatch(path) and (number := _NUMBER.search(query)):
        return f"{path}?{number[1]}={number[2]}"
    found = address
    for pattern, replacement in _PAGE:
        found = pattern.sub(replacement, found)
    return found if len(found) <= LONGEST and _tells(address, found) else ""


def _tells(address: str, found: str) -> bool:
    """Whether what is left of an address names a thread."""
    of_post = _OF_POST.search(address) is not None
    path, _, query = found.partition("?")
    if query:
        return not of_post or _OF_THREAD.search(query) is not None
    if of_post or _IN_QUERY.search(address):
        return not _SCRIPT.fullmatch(path) and (not of_post or bool(_NUMBERED.match(path)))
    return True


def page_number(address: str) -> int:
    """Return which page of its thread an address tells, 0 if none."""
    found = _PAGE_NUMBER.search(address)
    return int(found[1]) if found else 0


def board(address: str) -> str:
    """Return where the scripts of a board are, so that numbers of posts there are one post's each.

    >>> board("https://a.example/forum/viewtopic.php?t=7")
    'a.example/forum/'
    """
    if not is_one(address):
        return ""
    path = re.split(r"[?#]", address.partition("://")[2], maxsplit=1)[0]
    return f"{path.rpartition('/')[0] or path}/".lower()
