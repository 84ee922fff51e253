"""A period of a report, and the day as of which it was known."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from shared.questions import BadQuestionError

from .calendar import months_after
from .log import ONE_DAY

FIRST_DAY: Final = date(2015, 1, 1)
"""Both programmes began in April 2015."""
LAST_YEAR: Final = 2100


@dataclass(frozen=True, slots=True)
class Period:
    """From a day to a day, both counted; later knowledge than `as_of` is left out."""

    first: date
    last: date
    as_of: date

    def holds(self, day: date | None) -> bool:
        """Whether the day lies in it and had come by then."""
        return day is not None and self.first <= day <= min(self.last, self.as_of)


def period_of(asked: Mapping[str, str], today: date) -> Period:
    """The period that was asked for; `BadQuestionError` says what cannot be meant."""
    first, last = _day(asked, "from"), _day(asked, "to")
    as_of = _day(asked, "as-of") if "as-of" in asked else today
    if first > last:
        raise BadQuestionError(f"the period begins on {first}, after its end on {last}")
    if as_of > today:
        raise BadQuestionError(f"what will be known on {as_of} is not known today, on {today}")
    if "as-of" in asked and as_of < first:
        raise BadQuestionError(f"as of {as_of} the period had not begun; it begins on {first}")
    return Period(first, last, as_of)


def whole_months(first: date, last: date) -> Iterator[tuple[date, date]]:
    """The calendar months that lie wholly between two days, each with its first and last day."""
    begin = first if first.day == 1 else months_after(first.replace(day=1), 1)
    while (end := months_after(begin, 1) - ONE_DAY) <= last:
        yield begin, end
        begin = months_after(begin, 1)


def _day(asked: Mapping[str, str], name: str) -> date:
    told = asked.get(name, "")
    try:
        day = date.fromisoformat(told)
    except ValueError:
        raise BadQuestionError(f"{name}: {told[:20]!r} is not a day such as 2018-04-01") from None
    if not FIRST_DAY <= day <= date(LAST_YEAR, 12, 31):
        raise BadQuestionError(f"{name}: {day} is not between {FIRST_DAY} and the year {LAST_YEAR}")
    return day
