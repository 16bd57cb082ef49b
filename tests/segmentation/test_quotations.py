import pytest

from corpus.segmentation import Cue, copies, document, recover
from corpus.segmentation.quotations import find as find_quotations
from corpus.spans import Span

OWL = "Last night an owl sat on the gate post and would not leave until the rain began."
BADGER = "The badger behind our shed digs up the bulbs each spring, whatever fence we put there."
CHICKEN = (
    "Chicken wire laid flat under the soil has kept mine away from the beds for two years now."
)
TWO = f"{OWL}\n\nAny ideas?"


def thread(*posts, gap="\n\n\n"):
    return "Night visitors\n\n" + gap.join(posts)


def quoted(text):
    """Every quotation as (utterance, its text, source utterance, the source's text)."""
    return [
        (
            quotation.utterance,
            quotation.span.of(text),
            quotation.source_utterance,
            quotation.source and quotation.source.of(text),
        )
        for quotation in recover(text).quotations
    ]


@pytest.mark.parametrize(
    ("posts", "quotations"),
    [
        pytest.param(
            [OWL, f"{OWL}\n\nHow lovely."],
            [(1, OWL, 0, OWL)],
            id="whole post",
        ),
        pytest.param(
            [OWL, "an owl sat on the gate post and would not leave\n\nHow lovely."],
            [(1, OWL[11:58], 0, OWL[11:58])],
            id="fragment of a paragraph",
        ),
        pytest.param(
            [TWO, f"{TWO}\n\nNone."],
            [(1, TWO, 0, TWO)],
            id="short last paragraph continues the quotation",
        ),
        pytest.param(
            [f"Hi all,\n\n{OWL}", f"Hi all,\n\n{OWL}\n\nHello."],
            [(1, f"Hi all,\n\n{OWL}", 0, f"Hi all,\n\n{OWL}")],
            id="short first paragraph belongs to the quotation",
        ),
        pytest.param(
            [OWL, BADGER, f"{OWL}\n\nYes.\n\n{BADGER}\n\nNo."],
            [(2, OWL, 0, OWL), (2, BADGER, 1, BADGER)],
            id="two quotations in one post",
        ),
        pytest.param(
            [OWL, BADGER, f"{OWL}\n\n{BADGER}\n\nBoth."],
            [(2, OWL, 0, OWL), (2, BADGER, 1, BADGER)],
            id="two sources without words between",
        ),
        pytest.param(
            [OWL, f"{OWL}\n\nYes.", f"{OWL}\n\nI saw it too."],
            [(1, OWL, 0, OWL), (2, OWL, 0, OWL)],
            id="copy of a copy points to the original",
        ),
        pytest.param(
            [OWL, f"{OWL[:40]}\n{OWL[41:]}\n\nHow lovely."],
            [(1, f"{OWL[:40]}\n{OWL[41:]}", 0, OWL)],
            id="copy wrapped over two lines",
        ),
        pytest.param(
            [f"{OWL[:30]}\n{OWL[31:]}", f"{OWL}\n\nHow lovely."],
            [(1, OWL, 0, f"{OWL[:30]}\n{OWL[31:]}")],
            id="original wrapped over two lines",
        ),
        pytest.param(
            [OWL, f"{OWL}\nHow lovely.\n\nAnd rare."],
            [(1, OWL, 0, OWL)],
            id="answer on the next line",
        ),
        pytest.param([OWL, f"{BADGER}\n\n{CHICKEN}"], [], id="nothing repeated"),
        pytest.param(
            ["The owl is back again.\n\nSo.", "The owl is back again.\n\nNo."],
            [(1, "The owl is back again.", 0, "The owl is back again.")],
            id="short paragraph of the post right above",
        ),
        pytest.param(
            [
                f"{OWL}\n\n{BADGER}\n\nWhere is it now?\n\nIn the barn?",
                f"Where is it now?\n\nIn the barn?\n\n{CHICKEN}",
            ],
            [(1, "Where is it now?\n\nIn the barn?", 0, "Where is it now?\n\nIn the barn?")],
            id="short paragraphs that follow each other",
        ),
        pytest.param(["Hi all,\n\nSo.", "Hi all,\n\nNo."], [], id="greeting"),
        pytest.param(
            [f"{OWL}\n\nNo idea.", f"{BADGER}\n\nNo idea.", f"{CHICKEN}\n\nNo idea.\n\nReally."],
            [],
            id="formula said again and again",
        ),
        pytest.param([OWL, BADGER, OWL, "Yes."], [], id="post sent twice"),
        pytest.param(
            [
                f"{BADGER}\n\nwritten in the potting shed at night by Ash",
                f"{CHICKEN}\n\nwritten in the potting shed at night by Ash",
            ],
            [],
            id="signature at the end of posts",
        ),
    ],
)
def test_unmarked_copies_become_quotations(posts, quotations):
    assert quoted(thread(*posts)) == quotations


def test_near_copy_is_a_quotation_and_says_how_near():
    edited = OWL.replace("would not leave", "would not go")
    (quotation,) = recover(thread(OWL, f"{edited}\n\nReally?")).quotations
    assert 0.9 < quotation.similarity < 1.0
    assert quotation.source_utterance == 0


def test_other_capitals_are_not_verbatim():
    (quotation,) = recover(thread(OWL, f"{OWL.upper()}\n\nReally?")).quotations
    assert quotation.similarity == 0.99


@pytest.mark.parametrize(
    ("first", "copy", "whole"),
    [
        (OWL, OWL, True),
        (TWO, OWL, False),
        (f"{OWL}\n\n{BADGER}", BADGER, False),
    ],
)
def test_whole_says_whether_all_of_the_post_is_copied(first, copy, whole):
    (quotation,) = recover(thread(first, f"{copy}\n\nYes.")).quotations
    assert quotation.whole is whole


def test_whole_leaves_the_source_s_own_quotations_apart():
    text = thread(OWL, f"{OWL}\n\n{BADGER}", f"{BADGER}\n\nYes.")
    assert [quotation.whole for quotation in recover(text).quotations] == [True, True]


def test_signs_around_the_source_belong_to_it():
    text = thread(f'"{OWL}" says the diary.', f'"{OWL}"\n\nNice.')
    assert quoted(text) == [(1, f'"{OWL}"', 0, f'"{OWL}"')]


def test_reply_goes_to_the_first_quoted_post_and_never_just_to_the_one_before():
    structure = recover(thread(OWL, BADGER, CHICKEN, f"{OWL}\n\nYes.\n\n{BADGER}\n\nNo."))
    assert [post.reply_to for post in structure.utterances] == [None, None, None, 0]
    assert structure.utterances[3].reply_confidence == structure.quotations[0].confidence


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ([OWL, f"> {OWL}\n\nLovely."], [(1, f"> {OWL}", 0, OWL)]),
        (
            [OWL, f"> {OWL[:40]}\n> {OWL[41:]}\n\nLovely."],
            [(1, f"> {OWL[:40]}\n> {OWL[41:]}", 0, OWL)],
        ),
        ([OWL, f"> {BADGER}\n\nWhere was this?"], [(1, f"> {BADGER}", None, None)]),
        (
            [OWL, BADGER, f"> > {OWL}\n>\n> {BADGER}\n\nBoth."],
            [(2, f"> > {OWL}", 0, OWL), (2, f"> {BADGER}", 1, BADGER)],
        ),
        (
            [OWL, BADGER, f"> Fen wrote:\n> > {OWL}\n> {BADGER}\n\nBoth."],
            [(2, f"> > {OWL}", 0, OWL), (2, f"> {BADGER}", 1, BADGER)],
        ),
        ([OWL, "Fen wrote:\n> " + OWL + "\n\nLovely."], [(1, f"> {OWL}", 0, OWL)]),
        ([f"{OWL}\n\nOdd.", "> Odd.\n\nIndeed."], [(1, "> Odd.", 0, "Odd.")]),
        ([OWL, BADGER, "> an owl sat on\n\nWhen?"], [(2, "> an owl sat on", 0, "an owl sat on")]),
        ([OWL, "> owl sat on th\n\nWhere?"], [(1, "> owl sat on th", 0, "owl sat on")]),
        (
            [OWL, f"> {OWL}\n\nAye.\n\n{BADGER}", f"{BADGER}\n\nAye."],
            [(1, f"> {OWL}", 0, OWL), (2, BADGER, 1, BADGER)],
        ),
    ],
)
def test_marked_blocks_are_quotations(body, expected):
    assert quoted(thread(*body)) == expected


def starts(text):
    return [(post.span.of(text).split("\n")[0], post.cue) for post in recover(text).utterances]


def test_marked_onset_opens_a_post_with_the_line_that_introduces_it():
    text = thread(OWL, f"Fen wrote:\n> {OWL}\n\nLovely.", gap="\n\n")
    assert starts(text) == [(OWL, Cue.FIRST), ("Fen wrote:", Cue.MARKED)]


def test_introduction_may_be_wrapped():
    text = thread(OWL, f"On Monday, in the evening, Fen\nwrote:\n> {OWL}\n\nLovely.", gap="\n\n")
    assert starts(text)[1:] == [("On Monday, in the evening, Fen", Cue.MARKED)]


def test_second_copy_of_earlier_posts_stays_in_the_reply():
    text = thread(OWL, BADGER, f"{OWL}\n\nYes.\n\n{BADGER}\n\nNo.")
    assert starts(text) == [(OWL, Cue.FIRST), (BADGER, Cue.GAP), (OWL, Cue.GAP)]


def test_own_words_are_no_quotation():
    text = f"Night visitors\n\n{OWL}\n\nOnce more:\n\n{OWL}\n\nDone."
    read = document.read(text)
    copied = copies.find(read)
    assert [read.joined(copy.lines).of(text) for copy in copied] == [OWL]
    post = Span(text.index(OWL), len(text))
    assert list(find_quotations(read, copied, [post])) == []


def test_where_quotations_are_marked_repeated_words_are_none():
    posts = [f"{OWL}\n\n{CHICKEN}", f"> {OWL}\n\nYes.", f"> {OWL}\n\nNo.", f"> {OWL}\n\n{BADGER}"]
    text = thread(*posts, f"So again.\n\n{CHICKEN}\n\nDone.")
    assert [utterance for utterance, *_ in quoted(text)] == [1, 2, 3]


def test_confidence_of_a_quotation_is_stated_and_lower_for_a_near_copy():
    edited = OWL.replace("would not leave", "would not go")
    text = thread(OWL, f"{OWL}\n\nReally?", f"{edited}\n\nYes.")
    verbatim, near = recover(text).quotations
    assert 1 > verbatim.confidence > near.confidence > 0
