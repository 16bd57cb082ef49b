"""A stored thread as a later version of it finds it."""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from dataclasses import dataclass, field

from corpus.models import SourceDocument, Thread, Utterance
from corpus.spans import Span
from forumimport.drafts import ThreadDraft, Unread
from forumimport.importer import fitting
from forumimport.importer.storing import POSTS
from forumimport.linking import Joined

_CHANGED = "It reads otherwise now than when it was first imported; that first version is kept."


@dataclass(frozen=True, slots=True)
class Original:
    """Where a known post stood first: its span in a stored document."""

    document: int
    span: Span


@dataclass(frozen=True, slots=True)
class Place:
    """An utterance as it is by now, its span, and where in its document certain words are."""

    utterance: int
    span: Span
    words: Span | None


@dataclass(slots=True)
class Standing:
    """The thread's documents, and its utterances (start, end, key) by document."""

    thread: Thread
    documents: list[SourceDocument]
    utterances: dict[int, list[tuple[int, int, int]]] = field(default_factory=dict)
    known: dict[str, list[tuple[SourceDocument, int]]] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, thread: Thread) -> Standing:
        found = cls(thread, list(thread.documents.order_by("order")))
        rows = Utterance.objects.of_thread(thread.pk).in_order()
        for document, start, end, key in rows.values_list("document", "start", "end", "pk"):
            found.utterances.setdefault(document, []).append((start, end, key))
        return found

    def beginning(self, draft: ThreadDraft) -> int:
        """Return how many characters of bare text are those of a stored document."""
        if len(draft.documents) != 1 or any(
            one.basis != "inferred" for _, found in draft.structures() for one in found.utterances
        ):
            return 0
        text = draft.documents[0].text
        stored = [len(one.text) for one in self.documents if text.startswith(one.text)]
        return max(stored, default=0)

    def at(self, document: int, offset: int) -> tuple[int, Span] | None:
        """Return the utterance that has this character of the document, and its span."""
        rows = self.utterances.get(document, [])
        number = bisect_right(rows, offset, key=lambda row: row[0]) - 1
        if number < 0 or rows[number][1] <= offset:
            return None
        start, end, key = rows[number]
        return key, Span(start, end)

    def named(self, name: str, words: str = "") -> Place | None:
        """Return the post that the source calls so as it is by now, and where the words are."""
        for document, start in self._known().get(fitting.text(name), ()):
            if found := self.at(document.pk, start):
                key, span = found
                at = document.text.find(words, span.start, span.end) if words else -1
                return Place(key, span, None if at < 0 else Span(at, at + len(words)))
        return None

    def _known(self) -> dict[str, list[tuple[SourceDocument, int]]]:
        """Where the posts of each name began, in the order of their documents."""
        if not self.known:
            for document in self.documents:
                for name, start, _end in document.metadata.get(POSTS, ()):
                    self.known.setdefault(name, []).append((document, start))
        return self.known

    def repeated(self, draft: ThreadDraft, whole: Joined) -> Repeated:
        """Return which posts of another version, cut where the known text ends, are known."""
        cut = self.beginning(draft)
        found = Repeated(self, whole, cut)
        if cut:
            found.find_before_cut()
        else:
            found.find_by_name()
        return found


@dataclass(slots=True)
class Repeated:
    """The known posts of a new version, by number, with where they stood first."""

    standing: Standing
    whole: Joined
    cut: int
    posts: dict[int, Original] = field(default_factory=dict)
    changed: dict[int, str] = field(default_factory=dict)

    def find_before_cut(self) -> None:
        text = self.whole.text
        begun = [one for one in self.standing.documents if text.startswith(one.text)]
        for number, one in enumerate(self.whole.structure.utterances):
            if one.span.start < self.cut:
                first = next(document for document in begun if one.span.start < len(document.text))
                self.posts[number] = Original(first.pk, one.span)

    def find_by_name(self) -> None:
        """Posts are known by their names, those without by their words, in order."""
        named, spoken = self._originals()
        for number, one in enumerate(self.whole.structure.utterances):
            words = one.span.of(self.whole.text)
            if one.identifier and one.basis != "inferred":
                found = named.get(fitting.text(one.identifier))
            else:
                waiting = spoken.get(words)
                found = waiting.popleft() if waiting else None
            if found:
                self.posts[number] = found[0]
                if found[1] != words:
                    self.changed[number] = one.identifier

    def _originals(
        self,
    ) -> tuple[dict[str, tuple[Original, str]], dict[str, deque[tuple[Original, str]]]]:
        named: dict[str, tuple[Original, str]] = {}
        spoken: dict[str, deque[tuple[Original, str]]] = {}
        for document in self.standing.documents:
            for name, start, end in document.metadata.get(POSTS) or self._unnamed(document):
                span = Span(start, end)
                words = span.of(document.text)
                found = (Original(document.pk, span), words)
                if name:
                    named.setdefault(name, found)
                else:
                    spoken.setdefault(words, deque()).append(found)
        return named, spoken

    def _unnamed(self, document: SourceDocument) -> list[tuple[str, int, int]]:
        """The posts of a document whose source named none: as they are by now."""
        rows = self.standing.utterances.get(document.pk, ())
        return [("", start, end) for start, end, _key in rows]

    def are_strangers(self, title: str) -> bool:
        """Whether another thread bears the name by chance: no post that both have reads alike.

        A source that numbers its threads from 1 has the names of every other such source. One
        single post in common may have been edited; then the titles tell.
        """
        if not self.posts or len(self.changed) < len(self.posts):
            return False
        return len(self.posts) > 1 or title != self.standing.thread.title

    def place(self, number: int, words: Span | None) -> Place | None:
        """Return the utterance that a known post is by now, and where these words of it are.

        Of a post that reads otherwise now nobody knows where; None where nothing is left of it.
        """
        original = self.posts[number]
        exact = words is not None and number not in self.changed
        moved = original.span.start - self.whole.structure.utterances[number].span.start
        offset = words.start + moved if words and exact else original.span.start
        found = self.standing.at(original.document, offset)
        if found is None:
            return None
        key, span = found
        if not words or not exact:
            return Place(key, span, None)
        return Place(key, span, Span(offset, min(words.end + moved, span.end)))

    def notices(self) -> tuple[Unread, ...]:
        return tuple(Unread(name, _CHANGED, lost=False) for name in self.changed.values())
