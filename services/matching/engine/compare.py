"""What changes from one matching of the same people to another: matches, points and proposals."""

from collections import Counter
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
    shift, worth, points, matches = first.scale.shift, 0, 0, 0
    more: Counter[int] = Counter()
    for j, *sponsors in _moved(second):
        for i, sign in zip(sponsors, (-1, 1), strict=True):
            if i != NOBODY:
                value = first.worth.item(j, i)
                worth += sign * value
                points += sign * (value >> shift)
                more[i] += sign
                matches += sign
    had = {i: len(first.members[i]) for i in more}
    costs = sum(first.costs(i, had[i] + k) - first.costs(i, had[i]) for i, k in more.items())
    points -= (costs >> shift) + matches * _match_points(first)
    return Difference(worth - costs, matches, points, changes(second))


def _moved(state: State) -> list[tuple[int, int, int]]:
    """Household, sponsor before and sponsor now, by position."""
    now = state.owner.item
    return [(j, old, now(j)) for j, old in state.before.items() if old != now(j)]


def _match_points(state: State) -> int:
    """Points that any match brings, whoever it is for, as of today."""
    weights, today = state.market.weights, state.market.today
    return weights.match_worth + weights.per_day * (HORIZON - today).days
