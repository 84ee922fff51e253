"""An endless, seeded stream of events for a city: what happens in an office, sped up."""

from collections.abc import Iterator
from datetime import timedelta

from services.matching.engine import (
    DayBegan,
    Event,
    HouseholdLeft,
    HouseholdWaits,
    PairCommitted,
    PairExcluded,
    PlaceFreed,
    SponsorLeft,
    SponsorReady,
    State,
)

from .market import People

SHARES = {
    "arrival": 28,
    "gone": 8,
    "sponsor": 8,
    "sponsor left": 6,
    "freed": 18,
    "declined": 12,
    "committed": 20,
}


def events(state: State, seed: int, *, days: float = 0.0) -> Iterator[tuple[str, Event]]:
    """Kind and event for ever; `days` is how many days begin per event. Reads the state."""
    people = People(seed)
    people.count = 10_000_000 * seed
    draw = people.random
    kinds, shares = list(SHARES), list(SHARES.values())
    while True:
        market = state.market
        if draw.random() < days:
            yield "day", DayBegan(market.today + timedelta(1))
        household = _somebody(market.households.people, draw.randrange)
        sponsor = _somebody(market.sponsors.people, draw.randrange)
        owner = state.owner.item(market.households.position[household])
        proposed = market.sponsors.name(owner) or sponsor
        kind = draw.choices(kinds, shares)[0]
        yield (
            kind,
            {
                "arrival": lambda: HouseholdWaits(people.household(market.today, 0)),
                "gone": lambda h=household: HouseholdLeft(h),
                "sponsor": lambda: SponsorReady(people.sponsor(market.today)),
                "sponsor left": lambda s=sponsor: SponsorLeft(s),
                "freed": lambda s=sponsor: PlaceFreed(s),
                "declined": lambda h=household, s=proposed: PairExcluded(h, s),
                "committed": lambda h=household, s=proposed: PairCommitted(h, s),
            }[kind](),
        )
