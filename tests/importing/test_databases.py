"""SQLite and PostgreSQL get identical rows; the suite runs on both, and each must give these."""

import hashlib
import json
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from forumimport import importer
from forumimport.importer import Created
from forumimport.readers import Source
from tests.importing.posts import lines
from tests.importing.rows import snapshot

EXPECTED = Path(__file__).with_name("expected-rows.json")
NOW = Path(tempfile.gettempdir(), EXPECTED.name)
SAMPLES = Path(__file__).parents[2] / "corpus" / "samples"
#: Microseconds, other time zones, times before 1970, null and JSON columns, and what COPY escapes.
STRUCTURED = {
    "id": "t1",
    "title": "Tabs\tand \\ signs",
    "language": "en",
    "metadata": {"tags": ["a\\nb", None, 1.5, True], "näme": "✂"},
    "posts": [
        {
            "id": "p1",
            "by": "Ada \\N",
            "date": "1969-12-31T23:59:59.123456",
            "text": "One\\ttwo\n\n\\.",
        },
        {
            "id": "p2",
            "by": "",
            "date": "2004-02-29T00:00:00",
            "text": "𝔘 <b>&amp;</b>",
            "reply_to": "p1",
        },
        {
            "id": "p3",
            "by": "Bo",
            "when": "Yesterday",
            "text": "One\\ttwo",
            "quotes": [[0, 8, "p1"]],
        },
        {
            "id": "p4",
            "by": "Ada \\N",
            "text": "Words. -- A",
            "signatures": [[7, 11]],
            "reply_to": "p9",
        },
        {"id": "p5", "text": "See there", "links": [[4, 9, "https://example.org/?a=1&b=\\"]]},
    ],
}


def digests(rows):
    """The sha256 of every table's rows as JSON; times in UTC, as every database means them."""
    return {
        label: hashlib.sha256(
            json.dumps(found, default=_plain, sort_keys=True).encode()
        ).hexdigest()
        for label, found in rows.items()
        if found
    }


def _plain(value):
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return str(value)


@pytest.mark.usefixtures("posts_reader")
def test_every_database_gets_the_rows_that_are_written_down(db):
    files = sorted(SAMPLES.glob("*.txt"))
    sources = [
        *(Source(file.name, file.read_bytes()) for file in files),
        Source("odd.posts", lines(STRUCTURED)),
    ]
    run = importer.start_run({})
    outcomes = list(importer.import_sources(sources, run=run, collection="Both"))
    assert [type(outcome) for outcome in outcomes] == [Created] * 4
    found = digests(snapshot())
    if found != json.loads(EXPECTED.read_text()):
        # Look at what differs; if it is meant, put this file in the place of the other.
        NOW.write_text(json.dumps(found, indent=2) + "\n")
    assert found == json.loads(EXPECTED.read_text()), f"now: {NOW}"
