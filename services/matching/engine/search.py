"""The two repairs that keep a matching optimal: shortest augmenting paths over prices.

`place` gives one household its best place, `fill` one sponsor its best household; each changes
the prices by the length of the path, so that the proof of optimality moves along (Dijkstra with
potentials; Jonker and Volgenant, Computing 38, 1987, with places, outside option and load costs).
"""

from dataclasses import dataclass, field

import numpy as np

from .matching import NOBODY, Matching
from .worth import Worths


@dataclass
class Path:
    """A shortest path: its length, the sponsors seen with their distances, and its far end.

    Askers offer what they have less a target's worth; `near` has each target's best offer.
    """

    length: int
    near: Worths
    seen: dict[int, int] = field(default_factory=dict)
    end: int = NOBODY
    dropped: int = NOBODY


class Trail:
    """The way back: which asker's offer reached a target."""

    def __init__(self, path: Path, worth: Worths, askers: list[int], offers: list[int]) -> None:
        """`worth` is by target; askers are in the order in which they asked."""
        self.near, self.worth = path.near, worth
        self.askers, self.offers = np.array(askers), np.array(offers)

    def asker(self, target: int) -> int:
        """Who is before the target on the shortest path to it."""
        reached = self.offers - self.worth[target, self.askers] == self.near[target]
        return int(self.askers[reached.argmax()])


def cheapest_place(m: Matching, j: int, limit: int = 0) -> Path:
    """What it costs the others, less j's own worth, to give household j a place: below `limit`.

    `end` is the sponsor that takes one more, `dropped` the household that loses its place.
    """
    return _cheapest(m, Path(limit, -m.worth[j]))


def cost_of_place(m: Matching, i: int, limit: int) -> int:
    """What it costs the others, above its price, if sponsor i gives one place away: below `limit`.

    The state is only read.
    """
    near = np.full_like(m.prices, m.scale.absent)
    near[i] = -m.prices[i]
    return _cheapest(m, Path(limit, near)).length


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
        path.seen[i] = here
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


def place(m: Matching, j: int) -> None:
    """Bring a household into the optimum, matched or not; no other may be outside it."""
    path = cheapest_place(m, j)
    m.gains[j] = -path.length
    i = path.end
    if i == NOBODY and not path.seen:
        return
    askers = [j] + [k for seen in path.seen for k in m.members[seen]]
    offers = [0] + [here + m.gains.item(k) for s, here in path.seen.items() for k in m.members[s]]
    _shift(m, path, 1)
    if path.dropped != NOBODY:
        m.detach(path.dropped)
        m.gains[path.dropped] = 0
    trail = Trail(path, m.worth_by_sponsor, askers, offers)
    while i != NOBODY:
        k = trail.asker(i)
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
    near, members, leaver = price - worth[i], m.members[i], dict[int, int]()
    path = Path(length, near, {i: 0})
    open_gains, distance = m.gains.copy(), np.empty_like(near)
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
        leaver[k], path.seen[k] = j, here
        price, members = m.prices.item(k), m.members[k]
        offer = here + price
        if offer - dearest < length:  # it may be cheapest that this sponsor gives up a place
            total = here + max(0, price - m.cost(k, len(members) - 1))
            if total < length:
                length, path.end = total, j
        np.subtract(offer, worth[k], out=distance)
        np.minimum(near, distance, out=near)
    path.length = length
    return path, leaver


def fill(m: Matching, i: int) -> None:
    """Bring a sponsor's free places into the optimum; all households must already be in it."""
    while len(m.members[i]) < m.room[i] and m.prices.item(i) > m.cost(i, len(m.members[i])):
        path, leaver = cheapest_household(m, i)
        offers = [here + m.prices.item(k) for k, here in path.seen.items()]
        _shift(m, path, -1)
        j = path.end
        if j != NOBODY and m.owner.item(j) == NOBODY:
            m.gains[j] = 0
        trail = Trail(path, m.worth, list(path.seen), offers)
        while j != NOBODY:
            k = trail.asker(j)
            m.attach(j, k)
            j = leaver.get(k, NOBODY)


def _shift(m: Matching, path: Path, sign: int) -> None:
    """Move prices and gains of everybody that the path went by, up (1) or down (-1)."""
    change = np.zeros(len(m.prices) + 1, m.prices.dtype)
    for i, distance in path.seen.items():
        change[i] = sign * (path.length - distance)
    m.prices += change[:NOBODY]
    m.gains -= change[m.owner]
