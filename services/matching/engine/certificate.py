"""The proof that a matching is the best there is: its worth equals a bound that none can exceed.

For any prices, no matching is worth more than all gains and prices together (weak duality).
"""

from dataclasses import dataclass

import numpy as np

from .matching import NOBODY, Matching
from .worth import Worths


@dataclass(frozen=True, slots=True)
class Certificate:
    """Optimal if `gap` is 0 and nothing is violated; the gap is in worth units, not in points."""

    matched: int
    gap: int
    violations: tuple[str, ...]

    @property
    def optimal(self) -> bool:
        """Whether the matching is proven to be the best."""
        return self.gap == 0 and not self.violations


def certify(m: Matching) -> Certificate:
    """Check matching and prices against each other in one pass over all pairs; trusts nothing."""
    absent = m.scale.absent
    present = np.flatnonzero(m.gains < absent)
    matched = np.flatnonzero(m.owner != NOBODY)
    owners = m.owner[matched]
    held = [(j, i) for i, members in enumerate(m.members) for j in members]
    rules = {
        "a household pays less than its place is worth": _no_bargain(m, present),
        "a gain or price is negative": bool((m.gains >= 0).all() and (m.prices >= 0).all()),
        "somebody absent is matched": bool((m.gains[matched] < absent).all())
        and bool((m.prices[owners] < absent).all()),
        "a blocked pair is matched": bool((m.worth[matched, owners] > -absent).all()),
        "a sponsor has more than its room": all(
            len(members) <= room for members, room in zip(m.members, m.room, strict=True)
        ),
        "the two lists differ": sorted(held)
        == list(zip(matched.tolist(), owners.tolist(), strict=True)),
        "the two tables differ": bool(
            (m.worth_by_sponsor[owners, matched] == m.worth[matched, owners]).all()
        ),
    }
    violations = tuple(name for name, kept in rules.items() if not kept)
    bound = _total(m.gains[present]) + _rents(m)
    costs = sum(m.costs(i, len(members)) for i, members in enumerate(m.members))
    return Certificate(len(matched), bound - _total(m.worth[matched, owners]) + costs, violations)


def _no_bargain(m: Matching, present: Worths) -> bool:
    """No pair is worth more than gain and price together: no two would rather have each other."""
    left = np.empty_like(m.prices)
    for j, gain in zip(present.tolist(), m.gains[present].tolist(), strict=True):
        np.subtract(m.worth[j], m.prices, out=left)
        if left.max() > gain:
            return False
    return True


def _rents(m: Matching) -> int:
    """What all places bring above their own cost."""
    rents = 0
    for i, price in enumerate(m.prices.tolist()):
        if price < m.scale.absent:
            rents += sum(max(0, price - m.cost(i, k)) for k in range(m.room[i]))
    return rents


def _total(values: Worths) -> int:
    return sum(values.tolist())
