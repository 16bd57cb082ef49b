"""Which pages are of one thread, where no address tells it: the posts that they show do.

A page whose address names no thread ("viewtopic.php?p=99") is of the thread that shows one of its
posts too: the same number on the same board, and the same writer or words. A title tells less, as
many threads have the same ("Help"): only pages that say to be different ones of a thread are
joined by it, and only where the user put them together.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from itertools import groupby

from forumimport.readers.pages import Page

#: A thread that has an address, or a page without one by its number, as the first of its thread.
Node = str | int


class PageThreads:
    """Takes pages by number, and tells of those without an address which thread they are of.

    Memory grows with the pages that have none, some hundred bytes each.
    """

    def __init__(self, rows: sqlite3.Connection, *, by_title: bool) -> None:
        self._rows = rows
        self._by_title = by_title
        self._loose: dict[int, Node] = {}
        rows.execute("CREATE TABLE shown (post INTEGER, page INTEGER)")
        rows.execute(
            "CREATE TABLE page (number INTEGER PRIMARY KEY, thread TEXT, alike TEXT, place INTEGER)"
        )

    def add(self, number: int, page: Page) -> None:
        alike = _storable("\n".join((page.title, page.engine, page.board, page.link)))
        self._rows.execute(
            "INSERT INTO page VALUES (?, ?, ?, ?)", (number, page.address, alike, page.number)
        )
        scopes = [page.board] if page.board else []
        if self._by_title:
            scopes.append(f"\n{page.title}")
        self._rows.executemany(
            "INSERT INTO shown VALUES (?, ?)",
            ((post, number) for scope in scopes for post in _posts(page, scope)),
        )
        if not page.address:
            self._loose[number] = number

    def threads(self) -> Iterator[tuple[int, str]]:
        """Yield the number of every page without an address, with the name of its thread."""
        if not self._loose:
            return
        self._join_by_posts()
        if self._by_title:
            self._join_by_title()
        for number in list(self._loose):
            node = self._root(number)
            yield number, node if isinstance(node, str) else f"without address\n{node}"

    def _join_by_posts(self) -> None:
        self._rows.execute("CREATE INDEX by_post ON shown (post)")
        found = self._rows.execute(
            "SELECT shown.post, page.number, page.thread FROM shown "
            "JOIN page ON page.number = shown.page WHERE shown.post IN "
            "(SELECT post FROM shown JOIN page ON number = shown.page WHERE thread = '') "
            # Threads with an address first: a page may be joined to one of them only.
            "ORDER BY shown.post, page.thread = '', page.number"
        )
        for _post, pages in groupby(found, key=lambda row: row[0]):
            first: Node | None = None
            for _, number, thread in pages:
                node = thread or number
                first = first or node
                self._join(first, node)

    def _join_by_title(self) -> None:
        """Join pages of one title if no two of them say to be the same page of their thread."""
        found = self._rows.execute(
            "SELECT alike, number, place FROM page WHERE thread = '' AND SUBSTR(alike, 1, 1) <> "
            "CHAR(10) ORDER BY alike, number"
        )
        for _alike, pages in groupby(found, key=lambda row: row[0]):
            placed: dict[int, Node] = {}
            told_apart = True
            for _, number, place in pages:
                root = self._root(number)
                if isinstance(root, int):
                    told_apart &= place > 0 and placed.setdefault(place, root) == root
            if told_apart:
                nodes = list(placed.values())
                for node in nodes[1:]:
                    self._join(nodes[0], node)

    def _root(self, node: Node) -> Node:
        while isinstance(node, int) and (above := self._loose[node]) != node:
            if isinstance(above, int):
                self._loose[node] = self._loose[above]
            node = above
        return node

    def _join(self, one: Node, other: Node) -> None:
        one, other = self._root(one), self._root(other)
        if isinstance(other, int):
            if isinstance(one, int) and other < one:
                one, other = other, one
            self._loose[other] = one
        elif isinstance(one, int):
            self._loose[one] = other


def _posts(page: Page, scope: str) -> Iterator[int]:
    """Yield what tells a post of the page from all others: its number and its words or writer."""
    for post in page.posts:
        words = post.marked.text if post.marked else str(post.text)
        of_post = (page.engine, scope, post.identifier or post.date)
        if post.identifier and post.author:
            yield _key("writer", *of_post, post.author)
        if post.identifier or post.author:
            yield _key("words", *of_post, words)


def _storable(text: str) -> str:
    """Text without halves of characters, as JSON may have them."""
    return text.encode("utf-8", "replace").decode()


def _key(*parts: str) -> int:
    found = hashlib.blake2b("\0".join(map(str, parts)).encode("utf-8", "replace"), digest_size=8)
    return int.from_bytes(found.digest(), signed=True)
