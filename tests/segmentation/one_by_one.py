"""What is counted of blocks and places, written down once more: one after the other, without numpy.

Slow and plain, so that it can be read beside what the columns are called.
"""

import re
from collections import Counter
from itertools import accumulate
from math import log1p
from statistics import fmean, median
from types import SimpleNamespace

from corpus.segmentation import attributions, contents, features, gaps, places, voice
from corpus.segmentation.data import load
from corpus.spans import Span

#: With the character behind the signs, if it is no white space: then they end no sentence.
STOPS = re.compile(r"[.!?…]+(?![.!?…])(\S?)")
NONE = places.NONE


def rows(document, copies):
    """For every place of a document its numbers, in the order of the columns."""
    found = _blocks(document, copies)
    page = _page(found)
    return [list(_row(found, at, page)) for at in range(1, len(found))]


def _row(found, at, page):
    above, below = found[at - 1], found[at]
    following = found[at + 1] if at + 1 < len(found) else None
    place = _alone(found, at, page) | _beside(found, at)
    yield from (page[name] for name in features.PAGE_NAMES)
    yield from (place[name] for name in features.PLACE_NAMES)
    for block in (below, above):
        yield from (_shown(block)[name] for name in features.BLOCK_NAMES)
    for name in ("chars", "words", "lines", "end", "start"):
        yield NONE if following is None else _shown(following)[name]
    for block in (below, above):
        yield from (kind in block.opening for kind in contents.KINDS)
    yield from (kind in above.closing for kind in ("thank", "close", "laugh"))
    for kind in contents.KINDS[:6]:
        yield NONE if following is None else kind in following.opening


def _blocks(document, copies):
    lines = document.lines
    edges = [n for n, line in enumerate(lines) if line.blanks or not n]
    found = [
        _block(document, range(first, stop))
        for first, stop in zip(edges, [*edges[1:], len(lines)], strict=True)
    ]
    for block in found:
        block.repeated = sum(other.text == block.text for other in found) - 1
        block.signed = sum(other.last_text == block.last_text for other in found) - 1
        block.rare = {word for word in set(block.ids) if _rare(document, found, word)}
        block.wide = gaps.longer(block.gap, document.paragraph_gap)
    for copy in copies:
        _note(document, found, copy)
    return found


def _block(document, lines):
    first, last = document.lines[lines[0]], document.lines[lines[-1]]
    text = document.text[first.span.start : last.span.end]
    words = document.words.between(Span(first.span.start, last.span.end))
    ids = document.words.of(words)
    said = [document.words.vocabulary[number] for number in ids]
    count = max(1, len(ids))
    first_text, last_text = first.span.of(document.text), last.span.of(document.text)
    letter = text[0] if text[0].isalpha() else next(filter(str.isalpha, text[1:12]), "")
    depth = document.depths[lines[0]]
    deeper = any(document.depths[line] for line in lines[1:4])
    technical = [char for char in text[:200] if char in "0123456789{}=<>/\\_"]
    ending = last_text.split()
    signs = bool(ids) and 0 < len(ending) <= 3 and ending[-1].strip("-–—~.,!)").istitle()
    return SimpleNamespace(
        lines=lines, words=words, ids=ids, text=text, last_text=last_text,
        gap=first.blanks, depth=depth, ends_deep=document.depths[lines[-1]] > 0,
        introduces=document.introduces(lines[-1]),
        attribution=not depth
        and len(lines) > 1
        and (deeper or attributions.recognised(first_text)),
        opening=_kinds(said[:3]), closing=_kinds(said[-3:]),
        chars=len(text), first=text[0], last=text[-1], lower=letter.islower(),
        sentences=sum(not behind for behind in STOPS.findall(text)),
        questions=text.count("?"), shouts=text.count("!"),
        dots=text.count("...") + text.count("…"), links=text.count("http") + text.count("www."),
        digits=len(technical) / len(text[:200]),
        capitals=sum(map(str.isupper, text[:400])) / len(text[:400]),
        bullet=bool(re.match(r"([-*•·–—o+]|\(?[0-9]{1,2}[.)]|[a-z][.)])\s", text)),
        you=sum("you" in _kinds([word]) for word in said) / count,
        me=sum("me" in _kinds([word]) for word in said) / count,
        commas=text.count(",") / count, word_length=min(12.0, len(text) / count),
        quotes=sum(char in "'\"(" for char in text) / count,
        first_line=len(first_text), last_line=len(last_text),
        name=ids[-1] if signs else None, addresses=ids[:10], habits=_habits(text),
        copied=0.0, copy_first=False, copy_last=False, source=-1,
        quoted_first=0, quoted_inner=0, quoted_last=0, quoted_whole=0,
    )  # fmt: skip


def _kinds(words):
    return {kind for kind in contents.KINDS for word in words if word in load("markers")[kind]}


def _habits(text):
    shown = {sign for sign in voice._HABITS if sign in text[:600]}
    edges = {"small": text[0].islower(), "capital": text[0].isupper(), "open": text[-1].isalnum()}
    return shown | {edge for edge, true in edges.items() if true}


def _rare(document, found, word):
    """Whether a word is long and in few blocks, but not in one alone."""
    blocks = sum(word in block.ids for block in found)
    return len(document.words.vocabulary[word]) > 3 and 1 < blocks <= max(3, len(found) // 8)


def _note(document, found, copy):
    """What a copy tells of the block it is in, and of those that it takes words from."""
    (at,) = (n for n, block in enumerate(found) if copy.lines.start in block.lines)
    block = found[at]
    block.copied += len(document.joined(copy.lines)) / block.chars
    block.copy_first = block.copy_first or copy.lines.start == block.lines.start
    block.copy_last = block.copy_last or copy.lines.stop == block.lines.stop
    if not copy.original:
        return
    words = copy.original.words
    taken = [n for n, other in enumerate(found) if _share(other.words, words)]
    if block.source < 0:
        block.source = taken[0]
    if taken[0] >= at:
        return
    starts = words.start <= found[taken[0]].words.start
    ends = words.stop >= found[taken[-1]].words.stop
    found[taken[0]].quoted_first += starts
    found[taken[-1]].quoted_last += ends
    for n in taken:
        found[n].quoted_whole += starts and ends
        found[n].quoted_inner += n > taken[0]


def _share(some, others):
    return max(some.start, others.start) < min(some.stop, others.stop)


def _page(found):
    """The habits of the document."""
    total, sizes = len(found), [log1p(block.chars) for block in found]
    wide = sum(block.wide for block in found)
    stretch = list(accumulate(block.wide for block in found))
    onsets = [n for n, block in enumerate(found) if block.copy_first and not block.wide]
    hidden = [n for n in onsets if found[n].source >= 0 and stretch[found[n].source] == stretch[n]]
    signed = Counter(block.last_text for block in found)
    counts = {
        "long": wide,
        "marked": sum(block.depth > 0 for block in found),
        "copies": sum(block.copied > 0 for block in found),
        "lower": sum(block.lower for block in found),
        "open": sum(block.last.isalpha() for block in found),
        "short": sum(block.chars < 80 for block in found),
        "wrapped": sum(len(block.lines) > 1 for block in found),
        "onsets": len(onsets),
        "hidden": len(hidden),
        "questions": sum(block.questions > 0 for block in found),
        "signed": sum(count > 1 for count in signed.values()),
    }
    return {
        "blocks": log1p(total),
        "size": fmean(sizes),
        "typical": median(sizes),
        "run": total / (1 + wide),
        **{name: count / total for name, count in counts.items()},
    }


def _beside(found, at):
    """What is told of the blocks around the place above block ``at``."""
    above, below = found[at - 1], found[at]
    two_above = found[at - 2] if at > 1 else None
    following = found[at + 1] if at + 1 < len(found) else None
    return {
        "gap": min(below.gap, 6), "next_gap": _of(following, lambda one: min(one.gap, 6)),
        "depth": below.depth, "next_depth": _of(following, lambda one: one.depth),
        "above_deep": above.ends_deep,
        "introduces": below.introduces, "above_introduces": above.introduces,
        "attribution": below.attribution,
        "next_attribution": _of(following, lambda one: one.attribution),
        "copy_first": below.copy_first, "above_copy_last": above.copy_last,
        "next_copied": _of(following, lambda one: min(one.copied, 1)),
        "two_above_copied": _of(two_above, lambda one: min(one.copied, 1)),
        "two_above_chars": _of(two_above, lambda one: log1p(one.chars)),
        "quoted_first": min(below.quoted_first, 3), "quoted_inner": min(below.quoted_inner, 3),
        "above_quoted_last": min(above.quoted_last, 3),
        "quoted_whole": min(below.quoted_whole, 3),
        "above_quoted_whole": min(above.quoted_whole, 3),
        "below_first_line": min(below.first_line, 200),
        "below_last_line": min(below.last_line, 200),
        "above_first_line": min(above.first_line, 200),
        "above_last_line": min(above.last_line, 200),
        "case_change": below.lower - above.lower, "you_change": below.you - above.you,
        "me_change": below.me - above.me, "digit_change": below.digits - above.digits,
        "comma_change": abs(below.commas - above.commas),
        "capital_change": abs(below.capitals - above.capitals),
        "length_change": abs(below.word_length - above.word_length),
    }  # fmt: skip


def _of(block, told):
    return NONE if block is None else told(block)


def _alone(found, at, page):
    """What looks further than to the blocks next to the place."""
    above, below, size = found[at - 1], found[at], page["size"]
    two_above = found[at - 2] if at > 1 else None
    following = found[at + 1] if at + 1 < len(found) else None
    opened = max((n for n in range(1, at) if found[n].wide), default=0)
    stretch = found[opened:at]
    since, until = at - opened, _until(found, at, lambda one: one.wide)
    earlier = [one.source for one in found[:at] if one.source >= 0]
    step, known = -places.FAR - 1, {one.name for one in found[:at]} - {None}
    if below.source >= 0 and earlier:
        step = max(-places.FAR, min(places.FAR, below.source - earlier[-1]))
    shared = len(below.rare & above.rare)
    signers = Counter(one.name for one in found if one.name is not None)
    common = below.habits & above.habits
    seldom = [sign for sign in common if 5 * _showing(found, sign) <= len(found)]
    return {
        "long": below.wide, "index": log1p(at), "left": log1p(len(found) - at),
        "since_long": min(since, 30), "until_long": until, "stretch": min(since + until, 30),
        "since_short": min(_since(found, at, lambda one: one.chars < 80), 10),
        "chars_in_stretch": log1p(sum(one.chars for one in stretch)),
        "size": log1p(below.chars) - size, "above_size": log1p(above.chars) - size,
        "end_change": _end(above.last) == _end(below.last),
        "source_back": min(at - below.source, 30) if below.source >= 0 else NONE,
        "source_in_stretch": below.source >= opened if below.source >= 0 else NONE,
        "source_step": step,
        "since_copy": min(_since(found, at, lambda one: one.copied > 0), 30),
        "until_copy": _until(found, at, lambda one: one.copied > 0),
        "copies_in_stretch": sum(one.copied > 0 for one in stretch),
        "like_above": shared,
        "like_two_above": len(below.rare & two_above.rare) if two_above else 0,
        "like_below": _of(following, lambda one: len(one.rare & below.rare)),
        "like_recent": shared / (1 + min(len(below.rare), len(above.rare))),
        "like_first": len(below.rare & found[0].rare),
        "above_below": _of(following, lambda one: len(one.rare & above.rare)),
        "voice_shared": len(common), "voice_differs": len(below.habits ^ above.habits),
        "voice_rare": len(seldom),
        "next_voice_differs": _of(following, lambda one: len(one.habits ^ below.habits)),
        "voice_two_above_differs": _of(two_above, lambda one: len(one.habits ^ below.habits)),
        "voice_two_above_shared": _of(two_above, lambda one: len(one.habits & below.habits)),
        "above_signed": signers[above.name] > 1, "below_signed": signers[below.name] > 1,
        "above_name_alone": above.name is not None and len(above.ids) <= 3,
        "addresses": not known.isdisjoint(below.addresses),
        "addresses_above": above.name in below.addresses,
        "above_named": above.name is not None,
    }  # fmt: skip


def _since(found, at, true):
    return at - 1 - max((n for n in range(at) if true(found[n])), default=-1)


def _until(found, at, true):
    coming = (n - at for n in range(at + 1, len(found)) if true(found[n]))
    return min(next(coming, places.FAR), places.FAR)


def _showing(found, sign):
    return sum(sign in block.habits for block in found)


def _shown(block):
    return {
        "chars": log1p(block.chars), "words": min(len(block.ids), 50),
        "lines": min(len(block.lines), 12), "end": _end(block.last), "start": _start(block),
        "sentences": min(block.sentences, 12), "sentence": block.chars / (1 + block.sentences),
        "questions": min(block.questions, 4), "shouts": min(block.shouts, 5),
        "dots": min(block.dots, 4), "links": min(block.links, 3), "digits": block.digits,
        "bullet": block.bullet, "you": block.you, "me": block.me, "copied": min(block.copied, 1),
        "repeated": min(block.repeated, 4), "signed": min(block.signed, 4),
        "commas": block.commas, "capitals": block.capitals, "word_length": block.word_length,
        "quotes": block.quotes,
    }  # fmt: skip


def _end(char):
    signs = {".": 1, "?": 2, "!": 3, ":": 4, ",": 5, ";": 5, ")": 6, '"': 7, "”": 7, "'": 7, "…": 8}
    return 0 if char.isalpha() else signs.get(char, 9 if char.isdigit() else 10)


def _start(block):
    signs = {'"': 3, "“": 3, "„": 3, "'": 3, "@": 4, ">": 5, "(": 6, "[": 7, "-": 8}
    if block.first.isalpha():
        return 0 if block.lower else 1
    return 2 if block.first.isdigit() else signs.get(block.first, 9)
