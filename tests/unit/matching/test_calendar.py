"""Calendar months and local hours."""

from datetime import UTC, date, datetime, time

import pytest

from services.matching.domain.calendar import moment, monday_from, months_after, years_after


@pytest.mark.parametrize(
    ("day", "later"),
    [
        (date(2015, 11, 30), date(2016, 2, 29)),
        (date(2016, 11, 30), date(2017, 2, 28)),
        (date(2017, 5, 31), date(2017, 8, 31)),
        (date(2017, 8, 31), date(2017, 11, 30)),
        (date(2016, 12, 15), date(2017, 3, 15)),
        (date(2016, 9, 30), date(2016, 12, 30)),
    ],
)
def test_three_months_later_is_the_same_day_or_the_months_last(day: date, later: date) -> None:
    assert months_after(day, 3) == later


def test_five_years_after_a_leap_day_is_the_last_of_february() -> None:
    assert years_after(date(2016, 2, 29), 5) == date(2021, 2, 28)


def test_an_office_hour_is_earlier_in_utc_when_summer_time_holds() -> None:
    assert moment(date(2016, 1, 4), time(8)) == datetime(2016, 1, 4, 7, tzinfo=UTC)
    assert moment(date(2016, 7, 4), time(8)) == datetime(2016, 7, 4, 6, tzinfo=UTC)


def test_a_monday_is_its_own_next_monday() -> None:
    assert monday_from(date(2016, 5, 2)) == date(2016, 5, 2)
    assert monday_from(date(2016, 5, 3)) == date(2016, 5, 9)
