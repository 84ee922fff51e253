"""A matching of households with sponsors and the prices that prove it best: arrays, no names.

`prices` [sponsors] are what a place with a sponsor is worth to others, `gains` [households] what
remains of a household's worth after paying it; whoever is absent has `absent` and is never
touched. Theory: duals of the transportation problem (Bertsekas, Network Optimization, 1998).
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from .worth import Scale, Worths

NOBODY = -1
BLOCK = 256


@dataclass
class Matching:
    """Who is matched with whom: `owner` [households] and, by sponsor, `members`.

    `worth` [households, sponsors] and its mirror `worth_by_sponsor` hold -absent where blocked.
    `room` are places to give, `taken` places given away for good, `load` the dearer places' costs.
    """

    scale: Scale
    load: list[int]
    worth: Worths
    worth_by_sponsor: Worths
    room: list[int]
    taken: list[int]
    prices: Worths = field(init=False)
    gains: Worths = field(init=False)
    owner: npt.NDArray[np.int64] = field(init=False)
    members: list[list[int]] = field(init=False)
    before: dict[int, int] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Start with everybody absent."""
        households, sponsors = self.worth.shape
        self.prices = np.full(sponsors, self.scale.absent, self.scale.dtype)
        self.gains = np.full(households, self.scale.absent, self.scale.dtype)
        self.owner = np.full(households, NOBODY, np.int64)
        self.members = [[] for _ in range(sponsors)]

    def cost(self, i: int, k: int) -> int:
        """What the k-th place (from 0) with sponsor i costs: load grows with places taken."""
        return self.load[min(self.taken[i] + k, len(self.load) - 1)]

    def costs(self, i: int, households: int) -> int:
        """What so many households with sponsor i cost together."""
        return sum(self.cost(i, k) for k in range(households))

    def attach(self, j: int, i: int) -> None:
        """Match household j with sponsor i, after leaving its former sponsor."""
        self.detach(j)
        self.members[i].append(j)
        self.owner[j] = i

    def detach(self, j: int) -> None:
        """Leave household j unmatched; `before` keeps whose it was when the record began."""
        i = self.owner.item(j)
        self.before.setdefault(j, i)
        if i != NOBODY:
            self.members[i].remove(j)
            self.owner[j] = NOBODY


def mirror(worth: Worths) -> Worths:
    """The transposed copy, made in blocks that fit the cache."""
    turned = np.empty(worth.shape[::-1], worth.dtype)
    for start in range(0, len(worth), BLOCK):
        turned[:, start : start + BLOCK] = worth[start : start + BLOCK].T
    return turned
