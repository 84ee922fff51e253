"""Three years of an office with 300 sponsors and a quarter more households than it can serve."""

from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np

from services.matching.engine import (
    DayBegan,
    HouseholdLeft,
    HouseholdWaits,
    Ladder,
    PairCommitted,
    PlaceFreed,
    SponsorLeft,
    SponsorReady,
    Weights,
    apply,
    compile_market,
    solve,
)

from .market import People

SPONSORS = 300
SPONSORSHIP_WEEKS = 26
SPONSOR_STAYS_DAYS = 500
PATIENCE_DAYS = 180
BEGIN = date(2024, 1, 1)


@dataclass
class Years:
    """What came of it: days waited by those matched, days of overtaking, worst breach of proof."""

    waited: list[int] = field(default_factory=list)
    overtaken: list[int] = field(default_factory=list)
    breaches: int = 0
    still: int = 0
    left: int = 0


class Town:
    """One town, day by day; a session every Monday commits all proposals."""

    def __init__(self, overload: float, weights: Weights, ladder: Ladder, seed: int = 1) -> None:
        self.people, self.weights, self.seen = People(seed), weights, Years()
        sponsors = [self.people.sponsor(BEGIN) for _ in range(SPONSORS)]
        places = sum(s.capacity for s in sponsors if s.trained)
        self.daily = overload * places / (7 * SPONSORSHIP_WEEKS)
        self.state = solve(compile_market(sponsors, [], weights, ladder, [], BEGIN))
        self.ends: dict[date, list[str]] = {}

    def day(self, today: date) -> None:
        """Arrivals, departures and, on Mondays, the session."""
        state, draw = self.state, self.people.random
        apply(state, DayBegan(today))
        for sponsor in self.ends.pop(today, []):
            apply(state, PlaceFreed(sponsor))
        for _ in range(int(self.daily) + (draw.random() < self.daily % 1)):
            apply(state, HouseholdWaits(self.people.household(today, 0)))
        for _, household in list(state.market.households):
            if draw.random() * PATIENCE_DAYS < 1:
                apply(state, HouseholdLeft(household.id))
                self.seen.left += 1
        for _, helper in list(state.market.sponsors):
            if not helper.active and draw.random() * SPONSOR_STAYS_DAYS < 1:
                apply(state, SponsorLeft(helper.id))
                apply(state, SponsorReady(self.people.sponsor(today)))
        if today.weekday() == 0:
            self.session(today)

    def session(self, today: date) -> None:
        """Measure how far anybody was overtaken, then commit every proposal."""
        state, seen = self.state, self.seen
        matched = np.flatnonzero(state.owner >= 0).tolist()
        waiting = [j for j, _ in state.market.households if state.owner.item(j) < 0]
        points = (state.worth >> state.scale.shift) - state.waiting[:, np.newaxis]
        for k in matched:
            i = state.owner.item(k)
            could = [j for j in waiting if state.worth.item(j, i) > -state.scale.absent]
            longer = (state.waiting[could] - state.waiting[k]) // self.weights.per_day
            spread = points[k, i] - points[could, i]
            seen.breaches += int((longer * self.weights.per_day > spread).sum())
            seen.overtaken.append(int(longer.max(initial=0)))
        market = state.market
        pairs = [
            (market.households.at(k), market.sponsors.at(state.owner.item(k))) for k in matched
        ]
        for household, sponsor in pairs:
            apply(state, PairCommitted(household.id, sponsor.id))
            seen.waited.append((today - household.arrived).days)
            end = today + timedelta(weeks=SPONSORSHIP_WEEKS)
            self.ends.setdefault(end, []).append(sponsor.id)


def simulate(overload: float, weights: Weights, ladder: Ladder, years: int = 3) -> Years:
    """Run a town for so many years; whoever still waits at the end counts with the days so far."""
    town, today = Town(overload, weights, ladder), BEGIN
    for k in range(1, 365 * years):
        today = BEGIN + timedelta(k)
        town.day(today)
    still = [(today - household.arrived).days for _, household in town.state.market.households]
    town.seen.still = len(still)
    town.seen.waited += still
    return town.seen
