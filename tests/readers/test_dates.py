"""Dates of structured sources: kept as written, understood only where they are dates."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forumimport.readers.dates import moment, moments

WRITTEN = {
    1725282945: "2024-09-02T13:15:45+00:00",
    "1725282945": "2024-09-02T13:15:45+00:00",
    "1725282945.0": "2024-09-02T13:15:45+00:00",
    1725282945123: "2024-09-02T13:15:45.123000+00:00",
    "1725282945123456": "2024-09-02T13:15:45.123456+00:00",
    "997000000": "2001-08-05T08:26:40+00:00",
    "997000000000": "2001-08-05T08:26:40+00:00",
    "20040517": "2004-05-17T00:00:00+00:00",
    20040517: "2004-05-17T00:00:00+00:00",
    "200405171030": "2004-05-17T10:30:00+00:00",
    "20040517103005": "2004-05-17T10:30:05+00:00",
    "2011-04-03": "2011-04-03T00:00:00+00:00",
    "2011-04-03 10:00": "2011-04-03T10:00:00+00:00",
    "2013-05-14T18:41:31Z": "2013-05-14T18:41:31+00:00",
    "2013-05-14T18:41:31.5+02:00": "2013-05-14T16:41:31.500000+00:00",
    "2013-05-14 18:41:31 +0200": "2013-05-14T16:41:31+00:00",
    "2024-09-02T13:15:45 1725282945": "2024-09-02T13:15:45+00:00",
    "Fri, 2 May 2003 10:00:00 -0400": "2003-05-02T14:00:00+00:00",
    "Fri Aug 02, 2013 2:43 pm": "2013-08-02T14:43:00+00:00",
    "3. Mai 2019, 10:00": "2019-05-03T10:00:00+00:00",
    "13/04/2011": "2011-04-13T00:00:00+00:00",
}
NONE = [
    *("Yesterday", "Yesterday, 10:14 am", "31 February 2011", "2013-02-31", "03/04/2011", "3", "x"),
    *("Fri, 42 May 2003 10:00:00", "2013-05-14T25:00:00", "-1", "99999999999", "0001-01-01"),
    *("12345678", "20041317", "200402301030", "20040517250000", "00000000000000", "0000000000"),
]


@pytest.mark.parametrize("written", WRITTEN)
def test_date_is_understood(written):
    found = moment(written)
    assert found.date.isoformat() == WRITTEN[written]
    assert found.precision


@pytest.mark.parametrize("written", NONE)
def test_date_that_is_none_is_kept_as_written(written):
    found = moment(written)
    assert (found.text, found.date, found.precision) == (written, None, "")


@pytest.mark.parametrize("nothing", [None, "", " ", [], {}, False])
def test_nothing_is_no_date(nothing):
    assert (moment(nothing).text, moment(nothing).date) == ("", None)


@pytest.mark.parametrize(
    ("written", "days"),
    [
        (["03/04/2011", "05/04/2011", "13/04/2011"], ["2011-04-03", "2011-04-05", "2011-04-13"]),
        (["03/11/2015", "03/12/2015", "03/14/2015"], ["2015-03-11", "2015-03-12", "2015-03-14"]),
        (["01/02/2011", "05/02/2011", "02/03/2011"], ["2011-02-01", "2011-02-05", "2011-03-02"]),
        (["03/04/2011", "03/05/2011", "03/06/2011"], [None, None, None]),
        (["03/04/2011", "04/04/2011"], [None, "2011-04-04"]),
    ],
)
def test_dates_of_a_thread_tell_together_which_number_is_the_month(written, days):
    found = [one.date.date().isoformat() if one.date else None for one in moments(written)]
    assert found == days


@given(
    st.lists(
        st.one_of(st.text(), st.integers(), st.floats(), st.none(), st.from_regex(r"[\d/:. T-]+"))
    )
)
def test_anything_is_a_date_or_kept(values):
    found = moments(values)
    assert len(found) == len(values)
    for one in found:
        assert (one.date is None) == (one.precision == "")
        assert one.date is None or one.date.utcoffset().total_seconds() == 0
