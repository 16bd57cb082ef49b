"""Tables of posts (CSV, TSV), a row a post; the user states the columns, or they bear usual names.

Rows are told apart as the csv module does, but for a quotation mark that is never closed, or only
by one in a later row; a row that does not fit costs itself.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

from forumimport.drafts import ThreadDraft, Unread
from forumimport.readers import phpbb_stored, scattered
from forumimport.readers.base import BadRecord, Head, Options, Reader, Source, Unreadable
from forumimport.readers.encodings import decode, guess_told, text_encoding
from forumimport.readers.notations import Notation, notation
from forumimport.readers.ordering import ordered
from forumimport.readers.records import LONGEST, Record, taken, told
from forumimport.readers.stated import Stated, StatedThread, drafted
from forumimport.readers.values import label
from forumimport.unpacking import SUFFIXES

#: What columns are usually called, by what they hold. Those of text and thread there must be.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "text": ("text", "body", "content", "message", "post", "comment", "post_text"),
    "thread": ("thread_id", "thread", "topic_id", "topic", "conversation_id", "discussion_id"),
    "title": ("title", "subject", "thread_title", "topic_title", "post_subject"),
    "id": ("id", "post_id", "message_id", "comment_id"),
    "author": ("author", "user", "username", "user_name", "speaker", "poster", "post_username"),
    "date": ("date", "timestamp", "created_at", "datetime", "time", "created_utc", "post_time"),
    "reply_to": ("reply_to", "reply_to_id", "parent_id", "in_reply_to"),
}
_LINE_END = re.compile(r"\r\n|\r|\n")
#: Columns of phpBB's table of posts.
_PHPBB = ("post_text", "topic_id")
_NEEDED = ("text", "thread")
#: The usual ones, and what databases put out.
_DELIMITERS = ",\t;|^~\x01\x1f"
#: The line by which spreadsheets are told the delimiter.
_SEP = re.compile(r'"?sep=(.)"?', re.IGNORECASE)
#: Bytes by which an encoding is told that nobody states.
_SAMPLE = 256 * 1024
#: What is read anew behind a quotation mark that is not closed: rows that tell it, and characters.
#: Of these there are LONGEST, and half as many each time, so that time does not grow by the square.
_ENOUGH, _REACH = 100, 64 * 1024
_UNCLOSED = "A quotation mark is never closed; put one where its cell ends, or take it out."
_QUOTED = re.compile(r'"(?:[^"]++|"")*+"')
#: What programs quote a cell for, where tabs part cells; spreadsheets do for a comma, too.
_CAUSE = re.compile('""|,')
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class TableReader(Reader):
    id = "table"
    title = "Tables of posts, CSV or TSV"
    suffixes = frozenset({".csv", ".tsv"})
    columns = COLUMNS

    def sniff(self, head: Head) -> float:
        if head.start[:1] in (b"{", b"[", b"<"):
            return 0.0
        names = _header(head)
        if self._fits(names):
            return 0.6
        # Whatever is wrong with what is called a table, it is read as no other text.
        named = _named(head.name).endswith((".csv", ".tsv"))
        return (0.4 if len(names) > 1 else 0.15) if named and head.start.strip() else 0.0

    def _fits(self, names: Sequence[str]) -> bool:
        lowered = {name.strip().lower() for name in names}
        return len(names) > 2 and all(lowered & {*self.columns[needed]} for needed in _NEEDED)

    def read(self, source: Source, options: Options) -> Iterator[ThreadDraft | Unread]:
        encoding = _encoding(source, options)
        with _opened(source, encoding.name) as text:
            table = _Table.opened(source, _lines(source, text), options, self.columns, encoding)
            # Of the table as a whole, so with its first thread only.
            told = iter(filter(None, [table.notation.told]))

            def gather(_name: str, records: Sequence[Record]) -> StatedThread:
                thread = table.thread(records, options)
                notices = [Unread("", notice, lost=False) for notice in told]
                return replace(thread, problems=[*notices, *thread.problems])

            yield from scattered.threads(source, self.id, table.placed(), gather)


@dataclass(frozen=True, slots=True)
class _Table:
    """An open table behind its header: where each of our columns is, None where it has none.

    ``bare``: tabs part its cells and its header has no quotation mark, so hardly have its rows.
    ``header`` is that line. ``phpbb``: it is the table of posts of that engine.
    """

    lines: Iterator[str]
    first: int
    header: str
    notation: Notation
    width: int
    bare: bool
    phpbb: bool
    places: Mapping[str, int | None]
    encoding: _Encoding

    @classmethod
    def opened(
        cls,
        source: Source,
        lines: Iterator[str],
        options: Options,
        columns: Mapping[str, tuple[str, ...]],
        encoding: _Encoding,
    ) -> _Table:
        first = next(lines, "").removeprefix("\ufeff")
        told = _SEP.fullmatch(first.strip("\r\n"))
        if told:
            first = next(lines, "")
        delimiter = told[1] if told else _delimiter(first, source.origin)
        header = next(Notation(delimiter).rows([first]), [])
        notation = _notation(source, encoding, delimiter)
        return cls(
            notation.whole(lines, first),
            3 if told else 2,
            first,
            notation,
            len(header),
            delimiter == "\t" and '"' not in first and notation.escaping is None,
            {*_PHPBB} <= {name.strip().lower() for name in header},
            _places(source, header, options.fields, columns),
            encoding,
        )

    def placed(self) -> Iterator[scattered.Placed]:
        for place, raw, row in self._rows():
            if isinstance(row, str):
                yield Unread(place, row)
            elif len(row) != self.width:
                yield Unread(
                    place, f"It has {len(row)} cells where the header has {self.width} columns."
                )
            else:
                yield self._placed(place, raw, row)

    def _placed(self, place: str, raw: bytes, row: Sequence[str]) -> scattered.Placed:
        try:
            name = label(self._cell(row, "thread"), "thread's name")
        except BadRecord as error:
            return Unread(place, str(error))
        if not name:
            return Unread(place, "It does not say which thread it is of.")
        return name, Record(raw, place)

    def thread(self, records: Sequence[Record], options: Options) -> StatedThread:
        rows = [(record.locator, self._again(record)) for record in records]
        posts, problems = drafted(self._stated(place, row) for place, row in rows)
        name = label(self._cell(rows[0][1], "thread"), "thread's name")
        titles = (self._words(row, "title") for _place, row in rows)
        if self.encoding.guessed:
            problems.insert(0, Unread("", guess_told(self.encoding.name), lost=False))
        return StatedThread(
            ordered(posts, options.order),
            sha256=scattered.digest(records),
            locator=scattered.place_of(name),
            title=next(filter(str.strip, titles), ""),
            identifier=name,
            encoding=self.encoding.name,
            encoding_guessed=self.encoding.guessed,
            problems=problems,
        )

    def _stated(self, place: str, row: Sequence[str]) -> Stated:
        return Stated(
            text=self._words(row, "text"),
            identifier=self._cell(row, "id"),
            author=self._words(row, "author"),
            date=self._cell(row, "date"),
            reply_to=self._cell(row, "reply_to"),
            place=place,
        )

    def _words(self, row: Sequence[str], name: str) -> str:
        return phpbb_stored.written(self._cell(row, name), certainly=self.phpbb)

    def _cell(self, row: Sequence[str], name: str) -> str:
        place = self.places[name]
        return "" if place is None else row[place]

    def _rows(self) -> Iterator[tuple[str, bytes, list[str] | str]]:
        """Yield each row with its place and bytes, or why it is none."""
        waiting: deque[str] = deque()

        def line() -> str:
            return waiting.popleft() if waiting else next(self.lines, "")

        number, reach = self.first, LONGEST
        while (found := self._row(line, reach)).lines:
            waiting.extendleft(reversed(found.behind))
            if sum(map(len, found.behind)) > _REACH:
                reach = max(_REACH, reach // 2)
            text, row = "".join(found.lines), found.cells
            if row:
                try:
                    raw = text.encode(self.encoding.name)
                except UnicodeEncodeError:
                    name = self.encoding.name
                    raw, row = b"", f"It is not in {name}; name the encoding of the file."
                yield f"line {number}", raw, row
            number += max(1, len(_LINE_END.findall(text)))

    def _again(self, record: Record) -> list[str]:
        text = io.StringIO(record.content.decode(self.encoding.name), newline="")
        lines = self.notation.whole(iter(text.readline, ""), self.header)
        cells = self._row(lambda: next(lines, ""), LONGEST).cells
        return cells if isinstance(cells, list) else []

    def _row(self, line: Callable[[], str], reach: int) -> _Row:
        """The next row. Where a quotation mark in it is not closed within ``reach``, or only
        behind lines that are rows by themselves, it is the first line, without quotation."""
        taken: list[str] = []
        rows = size = 0
        unclosed = False

        def lines() -> Iterator[str]:
            nonlocal rows, size, unclosed
            while found := line():
                taken.append(found)
                size += len(found)
                if len(taken) > 1:
                    rows += self._is_row(found)
                    if size > reach or rows == len(taken) - 1 == _ENOUGH:
                        break
                yield found
            unclosed = bool(taken)  # Asked for a line more, as only an open quotation is.

        try:
            cells = next(self.notation.rows(lines()), [])
        except csv.Error as error:
            return _Row(taken, f"It is no row of a table: {error}.")
        fits = len(cells) == self.width
        misread = unclosed or (rows > 0 and (not fits or self.bare or rows == len(taken) - 1))
        bare = self._bare(taken[0]) if taken else None
        if bare and (misread or not fits or (len(taken) == 1 and not _meant(bare))):
            return _Row(taken[:1], bare, taken[1:])
        return _Row(taken[:1], _UNCLOSED, taken[1:]) if misread else _Row(taken, cells)

    def _bare(self, line: str) -> list[str] | None:
        """The cells of a line whose quotation marks are words, None if those may not be."""
        cells = line.rstrip("\r\n").split(self.notation.delimiter)
        fits = self.bare and '"' in line and len(cells) == self.width
        return self.notation.meant(cells) if fits else None

    def _is_row(self, line: str) -> bool:
        """Whether a line in quotation marks is a row by itself; words have blanks behind commas."""
        if line.count(self.notation.delimiter) < self.width - 1:
            return False
        if line.count('"') % 2 and line.rstrip("\r\n").endswith('"'):
            return False  # It closes the cell that began above.
        cells = next(self.notation.rows([line]), [])
        return (
            len(cells) == self.width
            and not any(cell.startswith(" ") for cell in cells)
            and all(self._cell(cells, needed).strip('" \r\n') for needed in _NEEDED)
        )


@dataclass(frozen=True, slots=True)
class _Row:
    """The lines of a row, its cells or why it is none, and lines behind it to be read anew."""

    lines: list[str]
    cells: list[str] | str
    behind: Sequence[str] = ()


def _meant(cells: Sequence[str]) -> bool:
    """Whether quotation marks around cells parted by tabs are a program's, not the writer's."""
    quoted = [cell for cell in cells if cell.startswith('"')]
    caused = len(quoted) > 1 or any(_CAUSE.search(cell[1:-1]) for cell in quoted)
    return caused and all(map(_QUOTED.fullmatch, quoted))


@dataclass(frozen=True, slots=True)
class _Encoding:
    name: str
    guessed: bool = False


def _encoding(source: Source, options: Options) -> _Encoding:
    """The encoding asked for, or told by the beginning of the table.

    What fits none is left to be refused row by row.
    """
    if options.encoding:
        return _Encoding(options.encoding)
    with told(source), source.stream() as stream:
        start = taken(stream, _SAMPLE)
    if start.startswith(_UTF16):
        return _Encoding("utf-16")
    if len(start) == _SAMPLE:
        start = start[: start.rfind(b"\n") + 1]  # So that no character is cut in two.
    try:
        found = decode(replace(source, content=start, path=None))
    except Unreadable:
        return _Encoding("utf-8")
    return _Encoding(found.encoding if found.guessed else "utf-8", found.guessed)


def _notation(source: Source, encoding: _Encoding, delimiter: str) -> Notation:
    with told(source), source.stream() as stream:
        start = taken(stream, _SAMPLE)
    text = start.decode(encoding.name, "replace").removeprefix("\ufeff")
    sample = (
        text.partition("\n")[2] if _SEP.fullmatch(text.partition("\n")[0].strip("\r")) else text
    )
    return notation(sample, delimiter)


def _opened(source: Source, encoding: str) -> io.TextIOWrapper:
    try:
        text_encoding(encoding)
    except (LookupError, ValueError):
        raise Unreadable(
            f"{source.origin} cannot be read as {encoding!r}: no text encoding has that name."
        ) from None
    # What does not fit is kept, to be refused row by row.
    with told(source):
        stream = source.stream()
    return io.TextIOWrapper(stream, encoding, errors="surrogateescape", newline="")


def _lines(source: Source, text: io.TextIOWrapper) -> Iterator[str]:
    try:
        with told(source):
            while line := text.readline(LONGEST):
                yield line
    except UnicodeError:
        raise Unreadable(f"{source.origin} is not in {text.encoding}, or breaks off.") from None


def _header(head: Head) -> list[str]:
    wide = head.start.startswith(_UTF16)
    start = head.start.decode("utf-16" if wide else "utf-8", "replace").removeprefix("\ufeff")
    lines = _LINE_END.split(start, 2)
    told = _SEP.fullmatch(lines[0])
    text = lines[1] if told and len(lines) > 1 else lines[0]
    delimiter = told[1] if told else max(_DELIMITERS, key=text.count)
    try:
        return next(csv.reader([text], delimiter=delimiter), [])
    except (csv.Error, TypeError):
        return []


def _named(name: str) -> str:
    """The name in small letters, without the ending of its compression."""
    path = PurePath(name.lower())
    return path.stem if path.suffix in SUFFIXES else path.name


def _delimiter(line: str, origin: str) -> str:
    delimiter = max(_DELIMITERS, key=line.count)
    if delimiter not in line:
        raise Unreadable(
            f"{origin} is no table: its first line names no columns, parted by comma, tab, "
            "semicolon or bar; write them there, as thread_id, author, date, text."
        )
    return delimiter


def _places(
    source: Source,
    header: Sequence[str],
    stated: Mapping[str, str],
    columns: Mapping[str, tuple[str, ...]],
) -> dict[str, int | None]:
    names = [name.strip().lower() for name in header]
    places: dict[str, int | None] = {}
    for ours, usual in columns.items():
        wanted = (stated[ours].strip().lower(),) if ours in stated else usual
        places[ours] = next((names.index(name) for name in wanted if name in names), None)
        if places[ours] is None and (ours in stated or ours in _NEEDED):
            shown = ", ".join(name[:40] for name in header[:30])
            raise Unreadable(
                f"{source.origin} has no column for the {ours} of posts ({' or '.join(wanted)}); "
                f"its columns are {shown}. State which one it is."
            )
    return places
