"""The plan that somebody states, by options of the command or in the form: plain JSON values.

A run remembers them as they were stated, so that it can be taken up again anywhere.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time
from importlib import resources
from pathlib import Path
from typing import Any

from corpus.errors import CorpusError
from forumimport import importer, readers
from forumimport.importer import Plan
from forumimport.models import ImportRun
from forumimport.readers import Options
from forumimport.sources import Choice

#: What a run remembers: always, and where it is given.
_KEPT = ("paths", "collection", "format", "encoding", "hold")
_KEPT_IF_GIVEN = (
    *("separator", "field", "mapping", "order", "limit", "since", "include", "exclude"),
)


class Misstated(CorpusError):
    """An option that says nothing that can be done; ``reason`` tells what would."""

    def __init__(self, option: str, reason: str) -> None:
        super().__init__(f"--{option} {reason}")
        self.option = option
        self.reason = reason


def plan_of(stated: Mapping[str, Any]) -> Plan:
    """Return the plan that is stated.

    Raises:
        Misstated: with one sentence that names the option.
    """
    name = stated["collection"]
    if len(name) > 100 or not name.strip():
        raise Misstated("collection", "needs a name of 1 to 100 characters.")
    for counted in ("limit", "workers"):
        if stated.get(counted) is not None and stated[counted] < 1:
            raise Misstated(counted, "needs a number of 1 or more.")
    return Plan(
        collection=name,
        hold=stated["hold"],
        format=stated["format"],
        options=Options(
            encoding=stated["encoding"] or None,
            separator=stated.get("separator") or None,
            fields=dict(_field(one) for one in stated.get("field") or ()),
            mapping=_mapping(stated["mapping"]) if stated.get("mapping") else None,
            order=stated.get("order") or None,
        ),
        limit=stated.get("limit"),
        since=_since(stated["since"]) if stated.get("since") else None,
        workers=stated.get("workers") or 1,
    )


def plan_of_run(run: ImportRun) -> Plan:
    """Return what a run is asked to do; its collection may have been renamed since."""
    return replace(plan_of(run.arguments), collection=importer.collection_of(run))


def choice_of(stated: Mapping[str, Any]) -> Choice:
    """Return which files of folders and archives are chosen."""
    return Choice(tuple(stated.get("include") or ()), tuple(stated.get("exclude") or ()))


def kept(stated: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a run remembers of what was stated."""
    given = (name for name in _KEPT_IF_GIVEN if stated.get(name))
    return {name: stated[name] for name in (*_KEPT, *given)}


def mappings() -> list[str]:
    """Return the names of the mappings that come along."""
    shipped = resources.files(readers) / "mappings"
    return sorted(
        Path(one.name).stem
        for one in (shipped.iterdir() if shipped.is_dir() else ())
        if one.name.endswith(".toml")
    )


def mapping_in(content: str) -> dict[str, Any]:
    """Return the mapping in a TOML file's text.

    Raises:
        Misstated: it is none.
    """
    try:
        return tomllib.loads(content)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise Misstated("mapping", f"is no TOML file: {error}.") from error


def _field(stated: str) -> tuple[str, str]:
    ours, sign, theirs = stated.partition("=")
    if not (ours and sign and theirs):
        raise Misstated("field", f"{stated} needs the form OURS=THEIRS, such as text=body.")
    return ours, theirs


def _since(stated: str) -> datetime:
    try:
        return datetime.combine(date.fromisoformat(stated), time(), UTC)
    except ValueError as error:
        raise Misstated("since", f"{stated} is no date; write it as 2019-05-31.") from error


def _mapping(stated: str | dict[str, Any]) -> dict[str, Any]:
    """A mapping as such, by the path of its file, or by the name of one that comes along."""
    if not isinstance(stated, str):
        return stated
    path = Path(stated)
    try:
        if not path.exists() and (names := mappings()):
            shipped = resources.files(readers) / "mappings"
            if path.stem not in names:
                raise Misstated(
                    "mapping",
                    f"{stated} cannot be read (No such file or directory); name a TOML file or "
                    f"one of {', '.join(names)}.",
                )
            return mapping_in((shipped / f"{path.stem}.toml").read_text("utf-8"))
        return mapping_in(path.read_text("utf-8"))
    except OSError as error:
        why = f"{stated} cannot be read ({error.strerror}); name a TOML file."
        raise Misstated("mapping", why) from error
    except UnicodeDecodeError as error:
        raise Misstated("mapping", f"{stated} is no TOML file: {error}.") from error
    except Misstated as error:
        if error.reason.startswith("is no TOML"):
            raise Misstated("mapping", f"{stated} {error.reason}") from error
        raise
