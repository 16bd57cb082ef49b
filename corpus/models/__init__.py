"""The stored corpus, in the order of the story: collection and thread, the text as it was
received, what was said and by whom, what was copied, and what people changed."""

from corpus.models.basis import Basis, State
from corpus.models.collections import Collection, Thread, Visibility
from corpus.models.curation import CurationEvent, Redaction
from corpus.models.documents import Boilerplate, SourceDocument
from corpus.models.quotations import Quotation
from corpus.models.speakers import Speaker
from corpus.models.subcorpora import Subcorpus
from corpus.models.utterances import DatePrecision, Utterance

__all__ = [
    "Basis",
    "Boilerplate",
    "Collection",
    "CurationEvent",
    "DatePrecision",
    "Quotation",
    "Redaction",
    "SourceDocument",
    "Speaker",
    "State",
    "Subcorpus",
    "Thread",
    "Utterance",
    "Visibility",
]
