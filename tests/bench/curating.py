"""What one step at the workbench costs the server, in one long thread."""

import random

from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from corpus.models import Thread, Utterance
from forumimport import importer
from forumimport.readers import Source
from tests.bench.posts import Words
from tests.bench.timing import cpu

PARTIAL = {"X-Corpus-Partial": "1"}
#: Posts that any step may be taken on.
_PLAIN = {"quotations": None, "cue": "longer-gap", "state": "automatic"}
#: Steps of each kind; the middle one counts.
TIMES = 5


def measured(posts: int) -> dict:
    """Return the median CPU milliseconds of opening a page and of each kind of step."""
    chance = random.Random(1)
    thread = _imported(posts, chance)
    bench = reverse("admin:corpus_thread_workbench", args=[thread.pk])
    client = Client(headers={"host": "localhost"})
    client.force_login(get_user_model().objects.create_superuser("bench"))
    found = {"posts": posts, "page": _median(lambda: client.get(bench, {"page": "10"}))}
    steps = {
        "accept": lambda post: {},
        "speaker": lambda post: {"handle": "Ada"},
        "split": lambda post: {"at": post.start + 4},
        "merge": lambda post: {},
        "undo": lambda post: {},
    }
    for name, values in steps.items():

        def step(name=name, values=values):
            thread.refresh_from_db()
            row = chance.choice(list(Utterance.objects.filter(**_PLAIN)))
            given = {"seen_version": thread.version, "page": 10, "post": row.pk, **values(row)}
            return lambda: client.post(f"{bench}{name}/", given, headers=PARTIAL)

        found[name] = _median_of(step)
    return found


def _median(call) -> float:
    return _median_of(lambda: call)


def _median_of(prepare) -> float:
    """Prepare a call outside the time that is taken, and make it, several times."""
    spent = []
    for _ in range(TIMES):
        call = prepare()
        start = cpu()
        response = call()
        spent.append(1000 * (cpu() - start))
        assert response.status_code in (200, 422), response
    return round(sorted(spent)[TIMES // 2], 1)


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
