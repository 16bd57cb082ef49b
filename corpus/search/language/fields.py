"""The fields that a query may name, ``speaker:Ada``: one registry for parser, engines and help."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from corpus.search import analysis
from corpus.search.language.wildcards import expression


class Kind(StrEnum):
    """How a value is compared with what was asked."""

    #: The words asked for stand in it together, with or without their accents.
    WORDS = "words"
    #: It is what was asked for, whatever the case; of a list, one is.
    WHOLE = "whole"
    #: It stands for another query, which whoever answers must put in its place.
    QUERY = "query"


@dataclass(frozen=True, slots=True)
class Field:
    """A name in queries, the field of the index behind it, and one example with what it finds."""

    name: str
    index: str
    kind: Kind
    example: str
    meaning: str | Promise

    def accepts(self, value: Any, wanted: str) -> bool:
        """Whether a document's value is what a query asks for; ``*`` asks for any.

        >>> fields["speaker"].accepts("Ada Lovelace", "lovelace")
        True
        """
        if isinstance(value, list | tuple):
            return any(self.accepts(one, wanted) for one in value)
        if value is None or value == "":
            return False
        if wanted == "*":
            return True
        if self.kind is Kind.WORDS:
            words = [analysis.folded(word) for word in analysis.words(str(value))]
            return _stand_together(words, _patterns(wanted))
        return str(value).casefold() == wanted.casefold()


fields: dict[str, Field] = {}


def register(field: Field) -> None:
    """Let queries name this field; another of its name is replaced."""
    fields[field.name] = field


for _field in (
    Field("speaker", "speaker", Kind.WORDS, "speaker:Ada", _("posts by this speaker")),
    Field(
        "thread",
        "topic_subject",
        Kind.WORDS,
        'thread:"copper tape"',
        _("posts in threads with these words in the title"),
    ),
    Field(
        "forum", "forum_name", Kind.WORDS, "forum:garden", _("posts in this collection or forum")
    ),
    Field("language", "language", Kind.WHOLE, "language:en", _("posts in this language")),
    Field(
        "state",
        "state",
        Kind.WHOLE,
        "state:confirmed",
        _("imported posts that a curator has confirmed; or automatic"),
    ),
    Field(
        "subcorpus", "", Kind.QUERY, "subcorpus:frosts", _("posts that a saved subcorpus selects")
    ),
    Field("code", "codes", Kind.WHOLE, "code:doubt", _("posts with a passage coded so")),
):
    register(_field)


@lru_cache(maxsize=256)
def _patterns(wanted: str) -> tuple[re.Pattern[str], ...]:
    found = []
    for part in wanted.split():
        if "*" in part or "?" in part:
            found.append(re.compile(expression(analysis.folded(part.lower()))))
        else:
            words = map(analysis.folded, analysis.words(part))
            found += [re.compile(re.escape(word)) for word in words]
    return tuple(found)


def _stand_together(words: list[str], patterns: Iterable[re.Pattern[str]]) -> bool:
    patterns = list(patterns)
    return bool(patterns) and any(
        all(pattern.fullmatch(word) for pattern, word in zip(patterns, words[at:], strict=False))
        for at in range(len(words) - len(patterns) + 1)
    )
