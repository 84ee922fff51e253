"""Working days and office hours in Ludwigsburg, 2015 to 2018."""

from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

BERLIN = ZoneInfo("Europe/Berlin")
_EASTER = (date(2015, 4, 5), date(2016, 3, 27), date(2017, 4, 16), date(2018, 4, 1))
_AFTER_EASTER = (-2, 1, 39, 50, 60)
_FIXED = ((1, 1), (1, 6), (5, 1), (10, 3), (11, 1), (12, 24), (12, 25), (12, 26), (12, 31))
_SATURDAY = 5
_REFORMATION_JUBILEE = date(2017, 10, 31)

CLOSED = frozenset(
    {easter + timedelta(days) for easter in _EASTER for days in _AFTER_EASTER}
    | {date(easter.year, month, day) for easter in _EASTER for month, day in _FIXED}
    | {_REFORMATION_JUBILEE}
)
"""Public holidays of Baden-Württemberg, Christmas Eve and New Year's Eve."""


def is_working_day(day: date) -> bool:
    return day.weekday() < _SATURDAY and day not in CLOSED


def working_day(day: date) -> date:
    """The day itself, or the next one on which the office is open."""
    while not is_working_day(day):
        day += timedelta(1)
    return day


def office_moment(rng: Random, day: date) -> datetime:
    """A moment in office hours (8:30-12:30, 13:30-16:30) of that day or the next working day."""
    minute = rng.choice((rng.randrange(510, 750), rng.randrange(810, 990)))
    at = time(minute // 60, minute % 60, tzinfo=BERLIN)
    return datetime.combine(working_day(day), at)


def day_between(rng: Random, first: date, last: date) -> date:
    """A day from `first` to `last`, both included."""
    return first + timedelta(rng.randrange((last - first).days + 1))
