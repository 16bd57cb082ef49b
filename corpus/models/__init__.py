"""The stored corpus, in the order of the story: collection and thread, the text as it was
received, what was said and by whom, what was copied, what people changed and what they coded."""

from corpus.models.access import CollectionGroup
from corpus.models.annotation import (
    Annotation,
    AnnotationRole,
    Assignment,
    Decision,
    Layer,
    Role,
)
from corpus.models.basis import Basis, State
from corpus.models.codebooks import Code, Codebook, CodebookVersion, Colour, Line, Scope
from corpus.models.collections import Collection, Thread, Visibility
from corpus.models.curation import CurationEvent, Redaction
from corpus.models.dismissals import Dismissal
from corpus.models.documents import Boilerplate, SourceDocument
from corpus.models.links import Link
from corpus.models.pseudonyms import PseudonymKey
from corpus.models.quotations import Quotation
from corpus.models.review import REVIEWED, Flag, ThreadReview
from corpus.models.speakers import Speaker
from corpus.models.subcorpora import Subcorpus
from corpus.models.utterances import DatePrecision, Utterance

__all__ = [
    "REVIEWED",
    "Annotation",
    "AnnotationRole",
    "Assignment",
    "Basis",
    "Boilerplate",
    "Code",
    "Codebook",
    "CodebookVersion",
    "Collection",
    "CollectionGroup",
    "Colour",
    "CurationEvent",
    "DatePrecision",
    "Decision",
    "Dismissal",
    "Flag",
    "Layer",
    "Line",
    "Link",
    "PseudonymKey",
    "Quotation",
    "Redaction",
    "Role",
    "Scope",
    "SourceDocument",
    "Speaker",
    "State",
    "Subcorpus",
    "Thread",
    "ThreadReview",
    "Utterance",
    "Visibility",
]
