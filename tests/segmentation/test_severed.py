"""A copy whose original stands in the same post speaks for a boundary between them."""

import pytest

from corpus.segmentation import blocks, copies, document, severed

OWL = "Last night an owl sat on the gate post and would not leave until the rain began."
BADGER = "The badger behind our shed digs up the bulbs each spring, whatever fence we put there."
LIST = "1. Ash (2/3), 2. Fen (4/5), 3. Elm (6/7), 4. Oak (8/9), 5. Yew (1/2)"


def parted(paragraphs, probabilities, chosen=()):
    read = document.read("Night visitors\n\n" + "\n\n".join(paragraphs))
    copied = copies.find(read)
    found = blocks.find(read, copied)
    return severed.boundaries(found, copied, [1.0, *probabilities], list(chosen))


@pytest.mark.parametrize(
    ("paragraphs", "probabilities", "chosen", "expected"),
    [
        pytest.param(
            [OWL, "So it is.", OWL, "Yes."], [0.1, 0.3, 0.1], [],
            [(2, severed.RIGHT)], id="likeliest place between them",
        ),
        pytest.param(
            [OWL, "So it is.", OWL, "Yes."], [0.3, 0.1, 0.8], [(3, 0.8)],
            [(1, severed.RIGHT), (3, 0.8)], id="in order with the others",
        ),
        pytest.param(
            [OWL, "So it is.", OWL, "Yes."], [0.7, 0.3, 0.1], [(1, 0.7)], [(1, 0.7)],
            id="boundary between them already",
        ),
        pytest.param(
            [OWL, "So it is.", OWL, "Yes."], [0.01, 0.02, 0.1], [], [],
            id="places that do not look like it",
        ),
        pytest.param(
            [LIST, "So it is.", LIST, "Yes."], [0.1, 0.3, 0.1], [], [], id="lists recur",
        ),
        pytest.param(
            [OWL, "So it is.", BADGER, "Yes."], [0.1, 0.3, 0.1], [], [], id="nothing repeated",
        ),
    ],
)  # fmt: skip
def test_post_with_a_copy_of_its_own_words_is_parted(paragraphs, probabilities, chosen, expected):
    assert parted(paragraphs, probabilities, chosen) == expected
