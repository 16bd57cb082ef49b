"""Training and evaluation on small invented threads, and the commands around them."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from corpus.segmentation import evidence, model
from corpus.segmentation.data import load
from corpus.segmentation.learning import evaluation, libraries, threads, training, weights
from corpus.segmentation.learning import quoting as quotings

WORDS = ["owl", "gate", "shed", "fence", "bulb", "frost", "hedge", "wren", "moss", "beech"]


def line(number, posts=6):
    """A thread in which a longer gap opens every post, as one line of JSON."""
    text, known = "Night visitors\n\n", []
    for post in range(posts):
        paragraphs = [
            f"The {WORDS[(number + post + n) % 10]} by the {WORDS[(number * post + n) % 10]}."
            for n in range(1 + (number + post) % 3)
        ]
        body = "\n\n".join(paragraphs)
        known.append({"start": len(text), "end": len(text) + len(body), "quotes": []})
        text += body + "\n\n\n"
    truth = {"posts": known, "title_span": [0, 14]}
    return json.dumps(
        {"id": f"t{number}", "source": "shed", "dialect": "gaps", "text": text, "truth": truth}
    )


@pytest.fixture
def known(tmp_path):
    path = tmp_path / "known.jsonl"
    path.write_text("\n".join(map(line, range(60))) + "\n", encoding="utf-8")
    return path


def test_training_is_deterministic_and_learns(known, tmp_path):
    made = [training.weights(threads.read(known), note="invented") for _ in range(2)]
    assert made[0] == made[1]
    assert made[0]["note"] == "invented"
    learned = model.from_weights(made[0])
    assert learned.shares == sorted(learned.shares)
    assert learned.shares[0] < 0.1 < 0.9 < learned.shares[-1]
    assert json.loads(weights.written(made[0])) == made[0]


def test_shipped_weights_are_written_as_training_writes_them():
    assert list(load("weights")) == ["note", "columns", "calibration", "words", "trees", "network"]
    assert json.loads(weights.written(load("weights"))) == load("weights")


def test_evaluation_finds_nothing_to_blame_where_gaps_tell_all(known):
    figures = evaluation.evaluate(threads.read(known))
    assert list(figures) == ["all", "gaps", "shed"]
    found = figures["gaps"]
    assert (found["threads"], found["posts"], found["exact posts"]) == (60, 360, 1.0)
    assert found["boundaries"] == {"precision": 1.0, "recall": 1.0, "f1": 1.0}
    assert (found["pk"], found["windowdiff"], found["boundary similarity"]) == (0.0, 0.0, 1.0)
    assert found["baselines"]["longer gaps"] == 1.0
    assert found["baselines"]["every blank line"] < 0.8
    assert found["speakers"] is None


def test_reliability_groups_by_tenths():
    assert evaluation.reliability([(0.95, True), (0.92, True), (0.35, False)]) == [
        {"from": 0.3, "decisions": 1, "stated": 0.35, "right": 0.0},
        {"from": 0.9, "decisions": 2, "stated": 0.935, "right": 1.0},
    ]
    assert evaluation.calibration_error([]) is None


def test_evaluate_structure_prints_a_table_and_writes_json(known, tmp_path):
    out, report = StringIO(), tmp_path / "figures.json"
    call_command("evaluate_structure", known, json=report, stdout=out)
    head, everything, *_, last = out.getvalue().splitlines()
    assert head.split()[:5] == ["threads", "posts", "P", "R", "F1"]
    assert everything.split()[:6] == ["all", "60", "360", "1.000", "1.000", "1.000"]
    assert last == "Evaluated 60 threads, 360 posts."
    assert json.loads(report.read_text("utf-8"))["all"]["posts"] == 360


@pytest.mark.parametrize("content", ["no json", "{}", '{"text": "a"}'])
def test_evaluate_structure_refuses_other_files(tmp_path, content):
    path = tmp_path / "other.jsonl"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(CommandError, match="each line needs text and truth with posts"):
        call_command("evaluate_structure", path)


def test_missing_library_says_how_to_get_it():
    with pytest.raises(libraries.MissingLibrary, match=r"pip install 'forum-corpus\[train\]'"):
        libraries.library("no_such_library", extra="train")


@pytest.mark.django_db
def test_train_segmenter_writes_weights(known, tmp_path):
    out, made = StringIO(), tmp_path / "weights.json"
    call_command(
        "train_segmenter", known, output=made, note="invented", stdout=out, stderr=StringIO()
    )
    assert out.getvalue() == "Learned from 60 threads, 360 posts.\n"
    with override_settings(CORPUS_SEGMENTER_WEIGHTS=str(made)):
        scores = [score for score, _ in json.loads(made.read_text("utf-8"))["calibration"]]
        assert model.current().scores == scores != model.shipped().scores
    assert model.current() is model.shipped()


def quoting(number):
    """A thread whose posts quote where they begin, and repeat words that are no quotations below.

    Long and short ones of both; every word occurs in this thread alone.
    """
    long, other = (" ".join(f"{word}{kind}{number}" for word in WORDS) for kind in "ab")
    short, little = (f"Seen the {word}{number} today?" for word in ("newt", "toad"))
    posts = [
        f"{long}\n\n{other}\n\n{short}\n\n{little}\n\nSo {number}.",
        f"{long}\n\nIndeed.\n\n{other}\n\nAnd so on.",
        f"{short}\n\nNever.\n\n{little}\n\nNot once.",
    ]
    text, known = "Night visitors\n\n" + "\n\n\n".join(posts), []
    for post, words in zip(posts, ("", long, short), strict=True):
        start = text.index(post)
        quotes = [{"start": start, "end": start + len(words), "source_post": 0}] if words else []
        known.append({"start": start, "end": start + len(post), "quotes": quotes})
    return json.dumps({"id": f"q{number}", "text": text, "truth": {"posts": known}})


def test_train_quotations_learns_where_quotations_stand(tmp_path):
    known, made, out = tmp_path / "known.jsonl", tmp_path / "quoting.json", StringIO()
    known.write_text("\n".join(map(quoting, range(30))), encoding="utf-8")
    call_command("train_quotations", known, output=made, note="invented", stdout=out)
    assert out.getvalue() == "Learned from 30 threads.\n"
    learned = json.loads(made.read_text("utf-8"))
    assert learned["note"] == "invented"
    assert learned == quotings.weights(threads.read(known), note="invented")
    assert all(learned[kind]["weights"]["opens"] > 0 for kind in evidence.KINDS)


def test_train_quotations_refuses_threads_that_quote_nothing(known, tmp_path):
    with pytest.raises(CommandError, match="need short copies, quoted and not"):
        call_command("train_quotations", known, output=tmp_path / "quoting.json")


def test_shipped_weights_of_quotations_have_every_column_for_every_kind():
    for kind in evidence.KINDS:
        assert list(load("quoting")[kind]["weights"]) == list(evidence.NAMES)
    assert json.loads(quotings.written(load("quoting"))) == load("quoting")
