"""Calendar months that clamp at month ends, and local hours as moments in UTC."""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from shared.clock import LOCAL_ZONE

MONTHS_IN_YEAR: Final = 12


def months_after(day: date, months: int) -> date:
    """The same day of the month so many months later, or that month's last day."""
    years, month = divmod(day.month - 1 + months, MONTHS_IN_YEAR)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def years_after(day: date, years: int) -> date:
    """The same day so many years later; 29 February becomes 28 in a common year."""
    return months_after(day, years * MONTHS_IN_YEAR)


def moment(day: date, at: time) -> datetime:
    """A local hour of a day, in UTC."""
    return datetime.combine(day, at, LOCAL_ZONE).astimezone(UTC)


def local_day(now: datetime) -> date:
    """The local day of a moment."""
    return now.astimezone(LOCAL_ZONE).date()


def monday_from(day: date) -> date:
    """The day itself if it is a Monday, else the next one."""
    return day + timedelta(days=-day.weekday() % 7)
