"""An endless, seeded stream of events for a city: what happens in an office, sped up."""

from collections.abc import Callable, Iterator

from services.matching.engine import (
    Event,
    Household,
    HouseholdLeft,
    HouseholdWaits,
    PairCommitted,
    PairExcluded,
    PlaceFreed,
    Sponsor,
    SponsorLeft,
    SponsorReady,
    State,
)

from .market import People

SHARES = {
    "household arrives": 28,
    "household leaves": 8,
    "sponsor arrives": 8,
    "sponsor leaves": 8,
    "place freed": 18,
    "pair declined": 12,
    "pair committed": 20,
}
FEWEST = 8


class Office:
    """Draws the next event for a state; looks at the state, never changes it."""

    def __init__(self, state: State, seed: int) -> None:
        self.state, self.people = state, People(seed)
        self.people.count = 10_000_000 * (1 + seed)
        self.make: dict[str, Callable[[], Event]] = {
            "household arrives": lambda: HouseholdWaits(self.people.household(self.today, 0)),
            "household leaves": lambda: HouseholdLeft(self.household().id),
            "sponsor arrives": lambda: SponsorReady(self.people.sponsor(self.today)),
            "sponsor leaves": lambda: SponsorLeft(self.sponsor().id),
            "place freed": lambda: PlaceFreed(self.sponsor(active=True).id),
            "pair declined": lambda: PairExcluded(*self.pair()),
            "pair committed": lambda: PairCommitted(*self.pair()),
        }
        self.today = state.market.today

    def household(self) -> Household:
        """Any household that waits."""
        while True:
            who = self.people.random.choice(self.state.market.households.people)
            if who is not None:
                return who

    def sponsor(self, *, active: bool = False) -> Sponsor:
        """Any sponsor; if there is one after some tries, one with a sponsorship under way."""
        tries = 0
        while True:
            who = self.people.random.choice(self.state.market.sponsors.people)
            tries += 1
            if who is not None and (who.active or not active or tries > 1000):  # noqa: PLR2004
                return who

    def pair(self) -> tuple[str, str]:
        """A proposed pair, or after some tries any."""
        state = self.state
        household = self.household()
        for _ in range(1000):
            i = state.owner.item(state.market.households.position[household.id])
            if i >= 0:
                return household.id, state.market.sponsors.names[i]
            household = self.household()
        return household.id, self.sponsor().id

    def events(self) -> Iterator[tuple[str, Event]]:
        """Kind and event, for ever; a city nearly empty or of twice its size is steered back."""
        market = self.state.market
        households, sponsors = market.households.position, market.sponsors.position
        most = 2 * len(households), 2 * len(sponsors)
        while True:
            kind = self.people.random.choices(list(SHARES), list(SHARES.values()))[0]
            for who, present, limit in zip(
                ("household", "sponsor"), (households, sponsors), most, strict=True
            ):
                if len(present) < FEWEST or len(present) > limit:
                    kind = f"{who} {'arrives' if len(present) < FEWEST else 'leaves'}"
            yield kind, self.make[kind]()
