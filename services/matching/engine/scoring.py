"""Hard rules and points of pairs, the same integer arithmetic for one pair, a row or a column.

One side is a single person or a few, the other side are arrays over everybody.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from .market import CLASH, Field, HouseholdTraits, Market, Points, SponsorTraits
from .side import Side, Spoken

Bools = npt.NDArray[np.bool_]
Small = npt.NDArray[np.uint8]
BLOCKED = -1
Positions = list[int] | tuple[list[int], ...]


class Pairs(NamedTuple):
    """Pairs of one person with many: both sides' traits and what only pairs have.

    `level` is the best common one, `place` points for the district, `excluded` where not again.
    """

    household: HouseholdTraits
    sponsor: SponsorTraits
    level: Small
    place: Points
    excluded: Positions


def row(market: Market, j: int) -> Pairs:
    """The household at position j with every sponsor: arrays [sponsors]."""
    household = HouseholdTraits(*market.households.traits[:, j])
    sponsor = SponsorTraits(*market.sponsors.traits)
    level = _common_level(market.households.spoken[j], market.sponsors)
    place = market.near[household.district].take(sponsor.district, mode="clip")
    return Pairs(household, sponsor, level, place, _excluded_by(market, j))


def block(market: Market, js: list[int]) -> Pairs:
    """The households at positions js with every sponsor: arrays [households, sponsors]."""
    household = HouseholdTraits(*market.households.traits[:, js, np.newaxis])
    sponsor = SponsorTraits(*market.sponsors.traits)
    spoken = [market.households.spoken[j] for j in js]
    levels = {some: _common_level(some, market.sponsors) for some in set(spoken)}
    level = np.array([levels[some] for some in spoken])
    place = market.near[np.ravel(household.district)].take(sponsor.district, axis=1, mode="clip")
    pairs = [(k, i) for k, j in enumerate(js) for i in _excluded_by(market, j)]
    return Pairs(household, sponsor, level, place, tuple(map(list, zip(*pairs, strict=True))))


def column(market: Market, i: int) -> Pairs:
    """The sponsor at position i with every household: arrays [households]."""
    household = HouseholdTraits(*market.households.traits)
    sponsor = SponsorTraits(*market.sponsors.traits[:, i])
    level = _common_level(market.sponsors.spoken[i], market.households)
    place = market.near[sponsor.district].take(household.district, mode="clip")
    not_again = market.sponsors.excluded.get(market.sponsors.names[i], ())
    return Pairs(household, sponsor, level, place, market.households.positions(not_again))


def _excluded_by(market: Market, j: int) -> list[int]:
    not_again = market.households.excluded.get(market.households.names[j], ())
    return market.sponsors.positions(not_again)


def _common_level(spoken: Spoken, others: Side[Any]) -> Small:
    """Best level that both sides have in one language: the lower of the two in each."""
    if not spoken:
        return np.zeros(others.size, np.uint8)
    first, *more = (np.minimum(others.levels[code], level) for code, level in spoken)
    for level in more:
        np.maximum(first, level, out=first)
    return first  # type: ignore[no-any-return]


def common_slots(pairs: Pairs) -> Small:
    """How many of the 21 slots both sides have."""
    return np.bitwise_count(pairs.household.slots & pairs.sponsor.slots)


def parts(market: Market, pairs: Pairs, slots: Small) -> tuple[Points, ...]:
    """Points of each pair for each of CRITERIA, in that order; they add up to the score."""
    tables, (household, sponsor) = market.tables, pairs[:2]
    topics = np.bitwise_count(household.topics & sponsor.topics)
    return (
        tables.language.take(pairs.level),
        tables.topics.take(np.add(topics, household.wishes, dtype=np.int32)),
        tables.time.take(slots),
        pairs.place,
        np.multiply(household.minors <= sponsor.children, np.int16(market.weights.children)),
    )


def kept(pairs: Pairs, slots: Small, score: Points) -> dict[str, Bools]:
    """Whether each pair keeps each hard rule."""
    clash = pairs.household.clash & pairs.sponsor.clash
    again = np.ones(slots.shape, np.bool_)
    again[pairs.excluded] = False
    return {rule: (clash & bits) == 0 for rule, bits in CLASH.items()} | {
        "language": speaks(pairs, pairs.household.level, pairs.household.interpreter),
        "excluded": again,
        "time": slots > 0,
        "minimum_score": score >= pairs.household.minimum,
    }


def speaks(pairs: Pairs, level: Field, interpreter: Field) -> Bools:
    """A common language at the level asked for, or an interpreter where the ladder allows one."""
    enough: Bools = pairs.level >= level
    enough |= (pairs.sponsor.interpreter & interpreter) != 0
    return enough


def scores(market: Market, pairs: Pairs) -> Points:
    """Score of each pair in basis points, BLOCKED where a hard rule is broken; int16."""
    household, slots = pairs.household, common_slots(pairs)
    score, *others = parts(market, pairs, slots)
    for points in others:
        score += points
    allowed = speaks(pairs, household.level, household.interpreter)
    allowed &= (household.clash & pairs.sponsor.clash) == 0
    allowed &= slots > 0
    allowed &= score >= household.minimum
    score -= BLOCKED
    score *= allowed
    score += BLOCKED
    if pairs.excluded:
        score[pairs.excluded] = BLOCKED
    return score


def score_row(market: Market, j: int) -> Points:
    """Points of the household at position j with every sponsor: int16 [sponsors]."""
    return scores(market, row(market, j))


def score_rows(market: Market, js: list[int]) -> Points:
    """The same for several households at once, faster: int16 [households, sponsors]."""
    return scores(market, block(market, js))


def score_column(market: Market, i: int) -> Points:
    """Points of the sponsor at position i with every household: int16 [households]."""
    return scores(market, column(market, i))
