"""Files that are text but no thread text, of known kinds: what they are, and what would work."""

from __future__ import annotations

import re

from forumimport.readers.base import Source, Unreadable

#: Bytes that a kind is told by; dumps begin with some lines of comment.
_HEAD = 8 * 1024
_TABLE = "with the columns thread_id, id, author, date and text"
_KINDS = (
    (
        re.compile(rb"filedesc://"),
        "a web archive in the old form ARC; convert it with “warcio recompress OLD.arc NEW.warc.gz”"
        " and import that",
    ),
    (
        # The head of a mail whose parts are a page and what belongs to it, as browsers save it.
        re.compile(
            rb"(?=(?:[\w-]+:[^\n]*+\n(?:[ \t][^\n]*+\n)*+)*?"
            rb"content-type:\s*+multipart/related)"
            rb"(?=(?:[^\n]++\n)*?(?:snapshot-content-location:|[^\n]*?\btype=\"?text/html))",
            re.IGNORECASE,
        ),
        "a web page saved as MHTML; it is read as a page of a forum, with --format html",
    ),
    (
        re.compile(rb"<\?xml\b[^>]*+>\s*+<posts>\s*+<row\s"),
        "Posts.xml of Stack Exchange, whose form is not read; make a table (CSV) of its rows, "
        f"{_TABLE} (a question's Id, or an answer's ParentId, as thread_id)",
    ),
    (
        re.compile(rb"<\?xml\b[^>]*+>\s*+<[a-z!]", re.IGNORECASE),
        f"XML of a form that no reader knows; make a table (CSV) of its posts, {_TABLE}",
    ),
    (
        re.compile(
            # What programs write first, or a statement that only comments and settings precede.
            rb"(?:(?:--|\#)[ \t\r]*+\n)*+(?:--[ ](?:MySQL|MariaDB)[ ]dump[ ]\d|--[ ]Adminer[ ]\d"
            rb"|--[ ]PostgreSQL[ ]database[ ]dump|(?:--|\#)[ ]phpMyAdmin[ ](?:SQL[ ]|MySQL-)Dump"
            rb"|\#[ ]phpBB[ ]Backup|/\*M?!\d{5})"
            rb"|(?:[ \t\r]*+(?:(?:--|\#|/\*|(?:SET|USE|BEGIN|START|PRAGMA|DROP)[ ])[^\n]*+)?+\n)*?"
            rb"(?:INSERT[ ]INTO[ ][^\s(]++\s*+(?:\([^)]*+\)\s*+)?VALUES\s*+\([^\n]*?[,;)]\s*?\n"
            rb"|CREATE[ ]TABLE[ ](?:IF[ ]NOT[ ]EXISTS[ ])?[^\s(]++[ ]*+\([ \r]*+\n)",
            re.IGNORECASE | re.VERBOSE,
        ),
        "a dump of a database in SQL; load it into the database, export the posts as a table (CSV) "
        f"{_TABLE}, and import that",
    ),
)


def refuse(source: Source) -> None:
    """Say what a file of a known kind is.

    Raises:
        Unreadable: it is one.
    """
    start = source.content[:_HEAD].removeprefix(b"\xef\xbb\xbf").lstrip()
    for shape, kind in _KINDS:
        if shape.match(start):
            raise Unreadable(f"{source.origin} is {kind}.")
