"""What the engine is told: sponsors, households, weights and ladder as frozen records.

Points are basis points (0 to 10,000); levels are 1 (A1) to 6 (C2); time is a mask of 21 slots,
bit 3 * weekday + part of day. Weights and ladder carry a version and the day they take effect.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import TypeVar

SLOTS = 21
POINTS = 10_000
EARLIEST = date(2015, 1, 1)
GENDERS = ("", "f", "m", "d")
LARGEST_CAPACITY = 50
LARGEST_ID = 200
CRITERIA = ("language", "topics", "time", "district", "children")


class BadInputError(ValueError):
    """A record that cannot be used; says whose, which field and why, in words for staff."""

    def __init__(self, subject: str, field_name: str, reason: str) -> None:
        """Keep the three parts apart, so that a page can show them apart."""
        super().__init__(f"{subject}: {field_name} {reason}")
        self.subject, self.field, self.reason = subject, field_name, reason


@dataclass(frozen=True, slots=True)
class Sponsor:
    """A volunteer with room for `capacity` households, of which `active` are taken."""

    id: str
    languages: Mapping[str, int]
    slots: int
    district: str = ""
    gender: str = ""
    accepts: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()
    capacity: int = 1
    active: int = 0
    trained: bool = True
    certificate_until: date | None = None
    children: bool = False
    interpreter: bool = False


@dataclass(frozen=True, slots=True)
class Household:
    """Newcomers matched as one, waiting since `arrived`; `gender` is the contact person's."""

    id: str
    arrived: date
    languages: Mapping[str, int]
    slots: int
    district: str = ""
    gender: str = ""
    accepts: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()
    minors: int = 0


@dataclass(frozen=True, slots=True)
class Weights:
    """How points are given. The five criteria add up to 10,000; see the documentation.

    `per_day` are points for each day of waiting, `load` what a sponsor's first, second and each
    further household costs, `match_worth` what any match is worth beside its score.
    """

    version: str = "1"
    effective: date = EARLIEST
    language: int = 3000
    topics: int = 2500
    time: int = 2000
    district: int = 1500
    children: int = 1000
    per_day: int = 50
    load: tuple[int, ...] = (0, 300, 800)
    match_worth: int = 1_000_000
    neighbours: frozenset[tuple[str, str]] = frozenset()

    def __post_init__(self) -> None:
        """Refuse weights that do not add up or would leave the range of exact arithmetic."""
        parts = [self.of(name) for name in CRITERIA]
        rules = {
            "criteria": sum(parts) == POINTS and min(parts) >= 0,
            "per_day": 0 <= self.per_day <= 100,  # noqa: PLR2004
            "match_worth": POINTS <= self.match_worth <= 100 * POINTS,
            "load": self.load[:1] == (0,) and all(a <= b <= POINTS for a, b in pairwise(self.load)),
        }
        for name, kept in rules.items():
            if not kept:
                raise BadInputError(f"weights {self.version}", name, "is out of range")

    def of(self, criterion: str) -> int:
        """The most points that a criterion can give."""
        return int(getattr(self, criterion))


@dataclass(frozen=True, slots=True)
class Rung:
    """What is asked of a pair once the household has waited `after_days`."""

    after_days: int
    minimum_score: int
    minimum_level: int = 2
    interpreter: bool = False
    notice: str = ""


DEFAULT_RUNGS = (
    Rung(0, 5500),
    Rung(14, 4800),
    Rung(28, 4000, notice="coordinator"),
    Rung(42, 3000),
    Rung(60, 0, interpreter=True, notice="interpreter"),
    Rung(120, 0, minimum_level=1, interpreter=True, notice="recruit"),
)


@dataclass(frozen=True, slots=True)
class Ladder:
    """The rungs of relaxation; training and certificate are on none of them."""

    version: str = "1"
    effective: date = EARLIEST
    rungs: tuple[Rung, ...] = field(default=DEFAULT_RUNGS)

    def __post_init__(self) -> None:
        """Refuse a ladder that does not start at day 0 or ever asks more of who waits longer."""
        ok = bool(self.rungs) and self.rungs[0].after_days == 0
        for low, high in pairwise(self.rungs):
            ok &= low.after_days < high.after_days and low.minimum_score >= high.minimum_score
            ok &= low.minimum_level >= high.minimum_level and low.interpreter <= high.interpreter
        if not ok:
            raise BadInputError(
                f"ladder {self.version}", "rungs", "must start at day 0 and only relax"
            )

    def step(self, days: int) -> int:
        """Index of the rung that a household has reached after `days` of waiting."""
        return bisect_right(self.rungs, max(days, 0), key=lambda rung: rung.after_days) - 1


Dated = TypeVar("Dated", Weights, Ladder)


def in_force(versions: Iterable[Dated], day: date) -> Dated:
    """The version with the latest effective day not after `day`; ValueError if there is none."""
    return max((v for v in versions if v.effective <= day), key=lambda v: v.effective)
