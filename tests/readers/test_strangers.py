"""Files that are no thread text but of a known kind are named, with what would work."""

import time

import pytest

from forumimport.readers import Unreadable
from tests.readers.reading import read

SQL = "a dump of a database in SQL; load it into the database"
XML = "XML of a form that no reader knows; make a table"
MHTML = "a web page saved as MHTML; it is read as a page of a forum, with --format html"
KINDS = {
    "filedesc://a.arc 0.0.0.0 19960923142103 text/plain 76\n1 0 Somebody\n": "a web archive in",
    "-- MySQL dump 10.13\n\nDROP TABLE IF EXISTS `p`;\n": SQL,
    "/*M!999999\\- enable the sandbox mode */ \n-- MariaDB dump 10.19\n": SQL,
    "-- phpMyAdmin SQL Dump\n-- version 5\n": SQL,
    "--\n-- PostgreSQL database dump\n--\n": SQL,
    "#\n# phpBB Backup Script\n": SQL,
    "PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\nCREATE TABLE posts (\n id INT);\n": SQL,
    "INSERT INTO `posts` (`id`, `text`) VALUES\n(1, 'How deep?'),\n(2, 'Very.');\n": SQL,
    '<?xml version="1.0"?>\n<posts>\n <row Id="1" Body="Why?" />\n</posts>': "Posts.xml of Stack",
    '<?xml version="1.0"?>\n<!-- made by hand -->\n<threads/>': XML,
    "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://a.example/\r\nMIME-Version: 1.0"
    '\r\nContent-Type: multipart/related;\r\n\tboundary="--b"\r\n\r\n----b\r\n': MHTML,
    'From: "Saved by Me"\nContent-Type: multipart/related;\n\ttype="text/html";\n\n--b\n': MHTML,
}
WORDS = [
    "# phpMyAdmin is slow\n\nIs it?\n",
    "# MySQL dump of my life\n\nWhy?\n",
    "CREATE TABLE statement (MySQL)\n\nWhy does it fail?\n",
    "-- A title in dashes\n\nWhy?\n",
    "DROP TABLE students;\n\nA joke.\n",
    '<?xml version="1.0"?> what does it mean?\n\nNothing.\n',
    "From: Ada\nSubject: Leeks\n\nHow deep?\n",
    "filedesc\n\nWhy?\n",
]


@pytest.mark.parametrize("content", KINDS)
def test_kind_is_named(content):
    with pytest.raises(Unreadable) as refusal:
        read(content.encode(), format="text")
    assert str(refusal.value).startswith(f"file is {KINDS[content]}")
    assert str(refusal.value).endswith(".")


@pytest.mark.parametrize("content", WORDS)
def test_words_that_begin_alike_are_a_thread(content):
    (draft,) = read(content.encode(), format="text")
    assert draft.documents[0].text == content


@pytest.mark.parametrize(
    "line", ["--\n", "a: b\n", "a:\n b\n", "# ", "-- ", "SET x\n", "INSERT INTO a (", "<?xml ", "-"]
)
def test_kinds_are_told_in_time(line):
    start = time.perf_counter()
    read((line * 50_000 + "x").encode(), format="text")
    assert time.perf_counter() - start < 2
