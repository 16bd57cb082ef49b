"""What programs put below the words of a mail: signatures, notes of lists, the mail answered.

All of it is told by characters, so it is inferred.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from corpus.segmentation import attributions, marks
from corpus.segmentation.structure import Boilerplate
from corpus.spans import Span
from forumimport.drafts import QuotationDraft
from forumimport.readers.markup import Marked

#: The line above a signature (RFC 3676, 4.3), and the one above the note of a mailing list.
_SIGNATURE = re.compile(r"^-- ?\r?$", re.MULTILINE)
_FOOTER = re.compile(r"^_{40,}\r?\n(?:[^\n]*\n){0,5}[^\n]*\Z", re.MULTILINE)
#: Lines of a signature at most; netiquette says four.
_LONGEST_SIGNATURE = 20
#: What Google Groups put below a mail, with a line of signs above it.
_GROUP = "You received this message because you are subscribed to the Google Groups"
_LONGEST_GROUP = 10
_SIGNS_ABOVE = re.compile(r"^[-~_ ]{2,}\r?\n\Z", re.MULTILINE)
#: What Mailman puts in place of parts that its archive leaves out.
_PART = "-------------- next part --------------"
_LONGEST_PART = 2000
_SCRUBBED = re.compile(
    r"(?:[^\n]{1,200}\bscrubbed\.\.\.[^\n]*+(?:\n(?:[A-Z][\w-]*+:|[ \t<])[^\n]*+)*+)?"
)
#: Notes below a mail at most.
_NOTES = 20

#: What stands in dashes above the mail that is answered, by Outlook and others (case folded).
_ORIGINALS = frozenset(
    (
        *("original message", "original appointment", "ursprüngliche nachricht"),
        *("originalnachricht", "original-nachricht", "message d'origine"),
        *("message d’origine", "message original", "mensaje original", "mensagem original"),
        *("messaggio originale", "oorspronkelijk bericht", "ursprungligt meddelande"),
        *("originalmeddelande", "opprinnelig melding", "oprindelig meddelelse"),
        *("alkuperäinen viesti", "wiadomość oryginalna", "oryginalna wiadomość"),
        *("původní zpráva", "eredeti üzenet", "mesaj original", "исходное сообщение"),
        *("orijinal ileti", "upprunaleg skilaboð"),
    )
)
_DASHED = re.compile(r"-{2,40}[ ]?([^\s-][^\n]{3,40}?)[ ]?-{2,40}")
_LINE = re.compile(r"_{5,200}")
#: Labels of the headers repeated there, by what they are.
_LABELS = {
    label: kind
    for kind, labels in {
        "from": "from|von|de|da|van|från|fra|lähettäjä|od|feladó|от|kimden|frá|expéditeur",
        "sent": "sent|date|gesendet|datum|envoyé|enviado|enviada em|enviado el|fecha|data|inviato"
        "|verzonden|skickat|sendt|lähetetty|wysłano|odesláno|elküldve|отправлено|дата|gönderme"
        "|sent on|sendt|dato|päiväys",
        "to": "to|an|à|para|a|aan|till|til|vastaanottaja|do|komu|címzett|кому|kime",
        "subject": "subject|betreff|objet|asunto|assunto|oggetto|onderwerp|ämne|emne|aihe|temat"
        "|předmět|tárgy|тема|konu|efni",
    }.items()
    for label in labels.split("|")
}
_ALL = 4
_HEADER = re.compile(r"\*?([^\W\d_][^\W\d_ ]{0,15}(?: [^\W\d_]{1,10})?)\s?:\*?(?:\s(.*))?")
#: Lines of such headers at most: many may be addressed.
_LONGEST_HEADERS = 20
_ADDRESS = re.compile(r"\s*+[<\[(].*")


def apart(marked: Marked) -> Marked:
    """Return a text with what stands below its words told apart, unless it is already.

    The mail that is answered is a quotation with its headers, if words of the answer are above.
    """
    text = marked.text
    known = [row.span for row in marked.quotations] + [row.span for row in marked.boilerplate]
    rows = [row for row in _below(text) if not any(map(row.span.overlaps, known))]
    boilerplate = sorted((*marked.boilerplate, *rows), key=lambda row: row.span)
    end = len(text)
    for row in reversed(boilerplate):
        if text[row.span.end : end].strip():
            break
        end = row.span.start
    quotations = marked.quotations
    found = _original(text, end)
    if found and not any(span.start <= found.span.start < span.end for span in known):
        above = [row for row in quotations if row.span.start < found.span.start]
        quotations = (*above, found)
    return replace(marked, quotations=quotations, boilerplate=tuple(boilerplate))


def _below(text: str) -> Iterator[Boilerplate]:
    end = len(text)
    for _note in range(_NOTES):
        start = max(_footer(text, end), _group(text, end), _scrubbed(text, end))
        if start < 0:
            break
        if span := Span(start, end).trimmed(text):
            yield Boilerplate(span, "navigation")
        end = start
    marked = list(_SIGNATURE.finditer(text, 0, end))
    start = marked[-1].start() if marked else end
    short = text.count("\n", start, end) <= _LONGEST_SIGNATURE
    if start < end and short and (span := Span(start, end).trimmed(text)):
        yield Boilerplate(span, "signature")


def _footer(text: str, end: int) -> int:
    found = _FOOTER.search(text, 0, end)
    return found.start() if found else -1


def _group(text: str, end: int) -> int:
    start = text.rfind(_GROUP, 0, end)
    if start < 0 or text.count("\n", start, end) > _LONGEST_GROUP or not _begins(text, start):
        return -1
    above = _SIGNS_ABOVE.search(text, text.rfind("\n", 0, max(start - 1, 0)) + 1, start)
    return above.start() if above else start


def _scrubbed(text: str, end: int) -> int:
    start = text.rfind(_PART, 0, end)
    if start < 0 or not _begins(text, start) or end - start > _LONGEST_PART:
        return -1
    note = text[start + len(_PART) : end].replace("\r\n", "\n").strip()
    return start if _SCRUBBED.fullmatch(note) else -1


def _begins(text: str, start: int) -> bool:
    """Whether a line begins there."""
    return start == 0 or text[start - 1] == "\n"


@dataclass(slots=True)
class _Headers:
    """Headers of a mail repeated in the text, as they are come past; ``enough`` kinds of them
    tell that they are such."""

    start: int
    enough: int
    kinds: list[str] = field(default_factory=list)
    name: str = ""
    lines: int = 0

    @property
    def are_such(self) -> bool:
        # With nothing above them, only those are safe that Outlook writes, in its order.
        if self.enough == _ALL and self.kinds[:2] != ["from", "sent"]:
            return False
        return "from" in self.kinds and len(self.kinds) >= self.enough

    def takes(self, words: str) -> bool:
        """Whether a line is still one of them, or stands before the first."""
        self.lines += 1
        if self.lines > _LONGEST_HEADERS or not words:
            return not words and not self.kinds and self.lines <= _LONGEST_HEADERS
        header = _HEADER.fullmatch(words) if len(words) <= attributions.LONGEST else None
        kind = _LABELS.get(header[1].casefold()) if header else None
        if header and kind:
            self.kinds += [] if kind in self.kinds else [kind]
            if kind == "from" and not self.name:
                self.name = _ADDRESS.sub("", header[2] or "").strip("\"' ")
        return bool(self.kinds)


def _begun(at: int, words: str) -> _Headers | None:
    """The headers that begin with a line, or below it."""
    if not words or len(words) > attributions.LONGEST:
        return None
    if words[0] == "-" and (dashed := _DASHED.fullmatch(words)):
        return _Headers(at, 2) if dashed[1].casefold() in _ORIGINALS else None
    if words[0] == "_":
        return _Headers(at, 3) if _LINE.fullmatch(words) else None
    header = _HEADER.fullmatch(words)
    if header is None or _LABELS.get(header[1].casefold()) != "from":
        return None
    found = _Headers(at, _ALL)
    found.takes(words)
    return found


def _original(text: str, end: int) -> QuotationDraft | None:
    """The mail that is answered, below the answer, from the line above its headers to the end."""
    at, headers, own = 0, None, False
    for line in (*text[:end].splitlines(keepends=True), ""):
        words = line.strip()
        if headers is None or not headers.takes(words):
            if headers is not None and headers.are_such:
                break
            own = own or (headers is not None and bool(headers.kinds))
            headers = _begun(at, words)
        if headers is None and not own and words:
            own = not marks.depth(words) and not attributions.recognised(words)
        at += len(line)
    span = Span(headers.start, end).trimmed(text) if headers and own else None
    if headers is None or span is None or not headers.are_such:
        return None
    return QuotationDraft(span, attributed=headers.name, basis="inferred")
