"""What pages of the reference site cost at the size of :mod:`scale`: queries, and CPU time."""

import gc
import statistics
import time

from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from corpus.admin.changelist import COUNTED
from forumimport.engines import engine
from tests.bench import scale

#: Requests of each page, the first of them not counted.
TIMES = 6
#: Rows of a page of the admin's lists, of a forum and of a topic.
_ADMIN, _TOPICS, _POSTS = 50, 20, 15


def addresses():
    """Return the pages by name: what everybody sees, and what only staff do."""
    forum, topic, post = engine().models()
    long = topic.objects.get(subject=scale.LONG_TITLE)
    full = forum.objects.order_by("-direct_posts_count").first()
    topics, posts = full.direct_topics_count, long.posts_count
    last = f"?page={-(-topics // _TOPICS)}"
    seen = {
        "index": reverse("forum:index"),
        "forum, first page": engine().forum_url(full.pk),
        "forum, last page": engine().forum_url(full.pk) + last,
        "long topic, first page": engine().topic_url(long.pk),
        "long topic, last page": f"{engine().topic_url(long.pk)}?page={-(-posts // _POSTS)}",
    }
    lists = {
        "posts": (reverse("admin:forum_conversation_post_changelist"), post),
        **{
            f"{name}s": (reverse(f"admin:corpus_{name}_changelist"), model)
            for name, model in _corpus_lists().items()
        },
    }
    staff = {"import runs": reverse("admin:forumimport_importrun_changelist")}
    # The lists end at the row that they count to; beyond it who looks for something searches.
    for name, (address, model) in lists.items():
        staff[f"admin {name}, first page"] = address
        staff[f"admin {name}, last page"] = (
            f"{address}?p={-(-min(model.objects.count(), COUNTED) // _ADMIN)}"
        )
    return seen, staff


def _corpus_lists():
    from corpus.models import Thread, Utterance

    return {"utterance": Utterance, "thread": Thread}


def measured(posts=scale.POSTS):
    """Return for each page the number of queries and the median CPU milliseconds."""
    if not engine().models()[1].objects.exists():
        scale.write(posts, max(posts // 100, 1))
    gc.collect()
    gc.freeze()  # No server holds what writing all this has left.
    seen, staff = addresses()
    visitor = Client(headers={"host": "localhost"})
    curator = Client(headers={"host": "localhost"})
    user = get_user_model().objects.get_or_create(
        username="bench", defaults={"is_staff": True, "is_superuser": True}
    )[0]
    curator.force_login(user)
    return {
        "visitor": {name: _page(visitor, address) for name, address in seen.items()},
        "staff": {name: _page(curator, address) for name, address in (seen | staff).items()},
    }


def _page(client, address):
    spent = []
    for _ in range(TIMES):
        start = time.process_time()
        answer = client.get(address)
        spent.append(time.process_time() - start)
        if answer.status_code != 200:
            raise SystemExit(f"{address} answers {answer.status_code}.")
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    return {"queries": len(asked), "cpu_ms": round(1000 * statistics.median(spent[1:]), 1)}
