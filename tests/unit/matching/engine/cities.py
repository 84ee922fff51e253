"""Small random cities and their events for the engine's tests: many ties, scarce places."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

import numpy as np
import numpy.typing as npt

from services.matching.engine import (
    DayBegan,
    Event,
    Household,
    HouseholdLeft,
    HouseholdWaits,
    Ladder,
    Market,
    PairCommitted,
    PairExcluded,
    PlaceFreed,
    RulesChanged,
    Sponsor,
    SponsorLeft,
    SponsorReady,
    State,
    Weights,
    compile_market,
)

TODAY = date(2026, 3, 2)
WEIGHTS = Weights(neighbours=frozenset({("east", "west")}))
LADDER = Ladder()


def sponsor(name: str = "s", **facts: object) -> Sponsor:
    """A sponsor that suits everybody, unless told otherwise."""
    usual: dict[str, object] = {
        "languages": {"de": 6, "ar": 5},
        "slots": 0b1111,
        "district": "east",
        "topics": frozenset({"german"}),
        "certificate_until": TODAY + timedelta(1000),
        "children": True,
    }
    return Sponsor(name, **(usual | facts))  # type: ignore[arg-type]


def household(name: str = "h", waited: int = 0, **facts: object) -> Household:
    """A household that suits every sponsor, unless told otherwise."""
    usual: dict[str, object] = {
        "languages": {"ar": 6},
        "slots": 0b1111,
        "district": "east",
        "topics": frozenset({"german"}),
    }
    return Household(name, TODAY - timedelta(waited), **(usual | facts))  # type: ignore[arg-type]


def market(
    sponsors: list[Sponsor],
    households: list[Household],
    excluded: list[tuple[str, str]] | None = None,
    weights: Weights = WEIGHTS,
) -> Market:
    """Compile with the usual rules, as of TODAY."""
    return compile_market(sponsors, households, weights, LADDER, excluded or [], TODAY)


def random_sponsor(draw: Random, name: str, today: date = TODAY) -> Sponsor:
    """Any sponsor: few languages, few slots, some untrained or without a certificate."""
    return Sponsor(
        name,
        {"de": 6, draw.choice("abcd"): draw.randint(2, 5)},
        draw.getrandbits(21) & draw.getrandbits(21),
        draw.choice(("east", "west", "north", "")),
        draw.choice("fmd"),
        frozenset(draw.choice("fm") if draw.random() < 0.2 else ""),
        frozenset(draw.sample("uvwxyz", 2)),
        capacity=draw.choice((0, 1, 1, 2, 2, 3)),
        active=draw.choice((0, 0, 0, 1)),
        trained=draw.random() < 0.9,
        certificate_until=today + timedelta(draw.randint(-20, 300)),
        children=draw.random() < 0.5,
        interpreter=draw.random() < 0.5,
    )


def random_household(draw: Random, name: str, today: date = TODAY) -> Household:
    """Any household; many arrive on the same days, so that ties are common."""
    return Household(
        name,
        today - timedelta(draw.choice((0, 0, 5, 30, 61, 130))),
        {draw.choice("abcd"): 6} | ({"de": 2} if draw.random() < 0.5 else {}),
        draw.getrandbits(21) & draw.getrandbits(21),
        draw.choice(("east", "west", "north", "")),
        draw.choice("fmd"),
        frozenset(draw.choice("fm") if draw.random() < 0.2 else ""),
        frozenset(draw.sample("uvwxyz", draw.randint(0, 3))),
        minors=draw.choice((0, 0, 1, 3)),
    )


def random_city(seed: int, sponsors: int, households: int) -> tuple[list[Sponsor], list[Household]]:
    """A city of that size, the same for the same seed."""
    draw = Random(seed)
    return (
        [random_sponsor(draw, f"s{k}") for k in range(sponsors)],
        [random_household(draw, f"h{k}") for k in range(households)],
    )


def pairs(state: State) -> dict[str, str | None]:
    """Who is proposed to whom, by id."""
    name, owner = state.market.sponsors.name, state.owner
    return {who: name(owner.item(j)) for who, j in state.market.households.position.items()}


def points(state: State) -> tuple[int, int]:
    """Matches, and points over all of them as of whole basis points."""
    shift, matched = state.scale.shift, [j for j, i in enumerate(state.owner.tolist()) if i >= 0]
    worth = sum(state.worth.item(j, state.owner.item(j)) >> shift for j in matched)
    costs = sum(
        state.cost(i, k) >> shift for i, m in enumerate(state.members) for k in range(len(m))
    )
    return len(matched), worth - costs


def places(state: State) -> tuple[npt.NDArray[np.int64], list[int]]:
    """Whole points [households, places], 0 where impossible, and the sponsor of each place."""
    slots = [(i, k) for i, room in enumerate(state.room) for k in range(room)]
    costs = [state.cost(i, k) >> state.scale.shift for i, k in slots]
    table = (state.worth >> state.scale.shift)[:, [i for i, _ in slots]] - np.array(costs, np.int64)
    return np.where(table > 0, table, 0), [i for i, _ in slots]


def random_events(state: State, seed: int) -> Iterator[Event]:
    """Events for ever, sensible ones and others; reads the state that they are applied to."""
    draw, count = Random(seed), 0
    while True:
        count += 1
        today = state.market.today
        households = [*state.market.households.position, f"new{count}"]
        sponsors = [*state.market.sponsors.position, f"new{count}"]
        proposed = [(h, s) for h, s in pairs(state).items() if s] or [("nobody", "nobody")]
        any_pair = draw.choice(households), draw.choice(sponsors)
        some_pair = draw.choice([draw.choice(proposed), any_pair])
        yield draw.choice(
            (
                HouseholdWaits(random_household(draw, f"new{count}", today)),
                HouseholdWaits(random_household(draw, f"new{count}", today)),
                HouseholdWaits(random_household(draw, draw.choice(households), today)),
                HouseholdLeft(draw.choice(households)),
                SponsorReady(random_sponsor(draw, f"new{count}", today)),
                SponsorReady(random_sponsor(draw, draw.choice(sponsors), today)),
                SponsorLeft(draw.choice(sponsors)),
                PairExcluded(*some_pair),
                PairCommitted(*some_pair),
                PlaceFreed(draw.choice(sponsors)),
                PlaceFreed(draw.choice(sponsors)),
                DayBegan(today + timedelta(draw.choice((-1, 0, 1, 1, 7)))),
                RulesChanged(Weights(str(count), per_day=draw.choice((0, 20, 50))), LADDER)
                if draw.random() < 0.1
                else DayBegan(today + timedelta(1)),
            )
        )
