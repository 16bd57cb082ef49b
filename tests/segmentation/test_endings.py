"""What stands under posts and is no one's words; every word is invented."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.segmentation import recover
from tests.segmentation.test_recovery import check

NAMES = ["Fen", "wren_81", "Fen", "Otter", "Fen", "wren_81"]
BODIES = [
    "Where do you hang your owl boxes?",
    "On the ash,\nfacing east.\n\nIt took two years.",
    "Two years!",
    "I have three, none taken.",
    "Which side?\n\nMine face west.",
    "East.",
]


def thread(endings):
    """The posts under header lines, each followed by its ending."""
    return "Owl boxes\n\n" + "\n\n".join(
        f"{name}, {day} May 2011\n{body}{ending}"
        for day, (name, body, ending) in enumerate(zip(NAMES, BODIES, endings, strict=True), 3)
    )


def found(endings):
    """The words of the posts, and of what was found below them by kind."""
    text = thread(endings)
    structure = recover(text)
    below = [
        (part.kind, part.span.of(text))
        for part in structure.boilerplate
        if part.kind not in ("title", "header")
    ]
    return [post.span.of(text) for post in structure.utterances], below


@pytest.mark.parametrize(
    "footer",
    [
        "\nReply · Quote · Report",
        "\n\nSvara | Citera",
        "\nReply\nQuote\nLikes: {n}",
        "\n#{n} Report",
    ],
)
def test_lines_under_nearly_every_post_are_navigation(footer):
    endings = [footer.format(n=n) for n in range(6)]
    assert found(endings) == (BODIES, [("navigation", one.strip()) for one in endings])


def test_page_turns_that_count_up_are_navigation():
    endings = ["", "\n\nPage 1 of 3", "", "\n\nPage 2 of 3", "", "\n\nPage 3 of 3"]
    assert found(endings) == (BODIES, [("navigation", f"Page {n} of 3") for n in (1, 2, 3)])


@pytest.mark.parametrize("turns", [("2 of 3", "1 of 3"), ("1 of 3", "2 of 4"), ("1 of 3", "")])
def test_numbers_that_do_not_count_up_are_words(turns):
    endings = ["", f"\n\n{turns[0]}", "", f"\n\n{turns[1]}" if turns[1] else "", "", ""]
    words = [body + ending for body, ending in zip(BODIES, endings, strict=True)]
    assert found(endings) == (words, [])


@pytest.mark.parametrize(
    "signature",
    [
        "\n\nOwls of the fen, a guide in verse",
        "\n--\nFen",
        "\n\n________\nOwls of the fen\nhttps://owls.example",
    ],
)
def test_what_most_posts_of_a_speaker_end_with_is_a_signature(signature):
    endings = [signature, "", signature, "", signature, ""]
    assert found(endings) == (BODIES, [("signature", signature.strip())] * 3)


def test_signature_above_the_footer_is_told_from_it():
    sign, foot = "\n\nOwls of the fen, a guide in verse", "\nReply · Quote"
    endings = [(sign if name == "Fen" else "") + foot for name in NAMES]
    posts, below = found(endings)
    assert posts == BODIES
    assert below == [
        (kind, words.strip())
        for name in NAMES
        for kind, words in (("signature", sign), ("navigation", foot))
        if name == "Fen" or kind == "navigation"
    ]


@pytest.mark.parametrize(
    "words",
    ["\n\nThanks to all who answer here", "\n\nSee you all", "\nOwls of the fen, a guide in verse"],
    ids=["a closing", "few words", "not set off"],
)
def test_what_is_said_again_and_again_is_said(words):
    endings = [words, "", words, "", words, ""]
    assert found(endings)[1] == []


def test_same_words_of_several_speakers_are_said():
    endings = ["\n\nNobody has seen an owl here", "\n\nNobody has seen an owl here", "", "", "", ""]
    assert found(endings)[1] == []


@given(
    st.lists(
        st.sampled_from(
            ["", "\nReply · Quote", "\n\nPage 1 of 2", "\n\nPage 2 of 2", "\n--\nFen", "\n\n____"]
        ),
        min_size=6,
        max_size=6,
    )
)
def test_nothing_is_lost_whatever_posts_end_with(endings):
    check(thread(endings))
