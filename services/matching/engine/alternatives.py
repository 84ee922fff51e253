"""Ranked alternatives for one household, each with what it costs everybody, exactly.

Prices give a lower bound of each loss at once; the candidates are tried in that order, each by
asking what one place less would cost the others, until no bound can beat those found.
"""

from dataclasses import dataclass

import numpy as np

from .compare import Change, compare
from .matching import NOBODY
from .search import cheapest_place, cost_of_place, place
from .state import State


@dataclass(frozen=True, slots=True)
class Alternative:
    """What choosing this sponsor would cost: matches first, then points over all households.

    `changes` are the other households whose proposal would be another one.
    """

    sponsor_id: str
    score: int
    matches_lost: int
    points_lost: int
    changes: tuple[Change, ...]


def alternatives(state: State, household_id: str, k: int = 5) -> list[Alternative]:
    """The k admissible sponsors, other than the proposed one, that cost least; best first.

    The state is left as it is. KeyError if the household is not waiting.
    """
    j = state.market.households.position[household_id]
    without = state.fork()
    without.take_household(j)
    own_gain = -cheapest_place(without, j).length
    bounds = own_gain + without.prices - without.worth[j]
    open_to_j = (state.worth[j] > -state.scale.absent) & (np.array(state.room) > 0)
    open_to_j[state.owner[j]] &= state.owner.item(j) == NOBODY
    candidates = np.flatnonzero(open_to_j)
    found: list[tuple[int, int]] = []
    for i in candidates[np.argsort(bounds[candidates], kind="stable")].tolist():
        bound = bounds.item(i)
        limit = found[k - 1][0] - bound if len(found) >= k else state.scale.absent // 2
        if limit <= 0:
            break
        cost = cost_of_place(without, i, limit)
        if cost < limit:  # at the limit the search was cut off: no better than those found
            found = sorted([*found, (bound + cost, i)])
    return [_forced(state, j, i) for _, i in found[:k]]


def _forced(state: State, j: int, i: int) -> Alternative:
    """What happens if j gets a place with i and all others their best."""
    trial = state.fork()
    trial.take_household(j)
    _reserve(trial, i)
    trial.owner[j] = i
    gained = compare(state, trial)
    sponsor, household = state.market.sponsors.names[i], state.market.households.names[j]
    score = (state.worth.item(j, i) >> state.scale.shift) - state.waiting.item(j)
    others = tuple(change for change in gained.changes if change.household_id != household)
    return Alternative(sponsor, score, -gained.matches, -gained.points, others)


def _reserve(trial: State, i: int) -> None:
    """Take one place of sponsor i away for good."""
    members, room, taken = trial.members[i], trial.room[i], trial.taken[i]
    if len(members) < room:
        trial.take_sponsor(i)
        trial.room[i], trial.taken[i] = room - 1, taken + 1
        trial.open_sponsor(i)
        return
    last = members[-1]
    trial.detach(last)
    trial.gains[last] = trial.scale.absent
    trial.room[i], trial.taken[i] = room - 1, taken + 1
    place(trial, last)
