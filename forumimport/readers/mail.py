"""Mail: mbox files, Maildir folders and single messages, threaded by what messages refer to.

The source is gone through twice: for the names of messages, and for their words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from forumimport.drafts import ThreadDraft, Unread
from forumimport.readers import messages, plain, scattered
from forumimport.readers.base import BadRecord, Head, Options, Reader, Source, Unreadable
from forumimport.readers.jwz import Threading
from forumimport.readers.ordering import ordered
from forumimport.readers.records import LONGEST, Record, told, too_long
from forumimport.readers.stated import Stated, StatedThread, drafted
from forumimport.readers.values import readable

#: The line before a message, with the date as asctime writes it.
_FROM = re.compile(rb"From \S.*\d{1,2}:\d\d.*\d{4}\s*$")
_LONGEST = 400
#: The same in archives of Usenet, with a number; there, words are told by the lack of a header.
_NUMBERED = re.compile(rb"From -?\d{1,30}\s*$")
#: A line of the text that began like it.
_ESCAPED = re.compile(rb"^>(>*From )", re.MULTILINE)
_HEADER = re.compile(rb"[A-Za-z][A-Za-z0-9-]*:[ \t]?\S")
_MESSAGE_ID = re.compile(rb"^message-id:\s*<", re.IGNORECASE | re.MULTILINE)
#: The encoding of a thread whose messages are in several.
MIXED = "mixed"
_FOLDERS = ("cur", "new")
#: What going through the source for the names takes of the whole.
_NAMES = 0.05


class MailReader(Reader):
    id = "mail"
    title = "Mail, as mbox or Maildir"
    suffixes = frozenset({".mbox", ".mbx", ".eml"})

    def sniff(self, head: Head) -> float:
        if set(_FOLDERS) <= head.folder:
            return 0.95
        first, _, rest = head.start.partition(b"\n")
        if (_begins(first) or _NUMBERED.match(first)) and _HEADER.match(rest):
            return 0.95
        return 0.7 if _HEADER.match(first) and _MESSAGE_ID.search(head.start) else 0.0

    def read(self, source: Source, options: Options) -> Iterator[ThreadDraft | Unread]:
        split = _maildir if source.path is not None and source.path.is_dir() else _mbox
        threading = Threading()
        source.meter.share(_NAMES)
        with suppress(Unreadable):  # It will be, at the same place, when it is read.
            for record in split(source):
                if isinstance(record, Record):
                    found = messages.headers(record.content)
                    threading.add(found.name or record.locator, found.references)

        def gather(name: str, records: Sequence[Record]) -> StatedThread:
            return _thread(name, records, threading, options)

        yield from scattered.threads(source, self.id, _placed(source, split, threading), gather)


def _placed(
    source: Source, split: Callable[[Source], Iterator[Record | Unread]], threading: Threading
) -> Iterator[scattered.Placed]:
    for record in split(source):
        if isinstance(record, Unread):
            yield record
        else:
            name = messages.headers(record.content).name or record.locator
            yield readable(threading.root(name))[:500], record


def _mbox(source: Source) -> Iterator[Record | Unread]:
    """Yield the messages of a file, without the lines before them and their escapes."""
    kept: list[bytes] = []
    length = number = 0
    with told(source), source.stream() as stream:
        for line, begins in _lines(stream):
            if begins:
                yield from _message(kept, length, number)
                kept, length, number = [], 0, number + 1
                continue
            length += len(line)
            if length <= LONGEST:
                kept.append(line)
        yield from _message(kept, length, number)


def _lines(stream: BinaryIO) -> Iterator[tuple[bytes, bool]]:
    """Yield each line, and whether a message begins behind it: as the first one begins."""
    held = b""
    numbered = False
    for number, line in enumerate(iter(lambda: stream.readline(LONGEST), b"")):
        if number == 0:
            numbered = _NUMBERED.match(line) is not None
        if held:
            yield held, bool(_HEADER.match(line))
            held = b""
        if numbered and _NUMBERED.match(line):
            held = line
        else:
            yield line, not numbered and _begins(line)
    if held:
        yield held, False


def _begins(line: bytes) -> bool:
    """Whether a message begins behind a line; a long one is words, whatever is in it."""
    return line.startswith(b"From ") and len(line) <= _LONGEST and bool(_FROM.match(line))


def _message(lines: list[bytes], length: int, number: int) -> Iterator[Record | Unread]:
    place = f"message {max(number, 1)}"
    if length > LONGEST:
        yield Unread(place, too_long())
    elif (content := b"".join(lines)).strip():
        yield Record(_ESCAPED.sub(rb"\1", content), place)


def _maildir(source: Source) -> Iterator[Record | Unread]:
    if source.path is None:
        return
    for folder in _FOLDERS:
        files = source.path / folder
        with told(source):
            paths = sorted(files.iterdir()) if files.is_dir() else []
        for path in paths:
            place = readable(f"{folder}/{path.name}")
            if path.name.startswith(".") or not source.allows(place):
                continue
            try:
                if path.is_file():
                    yield _letter(path, place)
            except OSError as error:
                yield Unread(place, f"It cannot be read: {error.strerror or error}.")


def _letter(path: Path, place: str) -> Record | Unread:
    with path.open("rb") as file:
        content = file.read(LONGEST + 1)
    return Unread(place, too_long()) if len(content) > LONGEST else Record(content, place)


def _thread(
    name: str, records: Sequence[Record], threading: Threading, options: Options
) -> StatedThread:
    stated: list[Stated] = []
    problems: list[Unread] = []
    encodings: dict[str, None] = {}
    guessed = False
    subjects: dict[str, str] = {}
    for record in records:
        try:
            letter = messages.read(record.content)
        except BadRecord as error:
            problems.append(Unread(record.locator, str(error)))
            continue
        if letter.guessed:
            reason = f"It does not state its encoding; read as {letter.encoding}."
            problems.append(Unread(record.locator, reason, lost=False))
            guessed = True
        encodings[letter.encoding] = None
        own = messages.headers(record.content).name
        stated.append(_stated(record, own, letter, threading))
        subjects.setdefault(own or record.locator, letter.subject)
    posts, more = drafted(stated)
    in_order = ordered(list(plain.resolved(posts)), options.order)
    first = next((post.identifier for post in in_order), "")
    return StatedThread(
        in_order,
        sha256=scattered.digest(records),
        locator=scattered.place_of(name),
        title=subjects.get(first) or next(filter(None, subjects.values()), None),
        # What names itself by its place only has no name of its own.
        identifier=None if name == records[0].locator else name,
        encoding=next(iter(encodings), "utf-8") if len(encodings) < 2 else MIXED,
        encoding_guessed=guessed,
        problems=[*problems, *more],
    )


def _stated(record: Record, own: str, letter: messages.Letter, threading: Threading) -> Stated:
    return Stated(
        text=None,
        identifier=own or None,
        author=letter.author,
        date=letter.date,
        reply_to=threading.parent(own or record.locator) or None,
        place=record.locator,
        marked=letter.marked,
    )
