"""The command's options, and the plan that they state."""

from __future__ import annotations

import tomllib
from argparse import ArgumentParser
from datetime import UTC, date, datetime, time
from importlib import resources
from pathlib import Path
from typing import Any

from corpus.errors import CorpusError
from forumimport import conf, readers
from forumimport.importer import Plan
from forumimport.readers import Options
from forumimport.sources import Choice

#: Options that a run remembers: always, and where they are given.
_KEPT = ("paths", "collection", "format", "encoding", "hold")
_KEPT_IF_GIVEN = ("separator", "field", "mapping", "limit", "since", "include", "exclude")


class Misstated(CorpusError):
    """An option that says nothing that can be done; the message tells what would."""


def add_arguments(parser: ArgumentParser) -> None:
    """Declare what ``import_threads`` takes."""
    parser.add_argument(
        "paths",
        nargs="*",
        metavar="PATH",
        help="file, folder (searched recursively), archive, or - for standard input",
    )
    parser.add_argument(
        "--collection",
        metavar="NAME",
        default=conf.default_collection(),
        help="collection that the threads go to; created if new (default: %(default)s)",
    )
    parser.add_argument("--formats", action="store_true", help="list the formats and end")
    _add_reading(parser)
    _add_choosing(parser)
    parser.add_argument(
        "--dry-run", action="store_true", help="show the recovered structure and write nothing"
    )
    parser.add_argument(
        "--hold",
        action="store_true",
        help="keep the posts from readers until a curator releases them",
    )
    parser.add_argument("--report", metavar="FILE", type=Path, help="write what happened as JSON")


def _add_reading(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--format",
        choices=[readers.AUTO, *readers.READERS],
        default=readers.AUTO,
        help="format of the files (default: told from each file)",
    )
    parser.add_argument(
        "--encoding", metavar="NAME", help="character encoding of the files (default: told)"
    )
    parser.add_argument(
        "--separator", metavar="LINE", help="line between the threads of one text file"
    )
    parser.add_argument(
        "--field",
        action="append",
        default=[],
        metavar="OURS=THEIRS",
        help="what the files call a field, such as text=body; may be repeated",
    )
    parser.add_argument(
        "--mapping",
        metavar="FILE",
        help="TOML file that says where JSON has what, or the name of one that comes along",
    )


def _add_choosing(parser: ArgumentParser) -> None:
    parser.add_argument("--limit", type=int, metavar="N", help="take N threads at most")
    parser.add_argument(
        "--since", metavar="DATE", help="leave out threads whose last post is older (2019-05-31)"
    )
    parser.add_argument(
        "--include",
        action="append",
        default=[],
        metavar="PATTERN",
        help="from folders and archives, only files such as *.json; may be repeated",
    )
    parser.add_argument(
        "--exclude",
        action="append",
        default=[],
        metavar="PATTERN",
        help="from folders and archives, no such files; may be repeated",
    )
    parser.add_argument(
        "--workers",
        type=int,
        default=1,
        metavar="N",
        help="processes that read and segment (default: %(default)s)",
    )


def plan_of(options: dict[str, Any]) -> Plan:
    """Return the plan that the options state.

    Raises:
        Misstated: with one sentence that names the option.
    """
    name = options["collection"]
    if len(name) > 100 or not name.strip():
        raise Misstated("--collection needs a name of 1 to 100 characters.")
    for counted in ("limit", "workers"):
        if options[counted] is not None and options[counted] < 1:
            raise Misstated(f"--{counted} needs a number of 1 or more.")
    return Plan(
        collection=name,
        hold=options["hold"],
        format=options["format"],
        options=Options(
            encoding=options["encoding"],
            separator=options["separator"],
            fields=dict(_field(stated) for stated in options["field"]),
            mapping=_mapping(options["mapping"]) if options["mapping"] else None,
        ),
        limit=options["limit"],
        since=_since(options["since"]) if options["since"] else None,
        workers=options["workers"],
    )


def choice_of(options: dict[str, Any]) -> Choice:
    """Return which files of folders and archives the options choose."""
    return Choice(tuple(options["include"]), tuple(options["exclude"]))


def kept(options: dict[str, Any]) -> dict[str, Any]:
    """Return what a run remembers of its options."""
    given = (name for name in _KEPT_IF_GIVEN if options[name])
    return {name: options[name] for name in (*_KEPT, *given)}


def _field(stated: str) -> tuple[str, str]:
    ours, sign, theirs = stated.partition("=")
    if not (ours and sign and theirs):
        raise Misstated(f"--field {stated} needs the form OURS=THEIRS, such as text=body.")
    return ours, theirs


def _since(stated: str) -> datetime:
    try:
        return datetime.combine(date.fromisoformat(stated), time(), UTC)
    except ValueError as error:
        raise Misstated(f"--since {stated} is no date; write it as 2019-05-31.") from error


def _mapping(named: str) -> dict[str, Any]:
    shipped = resources.files(readers) / "mappings"
    path = Path(named)
    try:
        if path.exists() or not shipped.is_dir():
            return tomllib.loads(path.read_text("utf-8"))
        return tomllib.loads((shipped / f"{path.stem}.toml").read_text("utf-8"))
    except OSError as error:
        names = sorted(Path(one.name).stem for one in shipped.iterdir()) if shipped.is_dir() else []
        raise Misstated(
            f"--mapping {named} cannot be read ({error.strerror}); name a TOML file"
            + (f" or one of {', '.join(names)}." if names else ".")
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Misstated(f"--mapping {named} is no TOML file: {error}.") from error
