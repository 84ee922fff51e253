"""Certificates of conduct: that one was inspected, and when; no more is kept (§ 72a SGB VIII)."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from .calendar import months_after, years_after

OLDEST_MONTHS: Final = 3
VALID_YEARS: Final = 5
ASKED_MONTHS_BEFORE: Final = 3
ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Certificate:
    """When staff inspected it, and whether the sponsor was asked for the next one."""

    inspected_on: date
    asked_again: bool = False

    @property
    def valid_until(self) -> date:
        """The last day it counts; it is inspected again after five years."""
        return years_after(self.inspected_on, VALID_YEARS)

    @property
    def ask_on(self) -> date:
        """When the sponsor is asked for the next one."""
        return months_after(self.valid_until, -ASKED_MONTHS_BEFORE)

    @property
    def expires_on(self) -> date:
        """The first day on which it counts no more."""
        return self.valid_until + ONE_DAY


def acceptable(issued_on: date, inspected_on: date, today: date) -> bool:
    """At most three calendar months old at an inspection that has taken place and still counts."""
    if not issued_on <= inspected_on <= today <= Certificate(inspected_on).valid_until:
        return False
    return inspected_on <= months_after(issued_on, OLDEST_MONTHS)
