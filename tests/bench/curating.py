"""What one step at the workbench costs the server, in one long thread."""

import gc
import random
import statistics
from collections.abc import Iterable
from typing import NamedTuple

from django.contrib.auth import get_user_model
from django.test import Client
from django.test.client import ClientHandler
from django.urls import reverse

from corpus.admin.workbench.sheet import PAGE
from corpus.models import State, Thread, Utterance
from forumimport import importer, projection
from forumimport.readers import Source
from tests.bench.posts import Words
from tests.bench.timing import cpu, ratio

PARTIAL = {"X-Corpus-Partial": "1"}
#: Steps of each kind; the middle one counts.
TIMES = 5
#: Characters that a step needs.
LEAST = 40
#: What each step is given of a post.
STEPS = {
    "accept": lambda post: {},
    "speaker": lambda post: {"handle": "Ada"},
    "date": lambda post: {"written": "March 2009"},
    "reply": lambda post: {"number": 1},
    "split": lambda post: {"at": post.start + 4},
    "begin": lambda post: {"at": post.start + 4},
    "merge": lambda post: {},
    "undo": lambda post: {},
    "redo": lambda post: {},
    "flag": lambda post: {
        "document": post.document_id, "start": post.start, "end": post.end, "note": "Really?",
    },
    "redact": lambda post: {"document": post.document_id, "kind": "name", **_unredacted(post)},
    "quotation": lambda post: {
        "start": post.start, "end": post.start + 20, "original": "unknown",
    },
    "accept-quotation": lambda post: {"quotation": post.quotations.first().pk},
}  # fmt: skip


#: What each step on a whole thread is given; taken and undone in turn.
WHOLE = {
    "retitle": lambda post: {"to": f"Called after {post.pk}"},
    "accept-all": lambda post: {},
    "split-off": lambda post: {"post": post.pk, "to": "The rest"},
}


def measured(posts: int) -> dict:
    """Return the median CPU milliseconds of opening a page and of the answer to each kind of step.

    ``behind`` is what the answer to a step on the whole thread does not wait for: posts are indexed
    in the same process once it is sent. ``whole`` is what showing the whole thread anew in the
    forum would take by itself.
    """
    chance = random.Random(1)
    thread = _imported(posts, chance)
    bench = reverse("admin:corpus_thread_workbench", args=[thread.pk])
    client = Client(headers={"host": "localhost"})
    client.handler = handler = _Timed(enforce_csrf_checks=False)
    client.force_login(get_user_model().objects.create_superuser("bench"))
    page = max(1, posts // (2 * PAGE))
    client.get(bench, {"page": page})
    gc.collect()
    gc.freeze()  # No server holds what importing the thread has left; and ours freezes what it is.
    found = {"posts": posts, "page": _median(lambda: client.get(bench, {"page": page}))}

    def take(name: str, row: Utterance | None, values: dict) -> _Spent:
        thread.refresh_from_db()
        given = {"seen_version": thread.version, "page": page, **values}
        if row is not None:
            given["post"] = row.pk
        gc.collect()  # So that no step pays for what the one before it left.
        start = cpu()
        response = client.post(f"{bench}{name}/", given, headers=PARTIAL)
        whole = cpu() - start
        assert response.status_code == 200, response.content
        return _Spent(1000 * handler.spent, 1000 * (whole - handler.spent))

    for name, values in STEPS.items():
        spent = []
        for _ in range(TIMES):
            row = chance.choice(_posts(thread, page, quoting=name == "accept-quotation"))
            spent.append(take(name, row, values(row)))
        found[name] = _middle(one.answer for one in spent)
    for name, values in WHOLE.items():
        steps = {name: [], f"undo {name}": []}
        for _ in range(TIMES):
            row = chance.choice(_posts(thread, page, quoting=False))
            steps[name].append(take(name, None, values(row)))
            steps[f"undo {name}"].append(take("undo", None, {}))
        for step, spent in steps.items():
            found[step] = {
                "answer": _middle(one.answer for one in spent),
                "behind": _middle(one.behind for one in spent),
            }
    found["whole"] = _median(lambda: projection.project(thread.pk))
    found["whole_to_split"] = ratio(found["whole"], found["split"])
    return found


class _Spent(NamedTuple):
    answer: float
    behind: float


class _Timed(ClientHandler):
    """Knows the CPU seconds of its last answer, without what is done once it is sent."""

    spent = 0.0

    def get_response(self, request):
        start = cpu()
        response = super().get_response(request)
        self.spent = cpu() - start
        return response


def _unredacted(post: Utterance) -> dict[str, int]:
    start = post.start + 5 * post.document.redactions.count()
    return {"start": start, "end": start + 5}


def _posts(thread: Thread, page: int, *, quoting: bool) -> list[Utterance]:
    """The posts of a page that any step may be taken on."""
    rows = list(Utterance.objects.of_thread(thread.pk).in_order().prefetch_related("quotations"))
    shown = rows[(page - 1) * PAGE : page * PAGE][1:]

    def fits(row: Utterance) -> bool:
        copies = row.quotations.all()
        if len(row.span) < LEAST:  # What an earlier step left.
            return False
        if quoting:
            return bool(copies) and copies[0].state == State.AUTOMATIC
        return not copies and row.state == State.AUTOMATIC

    return [row for row in shown if fits(row)]


def _median(call) -> float:
    spent = []
    for _ in range(TIMES):
        gc.collect()
        start = cpu()
        call()
        spent.append(1000 * (cpu() - start))
    return _middle(spent)


def _middle(spent: Iterable[float]) -> float:
    return round(statistics.median(spent), 1)


def _imported(posts: int, chance: random.Random) -> Thread:
    words = Words.invented(chance, 5_000)
    said: list[str] = []
    written = ["A long thread"]
    for _ in range(posts):
        quoted = f"{chance.choice(said[-50:])}\n\n" if said and chance.random() < 0.3 else ""
        said.append(words.text(chance))
        written.append(quoted + said[-1])
    source = Source("long.txt", "\n\n\n".join(written).encode())
    (outcome,) = importer.import_sources([source], collection="Bench", run=importer.start_run({}))
    return outcome.thread
