r"""How the cells of a table are written: as spreadsheets do, or as databases, with backslashes.

MySQL (``INTO OUTFILE``, ``mysql -B``) and PostgreSQL (``COPY``) put a backslash before what would
part cells or rows, and write ``\N`` or ``NULL`` for nothing. That is told by the beginning of a
table, and only where everything in it agrees.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from forumimport.readers.records import LONGEST

#: What a letter behind a backslash stands for; any other sign stands for itself.
_SIGNS = {"0": "\0", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "Z": "\x1a"}
#: What databases put behind a backslash, beside the sign that parts cells.
_KNOWN = frozenset({*_SIGNS, *"\\\"'N\r\n"})
#: What the client of MySQL writes, which has no sign for nothing of its own.
_OF_CLIENT = frozenset("0nt\\")
_PAIR = re.compile(r"\\(.)", re.DOTALL)
#: Line ends that part sentences or paragraphs, not such that somebody writes about.
_FLOW = re.compile(r"(?:[.,:;?!)\r]|\\n)\\n")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_NOTHING = "\\N", "NULL"
#: What stands for signs while rows are parted; decoded text has no half characters of these.
_FIRST = 0xD800
_STANDING = re.compile("[\ud800-\ud804\ud80a\ud80b]")
_QUOTED = r'"(?:[^"]++|"")*+"'
_ESCAPED = r'"(?:[^"\\]++|""|\\.)*+"'
_TOLD = (
    "The table is read as databases write it: a backslash and the sign behind it are one sign{}."
)


@dataclass(frozen=True, slots=True)
class Notation:
    r"""How cells are written, apart from what every table has.

    ``escaping``: signs that a backslash makes something else, None if a backslash is a backslash;
    ``quoting``: quotation marks may stand around cells; ``nothing``: what means nothing unquoted.
    """

    delimiter: str
    escaping: frozenset[str] | None = None
    quoting: bool = True
    nothing: tuple[str, ...] = ()

    @property
    def told(self) -> str:
        """A sentence about what is not as in other tables; empty where all is."""
        if self.escaping is None:
            return ""
        empty = f", and {' and '.join(self.nothing)} no words" if self.nothing else ""
        return _TOLD.format(empty)

    def whole(self, lines: Iterator[str], header: str) -> Iterator[str]:
        """Yield lines with those that end in a backslash, or with less of a line end than the
        header, joined to the next: only the whole is a row."""
        if self.escaping is None or "n" not in self.escaping or not header.endswith("\n"):
            yield from lines
            return
        parts: list[str] = []
        size = 0
        for line in lines:
            parts.append(line)
            size += len(line)
            if size < LONGEST and _goes_on(line):
                continue
            yield "".join(parts)
            parts, size = [], 0
        if parts:
            yield "".join(parts)

    def rows(self, lines: Iterable[str]) -> Iterator[list[str]]:
        """Yield the cells of rows, as they are meant.

        Raises:
            csv.Error: they are none.
        """
        # The module's own limit, for the whole program, is less than a long post has.
        csv.field_size_limit(LONGEST)
        if self.escaping is None and not self.nothing:
            yield from csv.reader(lines, delimiter=self.delimiter)
            return
        hidden = map(self._hidden, lines)
        if self.quoting:
            rows: Iterable[list[str]] = csv.reader(hidden, delimiter=self.delimiter)
        else:
            rows = (line.rstrip("\r\n").split(self.delimiter) for line in hidden)
        for row in rows:
            yield [self._meant(cell) for cell in row]

    def meant(self, cells: list[str]) -> list[str]:
        """Return cells of a table without backslashes that were parted by other means."""
        return ["" if cell in self.nothing else cell for cell in cells]

    def _hidden(self, line: str) -> str:
        """The line with signs in place of what must part no cells, and of nothing."""
        if self.escaping is not None and "\\" in line:
            line = _PAIR.sub(self._hide, line)
        if any(word in line for word in self.nothing):
            line = _cell_of(self.nothing, self.delimiter).sub(self._hide_nothing, line)
        return line

    def _hide(self, pair: re.Match[str]) -> str:
        return _standing(pair[1], self.delimiter) if pair[1] in (self.escaping or ()) else pair[0]

    def _hide_nothing(self, word: re.Match[str]) -> str:
        return chr(_FIRST + 10 + _NOTHING.index(word[0]))

    def _meant(self, cell: str) -> str:
        if cell in _STOOD_FOR_NOTHING:
            return ""
        if self.escaping and "\\" in cell:
            cell = _PAIR.sub(self._sign, cell)
        return _STANDING.sub(self._stood, cell)

    def _sign(self, pair: re.Match[str]) -> str:
        return _SIGNS.get(pair[1], pair[1]) if pair[1] in (self.escaping or ()) else pair[0]

    def _stood(self, standing: re.Match[str]) -> str:
        number = ord(standing[0]) - _FIRST
        return _NOTHING[number - 10] if number >= 10 else _signs(self.delimiter)[number]


_STOOD_FOR_NOTHING = frozenset(chr(_FIRST + 10 + number) for number in range(len(_NOTHING)))


def _signs(delimiter: str) -> str:
    return f'"{delimiter}\n\r\\'


def _standing(sign: str, delimiter: str) -> str:
    place = _signs(delimiter).find(sign)
    return chr(_FIRST + place) if place >= 0 else f"\\{sign}"


def _cell_of(words: Iterable[str], delimiter: str) -> re.Pattern[str]:
    part = re.escape(delimiter)
    either = "|".join(map(re.escape, words))
    return re.compile(rf"(?:^|(?<={part}))(?:{either})(?=[\r\n]|{part}|\Z)", re.MULTILINE)


def _goes_on(line: str) -> bool:
    """Whether a line ends in a line end that is escaped, or in half of one."""
    if line.endswith("\r"):
        return True
    bare = line.rstrip("\r\n")
    return (len(bare) - len(bare.rstrip("\\"))) % 2 == 1


def notation(sample: str, delimiter: str) -> Notation:
    r"""Return the notation that the beginning of a table is in, with its header.

    >>> notation("thread\ttext\nt1\t\\N\nt1\tOne\\nTwo\n", "\t").nothing
    ('\\N',)
    """
    header, _, body = sample.partition("\n")
    if "\\" not in body and "NULL" not in body:
        return Notation(delimiter)
    known = _KNOWN | {delimiter}
    signs = {pair[1] for pair in _PAIR.finditer(body)}
    plain, escaped = (_Parted.of(sample, delimiter, cell) for cell in (_QUOTED, _ESCAPED))
    # Where tabs part cells some posts are words in quotation marks; hardly most of them.
    quoting = plain.quoted > plain.rows / 2 or '"' in header or delimiter != "\t"
    null = _cell_of(_NOTHING[:1], delimiter).search(body) is not None
    missing = _cell_of(_NOTHING[1:], delimiter).search(body) is not None
    if '\\"' in body and escaped.rows > plain.rows:
        # Who does not escape backslashes escapes quotation marks only.
        escaping = frozenset(known if signs <= known else '"')
        return Notation(delimiter, escaping, True, _words(null, missing and (null or escaped.null)))
    if null and signs <= known and not plain.doubled and (signs - {"N"} or not quoting):
        # Where nothing is quoted, NULL is a word beside that sign.
        return Notation(delimiter, frozenset(known), quoting, _words(True, missing and quoting))
    if not quoting and signs and signs <= _OF_CLIENT and (missing or _FLOW.search(body)):
        return Notation(delimiter, frozenset(known), False, _words(False, missing))
    return Notation(delimiter, None, True, _words(null, plain.null))


def _words(*meant: bool) -> tuple[str, ...]:
    return tuple(word for word, nothing in zip(_NOTHING, meant, strict=True) if nothing)


@dataclass(slots=True)
class _Parted:
    """The beginning of a table by one notation: rows as wide as the header, before what does not
    fit; rows with quoted cells; whether ``null`` stands where all other words are quoted, and
    whether quotation marks are doubled."""

    rows: int = 0
    quoted: int = 0
    null: bool = False
    doubled: bool = False

    @classmethod
    def of(cls, sample: str, delimiter: str, quoted: str) -> _Parted:
        part = re.escape(delimiter)
        signs = rf"(?:[^\r\n\\{part}]++|\\.)*+" if quoted == _ESCAPED else rf"[^\r\n{part}]*+"
        cell = re.compile(
            rf"(?:(?P<quoted>{quoted})|(?!\")(?P<plain>{signs}))(?P<end>{part}|\r?\n|\r|\Z)",
            re.DOTALL,
        )
        found = cls()
        rows = found._rows(cell, sample)
        width = len(next(rows, []))
        nulls = words = 0
        for row in rows:
            if len(row) != width:
                break
            found.rows += 1
            found.quoted += any(one["quoted"] is not None for one in row)
            found.doubled |= any('""' in (one["quoted"] or "")[1:-1] for one in row)
            unquoted = [one["plain"] for one in row if one["plain"]]
            nulls += unquoted.count("NULL")
            words += sum(one not in _NOTHING and not _NUMBER.fullmatch(one) for one in unquoted)
        found.null = nulls > 0 and words == 0 and found.quoted > 0
        return found

    def _rows(self, cell: re.Pattern[str], sample: str) -> Iterator[list[re.Match[str]]]:
        at = 0
        row: list[re.Match[str]] = []
        while at < len(sample) and (one := cell.match(sample, at)):
            row.append(one)
            at = one.end()
            if one["end"] in ("\n", "\r", "\r\n"):
                yield row
                row = []
