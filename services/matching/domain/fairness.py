"""How fair a session was: waiting, match rate and score by language, gender, family size and source
of referral. What is so small that it could be about somebody is not kept, nor what would give it
away.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import sqrt
from statistics import fmean, median
from typing import Final

from shared.contracts.people import LanguageSkill, Level

from .calendar import local_day
from .household import Household
from .pairing import Pair

FEWEST: Final = 5
"""Of fewer households nothing is said."""
STANDS_OUT: Final = 3.0
"""So many standard errors a match rate must be from that of all others: chance alone does that once
in 370 groups.
"""
_RANKS: Final = {level: rank for rank, level in enumerate(Level)}
_SIZES: Final = {1: "1", 2: "2", 3: "3-4", 4: "3-4"}
_LARGEST: Final = "5+"
_UNKNOWN: Final = "unknown"


class Trait(StrEnum):
    """By what households are told apart."""

    LANGUAGE = "language"
    """What is spoken best; of several the first by code."""
    GENDER = "gender"
    """Of the person to speak to."""
    FAMILY_SIZE = "family_size"
    SOURCE = "source"
    """The partner that referred the household first."""


@dataclass(frozen=True, slots=True)
class Group:
    """Households with something in common. Days are those waited until the session; the longest is
    not told, being that of one household. `mean_score` is of those matched, in basis points, None
    where they are too few.
    """

    name: str
    waiting: int
    matched: int
    median_days: float
    mean_score: int | None
    stands_out: bool = False
    """Whether the match rate is further from that of the others than chance explains."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """All groups by one trait that are large enough, by name, and how many are not shown."""

    trait: Trait
    groups: tuple[Group, ...]
    hidden: int


@dataclass(frozen=True, slots=True)
class Audit:
    """What a session meant to everybody who waited; None and nothing where they were too few."""

    id: str
    day: date
    everybody: Group | None
    comparisons: tuple[Comparison, ...]


@dataclass(frozen=True, slots=True)
class _Case:
    days: int
    score: int | None
    """None for a household that stayed without a sponsor."""


def audit(run_id: str, day: date, households: Iterable[Household], pairs: Iterable[Pair]) -> Audit:
    """The audit of the session with this record: everybody who waited, and the pairs found."""
    scores = {pair.household_id: pair.reasons.score for pair in pairs}
    grouped: dict[Trait, dict[str, list[_Case]]] = {trait: defaultdict(list) for trait in Trait}
    everybody = []
    for each in households:
        days = max(0, (day - local_day(each.waiting_since)).days)
        case = _Case(days, scores.get(each.id))
        everybody.append(case)
        for trait in Trait:
            grouped[trait][_name(each, trait)].append(case)
    if len(everybody) < FEWEST:
        return Audit(run_id, day, None, ())
    of_all = _group("", everybody, scored=_matched(everybody) >= FEWEST)
    return Audit(
        run_id,
        day,
        of_all,
        tuple(_comparison(trait, grouped[trait], everybody) for trait in Trait),
    )


def withheld(sizes: Mapping[str, int], hidden: Collection[str] = ()) -> set[str]:
    """Which groups must not be told of: those that are too small or hidden already, and as many of
    the next smallest as it takes for nobody to find them from the sum of all less those shown.
    """
    kept_back = [name for name in sizes if name in hidden or sizes[name] < FEWEST]
    others = sorted(sizes.keys() - set(kept_back), key=lambda name: (sizes[name], name))
    while kept_back and others:
        if len(kept_back) > 1 and sum(sizes[each] for each in kept_back) >= FEWEST:
            break
        kept_back.append(others.pop(0))
    return set(kept_back)


def _comparison(
    trait: Trait, cases: Mapping[str, Sequence[_Case]], everybody: Sequence[_Case]
) -> Comparison:
    hidden = withheld({name: len(those) for name, those in cases.items()})
    matched = {name: _matched(those) for name, those in cases.items()}
    scored = matched.keys() - withheld({n: k for n, k in matched.items() if k}, hidden)
    shown = [
        _group(
            name,
            cases[name],
            scored=name in scored,
            stands_out=_stands_out(cases[name], everybody),
        )
        for name in sorted(cases.keys() - hidden)
    ]
    return Comparison(trait, tuple(shown), len(hidden))


def _group(name: str, cases: Sequence[_Case], *, scored: bool, stands_out: bool = False) -> Group:
    scores = [case.score for case in cases if case.score is not None]
    return Group(
        name,
        len(cases),
        len(scores),
        median(case.days for case in cases),
        round(fmean(scores)) if scored and scores else None,
        stands_out,
    )


def _stands_out(cases: Sequence[_Case], everybody: Sequence[_Case]) -> bool:
    """Two proportions, the group's and that of all others (pooled z-test)."""
    here, others = len(cases), len(everybody) - len(cases)
    if min(here, others) < FEWEST:
        return False
    matched, all_matched = _matched(cases), _matched(everybody)
    share = all_matched / len(everybody)
    error = sqrt(share * (1 - share) * (1 / here + 1 / others))
    difference = matched / here - (all_matched - matched) / others
    return error > 0 and abs(difference) >= STANDS_OUT * error


def _matched(cases: Iterable[_Case]) -> int:
    return sum(case.score is not None for case in cases)


def _name(household: Household, trait: Trait) -> str:
    details = household.details
    match trait:
        case Trait.LANGUAGE:
            return _best(details.languages)
        case Trait.GENDER:
            return details.contact.gender.value if details.contact.gender else _UNKNOWN
        case Trait.FAMILY_SIZE:
            return _SIZES.get(household.people, _LARGEST)
        case Trait.SOURCE:
            return household.origin.partner


def _best(languages: Sequence[LanguageSkill]) -> str:
    ranked = sorted(languages, key=lambda skill: (-_RANKS[skill.level], skill.code))
    return ranked[0].code if ranked else _UNKNOWN
