"""Posts of invented words, as often as Zipf's law has them, in forums with threads."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate

from django.db import transaction

from corpus.models import Collection, SourceDocument, Speaker, Thread, Utterance, Visibility
from forumimport.engines import engine, rows
from forumimport.models import ProjectedForum, ProjectedPost, ProjectedTopic

FORUMS, POSTS_IN_THREAD, SPEAKERS = 50, 20, 300
_ENDINGS = ["", "", "s", "ing", "ed", "er", "ly"]
_SYLLABLES = [c + v for c in "bdfghklmnprstvz" for v in "aeiou"]


@dataclass
class Words:
    """A vocabulary with the chance of each word."""

    words: list[str]
    chances: list[float]

    @classmethod
    def invented(cls, chance: random.Random, size: int) -> "Words":
        words: dict[str, None] = {}
        while len(words) < size:
            length = 1 + len(words).bit_length() // 4
            root = "".join(chance.choices(_SYLLABLES, k=chance.randint(1, length)))
            words[root + chance.choice(_ENDINGS)] = None
        return cls(list(words), list(accumulate(1 / rank for rank in range(1, size + 1))))

    def text(self, chance: random.Random) -> str:
        length = max(3, int(chance.lognormvariate(3.1, 0.8)))
        words = chance.choices(self.words, cum_weights=self.chances, k=length)
        for at in range(0, length, 11):
            words[at] = words[at].capitalize()
        return " ".join(words) + "."


def write(count: int, *, seed: int = 1) -> None:
    """Fill the database with ``count`` imported posts, as an import leaves them."""
    chance = random.Random(seed)
    words = Words.invented(chance, 60_000)
    with transaction.atomic():
        collections = [_collection(f"Forum {at}") for at in range(FORUMS)]
        for at in range(0, count, POSTS_IN_THREAD):
            collection, forum, speakers = chance.choice(collections)
            texts = [words.text(chance) for _ in range(min(POSTS_IN_THREAD, count - at))]
            _thread(chance, collection, forum, speakers, words.text(chance)[:60], texts)


def _collection(name: str) -> tuple:
    collection = Collection(name=name, language="en")
    Collection.objects.bulk_create([collection])
    forum = engine().create_forum(name, "")
    engine().set_readers(forum, Visibility.PUBLIC, curators=[], groups=[])
    ProjectedForum.objects.create(collection=collection, forum_id=forum)
    speakers = [
        Speaker(collection=collection, handle=f"{name} speaker {at}")
        for at in range(SPEAKERS // FORUMS)
    ]
    Speaker.objects.bulk_create(speakers)
    return collection, forum, speakers


def _thread(chance, collection, forum, speakers, title, texts) -> None:
    start = datetime(2003, 1, 1, tzinfo=UTC) + timedelta(minutes=chance.randrange(5_000_000))
    thread = Thread(collection=collection, title=title)
    Thread.objects.bulk_create([thread])
    text = "\n\n".join(texts)
    document = SourceDocument(thread=thread, text=text, characters=len(text), order=1)
    document.sha256 = f"{thread.pk:064x}"
    SourceDocument.objects.bulk_create([document])
    utterances, contents, at = [], [], 0
    for number, text in enumerate(texts):
        speaker, time = chance.choice(speakers), start + timedelta(minutes=number)
        utterances.append(
            Utterance(
                document=document, start=at, end=at + len(text), speaker=speaker,
                speaker_basis="attested", date=time, date_basis="attested", date_precision="minute",
            )
        )  # fmt: skip
        contents.append(
            {
                "subject": title, "content": text, "_content_rendered": f"<p>{text}</p>",
                "username": speaker.handle, "anonymous_key": str(thread.pk),
                "created": time, "updated": time,
            }
        )  # fmt: skip
        at += len(text) + 2
    Utterance.objects.bulk_create(utterances)
    topic = engine().create_topic(forum, title, time=start, approved=True)
    projected = ProjectedTopic.objects.create(thread=thread, topic_id=topic)
    post = engine().models()[2]
    rows.insert(post, [{"topic_id": topic, "approved": True, **content} for content in contents])
    posts = post.objects.filter(topic=topic).order_by("created").values_list("pk", flat=True)
    ProjectedPost.objects.bulk_create(
        ProjectedPost(topic=projected, utterance=utterance, post_id=post, position=position)
        for position, (utterance, post) in enumerate(zip(utterances, posts, strict=True), 1)
    )
