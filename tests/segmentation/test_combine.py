"""Cues raise or lower how probable a boundary is; texts differ in the one thing that is tested."""

import pytest

from corpus.segmentation import Cue, blocks, copies, document, model, recover
from corpus.segmentation.data import load

OWL = "Last night an owl sat on the gate post and would not leave until the rain began."
BADGER = "The badger behind our shed digs up the bulbs each spring, whatever fence we put there."
HEN = "My hens stopped laying the week the fox came, and have not begun again since."


def probability(*paragraphs, gap="\n\n", at=-1):
    """How probable it is that the paragraph ``at`` opens a post."""
    read = document.read("Night visitors\n\n" + gap.join(paragraphs))
    found = blocks.find(read, copies.find(read))
    (judged,) = model.shipped().judged([found])
    return judged.probabilities[at]


@pytest.mark.parametrize(
    ("cue", "likelier", "less_likely"),
    [
        ("longer gap", [OWL, BADGER, f"\n{HEN}"], [OWL, BADGER, HEN]),
        ("copy of the post above", [OWL, f"{OWL}", "Yes."], [OWL, BADGER, "Yes."]),
        ("led up to", [OWL, "So it is.", BADGER], [OWL, "So it is:", BADGER]),
        ("thanks", [OWL, "Has anyone seen it?", "Thanks, I have."],
         [OWL, "Has anyone seen it?", "Also, I have."]),
        ("list", [OWL, BADGER, HEN], [OWL, BADGER, f"- {HEN}"]),
    ],
)  # fmt: skip
def test_cue_changes_how_probable_a_boundary_is(cue, likelier, less_likely):
    at = 0 if "copy" in cue else -1
    assert probability(*likelier, at=at) > probability(*less_likely, at=at)


def test_model_says_the_same_of_documents_together_and_alone():
    texts = [
        "Birds\n\n" + "\n\n\n".join([OWL, BADGER, f"{n} hens", HEN][n % 4] for n in range(count))
        for count in (1, 7, 150, 2, 30)
    ]
    read = list(map(document.read, texts))
    found = [blocks.find(one, copies.find(one)) for one in read]
    alone = [model.shipped().judged([one])[0] for one in found]
    assert model.shipped().judged(found) == alone


def test_words_right_after_a_copy_go_on_with_the_post():
    assert probability(OWL, BADGER, OWL, "How lovely.") < 0.2


def test_structure_says_by_which_cue_a_post_was_found():
    text = f"Night visitors\n\n{OWL}\n\n\n{BADGER}\n\n\n{OWL}\n\nYes.\n"
    assert [post.cue for post in recover(text).utterances] == [Cue.FIRST, Cue.GAP, Cue.GAP]


def test_every_stated_confidence_is_a_probability():
    shares = [share for _, share in load("weights")["calibration"]]
    assert shares == sorted(shares)
    assert 0 < shares[0] < shares[-1] < 1


def test_weights_for_other_columns_are_refused():
    with pytest.raises(ValueError, match="make new ones with manage"):
        model.from_weights({**load("weights"), "columns": ["another"]})
