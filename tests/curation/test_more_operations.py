"""Boundaries, dates, replies, quotations, boilerplate and redactions, one operation each."""

from datetime import UTC, datetime

import pytest

from corpus.curation import (
    AddQuotation,
    AssignDate,
    AssignReply,
    ChangeQuotation,
    ConfirmQuotation,
    LiftRedaction,
    MarkBoilerplate,
    MoveBoundary,
    RedactSpan,
    RemoveQuotation,
    UnmarkBoilerplate,
)
from corpus.errors import OperationRefused
from corpus.models import Boilerplate, Quotation, Redaction, Utterance

pytestmark = pytest.mark.django_db

TEXT = (
    "Beans of Ada\n\n"
    "Ada says the frost took all her beans this spring, every one.\n\n\n"
    "Ada says the frost took all her beans this spring, every one.\n\n"
    "Cover them at night.\n\nReply Quote Report\n\n\n"
    "Thanks, I shall."
)


@pytest.fixture
def thread(import_text):
    return import_text(TEXT)


def posts(thread):
    return list(Utterance.objects.of_thread(thread.pk).in_order())


def words(thread):
    return [u.document.text[u.start : u.end] for u in posts(thread)]


def test_move_boundary_lets_the_post_before_go_on(thread):
    MoveBoundary(posts(thread)[2], TEXT.index("Reply Quote")).execute()
    assert words(thread)[2] == "Reply Quote Report\n\n\nThanks, I shall."
    MoveBoundary(posts(thread)[2], TEXT.index("Thanks")).execute()
    assert words(thread)[2] == "Thanks, I shall."


def test_move_boundary_takes_quotations_along(thread):
    quotation = Quotation.objects.get()
    assert quotation.utterance == posts(thread)[1]
    with pytest.raises(OperationRefused, match="into a quotation"):
        MoveBoundary(posts(thread)[1], quotation.start + 3).execute()
    MoveBoundary(posts(thread)[1], TEXT.index("Cover")).execute()
    # Now the post itself says it twice, which is no quotation.
    assert not Quotation.objects.exists()


@pytest.mark.parametrize(
    ("post", "offset", "reason"),
    [
        (0, 20, "Cannot move the beginning of the first post of a text."),
        (1, 0, "Cannot move the boundary to 0: both posts must keep some words"),
        (2, len(TEXT), f"Cannot move the boundary to {len(TEXT)}: both posts must keep some words"),
    ],
)
def test_move_boundary_is_refused_where_a_post_would_vanish(thread, post, offset, reason):
    with pytest.raises(OperationRefused, match=reason):
        MoveBoundary(posts(thread)[post], offset).execute()


def test_date_is_stated_as_precisely_as_known(thread):
    AssignDate(posts(thread)[0], datetime(2009, 3, 1, tzinfo=UTC), "month", "Mar 09").execute()
    post = posts(thread)[0]
    assert (post.date_words, post.date_text, post.date_basis) == ("March 2009", "Mar 09", "curated")
    AssignDate(post, None).execute()
    assert posts(thread)[0].date_words == "date unknown"


@pytest.mark.parametrize(
    ("date", "precision", "reason"),
    [
        (datetime(2009, 3, 1, tzinfo=UTC), "week", "“week” is no precision of a date"),
        (datetime(2009, 3, 1), "day", "A date needs a time zone"),
    ],
)
def test_date_without_precision_or_zone_is_refused(thread, date, precision, reason):
    with pytest.raises(OperationRefused, match=reason):
        AssignDate(posts(thread)[0], date, precision).execute()


def test_reply_leads_to_an_earlier_post_only(thread):
    first, second, third = posts(thread)
    AssignReply(third, second).execute()
    assert posts(thread)[2].reply_to == second
    with pytest.raises(OperationRefused, match="only answer an earlier post"):
        AssignReply(first, second).execute()
    AssignReply(third, None).execute()
    assert (posts(thread)[2].reply_to, posts(thread)[2].reply_basis) == (None, "curated")


def test_quotation_is_confirmed_changed_and_removed(thread):
    quotation = Quotation.objects.get()
    ConfirmQuotation(quotation).execute()
    assert Quotation.objects.get().state == "confirmed"
    first = posts(thread)[0]
    ChangeQuotation(quotation, first, first.start, first.start + 8).execute()
    changed = Quotation.objects.get()
    assert (changed.source_end - changed.source_start, changed.extent) == (8, "fragment")
    ChangeQuotation(quotation, None).execute()
    assert Quotation.objects.get().source is None
    RemoveQuotation(quotation).execute()
    assert not Quotation.objects.exists()


def test_quotation_is_added_to_selected_words(thread):
    third, second = posts(thread)[2], posts(thread)[1]
    AddQuotation(third, third.start, third.start + 7, second).execute()
    added = Quotation.objects.order_by("-pk")[0]
    assert (added.source, added.extent, added.basis) == (second, "whole", "curated")
    assert TEXT[added.start : added.end] == "Thanks,"


@pytest.mark.parametrize(
    ("post", "start", "end", "source", "reason"),
    [
        (2, 0, 5, 1, "A quotation lies inside its post"),
        (1, 80, 90, 0, "are a quotation already"),
        (0, 15, 20, 1, "A quotation copies an earlier post"),
        (2, None, None, 2, "A quotation copies an earlier post"),
    ],
)
def test_quotation_is_refused_where_there_can_be_none(thread, post, start, end, source, reason):
    rows = posts(thread)
    start = rows[post].start if start is None else start
    end = rows[post].end if end is None else end
    with pytest.raises(OperationRefused, match=reason):
        AddQuotation(rows[post], start, end, rows[source]).execute()


def test_boilerplate_is_taken_out_of_a_post_and_given_back(thread):
    second = posts(thread)[1]
    start = TEXT.index("Reply Quote")
    MarkBoilerplate(second, start - 1, second.end, "navigation").execute()
    assert words(thread)[1].endswith("Cover them at night.")
    row = Boilerplate.objects.get(kind="navigation")
    assert TEXT[row.start : row.end] == "Reply Quote Report"
    UnmarkBoilerplate(row).execute()
    assert words(thread)[2] == "Reply Quote Report"


@pytest.mark.parametrize(
    ("start", "end", "reason"),
    [
        ("Cover", "at night", "in the middle of a post"),
        ("Ada says", "Cover", "hold a quotation"),
        ("Thanks", "shall", "inside a post"),
    ],
)
def test_boilerplate_is_refused_where_it_would_tear_a_post(thread, start, end, reason):
    second = posts(thread)[1]
    with pytest.raises(OperationRefused, match=reason):
        MarkBoilerplate(
            second, TEXT.index(start, second.start), TEXT.index(end, second.start), "navigation"
        ).execute()


def test_quoted_words_are_no_boilerplate(thread):
    first = posts(thread)[0]
    with pytest.raises(OperationRefused, match="Another post quotes these words"):
        MarkBoilerplate(first, first.start, first.start + 8, "header").execute()


def test_redaction_hides_words_in_forum_quotations_and_title(thread, client):
    document = thread.documents.get()
    first = posts(thread)[0]
    RedactSpan(document, first.start, first.start + 3, "name").execute()
    page = client.get(f"/thread/{thread.pk}/", follow=True).content.decode()
    assert page.count("[name] says the frost") == 2
    assert "Ada says" not in page
    RedactSpan(document, 9, 12, "name").execute()
    thread.refresh_from_db()
    assert thread.title == "Beans of [name]"
    assert document.text == TEXT


def test_redaction_is_lifted(thread):
    first = posts(thread)[0]
    RedactSpan(first.document, first.start, first.start + 3, "name").execute()
    for redaction in Redaction.objects.all():
        LiftRedaction(redaction).execute()
    assert not Redaction.objects.exists()


@pytest.mark.parametrize(
    ("start", "end", "kind", "reason"),
    [
        (5, 5, "name", "Choose words between 0 and"),
        (0, 9999, "name", "Choose words between 0 and"),
        (0, 5, "secret", "“secret” is no kind of redaction"),
    ],
)
def test_redaction_is_refused_outside_the_text(thread, start, end, kind, reason):
    with pytest.raises(OperationRefused, match=reason):
        RedactSpan(thread.documents.get(), start, end, kind).execute()
