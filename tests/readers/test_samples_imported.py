"""Every sample, through the importer, into corpus and forum."""

import pytest

from corpus.invariants import violations as corpus_violations
from corpus.models import Thread, Utterance
from forumimport import importer
from forumimport.importer import Created
from forumimport.invariants import violations
from forumimport.readers import Source
from tests.readers.reading import KNOWN, SAMPLES, STATED, read

#: Samples whose quotations name a post but not yet the words in it are for a later importer.
DIRECT = [
    name
    for name in KNOWN
    if name not in STATED
    and (SAMPLES / name).is_file()
    and not any(
        quotation.source is None and quotation.source_utterance is not None
        for draft in read(name)
        for _document, structure in draft.structures()
        for quotation in structure.quotations
    )
]


@pytest.mark.parametrize("name", DIRECT)
def test_sample_is_imported_whole(db, name, django_capture_on_commit_callbacks):
    _format, threads, posts = KNOWN[name]
    run = importer.start_run({})
    source = Source(name, (SAMPLES / name).read_bytes())
    with django_capture_on_commit_callbacks(execute=True):
        outcomes = list(importer.import_sources([source], collection="Garden", run=run))
    assert [type(outcome) for outcome in outcomes] == [Created] * threads
    assert (Thread.objects.count(), Utterance.objects.count()) == (threads, posts)
    assert list(corpus_violations()) == []
    assert list(violations()) == []
