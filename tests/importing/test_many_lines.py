"""A text of very many lines is refused before anything is recovered from it."""

from corpus.models import Thread
from forumimport import importer
from forumimport.importer import reading
from forumimport.readers import Source


def outcomes(*sources):
    run = importer.start_run({})
    return list(importer.import_sources(sources, collection="Talk", run=run))


def test_text_of_more_lines_than_a_thread_has_costs_itself_alone(db, monkeypatch):
    monkeypatch.setattr(reading, "LINES", 100)
    long = "Moles\n\n" + "Why?\r\r" * 60
    failed, fine = outcomes(
        Source("long.txt", long.encode()), Source("wide.txt", b"Moles\n\n" + b"Why? " * 100)
    )
    assert failed.reason == ("long.txt has more than 100 lines, too many for one thread; split it.")
    assert Thread.objects.get() == fine.thread
