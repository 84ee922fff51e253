"""The log of a sponsorship: contacts as evidence, pauses, and days of silence counted from them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from shared.contracts.desk_sponsorships import ContactKind, LoggedContact

REAL: Final = frozenset({ContactKind.MEETING, ContactKind.CALL, ContactKind.VIDEO})
"""What ends a silence; a missed meeting or an attempt does not."""
ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Stamp:
    """Who of the staff entered something, and when."""

    staff_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """A contact in the log; what was wrong is struck out and stays readable."""

    kind: ContactKind
    held_on: date
    entered: Stamp
    struck: Stamp | None = None

    @property
    def counts(self) -> bool:
        """Whether it was not struck out."""
        return self.struck is None

    def is_about(self, contact: LoggedContact) -> bool:
        """Whether this is the entry of that kind and day that counts."""
        return self.counts and (self.kind, self.held_on) == (contact.kind, contact.held_on)


@dataclass(frozen=True, slots=True)
class Pause:
    """From a day on, until the day on which it goes on again, if that is known."""

    from_on: date
    until: date | None = None


def last_contact(log: Iterable[Entry], started_on: date) -> date:
    """The day of the last real contact; without one, the day of the start."""
    days = (entry.held_on for entry in log if entry.counts and entry.kind in REAL)
    return max(days, default=started_on)


def days_between(since: date, pauses: Iterable[Pause], today: date) -> int:
    """The days after `since` up to today, those of pauses left out."""
    tomorrow = today + ONE_DAY
    days = (today - since).days
    for pause in pauses:
        first = max(pause.from_on, since + ONE_DAY)
        last = min(pause.until or tomorrow, tomorrow)
        days -= max(0, (last - first).days)
    return days


def day_after(since: date, pauses: Iterable[Pause], days: int) -> date:
    """The day on which so many days have passed since then, those of ended pauses left out."""
    day = since + timedelta(days=days)
    for pause in sorted(pauses, key=lambda each: each.from_on):
        first = max(pause.from_on, since + ONE_DAY)
        if pause.until and first <= day and pause.until > first:
            day += pause.until - first
    return day
