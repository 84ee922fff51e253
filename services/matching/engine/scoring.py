"""Hard rules and points of pairs, the same integer arithmetic for one pair, a row or a column.

One side is a single person, the other side are arrays over everybody; both give int32 arrays.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from .market import CLASH, HouseholdTraits, Ints, Market, SponsorTraits

Flags = int | npt.NDArray[np.bool_]
Bools = npt.NDArray[np.bool_]
Small = npt.NDArray[np.int8] | npt.NDArray[np.uint8]
Scores = npt.NDArray[np.int16]
BLOCKED = -1
ENOUGH_SLOTS = 4


class Pairs(NamedTuple):
    """Pairs of one person with many: both sides' traits and what only pairs have.

    `level` and `place` (points for the district) are arrays, `excluded` positions of the many.
    """

    household: HouseholdTraits
    sponsor: SponsorTraits
    level: Small
    place: Ints
    excluded: list[int] | tuple[list[int], ...]


def row(market: Market, j: int) -> Pairs:
    """The household at position j with every sponsor: arrays [sponsors]."""
    household = HouseholdTraits(*market.households.traits[:, j].tolist())
    sponsor = SponsorTraits(*market.sponsors.traits)
    level = _common_level(market.households.levels[:, j], market.sponsors.levels)
    place = market.near[household.district].take(sponsor.district, mode="clip")
    not_again = market.households.excluded.get(market.households.names[j], ())
    return Pairs(household, sponsor, level, place, market.sponsors.positions(not_again))


def block(market: Market, js: list[int]) -> Pairs:
    """The households at positions js with every sponsor: arrays [households, sponsors]."""
    household = HouseholdTraits(*market.households.traits[:, js, np.newaxis])
    sponsor = SponsorTraits(*market.sponsors.traits)
    spoken = market.households.levels
    levels = [_common_level(spoken[:, j], market.sponsors.levels) for j in js]
    place = market.near[np.asarray(household.district)[:, 0]].take(
        sponsor.district, axis=1, mode="clip"
    )
    names, position = market.households.names, market.sponsors.positions
    again = [(k, position(market.households.excluded.get(names[j], ()))) for k, j in enumerate(js)]
    pairs = [(k, i) for k, some in again for i in some]
    level = np.array(levels, np.int8)
    return Pairs(household, sponsor, level, place, tuple(map(list, zip(*pairs, strict=True))))


def column(market: Market, i: int) -> Pairs:
    """The sponsor at position i with every household: arrays [households]."""
    household = HouseholdTraits(*market.households.traits)
    sponsor = SponsorTraits(*market.sponsors.traits[:, i].tolist())
    level = _common_level(market.sponsors.levels[:, i], market.households.levels)
    place = market.near[sponsor.district].take(household.district, mode="clip")
    not_again = market.sponsors.excluded.get(market.sponsors.names[i], ())
    return Pairs(household, sponsor, level, place, market.households.positions(not_again))


def _common_level(spoken: Small, levels: Small) -> Small:
    """Best level that both sides have in one language: the lower of the two in each."""
    codes = np.flatnonzero(spoken).tolist()
    if not codes:
        return np.zeros(levels.shape[1], np.int8)
    best: Small = np.minimum(levels[codes[0]], spoken[codes[0]])
    for code in codes[1:]:
        np.maximum(best, np.minimum(levels[code], spoken[code]), out=best)
    return best


def common_slots(pairs: Pairs) -> Small:
    """How many of the 21 slots both sides have."""
    return np.bitwise_count(pairs.household.slots & pairs.sponsor.slots)


def parts(market: Market, pairs: Pairs, slots: Small) -> tuple[Ints, ...]:
    """Points of each pair for each of CRITERIA, in that order; they add up to the score."""
    weights, (household, sponsor) = market.weights, pairs[:2]
    topics = np.bitwise_count(household.topics & sponsor.topics)
    return (
        np.int32(weights.language) * pairs.level // 6,
        np.int32(weights.topics) * topics // household.wishes,
        np.int32(weights.time) * np.minimum(slots, ENOUGH_SLOTS) // ENOUGH_SLOTS,
        pairs.place,
        np.int32(weights.children) * np.asarray(household.minors <= sponsor.children),
    )


def kept(pairs: Pairs, slots: Small, score: Ints) -> dict[str, Bools]:
    """Whether each pair keeps each hard rule."""
    clash = np.broadcast_to(pairs.household.clash & pairs.sponsor.clash, slots.shape)
    rules = {rule: (clash & bits) == 0 for rule, bits in CLASH.items()}
    again = np.ones(slots.shape, np.bool_)
    again[pairs.excluded] = False
    minimum = score >= pairs.household.minimum
    return rules | {
        "language": _speaks(pairs),
        "excluded": again,
        "time": slots > 0,
        "minimum_score": minimum,
    }


def _speaks(pairs: Pairs) -> Bools:
    """A common language at the level asked for, or an interpreter where the ladder allows one."""
    household, sponsor = pairs[:2]
    speaks: Bools = pairs.level >= household.level
    speaks |= (household.interpreter & sponsor.interpreter) != 0
    return speaks


def scores(market: Market, pairs: Pairs) -> Scores:
    """Score of each pair in basis points, BLOCKED where a hard rule is broken; int16."""
    slots = common_slots(pairs)
    language, *others = parts(market, pairs, slots)
    score = language
    for points in others:
        score += points
    allowed = _speaks(pairs)
    allowed &= (pairs.household.clash & pairs.sponsor.clash) == 0
    allowed &= slots > 0
    allowed &= score >= pairs.household.minimum
    if pairs.excluded:
        allowed[pairs.excluded] = False
    return np.where(allowed, score, BLOCKED).astype(np.int16)


def score_row(market: Market, j: int) -> Scores:
    """Scores of the household at position j with every sponsor: int16 [sponsors]."""
    return scores(market, row(market, j))


def score_rows(market: Market, js: list[int]) -> Scores:
    """The same for several households at once, faster: int16 [households, sponsors]."""
    return scores(market, block(market, js))


def score_column(market: Market, i: int) -> Scores:
    """Scores of the sponsor at position i with every household: int16 [households]."""
    return scores(market, column(market, i))
