"""The optimum from nothing: prices learned from a quarter of the market, then repaired exactly.

A sample knows nearly what everybody is worth to the whole; wrong guesses cost time, never truth.
"""

import numpy as np

from .matching import Matching, mirror
from .search import fill, place

SMALL = 64
SAMPLE = 4


def optimise(m: Matching, households: list[int], sponsors: list[int]) -> None:
    """Match those given (positions, in a fixed order) among an otherwise empty matching."""
    m.prices[sponsors] = 0
    if min(len(households), len(sponsors)) > SMALL:
        _learn_prices(m, households, sponsors)
    settle(m, households, sponsors)


def _learn_prices(m: Matching, households: list[int], sponsors: list[int]) -> None:
    """Solve for every fourth of both sides; a sponsor costs what the second best would pay."""
    some_households, some_sponsors = households[::SAMPLE], sponsors[::SAMPLE]
    worth = m.worth[np.ix_(some_households, some_sponsors)]
    sample = Matching(
        m.scale,
        m.load,
        worth,
        mirror(worth),
        [m.room[i] for i in some_sponsors],
        [m.taken[i] for i in some_sponsors],
    )
    optimise(sample, list(range(len(some_households))), list(range(len(some_sponsors))))
    best, second = np.zeros_like(m.prices), np.zeros_like(m.prices)
    for k, j in enumerate(some_households):
        left = m.worth[j] - sample.gains[k]
        np.maximum(second, np.minimum(best, left), out=second)
        np.maximum(best, left, out=best)
    m.prices[sponsors] = second[sponsors]


def settle(m: Matching, households: list[int], sponsors: list[int]) -> None:
    """Turn any prices into the optimum: take what fits at once, then repair one by one."""
    left = np.empty_like(m.prices)
    later = []
    for j in households:
        np.subtract(m.worth[j], m.prices, out=left)
        i = int(left.argmax())
        gain, places = left.item(i), len(m.members[i])
        if gain <= 0:
            m.gains[j] = 0
        elif places < m.room[i] and m.prices.item(i) >= m.cost(i, places):
            m.gains[j] = gain
            m.attach(j, i)
        else:
            later.append(j)
    for j in later:
        place(m, j)
    for i in sponsors:
        fill(m, i)
