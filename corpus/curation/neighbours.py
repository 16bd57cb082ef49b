"""What stands beside an utterance in its document."""

from __future__ import annotations

from corpus.models import Boilerplate, Utterance


def before(utterance: Utterance) -> Utterance | None:
    """Return the utterance before this one in the same document."""
    earlier = Utterance.objects.filter(document=utterance.document_id, start__lt=utterance.start)
    return earlier.order_by("-start").first()


def after(utterance: Utterance) -> Utterance | None:
    """Return the utterance after this one in the same document."""
    later = Utterance.objects.filter(document=utterance.document_id, start__gt=utterance.start)
    return later.order_by("start").first()


def between(first: Utterance, second: Utterance) -> bool:
    """Tell whether boilerplate stands between two utterances of one document."""
    return Boilerplate.objects.filter(
        document=first.document_id, start__gte=first.end, end__lte=second.start
    ).exists()


def precedes(first: Utterance, second: Utterance) -> bool:
    """Tell whether ``first`` comes before ``second`` in the same thread."""
    one, other = first.document, second.document
    return one.thread_id == other.thread_id and (one.order, first.start) < (
        other.order,
        second.start,
    )
