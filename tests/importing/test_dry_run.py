"""A dry run of the command: all that would be, and nothing written."""

import re

from haystack.query import SearchQuerySet

from tests.importing.rows import counts
from tests.importing.said import LEEKS, ONIONS, Said, write

DRY_RUN = """\
On onions  (onions.txt)
┏━━━┳━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┓
┃ # ┃ Speaker ┃ Starts here because      ┃ Sure ┃ Text                                             ┃
┡━━━╇━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┩
│ 1 │ unknown │ first words of the text  │ #.## │ Red ones keep longest, at least in my cellar,    │
│   │         │                          │      │ and they make no one cry.                        │
│ 2 │ unknown │ longer gap than between  │ #.## │ White ones [b]taste[/b] better.                  │
│   │         │ paragraphs               │      │                                                  │
│ 3 │ unknown │ longer gap than between  │ #.## │ Red ones keep longest, at least in my cellar,    │
│   │         │ paragraphs               │      │ and they make no one cry. Mine cried.            │
│   │         │                          │      │   » repeats, post 1: Red ones keep longest, at   │
│   │         │                          │      │ least in my cellar, and they make no one cry.    │
│   │         │                          │      │   ↪ replies to post 1                            │
└───┴─────────┴──────────────────────────┴──────┴──────────────────────────────────────────────────┘
Would import 1 thread, 3 posts.
"""


def test_import_threads_dry_run_shows_the_structure_and_writes_nothing(db, folder, monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")
    write("onions.txt", ONIONS)
    before = counts()
    said = Said("--dry-run", "onions.txt")
    # How sure it is, is the model's affair.
    shown = re.sub(r"│ [01]\.\d\d │", "│ #.## │", said.out)
    assert [line.rstrip() for line in shown.splitlines()] == DRY_RUN.splitlines()
    assert (said.err, said.status) == ("", 0)
    assert counts() == before
    assert SearchQuerySet().count() == 0


def test_import_threads_dry_run_says_what_would_fail_or_be_skipped(db, folder):
    write("leeks.txt", LEEKS)
    write("empty.txt", "")
    Said("leeks.txt")
    before = counts()
    said = Said("--dry-run", "leeks.txt", "empty.txt")
    assert said.err == (
        "leeks.txt is already imported as “Leeks”.\n"
        "empty.txt is empty; a thread text has a title line and then the posts.\n"
    )
    assert said.out == (
        "Would import 0 threads, 0 posts; skipped 1 already imported; 1 failed (listed above).\n"
    )
    assert said.status == 1
    assert counts() == before


def test_import_threads_dry_run_shows_what_would_be_added(db, folder, monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")
    table = "thread,id,author,text\nt1,1,Ada,Deep or shallow?\nt1,2,Bo,Deep.\n"
    write("leeks.csv", table)
    Said("leeks.csv")
    before = counts()
    write("leeks.csv", f"{table}t1,3,Cy,Rather shallow.\nt1,4,Di,Not at all.\n")
    said = Said("--dry-run", "leeks.csv")
    assert said.out.splitlines()[-1] == (
        "Would import 0 threads, 0 posts; would add 2 posts to 1 known thread."
    )
    assert said.out.startswith("Added to “")
    assert "Rather shallow." in said.out
    assert "Not at all." in said.out
    assert "Deep or shallow?" not in said.out
    assert counts() == before


def test_import_threads_dry_run_lets_no_text_steer_the_terminal(db, folder):
    write(
        "onions.txt",
        "Onions\x1b]0;pwned\x07\n\nRed \x1b[31mones\x9b1m, and enough words besides.\n",
    )
    said = Said("--dry-run", "onions.txt")
    assert not {"\x1b", "\x07", "\x9b"} & set(said.out)
    assert "Red ␛[31mones�1m" in said.out
