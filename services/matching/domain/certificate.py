"""Certificates of conduct: only the dates are kept, as the law allows no more (§ 72a SGB VIII)."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from .calendar import months_after, years_after

OLDEST_MONTHS: Final = 3
VALID_YEARS: Final = 5


@dataclass(frozen=True, slots=True)
class Certificate:
    """When a certificate was issued and when staff inspected it."""

    issued_on: date
    inspected_on: date

    @property
    def valid_until(self) -> date:
        """The last day it counts; the five years run from its issue."""
        return years_after(self.issued_on, VALID_YEARS)

    def acceptable(self, today: date) -> bool:
        """At most three calendar months old at an inspection that has taken place."""
        if not self.issued_on <= self.inspected_on <= today:
            return False
        return self.inspected_on <= months_after(self.issued_on, OLDEST_MONTHS)
