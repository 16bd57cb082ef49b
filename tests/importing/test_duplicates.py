"""Documents that say the same are found, word for word or nearly, whatever their collection."""

import pytest

from corpus.models import SourceDocument, Thread
from forumimport import duplicates, importer, languages
from forumimport.models import Duplicate, Sketch
from forumimport.readers import Source

WORDS = [f"word{n}" for n in range(120)]
TEXT = "Moles\n\n" + " ".join(WORDS) + "\n"
NEARLY = "Moles\n\n" + " ".join([*WORDS[:118], "other", "words"]) + "\n"
OTHER = "Voles\n\n" + " ".join(reversed(WORDS)) + "\n"


def imported(text, collection="Garden talk", name="a.txt"):
    run = importer.start_run({})
    list(importer.import_sources([Source(name, text)], run=run, collection=collection))
    return run


def found():
    return [
        (row.document.origin, row.earlier.origin, row.likeness)
        for row in Duplicate.objects.order_by("pk")
    ]


def test_equal_texts_are_found_across_collections(db):
    imported(TEXT.encode())
    run = imported(TEXT.encode("utf-16"), "Kitchen talk", "b.txt")
    assert duplicates.find(run) == 1
    assert found() == [("b.txt", "a.txt", 1.0)]


def test_near_texts_are_found_and_others_are_not(db):
    imported(TEXT.encode())
    imported(OTHER.encode(), name="c.txt")
    run = imported(NEARLY.encode(), name="b.txt")
    assert duplicates.find(run) == 1
    ((document, earlier, likeness),) = found()
    assert (document, earlier) == ("b.txt", "a.txt")
    assert duplicates.LIKE <= likeness < 1


def test_later_version_is_no_duplicate_of_its_own_thread(db):
    imported(TEXT.encode())
    run = imported((TEXT + "\n\nThanks.\n").encode())
    assert Thread.objects.count() == 1
    assert duplicates.find(run) == 0


def test_search_for_duplicates_may_be_broken_off(db, monkeypatch):
    monkeypatch.setattr(duplicates, "_BATCH", 1)
    imported(TEXT.encode())
    run = imported(NEARLY.encode(), name="b.txt")
    sketch = duplicates.sketch
    with monkeypatch.context() as patched:
        patched.setattr(
            duplicates, "sketch", lambda text: 1 / 0 if text == NEARLY else sketch(text)
        )
        with pytest.raises(ZeroDivisionError):
            duplicates.find(run)
    assert Sketch.objects.count() == 1
    assert duplicates.find(run) == 1
    assert Sketch.objects.count() == SourceDocument.objects.count()


@pytest.mark.parametrize("at_once", [duplicates._AT_ONCE, 3])
def test_each_of_many_alike_meets_the_first_of_them(db, monkeypatch, at_once):
    """However few are asked for at once, and although they are looked at in one go."""
    monkeypatch.setattr(duplicates, "_AT_ONCE", at_once)
    monkeypatch.setattr(duplicates, "_NEIGHBOURS", 2)
    for name, encoding in ("a.txt", "utf-8"), ("b.txt", "utf-8-sig"), ("c.txt", "utf-16"):
        imported(TEXT.encode(encoding), f"From {name}", name)
    run = imported(NEARLY.encode(), "Nearly", "d.txt")
    assert duplicates.find(run) == 5
    assert [row[:2] for row in found()] == [
        ("b.txt", "a.txt"),
        ("c.txt", "a.txt"),
        ("c.txt", "b.txt"),
        ("d.txt", "a.txt"),
        ("d.txt", "b.txt"),
    ]


def test_looking_at_many_takes_as_many_queries_as_at_few(db, django_assert_max_num_queries):
    for number in range(40):
        # Each its own words, so that no thread is the next version of another.
        text = "Moles\n\n" + " ".join(f"{word}of{number}" for word in WORDS)
        run = imported(text.encode(), name=f"{number}.txt")
    with django_assert_max_num_queries(25):
        duplicates.find(run)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The moles have dug up the lawn again and nobody knows what to do about it. " * 4, "en"),
        (
            "Maulwürfe haben den Rasen wieder aufgewühlt, und niemand weiß, was zu tun ist. " * 4,
            "de",
        ),
        ("The moles have dug.", ""),
        ("0101010101 " * 40, ""),
    ],
)
def test_language_is_guessed_where_the_text_is_long_enough(text, language):
    assert languages.guess(text) == language


def test_guessed_language_is_told_from_a_stated_one(db):
    imported(("Moles\n\n" + "The moles have dug up the lawn again, I think. " * 9).encode())
    thread = Thread.objects.get()
    assert (thread.language, thread.language_basis) == ("en", "inferred")


def test_two_imports_that_end_at_once_do_not_hinder_each_other(db, monkeypatch):
    imported(TEXT.encode())
    run = imported(NEARLY.encode(), name="b.txt")
    waiting = duplicates._waiting

    def before_another_ends():
        found = waiting()
        monkeypatch.setattr(duplicates, "_waiting", waiting)
        duplicates.find(run)
        return found

    monkeypatch.setattr(duplicates, "_waiting", before_another_ends)
    assert duplicates.find(run) == 1
