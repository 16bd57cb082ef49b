"""What is said about a query that cannot be read."""

from __future__ import annotations

from corpus.errors import CorpusError


class QueryError(CorpusError):
    """A query that cannot be read: ``hint`` says why, ``[start, end)`` where in ``query``.

    ``end`` equals ``start`` where something is missing.
    """

    def __init__(self, hint: str, query: str, start: int, end: int) -> None:
        super().__init__(hint)
        self.hint = hint
        self.query = query
        self.start, self.end = start, end

    @property
    def parts(self) -> tuple[str, str, str]:
        """The query before, at and after the place."""
        return self.query[: self.start], self.query[self.start : self.end], self.query[self.end :]
