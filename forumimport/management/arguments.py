"""The options of ``import_threads``."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from forumimport import conf, readers
from forumimport.readers.ordering import ORDERS


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
    parser.add_argument(
        "--report",
        metavar="FILE",
        type=Path,
        help="write what happened as JSON; - is standard output, all else then goes to standard "
        "error",
    )


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
    parser.add_argument(
        "--order",
        choices=ORDERS,
        help="of posts that lie scattered over a file: by time, every reply below what it "
        "answers, or as they stand (default: what is usual for the format)",
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
