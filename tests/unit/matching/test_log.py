"""Days of silence: from the last real contact on, days of pauses left out."""

from datetime import date, timedelta
from random import Random

import pytest

from services.matching.domain.log import (
    Entry,
    Pause,
    Stamp,
    day_after,
    days_between,
    last_contact,
)
from shared.contracts.desk_sponsorships import ContactKind

from .builders import NOW

START = date(2016, 5, 2)
STAMP = Stamp("staff-01", NOW)


def day(number: int) -> date:
    return START + timedelta(days=number)


def entry(kind: ContactKind, number: int, struck: Stamp | None = None) -> Entry:
    return Entry(kind, day(number), STAMP, struck)


@pytest.mark.parametrize(
    ("kind", "counts"),
    [
        (ContactKind.MEETING, True),
        (ContactKind.CALL, True),
        (ContactKind.VIDEO, True),
        (ContactKind.MISSED, False),
        (ContactKind.ATTEMPTED, False),
    ],
)
def test_only_a_real_contact_ends_a_silence(kind: ContactKind, *, counts: bool) -> None:
    assert last_contact([entry(kind, 5)], START) == (day(5) if counts else START)


def test_what_was_struck_out_counts_no_more() -> None:
    assert last_contact([entry(ContactKind.CALL, 5, struck=STAMP)], START) == START


def test_an_earlier_contact_that_is_logged_late_does_not_take_back_a_later_one() -> None:
    log = [entry(ContactKind.MEETING, 9), entry(ContactKind.CALL, 3)]
    assert last_contact(log, START) == day(9)


@pytest.mark.parametrize(
    ("pause", "days"),
    [
        (Pause(day(3), day(5)), 18),
        (Pause(day(-9), day(3)), 18),
        (Pause(day(-9), day(0)), 20),
        (Pause(day(18)), 17),
        (Pause(day(18), day(40)), 17),
        (Pause(day(20), day(20)), 20),
        (Pause(day(30), day(40)), 20),
    ],
)
def test_days_of_a_pause_do_not_count(pause: Pause, days: int) -> None:
    assert days_between(START, [pause], day(20)) == days


@pytest.mark.parametrize("calendar", range(200))
def test_the_day_on_which_so_many_days_have_passed_is_the_first_such_day(calendar: int) -> None:
    random = Random(calendar)
    pauses, at = [], random.randint(-20, 5)
    for _ in range(random.randint(0, 4)):
        until = at + random.randint(0, 9)
        pauses.append(Pause(day(at), day(until)))
        at = until + random.randint(0, 9)
    days = random.randint(1, 40)
    found = day_after(START, pauses, days)
    assert days_between(START, pauses, found) == days
    assert days_between(START, pauses, found - timedelta(days=1)) == days - 1
