"""Which records make up a figure: each counted with its id and its day, so that a figure is the
sum of what can be shown.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeAlias

from .calendar import local_day
from .definitions import Counted, Measure
from .household import Household
from .log import Entry
from .period import Period, whole_months
from .sponsor import Sponsor
from .sponsorship import MEETING, Sponsorship


@dataclass(frozen=True, slots=True)
class Records:
    """What may be counted."""

    sponsors: Iterable[Sponsor]
    households: Iterable[Household]
    sponsorships: Iterable[Sponsorship]


@dataclass(frozen=True, slots=True)
class Counting:
    """One record in a figure: whose, the day by which it counts, and how much."""

    id: str
    on: date
    number: int = 1


Countings: TypeAlias = Iterator[Counting]


def counted(measure: Measure, records: Records, period: Period) -> list[Counting]:
    """What makes up a figure, in the order of the days."""
    found = _COUNTS[measure.counts](measure, records, period)
    return sorted(found, key=lambda each: (each.on, each.id))


def known_meetings(sponsorship: Sponsorship, as_of: date) -> list[date]:
    """The days of meetings that were in the log on a day, also those struck out since."""
    days = (
        entry.held_on
        for entry in sponsorship.log
        if entry.kind is MEETING and entry.held_on <= as_of and _stood(entry, as_of)
    )
    return sorted(days)


def _stood(entry: Entry, as_of: date) -> bool:
    struck = entry.struck is not None and local_day(entry.struck.at) <= as_of
    return local_day(entry.entered.at) <= as_of and not struck


def _trained(_: Measure, records: Records, period: Period) -> Countings:
    for each in records.sponsors:
        if each.trained_on and period.holds(each.trained_on):
            yield Counting(each.id, each.trained_on)


def _households(_: Measure, records: Records, period: Period) -> Countings:
    for each in records.households:
        if each.first_matched_on and period.holds(each.first_matched_on):
            yield Counting(each.id, each.first_matched_on)


def _newcomers(_: Measure, records: Records, period: Period) -> Countings:
    for each in records.households:
        if each.first_matched_on and period.holds(each.first_matched_on):
            yield Counting(each.id, each.first_matched_on, each.people)


def _started(_: Measure, records: Records, period: Period) -> Countings:
    for each in records.sponsorships:
        if each.started_on and period.holds(each.started_on):
            yield Counting(each.id, each.started_on)


def _ended(_: Measure, records: Records, period: Period) -> Countings:
    for each in records.sponsorships:
        if each.ended_on and period.holds(each.ended_on):
            yield Counting(each.id, each.ended_on)


def _running(_: Measure, records: Records, period: Period) -> Countings:
    last = min(period.last, period.as_of)
    if last < period.first:
        return
    for each in records.sponsorships:
        over = each.ended_on is not None and each.ended_on <= last
        if each.started_on and each.started_on <= last and not over:
            yield Counting(each.id, each.started_on)


def _meetings(_: Measure, records: Records, period: Period) -> Countings:
    for each in records.sponsorships:
        for day in known_meetings(each, period.as_of):
            if period.holds(day):
                yield Counting(each.id, day)


def _regular(measure: Measure, records: Records, period: Period) -> Countings:
    for each in records.sponsorships:
        if each.started_on and _met_often(each, measure.meetings_a_month or 1, period):
            yield Counting(each.id, each.started_on)


def _met_often(sponsorship: Sponsorship, needed: int, period: Period) -> bool:
    """In every whole month in which it ran without a pause; one that had none is not regular."""
    started, ended = sponsorship.started_on or date.max, sponsorship.ended_on or date.max
    first = max(started, period.first)
    last = min(ended, period.last, period.as_of)
    if first > last:
        return False
    met = known_meetings(sponsorship, period.as_of)
    months = [
        sum(begin <= day <= end for day in met) >= needed
        for begin, end in whole_months(first, last)
        if not _paused(sponsorship, begin, end)
    ]
    return bool(months) and all(months)


def _paused(sponsorship: Sponsorship, begin: date, end: date) -> bool:
    return any(
        pause.from_on <= end and (pause.until is None or pause.until > begin)
        for pause in sponsorship.pauses
    )


_COUNTS: Final[Mapping[Counted, Callable[[Measure, Records, Period], Countings]]] = {
    Counted.SPONSORS_TRAINED: _trained,
    Counted.HOUSEHOLDS_REACHED: _households,
    Counted.NEWCOMERS_REACHED: _newcomers,
    Counted.SPONSORSHIPS_STARTED: _started,
    Counted.SPONSORSHIPS_ENDED: _ended,
    Counted.SPONSORSHIPS_RUNNING: _running,
    Counted.SPONSORSHIPS_REGULAR: _regular,
    Counted.MEETINGS_HELD: _meetings,
}
