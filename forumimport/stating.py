"""The plan that somebody states, by options of the command or in the form: plain JSON values.

A run remembers them as they were stated, so that it can be taken up again anywhere.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Any

from corpus.errors import CorpusError
from forumimport import importer, readers
from forumimport.importer import Plan
from forumimport.models import ImportRun
from forumimport.readers import Options, documents, tables
from forumimport.readers.encodings import text_encoding
from forumimport.readers.mapping import ThreadMapping
from forumimport.sources import Choice

#: What a run remembers: always, and where it is given.
_KEPT = ("paths", "collection", "format", "encoding", "hold")
_KEPT_IF_GIVEN = (
    *("separator", "field", "mapping", "order", "limit", "since", "include", "exclude"),
)

#: What readers take a field for.
_OURS = tuple(dict.fromkeys([*tables.COLUMNS, *documents.FIELDS]))


class Misstated(CorpusError):
    """An option that says nothing that can be done; ``reason`` tells what would.

    ``others`` are those that say nothing either: the message has a line for each.
    """

    def __init__(self, option: str, reason: str, others: Sequence[Misstated] = ()) -> None:
        super().__init__("\n".join([f"--{option} {reason}", *map(str, others)]))
        self.option = option
        self.reason = reason
        self.others = others


class _Checked:
    """Reads options one after the other, and keeps what is wrong with each."""

    def __init__(self, stated: Mapping[str, Any]) -> None:
        self._stated = stated
        self._wrong: list[Misstated] = []

    def __call__(self, read: Callable[[Any], Any], option: str) -> Any:
        """Return what an option says, None where it says nothing or nothing that can be done."""
        stated = self._stated.get(option)
        return self.one(read, stated) if stated not in (None, "") else None

    def one(self, read: Callable[[Any], Any], stated: Any) -> Any:
        try:
            return read(stated)
        except Misstated as wrong:
            self._wrong.append(wrong)
            return None

    def refuse(self) -> None:
        if self._wrong:
            first, *others = self._wrong
            raise Misstated(first.option, first.reason, others)


def plan_of(stated: Mapping[str, Any]) -> Plan:
    """Return the plan that is stated.

    Raises:
        Misstated: with one sentence for each option that is wrong, which names it.
    """
    checked = _Checked(stated)
    checked.one(_collection, stated["collection"])
    plan = Plan(
        collection=stated["collection"],
        hold=stated["hold"],
        format=stated["format"],
        options=Options(
            encoding=checked(_encoding, "encoding"),
            separator=stated.get("separator") or None,
            fields=dict(filter(None, (checked.one(_field, f) for f in stated.get("field") or ()))),
            mapping=checked(_mapping, "mapping"),
            order=stated.get("order") or None,
        ),
        limit=checked(partial(_counted, "limit"), "limit"),
        since=checked(_since, "since"),
        workers=checked(partial(_counted, "workers"), "workers") or 1,
    )
    checked.refuse()
    return plan


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


def _collection(name: str) -> str:
    if len(name) > 100 or not name.strip():
        raise Misstated("collection", "needs a name of 1 to 100 characters.")
    return name


def _counted(option: str, stated: int) -> int:
    if stated < 1:
        raise Misstated(option, "needs a number of 1 or more.")
    return stated


def _encoding(name: str) -> str:
    try:
        text_encoding(name)
    except (LookupError, ValueError):
        why = f"{name} is no text encoding; utf-8, utf-16, latin-1 and cp1252 are some."
        raise Misstated("encoding", why) from None
    return name


def _field(stated: str) -> tuple[str, str]:
    ours, sign, theirs = stated.partition("=")
    if not (ours and sign and theirs):
        raise Misstated("field", f"{stated} needs the form OURS=THEIRS, such as text=body.")
    if ours not in _OURS:
        why = f"{stated} names no field of ours; these are {', '.join(_OURS)}."
        raise Misstated("field", why)
    return ours, theirs


def _since(stated: str) -> datetime:
    try:
        return datetime.combine(date.fromisoformat(stated), time(), UTC)
    except ValueError as error:
        raise Misstated("since", f"{stated} is no date; write it as 2019-05-31.") from error


def _mapping(stated: str | dict[str, Any]) -> dict[str, Any]:
    values = _mapping_values(stated)
    try:
        ThreadMapping.of(values)
    except CorpusError as error:
        named = f"{stated} does not work: " if isinstance(stated, str) else "does not work: "
        raise Misstated("mapping", f"{named}{error}") from error
    return values


def _mapping_values(stated: str | dict[str, Any]) -> dict[str, Any]:
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
