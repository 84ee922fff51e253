"""What keeps a household from a match: rules by count, the smallest changes that would help.

Only sponsors with room count. Nothing here ever proposes to waive training or certificate.
"""

from dataclasses import dataclass

import numpy as np

from . import scoring
from .market import NEVER_WAIVED, Market, Points
from .model import SLOTS
from .scoring import Bools, Pairs
from .search import cheapest_place
from .state import State

ON_THE_LADDER = ("language", "minimum_score")


@dataclass(frozen=True, slots=True)
class Blocking:
    """A hard rule: how many sponsors it rules out, and how many it alone rules out."""

    rule: str
    sponsors: int
    alone: int


@dataclass(frozen=True, slots=True)
class Relaxation:
    """A change that would open `sponsors`; the ladder makes it `in_days`, None for never.

    `detail` is the language or slot (0 to 20) to add, or the points short of the minimum score.
    """

    rule: str
    sponsors: int
    detail: str = ""
    in_days: int | None = None


@dataclass(frozen=True, slots=True)
class Outbid:
    """What is missing to displace somebody: points, and the same in days of longer waiting."""

    points: int
    days: int | None


@dataclass(frozen=True, slots=True)
class View:
    """A household before all sponsors: points and rules kept, each [sponsors]."""

    pairs: Pairs
    points: tuple[Points, ...]
    score: Points
    kept: dict[str, Bools]
    room: Bools

    @property
    def candidates(self) -> int:
        """Sponsors with room that keep every rule."""
        return int((np.all(list(self.kept.values()), axis=0) & self.room).sum())


def view(state: State, j: int) -> View:
    """Look at the household at position j from its rung of the ladder."""
    pairs = scoring.row(state.market, j)
    slots = scoring.common_slots(pairs)
    points = scoring.parts(state.market, pairs, slots)
    score: Points = np.sum(points, axis=0, dtype=np.int16)
    kept = scoring.kept(pairs, slots, score)
    return View(pairs, points, score, kept, np.array(state.room) > 0)


def blocking(seen: View) -> tuple[Blocking, ...]:
    """Every rule that rules out somebody with room, the most first."""
    broken, alone = _broken(seen)
    rows = zip(seen.kept, broken.sum(axis=1).tolist(), alone.sum(axis=1).tolist(), strict=True)
    return tuple(sorted((Blocking(*r) for r in rows if r[1]), key=lambda b: -b.sponsors))


def _broken(seen: View) -> tuple[Bools, Bools]:
    """Rules that sponsors with room break, and those that are the only one broken."""
    broken = ~np.array(list(seen.kept.values())) & seen.room
    return broken, broken & (broken.sum(axis=0) == 1)


def relaxations(state: State, j: int, seen: View) -> tuple[Relaxation, ...]:
    """Changes of one rule that would open somebody: those the ladder makes anyway come first."""
    found = []
    for rule, who in zip(seen.kept, _broken(seen)[1], strict=True):
        if who.any() and rule not in NEVER_WAIVED:
            detail, days = _detail(state.market, rule, seen, who), None
            if rule in ON_THE_LADDER:
                days = _in_days(state.market, j, seen, who)
            found.append(Relaxation(rule, int(who.sum()), detail, days))
    return tuple(sorted(found, key=_effort))


def _effort(change: Relaxation) -> tuple[bool, int, int]:
    """Smallest first: what time brings, then what opens most sponsors."""
    return change.in_days is None, change.in_days or 0, -change.sponsors


def _in_days(market: Market, j: int, seen: View, who: Bools) -> int | None:
    """Days until the ladder lets one of `who` pass."""
    household = market.households.at(j)
    waited = (market.today - household.arrived).days
    for rung in market.ladder.rungs[market.rung_of(household) + 1 :]:
        passed = scoring.speaks(seen.pairs, rung.minimum_level, rung.interpreter)
        if (passed & (seen.score >= rung.minimum_score) & who).any():
            return rung.after_days - waited
    return None


def _detail(market: Market, rule: str, seen: View, who: Bools) -> str:
    """The language or the slot that most of `who` have, or the points that the best is short."""
    if rule == "minimum_score":
        return str(int(seen.pairs.household.minimum) - int(seen.score[who].max()))
    if rule == "language":
        counts = (market.sponsors.levels[:, who] >= seen.pairs.household.level).sum(axis=1)
        return min(code for code, k in market.language.items() if counts[k] == counts.max())
    if rule == "time":
        slots = np.asarray(seen.pairs.sponsor.slots)[who]
        return str(int((slots[:, np.newaxis] >> np.arange(SLOTS) & 1).sum(axis=0).argmax()))
    return ""


def outbid(state: State, j: int) -> Outbid | None:
    """What an unmatched household lacks for a place: the length of its shortest path.

    None if no number of points would give it one.
    """
    limit = state.scale.absent // 2
    path = cheapest_place(state, j, limit)
    if path.length >= limit:
        return None
    points, per_day = state.scale.points(path.length), state.market.weights.per_day
    return Outbid(points, -(-points // per_day) if per_day else None)
