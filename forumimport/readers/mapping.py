"""Mappings: where any JSON has what a thread states, as JMESPath expressions in a TOML file.

::

    title = "Bland.is"                      # what it is for
    told_by = ['"response_to"', '"items"']  # words that files of this form begin with
    scattered = false                       # true: every object is one post, of any thread

    [thread]
    id = "url"                              # the thread's own name; needed if scattered
    title = "items[0].title"
    language = "'is'"
    posts = "items"                         # the list of posts; not if scattered

    [post]                                  # looked for in each post; all but text may be left out
    text = "text"
    id = "message_id"
    author = "username"
    date = "datetime"
    reply_to = "response_to"
    order = "datetime"                      # sorts the posts; without it they stay as they are
    children = "children"                   # the posts below it; it is what they answer
    html = false                            # whether the text is HTML, or what finds that

``children`` is looked for again in each post that it finds. A post below another answers it unless
``reply_to`` finds something else, so ``id`` must be named with it. Posts are taken in the order of
reading: each with all that is below it, then the next.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import jmespath
from jmespath.exceptions import JMESPathError
from jmespath.parser import ParsedResult

from forumimport.readers.base import BadRecord, Unreadable

_THREAD = frozenset({"id", "title", "language", "posts"})
_POST = frozenset({"text", "id", "author", "date", "reply_to", "order", "children", "html"})
_TOP = frozenset({"title", "told_by", "scattered", "thread", "post"})


@dataclass(frozen=True)
class ThreadMapping:
    """A mapping, checked: every expression is compiled."""

    title: str
    told_by: tuple[str, ...]
    scattered: bool
    thread: Mapping[str, ParsedResult]
    post: Mapping[str, ParsedResult]

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> ThreadMapping:
        """Return the mapping that the values of a TOML file describe.

        Raises:
            Unreadable: something in it is missing, unknown, or no expression.
        """
        _known("", values, _TOP)
        thread, post = _section(values, "thread", _THREAD), _section(values, "post", _POST)
        post["html"] = _html(post.get("html", False))
        scattered = values.get("scattered", False) is True
        if "text" not in post:
            raise Unreadable("The mapping names no text under [post].")
        if (needed := "id" if scattered else "posts") not in thread:
            raise Unreadable(f"The mapping names no {needed} under [thread].")
        if "children" in post and (scattered or "id" not in post):
            why = "needs an id beside it" if "id" not in post else "is for posts not scattered"
            raise Unreadable(f"In the mapping, children under [post] {why}.")
        return cls(
            title=str(values.get("title", "")),
            told_by=tuple(map(str, values.get("told_by", ()))),
            scattered=scattered,
            thread={name: _compiled("thread", name, path) for name, path in thread.items()},
            post={name: _compiled("post", name, path) for name, path in post.items()},
        )

    def tells(self, head: bytes) -> bool:
        return bool(self.told_by) and all(word.encode() in head for word in self.told_by)


def found(paths: Mapping[str, ParsedResult], name: str, values: Any) -> Any:
    """Return what an expression finds, None where the mapping has none of that name.

    Raises:
        BadRecord: the expression does not fit the values.
    """
    if name not in paths:
        return None
    try:
        return paths[name].search(values)
    except (JMESPathError, TypeError, ValueError, RecursionError) as error:
        raise BadRecord(f"The mapping's {name} does not fit it ({error}).") from None


def shipped() -> dict[str, ThreadMapping]:
    """Return the mappings that come with the program, by name."""
    return {name: ThreadMapping.of(_read(text)) for name, text in _files()}


@cache
def _files() -> tuple[tuple[str, str], ...]:
    folder = resources.files("forumimport.readers").joinpath("mappings")
    return tuple(
        sorted(
            (Path(file.name).stem, file.read_text("utf-8"))
            for file in folder.iterdir()
            if file.name.endswith(".toml")
        )
    )


def _html(value: Any) -> Any:
    """Whether text is HTML, as an expression."""
    if isinstance(value, bool):
        return "`true`" if value else "`false`"
    if not isinstance(value, str) or value.lower() in ("true", "false", "yes", "no"):
        raise Unreadable(
            "In the mapping, html under [post] must be true, false, or an expression that finds it."
        )
    return value


def _read(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Unreadable(f"The mapping is no TOML: {error}.") from None


def _section(values: Mapping[str, Any], name: str, known: frozenset[str]) -> dict[str, Any]:
    section = values.get(name)
    if not isinstance(section, Mapping):
        raise Unreadable(f"The mapping has no section [{name}].")
    _known(f" under [{name}]", section, known)
    return dict(section)


def _known(where: str, values: Mapping[str, Any], known: frozenset[str]) -> None:
    for name in _unknown(values, known):
        raise Unreadable(
            f"The mapping has “{name}”{where}, which means nothing; "
            f"known are {', '.join(sorted(known))}."
        )


def _unknown(values: Mapping[str, Any], known: frozenset[str]) -> Iterator[str]:
    return (name for name in values if name not in known)


def _compiled(section: str, name: str, path: Any) -> ParsedResult:
    try:
        return jmespath.compile(path)
    except (JMESPathError, AttributeError, TypeError) as error:
        raise Unreadable(
            f"In the mapping, {name} under [{section}] is no JMESPath expression."
        ) from error
