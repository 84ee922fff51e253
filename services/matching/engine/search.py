"""The two repairs that keep a matching optimal: shortest augmenting paths over prices.

`place` gives one household its best place, `fill` one sponsor its best household; each changes
the prices by the length of the path, so that the proof of optimality moves along (Dijkstra with
potentials; Jonker and Volgenant, Computing 38, 1987, with places, outside option and load costs).
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from .matching import NOBODY, Matching
from .worth import Worths


@dataclass
class Path:
    """A shortest path: its length, the sponsors seen with their distances, and its far end.

    Each `asker` offered `offer` less its worth; `near` has the best of these for each target.
    """

    length: int
    near: Worths
    askers: list[int]
    offers: list[int]
    seen: list[tuple[int, int]] = field(default_factory=list)
    end: int = NOBODY
    dropped: int = NOBODY

    def follow(self, worth: Worths) -> Callable[[int], int]:
        """Gives for each target the asker on the shortest path to it; `worth` is by target."""
        offers, askers = np.array(self.offers), np.array(self.askers)

        def asker(target: int) -> int:
            reached = offers - worth[target, askers] == self.near[target]
            return self.askers[int(reached.argmax())]

        return asker


def cheapest_place(m: Matching, j: int, limit: int = 0) -> Path:
    """What it costs the others, less j's own worth, to give household j a place: below `limit`.

    `end` is the sponsor that takes one more, `dropped` the household that loses its place.
    """
    return _cheapest(m, Path(limit, -m.worth[j], [j], [0]))


def cost_of_place(m: Matching, i: int, limit: int) -> int:
    """What it costs the others, above its price, if sponsor i gives one place away: below `limit`.

    The state is only read.
    """
    near = np.full_like(m.prices, m.scale.absent)
    near[i] = -m.prices[i]
    return _cheapest(m, Path(limit, near, [NOBODY], [0])).length


def _cheapest(m: Matching, path: Path) -> Path:
    """Dijkstra from the offers in `path.near` to whatever ends cheapest: a free place, a drop."""
    near, worth, gain, length = path.near, m.worth, m.gains.item, path.length
    open_prices, distance = m.prices.copy(), np.empty_like(near)
    while True:
        np.add(near, open_prices, out=distance)
        i = int(distance.argmin())
        here = distance.item(i)
        if here >= length:
            path.length = length
            return path
        path.seen.append((i, here))
        members = m.members[i]
        if len(members) < m.room[i]:
            total = here + max(0, m.cost(i, len(members)) - open_prices.item(i))
            if total < length:
                length, path.end, path.dropped = total, i, NOBODY
        open_prices[i] = m.scale.absent
        for k in members:
            offer = here + gain(k)
            if offer < length:
                length, path.end, path.dropped = offer, i, k
            np.subtract(offer, worth[k], out=distance)
            np.minimum(near, distance, out=near)
            path.askers.append(k)
            path.offers.append(offer)


def place(m: Matching, j: int) -> None:
    """Bring a household into the optimum, matched or not; no other may be outside it."""
    path = cheapest_place(m, j)
    m.gains[j] = -path.length
    _shift(m, path, 1)
    if path.dropped != NOBODY:
        m.detach(path.dropped)
        m.gains[path.dropped] = 0
    i = path.end
    if i == NOBODY:
        return
    asker = path.follow(m.worth_by_sponsor)
    while i != NOBODY:
        k = asker(i)
        former = m.owner.item(k)
        m.attach(k, i)
        i = former


def cheapest_household(m: Matching, i: int) -> tuple[Path, dict[int, int]]:
    """How far the price of sponsor i, which has room, must fall: to its cost or to a household.

    `end` is the household that frees itself or was unmatched; the dictionary says by whose
    leaving each sponsor seen was reached.
    """
    price, absent, worth = m.prices.item(i), m.scale.absent, m.worth_by_sponsor
    length, dearest = price - m.cost(i, len(m.members[i])), m.load[-1]
    near, members = price - worth[i], m.members[i]
    path = Path(length, near, [i], [price], [(i, 0)])
    open_gains, distance = m.gains.copy(), np.empty_like(near)
    leaver: dict[int, int] = {}
    while True:
        for j in members:
            open_gains[j] = absent
        np.add(near, open_gains, out=distance)
        j = int(distance.argmin())
        here = distance.item(j)
        if here >= length:
            break
        k = m.owner.item(j)
        if k == NOBODY:
            length, path.end = here, j
            break
        leaver[k] = j
        price, members = m.prices.item(k), m.members[k]
        offer = here + price
        if offer - dearest < length:  # it may be cheapest that this sponsor gives up a place
            total = here + max(0, price - m.cost(k, len(members) - 1))
            if total < length:
                length, path.end = total, j
        np.subtract(offer, worth[k], out=distance)
        np.minimum(near, distance, out=near)
        path.seen.append((k, here))
        path.askers.append(k)
        path.offers.append(offer)
    path.length = length
    return path, leaver


def fill(m: Matching, i: int) -> None:
    """Bring a sponsor's free places into the optimum; all households must already be in it."""
    while len(m.members[i]) < m.room[i] and m.prices.item(i) > m.cost(i, len(m.members[i])):
        path, leaver = cheapest_household(m, i)
        _shift(m, path, -1)
        j = path.end
        if j != NOBODY and m.owner.item(j) == NOBODY:
            m.gains[j] = 0
        asker = path.follow(m.worth)
        while j != NOBODY:
            k = asker(j)
            m.attach(j, k)
            j = leaver.get(k, NOBODY)


def _shift(m: Matching, path: Path, sign: int) -> None:
    """Move prices and gains of everybody that the path went by, up (1) or down (-1)."""
    if path.seen:
        sponsors, distances = np.array(path.seen).T
        change = np.zeros(len(m.prices) + 1, m.prices.dtype)
        change[sponsors] = sign * np.maximum(path.length - distances, 0)
        m.prices += change[:NOBODY]
        m.gains -= change[m.owner]
