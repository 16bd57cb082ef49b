"""Posts that stand on more than one page of a thread: forums repeat the first on each."""

from __future__ import annotations

from corpus.models import Thread, Utterance

#: Shorter posts ("Thanks!") are written twice by people.
_SHORTEST = 40


def repeated(thread: Thread) -> dict[int, int]:
    """Return the posts whose words are those of a post in an earlier source document, and that one.

    Nothing for a thread of one document. White space apart, every sign must be the same.
    """
    documents = list(thread.documents.order_by("order"))
    found: dict[int, int] = {}
    first: dict[str, tuple[int, int]] = {}
    for document in documents if len(documents) > 1 else ():
        rows = Utterance.objects.filter(document=document).order_by("start")
        for pk, start, end in rows.values_list("pk", "start", "end"):
            words = " ".join(document.text[start:end].split())
            if len(words) < _SHORTEST:
                continue
            earlier, home = first.setdefault(words, (pk, document.pk))
            if home != document.pk:
                found[pk] = earlier
    return found
