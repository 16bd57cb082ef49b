"""The corpus in the Django admin: what is stored, with where it comes from and how sure it is.

What a person may change goes through :mod:`corpus.curation`; everything else is read-only.
"""

from corpus.admin.annotation import (
    AnnotationAdmin,
    AnnotationRoleAdmin,
    AssignmentAdmin,
    CodebookAdmin,
)
from corpus.admin.collections import CollectionAdmin, ThreadAdmin
from corpus.admin.curation import CurationEventAdmin
from corpus.admin.documents import SourceDocumentAdmin
from corpus.admin.quotations import QuotationAdmin
from corpus.admin.redactions import RedactionAdmin
from corpus.admin.speakers import SpeakerAdmin
from corpus.admin.subcorpora import SubcorpusAdmin
from corpus.admin.utterances import UtteranceAdmin

__all__ = [
    "AnnotationAdmin",
    "AnnotationRoleAdmin",
    "AssignmentAdmin",
    "CodebookAdmin",
    "CollectionAdmin",
    "CurationEventAdmin",
    "QuotationAdmin",
    "RedactionAdmin",
    "SourceDocumentAdmin",
    "SpeakerAdmin",
    "SubcorpusAdmin",
    "ThreadAdmin",
    "UtteranceAdmin",
]
