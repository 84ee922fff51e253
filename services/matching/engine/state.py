"""One city alive: its market together with the matching that is optimal for it.

Mutable, with a single writer. Each change takes people out or brings them in, one at a time, so
that the matching of everybody present is optimal after every step.
"""

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .market import Market
from .matching import NOBODY, Matching, mirror
from .scoring import score_column, score_row, score_rows
from .search import fill, place
from .solve import optimise, settle
from .worth import Worths, scale_for, waiting_points, worths

BLOCK = 16


@dataclass
class State(Matching):
    """A matching whose positions are those of `market`; `waiting` are points [households]."""

    market: Market
    waiting: Worths

    def score_household(self, j: int) -> None:
        """Read the household at position j anew; not to be done while it is present."""
        market = self.market
        self.waiting[j] = points = waiting_points(market, market.households.at(j))
        lots = market.sponsors.lots * market.households.lots[j]
        self.worth[j] = worths(self.scale, score_row(market, j), points, lots)

    def bring_household(self, j: int) -> None:
        """Score a household that is absent and bring it in."""
        self.score_household(j)
        self.worth_by_sponsor[:, j] = self.worth[j]
        place(self, j)

    def review_household(self, j: int) -> None:
        """Score a household that is present anew; unless it would move, that is all to be done."""
        i, old, gain = self.owner.item(j), self.worth[j].copy(), self.gains.item(j)
        self.score_household(j)
        if (i == NOBODY or self.worth.item(j, i) == old.item(i)) and (
            int((self.worth[j] - self.prices).max()) <= gain
        ):
            self.worth_by_sponsor[:, j] = self.worth[j]
        else:
            self.take_household(j)
            self.bring_household(j)

    def take_household(self, j: int) -> None:
        """Take a household out; its sponsor looks for another."""
        i = self.owner.item(j)
        self.detach(j)
        self.gains[j] = self.scale.absent
        if i != NOBODY:
            fill(self, i)

    def bring_sponsor(self, i: int) -> None:
        """Score a sponsor that is absent and bring it in, priced so that nobody else would move."""
        market = self.market
        lots = market.households.lots * market.sponsors.lots[i]
        column = worths(self.scale, score_column(market, i), self.waiting, lots)
        self.worth[:, i] = self.worth_by_sponsor[i] = column
        self.read_room(i)
        self.open_sponsor(i)

    def open_sponsor(self, i: int) -> None:
        """Let in a sponsor that is absent, scored and with its room set."""
        self.prices[i] = max(int((self.worth_by_sponsor[i] - self.gains).max()), 0)
        fill(self, i)

    def take_sponsor(self, i: int) -> None:
        """Take a sponsor out; its households look for others."""
        left = self.members[i].copy()
        for j in left:
            self.detach(j)
            self.gains[j] = self.scale.absent
        self.prices[i] = self.scale.absent
        self.room[i] = 0
        for j in left:
            place(self, j)

    def read_room(self, i: int) -> None:
        """Take over capacity and active sponsorships from the sponsor's record."""
        sponsor = self.market.sponsors.at(i)
        self.taken[i] = sponsor.active
        self.room[i] = max(sponsor.capacity - sponsor.active, 0)

    def score_of(self, household_id: str) -> tuple[str, int] | None:
        """The sponsor that a household has and their score; None if it has none or is absent."""
        j = self.market.households.position.get(household_id)
        i = NOBODY if j is None else self.owner.item(j)
        if j is None or i == NOBODY:
            return None
        score = (self.worth.item(j, i) >> self.scale.shift) - self.waiting.item(j)
        return self.market.sponsors.names[i], score

    def start_again(self, prices: Mapping[str, int] | None = None) -> None:
        """Score all pairs and match everybody from nothing, or from prices by sponsor id."""
        self.score_all()
        self.match_all(prices)

    def match_all(self, prices: Mapping[str, int] | None = None) -> None:
        """Match everybody, all scored and still absent."""
        market = self.market
        households = _by_lot(market.households.position, market.households.lots)
        sponsors = _by_lot(market.sponsors.position, market.sponsors.lots)
        if prices is None:
            optimise(self, households, sponsors)
        else:
            for i in sponsors:
                self.prices[i] = max(prices.get(market.sponsors.at(i).id, 0), 0)
            settle(self, households, sponsors)

    def score_all(self) -> None:
        """Score all pairs; everybody is absent and unmatched afterwards."""
        market, absent = self.market, self.scale.absent
        self.load = [cost << self.scale.shift for cost in market.weights.load]
        self.prices[:] = absent
        self.gains[:] = absent
        everybody = sorted(
            market.households.position.values(), key=market.households.spoken.__getitem__
        )  # the same languages together: what they share with sponsors is found once
        for start in range(0, len(everybody), BLOCK):
            js = everybody[start : start + BLOCK]
            points = [waiting_points(market, market.households.at(j)) for j in js]
            self.waiting[js] = points
            lots = np.multiply.outer(market.households.lots[js], market.sponsors.lots)
            waiting = self.waiting[js, np.newaxis]
            self.worth[js] = worths(self.scale, score_rows(market, js), waiting, lots)
        for j in everybody:
            self.detach(j)
        self.worth_by_sponsor = mirror(self.worth)
        for i, _ in market.sponsors:
            self.read_room(i)

    def fork(self) -> "State":
        """A copy to try things on: it shares market and worths, and owns the matching."""
        twin = copy(self)
        for name in ("prices", "gains", "owner", "room", "taken"):
            setattr(twin, name, getattr(self, name).copy())
        twin.members = [members.copy() for members in self.members]
        twin.before = {}
        return twin

    def fit(self) -> None:
        """Grow to the market's positions; costs nothing when nothing grew."""
        households = self.market.households.size - len(self.gains)
        sponsors = self.market.sponsors.size - len(self.prices)
        if households or sponsors:
            absent = self.scale.absent
            self.worth = _grown(self.worth, (households, sponsors), -absent)
            self.worth_by_sponsor = _grown(self.worth_by_sponsor, (sponsors, households), -absent)
            self.prices = _grown(self.prices, (sponsors,), absent)
            self.gains = _grown(self.gains, (households,), absent)
            self.waiting = _grown(self.waiting, (households,), 0)
            self.owner = _grown(self.owner, (households,), NOBODY)
            self.members += [[] for _ in range(sponsors)]
            self.room += [0] * sponsors
            self.taken += [0] * sponsors


def _grown(array: Worths, more: tuple[int, ...], value: int) -> Worths:
    return np.pad(array, [(0, k) for k in more], constant_values=value)


def _by_lot(positions: Mapping[str, int], lots: npt.NDArray[np.uint64]) -> list[int]:
    """Positions in an order that depends on the ids alone, not on who came first."""
    return sorted(positions.values(), key=lots.tolist().__getitem__)


def empty(market: Market) -> State:
    """A state for the market in which nobody is scored or present yet."""
    scale = scale_for(market)
    shape = market.households.size, market.sponsors.size
    worth: Worths = np.full(shape, -scale.absent, scale.dtype)
    waiting: Worths = np.zeros(shape[0], scale.dtype)
    return State(scale, [0], worth, worth, [0] * shape[1], [0] * shape[1], market, waiting)


def solve(market: Market, prices: Mapping[str, int] | None = None) -> State:
    """The optimum over everybody in the market; `prices` by sponsor id are a guess for speed."""
    state = empty(market)
    state.start_again(prices)
    return state
