"""Drafts to rows: an outcome for every thread, in batches that appear whole or not at all.

A document that is already there is skipped, so an import that was interrupted anywhere is
completed by running it again.
"""

from forumimport.importer.flow import import_sources
from forumimport.importer.plan import Plan
from forumimport.importer.runs import (
    collection_of,
    finish,
    interrupt,
    program_version,
    resume,
    start_run,
)
from forumimport.outcomes import Created, Failed, Grown, Known, LeftOut, Outcome, Skipped

__all__ = [
    "Created",
    "Failed",
    "Grown",
    "Known",
    "LeftOut",
    "Outcome",
    "Plan",
    "Skipped",
    "collection_of",
    "finish",
    "import_sources",
    "interrupt",
    "program_version",
    "resume",
    "start_run",
]
