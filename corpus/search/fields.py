"""Fields of a haystack index for what haystack's own do not tell apart."""

from __future__ import annotations

from typing import Any

from django.utils.html import escape
from haystack import indexes


class WordsField(indexes.CharField):  # type: ignore[misc]
    """Text to be searched word by word: by stems, and as written.

    ``language`` names the field with the language of the text. A search page may print what is
    stored as it is: it is escaped, while the words are those of the plain text. Other engines
    than ours see an ordinary text field.
    """

    def __init__(self, *, language: str | None = None, **options: Any) -> None:
        super().__init__(**options)
        self.language = language

    @staticmethod
    def shown(text: str) -> str:
        """Return what is stored of ``text``."""
        return str(escape(text))


class StoredField(indexes.CharField):  # type: ignore[misc]
    """A value that results show and nobody searches, sorts or counts by."""

    def __init__(self, **options: Any) -> None:
        super().__init__(indexed=False, **options)


class OrderField(indexes.FloatField):  # type: ignore[misc]
    """A number that results are ordered by, and nobody searches by."""
