"""Corrections handed over as JSON lines."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from corpus.curation.script import BadLine, operation_from
from corpus.models import CurationEvent, Utterance

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(import_text):
    thread = import_text("Beans\n\nFrost took them.\n\n\nCover them.")
    return Utterance.objects.of_thread(thread.pk).in_order()[0]


def curate(tmp_path, *lines, **options):
    """The command's output and its exit status."""
    file = tmp_path / "operations.jsonl"
    file.write_text(
        "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    )
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("curate", str(file), stdout=out, stderr=err, **options)
    except SystemExit as exit:
        return out.getvalue(), err.getvalue(), exit.code
    return out.getvalue(), err.getvalue(), 0


def test_operations_are_done_in_order_and_refused_ones_named(post, tmp_path, admin_user):
    assert curate(
        tmp_path,
        {"operation": "assign-speaker", "utterance": post.pk, "handle": "Ada", "version": 0},
        "",
        {"operation": "merge-utterance", "utterance": post.pk},
        {"operation": "assign-date", "utterance": post.pk, "date": "2009-03-01T00:00:00+00:00",
         "precision": "month"},
        user="admin",
    ) == (
        f"Line 1: Speaker of the post {post.start}–{post.end}: unknown → “Ada”\n"
        f"Line 4: Date of the post {post.start}–{post.end}: date unknown → March 2009\n"
        "Did 2 operations; refused 1 (listed above).\n",
        "Line 3: Cannot merge the first post of a text: none stands before it.\n",
        1,
    )  # fmt: skip
    assert {event.user for event in CurationEvent.objects.all()} == {admin_user}


def test_dry_run_changes_nothing(post, tmp_path):
    line = {"operation": "confirm-utterance", "utterance": post.pk}
    out, _err, status = curate(tmp_path, line, dry_run=True)
    assert (out.splitlines()[-1], status) == ("Would do 1 operation.", 0)
    assert not CurationEvent.objects.exists()
    post.refresh_from_db()
    assert post.state == "automatic"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "not JSON (column 2: Expecting property name enclosed in double quotes)"),
        ("[]", "not a JSON object"),
        ('{"operation": "explode"}', "unknown operation 'explode'; known are add-quotation, "),
        ('{"operation": "undo"}', "undo needs “event”"),
        ('{"operation": "undo", "event": 77}', "“event”: there is no curation event 77"),
        ('{"operation": "undo", "event": "7"}', "“event”: there is no curation event '7'"),
        ('{"operation": "undo", "event": 7, "x": 1}', "undo has no “x”; it has event"),
        ('{"operation": "undo", "version": "1"}', "“version” is a whole number"),
        ('{"operation": "split-utterance", "utterance": %d, "offset": "9"}',
         "“offset” is no whole number: '9'"),
        ('{"operation": "assign-date", "utterance": %d, "date": "March"}',
         "“date” is no date in ISO 8601: 'March'"),
    ],
)  # fmt: skip
def test_bad_line_says_what_it_lacks(post, line, reason):
    with pytest.raises(BadLine) as refusal:
        operation_from(line % post.pk if "%d" in line else line)
    assert str(refusal.value).startswith(reason)


def test_number_may_be_written_without_a_point(post):
    line = {"operation": "confirm-thread", "subject": post.document.thread_id, "above": 1}
    operation, version = operation_from(json.dumps(line))
    assert (operation.above, version) == (1.0, None)
    with pytest.raises(BadLine, match="“above” is no number: 'high'"):
        operation_from(json.dumps(line | {"above": "high"}))


@pytest.mark.parametrize(
    ("options", "reason"),
    [({"user": "nobody"}, "There is no user “nobody”."), ({"file": "missing"}, "cannot be read")],
)
def test_wrong_arguments_are_said(tmp_path, options, reason):
    file = options.pop("file", str(tmp_path / "empty"))
    (tmp_path / "empty").write_text("")
    with pytest.raises(CommandError, match=reason):
        call_command("curate", file, **options)
