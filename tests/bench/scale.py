"""A site as large as an archive of twenty years: 600,000 posts in 6,000 topics of 178 forums."""

import random
from datetime import UTC, datetime, timedelta

from forumimport import importer, indexing, projection
from forumimport.composition import composed
from forumimport.drafts import DocumentDraft, PostDraft, ThreadDraft, segmented_each
from forumimport.engines import engine
from forumimport.importer.storing import store
from forumimport.models import PendingPost
from tests.bench.posts import Words

POSTS, TOPICS, FORUMS = 600_000, 6_000, 178
#: Posts of the one long topic, and writers of a forum.
LONG, WRITERS = 1_000, 200
LONG_TITLE = "The long topic"


def write(posts=POSTS, topics=TOPICS, forums=FORUMS):
    """Fill the empty database by the importer's own bulk path; the index is left empty."""
    chance = random.Random(3)
    words = Words.invented(chance, 60_000)
    each = (posts - LONG) // (topics - 1)
    token = indexing._postponed.set(True)
    try:
        for forum in range(forums):
            numbers = range(forum, topics, forums)
            drafts = [
                _thread(chance, words, number, each if number else LONG) for number in numbers
            ]
            # A run fills one collection, which is shown as one forum.
            run = importer.start_run({})
            with projection.counted_once():
                store(segmented_each(drafts), f"Forum {forum}", run)
            PendingPost.objects.all().delete()
            importer.finish(run)
    finally:
        indexing._postponed.reset(token)
    shown = engine().models()[0].objects.count()
    assert shown == forums, f"{shown} forums are shown, not {forums}"


def _thread(chance, words, number, posts):
    start = datetime(2003, 1, 1, tzinfo=UTC) + timedelta(minutes=chance.randrange(5_000_000))
    title = words.text(chance)[:60] if number else LONG_TITLE
    made = composed(
        [
            PostDraft(
                words.text(chance),
                identifier=f"p{at}",
                speaker=f"writer {chance.randrange(WRITERS)}",
                date=start + timedelta(minutes=at),
                date_precision="minute",
                reply_to=f"p{chance.randrange(at)}" if at else "",
            )
            for at in range(posts)
        ],
        title=title,
    )
    document = DocumentDraft(
        made.text, f"{number:064x}", "scale", "bench", "utf-8", structure=made.structure
    )
    return ThreadDraft((document,), title=title, language="en", identifier=f"t{number}")
