"""What a pair is worth, as one integer: points in the upper bits, a drawn lot in the lower.

The lots make the optimum unique, so that replay, increments and a full run give the same pairs.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from .market import Market, Points
from .model import Household

Worths = npt.NDArray[np.int64]
LOT_BITS = 21
HORIZON = date(2100, 1, 1)
MOST_WIDE_PAIRS = 1 << 26
MOST_WIDE_HOUSEHOLDS = 1 << 15


@dataclass(frozen=True, slots=True)
class Scale:
    """Points are shifted left by `shift`; `absent` is more than any worth or price can be."""

    dtype: type[np.int64 | np.int32]
    shift: int
    absent: int

    def points(self, worth: int) -> int:
        """Whole points of a worth, rounded up."""
        return -(-worth >> self.shift)


WIDE = Scale(np.int64, 36, 1 << 60)
SLIM = Scale(np.int32, 0, 1 << 28)


def scale_for(market: Market) -> Scale:
    """With lots wherever they fit; beyond 67 million pairs a quarter of the memory and no lots."""
    households, sponsors = market.households.size, market.sponsors.size
    fits = households * sponsors <= MOST_WIDE_PAIRS and households <= MOST_WIDE_HOUSEHOLDS
    return WIDE if fits else SLIM


def waiting_points(market: Market, household: Household) -> int:
    """Points for any match of a household: more by `per_day` for each day that it came earlier.

    They count back from a fixed day far ahead, so the passing of time changes nothing.
    """
    weights = market.weights
    return weights.match_worth + weights.per_day * (HORIZON - household.arrived).days


def worths(
    scale: Scale, scores: Points, waiting: Worths | int, lots: npt.NDArray[np.uint64]
) -> Worths:
    """Worth of pairs from their scores, waiting points and products of both sides' lots.

    -absent where blocked. A lot is the upper bits of its product (multiply-shift hashing).
    """
    worth = np.add(scores, waiting, dtype=scale.dtype)
    worth <<= scale.dtype(scale.shift)
    if scale.shift:
        worth += (lots >> np.uint64(64 - LOT_BITS)).view(np.int64)
    np.putmask(worth, scores < 0, -scale.absent)
    return worth
