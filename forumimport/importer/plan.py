"""What a run is asked to do."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from forumimport import readers
from forumimport.drafts import ThreadDraft
from forumimport.readers import Options


@dataclass(frozen=True, slots=True)
class Plan:
    """Where threads go, how sources are read, and which threads are taken.

    Args:
        collection: name of the collection; made if it is new.
        hold: keep the posts from readers until a curator releases them.
        format: a reader's name, or told from each source.
        limit: take so many threads at most.
        since: leave out threads whose last post is older; undated ones are taken.
        workers: processes that read and segment; what is stored does not depend on it.
    """

    collection: str
    hold: bool = False
    format: str = readers.AUTO
    options: Options = field(default_factory=Options)
    limit: int | None = None
    since: datetime | None = None
    workers: int = 1

    def takes(self, draft: ThreadDraft) -> bool:
        """Whether the thread is recent enough; a segmented draft."""
        if self.since is None:
            return True
        dates = [
            utterance.date
            for _document, structure in draft.structures()
            for utterance in structure.utterances
            if utterance.date
        ]
        return not dates or max(dates) >= self.since

    def reading(self, version: str) -> str:
        """Return a digest of all that decides which threads a file's bytes hold.

        Another version of the program may read more.
        """
        said: dict[str, Any] = {
            "format": self.format,
            "options": asdict(self.options),
            "since": self.since,
            "version": version,
        }
        stated = json.dumps(said, sort_keys=True, default=str)
        return hashlib.sha256(stated.encode()).hexdigest()
