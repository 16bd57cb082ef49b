"""A haystack engine on Whoosh for forums of some hundred thousand posts.

Set ``ENGINE`` of a haystack connection to ``corpus.search.whoosh_backend.WhooshEngine``. Options
besides haystack's own (``PATH``, ``INCLUDE_SPELLING``, ``EXCLUDED_INDEXES`` …):

``LANGUAGE``         of texts that name none, for stemming (the site's ``LANGUAGE_CODE``)
``FOLD_DIACRITICS``  whether stems are without accents; words as written keep them (``True``)
``LOCK_TIMEOUT``     seconds to wait for another writer before failing (60)
"""

from corpus.search.whoosh_backend.backend import WhooshSearchBackend
from corpus.search.whoosh_backend.engine import WhooshEngine, WhooshSearchQuery

__all__ = ["WhooshEngine", "WhooshSearchBackend", "WhooshSearchQuery"]
