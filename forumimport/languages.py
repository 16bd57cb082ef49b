"""The language of a text, where nobody states it. Pure; the library is loaded when first needed."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

#: Characters that are looked at, and the least that say anything: what py3langid is sure about in
#: shorter texts is often wrong. Of 4,090 real threads 300 characters tell 98 % as 2,000 do (500
#: tell 99 %), and three otherwise (as do 500); the time grows with them.
_LOOKED_AT, _LEAST = 300, 200
#: Probability below which a language stays unknown; the library's own are close to 1 for prose.
_SURE = 0.9
#: What the library calls text that is in no language.
_NONE = "zxx"


def guess(text: str) -> str:
    """Return the BCP 47 tag of the language that the text begins in; empty if that is unsure.

    >>> guess("Too short.")
    ''
    """
    beginning = text[:_LOOKED_AT]
    if len(beginning) < _LEAST:
        return ""
    language, sure = _identifier().classify(beginning)
    return str(language) if sure >= _SURE and language != _NONE else ""


@lru_cache(maxsize=1)
def _identifier() -> Any:
    from py3langid import langid

    model = Path(langid.__file__).parent / langid.MODEL_FILE
    return langid.LanguageIdentifier.from_modelpath(str(model), norm_probs=True)
