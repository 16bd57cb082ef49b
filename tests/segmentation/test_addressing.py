"""Whom posts address by name; every name and word is invented."""

import pytest

from corpus.segmentation import recover
from corpus.segmentation.addressing import AT_SIGN, OPENING


def thread(*posts):
    """A thread of posts under header lines, a day apart."""
    return "Owl boxes\n\n" + "\n\n".join(
        f"{name}, {day} May 2011\n{words}" for day, (name, words) in enumerate(posts, 3)
    )


def replies(*posts):
    return [post.reply_to for post in recover(thread(*posts)).utterances]


BEFORE = [("Fen", "Where do you hang yours?"), ("Wren K.", "On the ash."), ("Fen", "How high?")]


@pytest.mark.parametrize(
    ("words", "answered"),
    [
        ("I did as @Fen says.", 2),
        ("I did as @fen.", 2),
        ("As high as @Wren K. can climb.", 1),
        ("Fen, as high as you can.", 2),
        ("Thanks Fen, as high as you can.", 2),
        ("Hi Fen!\n\nAs high as you can.", 2),
        ("Hello, wren k.: which ash?", 1),
        ("Fen – try four metres.", 2),
        ("Fen\nTry four metres.", 2),
        ("Fen and I hung ours in the oak.", None),
        ("As Fen, I hung mine in the oak.", None),
        ("Fenland is too wet.", None),
        ("Write to me@Fen or to box@fen.example.", None),
        ("@Fenella knows.", None),
        ("@Otter @Fen both of you.", 2),
        ("Otter, that is me.", None),
    ],
)
def test_addressed_speaker_is_answered(words, answered):
    assert replies(*BEFORE, ("Otter", words))[-1] == answered


def test_answers_by_name_say_how_sure_they_are():
    posts = [*BEFORE, ("Otter", "@Wren K. which?"), ("Heron", "Otter, the old one.")]
    found = recover(thread(*posts)).utterances[-2:]
    assert [(post.reply_to, post.reply_confidence) for post in found] == [
        (1, AT_SIGN),
        (3, OPENING),
    ]


def test_quotation_says_more_than_a_name():
    words = "The ash by the mill pond has stood there since my grandmother was a girl."
    posts = [("Fen", "Which ash?"), ("Wren", words), ("Otter", f"Wren wrote:\n> {words}\n\n@Fen?")]
    assert replies(*posts)[-1] == 1


def test_quoted_names_address_nobody():
    words = "I think that @Fen has hung his in the ash by the mill pond this spring."
    posts = [("Fen", "Which?"), ("Wren", "Hm."), ("Otter", f"> {words}\n\nIndeed.")]
    assert replies(*posts)[-1] is None


@pytest.mark.parametrize("name", ["But", "Thanks", "Yes"])
def test_words_that_begin_posts_name_nobody(name):
    posts = [(name, "Where?"), ("Wren", f"{name}, it is in the ash."), ("Fen", f"@{name} see?")]
    assert replies(*posts) == [None, None, 0]


def test_names_are_unknown_in_bare_text():
    text = "Owls\n\nFen here. Where?\n\n\nFen, on the ash.\n\n\n@Fen yes."
    assert [post.reply_to for post in recover(text).utterances] == [None, None, None]
