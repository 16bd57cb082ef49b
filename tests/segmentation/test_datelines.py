"""Dates as forums write them, one table; and the order of day and month, decided per document."""

from datetime import UTC, datetime

import pytest

from corpus.segmentation import datelines
from corpus.segmentation.datelines import Order


@pytest.mark.parametrize(
    ("line", "written", "moment", "precision"),
    [
        ("Fen » 3 May 2011, 10:02", "3 May 2011, 10:02", (2011, 5, 3, 10, 2), "minute"),
        ("Fen » May 3, 2011 2:43 pm", "May 3, 2011 2:43 pm", (2011, 5, 3, 14, 43), "minute"),
        ("Tue, 3 May 2011 08:32:50", "Tue, 3 May 2011 08:32:50", (2011, 5, 3, 8, 32, 50), "second"),
        ("Fen þann 3. maí 2011 01:38", "3. maí 2011 01:38", (2011, 5, 3, 1, 38), "minute"),
        ("am 3. Mai 2011 um 10:02 Uhr", "3. Mai 2011 um 10:02 Uhr", (2011, 5, 3, 10, 2), "minute"),
        ("el 3 de mayo de 2011", "3 de mayo de 2011", (2011, 5, 3), "day"),
        ("3 мая 2011, 10:02", "3 мая 2011, 10:02", (2011, 5, 3, 10, 2), "minute"),
        ("2011年5月3日 10:02", "2011年5月3日 10:02", (2011, 5, 3, 10, 2), "minute"),
        ("Fen, 03.05.2011 23:32:", "03.05.2011 23:32", (2011, 5, 3, 23, 32), "minute"),
        ("2011-05-03T10:02:11Z", "2011-05-03T10:02:11Z", (2011, 5, 3, 10, 2, 11), "second"),
        ("May 3, 2011", "May 3, 2011", (2011, 5, 3), "day"),
        ("Joined: May 2011", "May 2011", (2011, 5, 1), "month"),
        ("12:00 AM, 3 May 2011 12:00 AM", "3 May 2011 12:00 AM", (2011, 5, 3, 0, 0), "minute"),
    ],
)  # fmt: skip
def test_dates_are_read_as_written(line, written, moment, precision):
    date = datelines.find(line)
    assert (date.text, date.precision) == (written, precision)
    assert date.at(Order.DAY_FIRST) == datetime(*moment, tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "written"),
    [
        ("Fen 21 days ago", "21 days ago"),
        ("vor 3 Tagen", "vor 3 Tagen"),
        ("il y a 2 mois", "il y a 2 mois"),
        ("Yesterday at 10:02", "Yesterday at 10:02"),
    ],
)
def test_relative_dates_stay_text(line, written):
    date = datelines.find(line)
    assert (date.text, date.precision, date.at(Order.DAY_FIRST)) == (written, "", None)


@pytest.mark.parametrize(
    "line",
    ["", "no date", "in 2011", "version 1.2.2011.4", "99/99/2011", "3 owls 2011", "x" * 500],
)
def test_other_lines_hold_no_date(line):
    assert datelines.find(line) is None


def test_impossible_days_are_no_moment():
    assert datelines.find("31 February 2011").at(Order.DAY_FIRST) is None


@pytest.mark.parametrize(
    ("dates", "order"),
    [
        (["03/13/2011"], Order.MONTH_FIRST),
        (["13/03/2011"], Order.DAY_FIRST),
        (["03/11/2011", "03/12/2011", "04/01/2011"], Order.MONTH_FIRST),
        (["11/03/2011", "12/03/2011", "01/04/2011"], Order.DAY_FIRST),
        (["03/04/2011 10:00 PM"], Order.MONTH_FIRST),
        (["03/04/2011"], Order.DAY_FIRST),
        (["3 May 2011"], Order.DAY_FIRST),
        ([], Order.DAY_FIRST),
    ],
)
def test_order_of_day_and_month_is_the_document_s(dates, order):
    assert datelines.order([datelines.find(date) for date in dates]) is order
