"""The forum objects that show the corpus: the difference between what a thread's topic should
show and what it shows, applied.

Exactly one post per utterance, in the same order, reading as the utterance reads (invariant 5).
Derived throughout, so :func:`project` may be called at any time and changes nothing when nothing
has changed; :func:`show_new` does the same for threads that have no topic yet, many at once.
"""

from forumimport.projection.content import (
    UNDATED_FROM,
    Placed,
    Words,
    address_of,
    attribution,
    content,
    times,
)
from forumimport.projection.forums import (
    counted_once,
    is_writing,
    project_collection,
    recount,
    site_language,
    withdraw_collection,
    writing,
)
from forumimport.projection.fresh import NewThread, show_new
from forumimport.projection.topics import project, withdraw
from forumimport.projection.wanted import desired

__all__ = [
    "UNDATED_FROM",
    "NewThread",
    "Placed",
    "Words",
    "address_of",
    "attribution",
    "content",
    "counted_once",
    "desired",
    "is_writing",
    "project",
    "project_collection",
    "recount",
    "show_new",
    "site_language",
    "times",
    "withdraw",
    "withdraw_collection",
    "writing",
]
