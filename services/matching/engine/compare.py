"""What changes from one matching of the same people to another: matches, points and proposals."""

from dataclasses import dataclass

from .matching import NOBODY
from .state import State
from .worth import HORIZON


@dataclass(frozen=True, slots=True)
class Change:
    """A household whose proposal is another one now; sponsors by id, None for nobody."""

    household_id: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Difference:
    """Gains of the second over the first: exact worth, whole matches, and points beside these."""

    worth: int
    matches: int
    points: int
    changes: tuple[Change, ...]


def changes(state: State) -> tuple[Change, ...]:
    """Who has another sponsor than when the record `before` began."""
    households, sponsors = state.market.households.name, state.market.sponsors.name
    return tuple(
        Change(str(households(j)), sponsors(old), sponsors(new)) for j, old, new in _moved(state)
    )


def compare(first: State, second: State) -> Difference:
    """Measure a fork against the state it was forked from, for those whom it moved."""
    moved = _moved(second)
    shift, worth = first.scale.shift, first.worth
    old = [worth.item(j, i) for j, i, _ in moved if i != NOBODY]
    new = [worth.item(j, i) for j, _, i in moved if i != NOBODY]
    costs, matches = _costs(first, moved), len(new) - len(old)
    points = sum(w >> shift for w in new) - sum(w >> shift for w in old) - (costs >> shift)
    points -= matches * _match_points(first)
    return Difference(sum(new) - sum(old) - costs, matches, points, changes(second))


def _moved(state: State) -> list[tuple[int, int, int]]:
    """Household, sponsor before and sponsor now, by position."""
    now = state.owner.item
    return [(j, old, now(j)) for j, old in state.before.items() if old != now(j)]


def _costs(state: State, moved: list[tuple[int, int, int]]) -> int:
    """How much dearer the places become by the number of households that each sponsor has."""
    more: dict[int, int] = {}
    for _, old, new in moved:
        more[old] = more.get(old, 0) - 1
        more[new] = more.get(new, 0) + 1
    more.pop(NOBODY, None)
    total = 0
    for i, change in more.items():
        had = len(state.members[i])
        total += sum(state.cost(i, k) for k in range(had, had + change))
        total -= sum(state.cost(i, k) for k in range(had + change, had))
    return total


def _match_points(state: State) -> int:
    """Points that any match brings, whoever it is for, as of today."""
    weights, today = state.market.weights, state.market.today
    return weights.match_worth + weights.per_day * (HORIZON - today).days
