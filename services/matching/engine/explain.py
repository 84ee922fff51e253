"""Why a pair scores what it scores, and what keeps an unmatched household from a match.

The points are those of the score itself, computed again by the same functions; they add up to it.
"""

from dataclasses import dataclass

from .matching import NOBODY
from .model import CRITERIA, Household, Rung, Sponsor
from .obstacles import Blocking, Outbid, Relaxation, blocking, outbid, relaxations, view
from .state import State


@dataclass(frozen=True, slots=True)
class Contribution:
    """Points that a criterion gave, of at most `most`."""

    criterion: str
    points: int
    most: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a household has its sponsor (points, common ground) or none (rules, changes, points).

    `candidates` of the sponsors `with_room` keep every rule; `broken` the rules that an
    alternative breaks; `slots` the common slots as a mask; `language` the best one in common.
    """

    household_id: str
    sponsor_id: str | None
    waited_days: int
    rung: Rung
    candidates: int
    with_room: int
    contributions: tuple[Contribution, ...] = ()
    language: str = ""
    slots: int = 0
    broken: tuple[str, ...] = ()
    blocking: tuple[Blocking, ...] = ()
    relaxations: tuple[Relaxation, ...] = ()
    outbid: Outbid | None = None

    @property
    def score(self) -> int:
        """Basis points of the pair; 0 without a sponsor."""
        return sum(part.points for part in self.contributions)


def explain(state: State, household_id: str) -> Explanation:
    """Explain the household's proposal, or why it has none. KeyError if it is not waiting."""
    j = state.market.households.position[household_id]
    i = state.owner.item(j)
    return _unmatched(state, j) if i == NOBODY else _pair(state, j, i)


def explain_pair(state: State, household_id: str, sponsor_id: str) -> Explanation:
    """Explain any pair, proposed or not. KeyError if one of the two is unknown."""
    market = state.market
    return _pair(
        state, market.households.position[household_id], market.sponsors.position[sponsor_id]
    )


def _waited(state: State, household: Household) -> tuple[int, Rung]:
    market = state.market
    return (market.today - household.arrived).days, market.ladder.rungs[market.rung_of(household)]


def _pair(state: State, j: int, i: int) -> Explanation:
    market, seen = state.market, view(state, j)
    household, sponsor = market.households.at(j), market.sponsors.at(i)
    return Explanation(
        household.id,
        sponsor.id,
        *_waited(state, household),
        seen.candidates,
        int(seen.room.sum()),
        tuple(
            Contribution(name, part.item(i), market.weights.of(name))
            for name, part in zip(CRITERIA, seen.points, strict=True)
        ),
        language=_common_language(household, sponsor),
        slots=household.slots & sponsor.slots,
        broken=tuple(rule for rule, keeps in seen.kept.items() if not keeps[i]),
    )


def _common_language(household: Household, sponsor: Sponsor) -> str:
    """The language in which the weaker of the two is strongest; the first in the alphabet."""
    levels = {
        code: min(level, sponsor.languages[code])
        for code, level in sorted(household.languages.items())
        if code in sponsor.languages
    }
    return max(levels, key=levels.__getitem__, default="")


def _unmatched(state: State, j: int) -> Explanation:
    household, seen = state.market.households.at(j), view(state, j)
    return Explanation(
        household.id,
        None,
        *_waited(state, household),
        seen.candidates,
        int(seen.room.sum()),
        blocking=blocking(seen),
        relaxations=relaxations(state, j, seen),
        outbid=outbid(state, j),
    )
