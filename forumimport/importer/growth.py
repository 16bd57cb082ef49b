"""A later version of a known thread: what it adds is stored, what was there stays as curated.

The new version is kept whole, as further source documents; what was there before is boilerplate
in them, "repeated".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.db import transaction
from django.db.models import Max

from corpus.curation import reviews
from corpus.models import Quotation, SourceDocument, Thread, Utterance
from corpus.segmentation import Boilerplate, RecoveredQuotation, RecoveredUtterance, Structure
from corpus.spans import Span
from forumimport import projection
from forumimport.composition import dangling
from forumimport.drafts import DocumentDraft, ThreadDraft
from forumimport.engines.rows import check_keys_by_index, reserve
from forumimport.importer import known
from forumimport.importer.speakers import Speakers
from forumimport.importer.standing import Repeated, Standing
from forumimport.importer.storing import Home, Rows, Stored, add_document
from forumimport.linking import Joined, joined
from forumimport.outcomes import Failed, Grown, Skipped

REPEATED = "repeated"
#: Source documents from which on a thread grows no more: a version is compared with all of them.
DOCUMENTS = 1_000
#: Longest place in a file that leaves room for naming the thread.
_LOCATOR = 460
_TOO_OFTEN = (
    "The thread “%s” has %s source documents already; if these are threads of their own, "
    "give each a name of its own."
)
_STRANGERS = (
    "Its source calls it “%s”, as that of “%s” does, but its posts are others; "
    "import it into a collection of its own."
)


def grow(draft: ThreadDraft, thread: Thread, home: Home | None) -> Grown | Skipped | Failed:
    """Add to a known thread what the draft, segmented, has beyond it; None writes nothing.

    Replies and quotations of new posts lead to the known ones as they are by now.
    """
    with transaction.atomic():
        if home:
            check_keys_by_index(Thread)
            Thread.objects.select_for_update().get(pk=thread.pk)
        if thread.documents.count() >= DOCUMENTS:
            return Failed(draft.origin, _TOO_OFTEN % (thread, DOCUMENTS), draft.locator)
        standing = Standing.of(thread)
        draft = _cut(draft, standing.beginning(draft))
        whole = joined(draft)
        repeated = standing.repeated(draft, whole)
        if repeated.are_strangers(draft.title):
            return Failed(draft.origin, _STRANGERS % (draft.identifier, thread), draft.locator)
        new = [n for n in range(len(whole.structure.utterances)) if n not in repeated.posts]
        if not new:
            return Skipped(draft, _stored(draft, standing), repeated.notices())
        if home:
            _Addition(draft, whole, standing, repeated, home).write(new)
            projection.project(thread.pk)
            reviews.refresh([thread.pk])
    told = _explained(draft, standing)
    return Grown(told, len(new), thread, repeated.notices(), tuple(new))


def _stored(draft: ThreadDraft, standing: Standing) -> SourceDocument:
    """The document of the thread that has the draft's bytes, or its first."""
    digests = {document.sha256 for document in draft.documents}
    same = (one for one in standing.documents if one.sha256 in digests)
    return next(same, standing.documents[0])


def _explained(draft: ThreadDraft, standing: Standing) -> ThreadDraft:
    """The draft without problems that its thread, as it is stored, has solved."""
    solved = {
        dangling(one.answers)
        for _document, structure in draft.structures()
        for one in structure.utterances
        if one.answers and standing.named(one.answers)
    }
    left = tuple(problem for problem in draft.problems if problem.reason not in solved)
    return replace(draft, problems=left)


def _cut(draft: ThreadDraft, cut: int) -> ThreadDraft:
    """Let the post that recovery drew across the end of the known text begin there."""
    if not cut:
        return draft
    (document,) = draft.documents
    structure = document.structure
    assert structure is not None

    def behind(span: Span) -> Span:
        if not span.start < cut < span.end:
            return span
        return Span(cut, span.end).trimmed(document.text) or span

    cut_off = replace(
        structure,
        utterances=tuple(replace(one, span=behind(one.span)) for one in structure.utterances),
        quotations=tuple(q for q in structure.quotations if q.span.start >= cut),
    )
    return replace(draft, documents=(replace(document, structure=cut_off),))


class _Joint(Stored):
    """A stored version whose posts are partly known: these have the keys that they have by now.

    A known post that nothing is left of has none.
    """

    def __init__(self, stored: Stored, repeated: Repeated) -> None:
        super().__init__(
            stored.thread, stored.whole, stored.documents, stored.utterances, stored.speakers
        )
        self.repeated = repeated

    def reply_of(self, one: RecoveredUtterance) -> int | None:
        if one.reply_to is None and one.answers:
            place = self.repeated.standing.named(one.answers)
            return place.utterance if place else None
        return super().reply_of(one) or None

    def source_of(self, one: RecoveredQuotation) -> tuple[int | None, Span | None, str]:
        number = one.source_utterance
        if number is None and one.of:
            place = self.repeated.standing.named(one.of, one.span.of(self.whole.text))
        elif number is None or number not in self.repeated.posts:
            return super().source_of(one)
        else:
            place = self.repeated.place(number, one.source)
        if place is None:
            return None, None, Quotation.Extent.UNKNOWN.value
        if place.words is None:
            return place.utterance, place.span, Quotation.Extent.UNKNOWN.value
        extent = Quotation.Extent.WHOLE if one.whole else Quotation.Extent.FRAGMENT
        return place.utterance, place.words, extent.value


@dataclass(slots=True)
class _Addition:
    draft: ThreadDraft
    whole: Joined
    standing: Standing
    repeated: Repeated
    home: Home

    def write(self, new: list[int]) -> None:
        """Store the documents that hold new posts, and these posts."""
        utterances = self.whole.structure.utterances
        numbers = sorted({self.whole.document_at(utterances[n].span.start) for n in new})
        documents = dict(zip(numbers, reserve(SourceDocument, len(numbers)), strict=True))
        rows, joint = Rows(), self._joint(new, documents)
        elsewhere = known.documents([self.draft])
        last = self.standing.thread.documents.aggregate(last=Max("order"))["last"]
        for order, (number, key) in enumerate(documents.items(), last + 1):
            place = (key, self.standing.thread.pk, order)
            document = self._with_repeated(number)
            if known.key_of(document) in elsewhere:
                # The same bytes in another collection; a document has but one thread.
                document = replace(document, locator=self._own_locator(document))
            add_document(rows, self.home, document, place)
        rows.extend(
            Utterance, (joint.utterance_row(joint.utterances[n], utterances[n]) for n in new)
        )
        rows.extend(
            Quotation,
            (
                joint.quotation_row(one)
                for one in self.whole.structure.quotations
                if one.utterance not in self.repeated.posts
            ),
        )
        rows.write()

    def _own_locator(self, document: DocumentDraft) -> str:
        return f"{document.locator[:_LOCATOR]} (thread {self.standing.thread.pk})".lstrip()

    def _joint(self, new: list[int], documents: dict[int, int]) -> _Joint:
        utterances = self.whole.structure.utterances
        speakers = Speakers(self.home.collection)
        speakers.meet(utterances[n].speaker for n in new)
        keys = dict(zip(new, reserve(Utterance, len(new)), strict=True))
        for number in self.repeated.posts:
            place = self.repeated.place(number, None)
            keys[number] = place.utterance if place else 0
        stored = Stored(
            self.standing.thread.pk,
            self.whole,
            [documents.get(number, 0) for number in range(len(self.draft.documents))],
            [keys[number] for number in range(len(utterances))],
            speakers,
        )
        return _Joint(stored, self.repeated)

    def _with_repeated(self, number: int) -> DocumentDraft:
        """The document with what is known of it as boilerplate."""
        document = self.draft.documents[number]
        structure = document.structure
        assert structure is not None
        furniture = tuple(self._furniture(number, document, structure))
        return replace(document, structure=replace(structure, boilerplate=furniture))

    def _furniture(
        self, number: int, document: DocumentDraft, structure: Structure
    ) -> Iterator[Boilerplate]:
        cut = self.repeated.cut
        if cut and (before := Span(0, cut).trimmed(document.text)):
            yield Boilerplate(before, REPEATED, "inferred")
        for row in structure.boilerplate:
            if row.span.start >= cut:
                yield row
            elif row.span.end > cut and (rest := Span(cut, row.span.end).trimmed(document.text)):
                yield replace(row, span=rest)
        if cut:
            return
        base = self.whole.bases[number]
        for known_post in sorted(self.repeated.posts):
            span = self.whole.structure.utterances[known_post].span
            if self.whole.document_at(span.start) == number:
                yield Boilerplate(Span(span.start - base, span.end - base), REPEATED, "attested")
