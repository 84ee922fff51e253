"""What a session would propose if it were held now, household by household, and what changed it:
ids and points, nobody's name.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum


class Cause(StrEnum):
    """What happened."""

    HOUSEHOLD_WAITS = "household_waits"
    HOUSEHOLD_LEFT = "household_left"
    SPONSOR_READY = "sponsor_ready"
    SPONSOR_LEFT = "sponsor_left"
    RULES_CHANGED = "rules_changed"
    DAY_BEGAN = "day_began"
    BEGUN = "begun"
    """The engine was begun again, and something had happened meanwhile."""


@dataclass(frozen=True, slots=True)
class Place:
    """The sponsor whom a household would be proposed to, and the score of the two."""

    sponsor_id: str
    score: int


@dataclass(frozen=True, slots=True)
class Difference:
    """A household that would now be with somebody else, or with nobody; `about` is the household
    or sponsor that something happened to, empty where it happened to all.
    """

    household_id: str
    before: Place | None
    after: Place | None
    cause: Cause
    about: str = ""


def together(differences: Iterable[Difference]) -> list[Difference]:
    """Of several differences of a household the first's before and the last's after, with the
    last's cause; nothing where these are the same.
    """
    merged: dict[str, Difference] = {}
    for each in differences:
        first = merged.get(each.household_id)
        merged[each.household_id] = replace(each, before=first.before) if first else each
    return [each for each in merged.values() if each.before != each.after]


@dataclass(frozen=True, slots=True)
class Tentative:
    """A household's latest difference; `number` counts them, so that one can ask for those since.

    It stays until a session is over also where the household would be with nobody.
    """

    id: str
    before: Place | None
    after: Place | None
    cause: Cause
    about: str
    number: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """Up to which number differences are stored, by whom, and over how many people."""

    id: str = "standing"
    number: int = 0
    holder: str = ""
    at: datetime | None = None
    day: date | None = None
    waiting: int = 0
    with_room: int = 0
    proposed: int = 0


def tentative(difference: Difference, number: int, now: datetime) -> Tentative:
    """A difference as it is stored."""
    each = difference
    return Tentative(
        each.household_id, each.before, each.after, each.cause, each.about, number, now
    )
