"""A city told in another way lives on in the same way: later, renamed, split, stopped, slimmer."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.matching.engine import (
    DayBegan,
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
    Weights,
    apply,
    certify,
    compile_market,
    restore,
    snapshot,
    solve,
)
from services.matching.engine.worth import SLIM

from .cities import (
    LADDER,
    TODAY,
    WEIGHTS,
    household,
    market,
    pairs,
    points,
    random_city,
    random_events,
    sponsor,
)

seeds = st.integers(0, 10**6)
LATER = timedelta(413)


def _told(seed: int, sponsors: int, households: int, count: int) -> Iterator[tuple[Event, State]]:
    """Random events with the state after each, every one certified."""
    state = solve(market(*random_city(seed, sponsors, households)))
    for event in islice(random_events(state, seed), count):
        apply(state, event)
        assert certify(state).optimal, event
        yield event, state


def _later(event: Event) -> Event:
    if isinstance(event, HouseholdWaits):
        return HouseholdWaits(_household_later(event.household))
    if isinstance(event, SponsorReady):
        return SponsorReady(_sponsor_later(event.sponsor))
    if isinstance(event, DayBegan):
        return DayBegan(event.today + LATER)
    return event


def _household_later(who: Household) -> Household:
    return replace(who, arrived=who.arrived + LATER)


def _sponsor_later(who: Sponsor) -> Sponsor:
    return replace(who, certificate_until=(who.certificate_until or TODAY) + LATER)


def _renamed(event: Event) -> Event:
    if isinstance(event, HouseholdWaits):
        return HouseholdWaits(replace(event.household, id=f"x{event.household.id}"))
    if isinstance(event, SponsorReady):
        return SponsorReady(replace(event.sponsor, id=f"x{event.sponsor.id}"))
    if isinstance(event, HouseholdLeft):
        return HouseholdLeft(f"x{event.household_id}")
    if isinstance(event, SponsorLeft | PlaceFreed):
        return type(event)(f"x{event.sponsor_id}")
    if isinstance(event, PairExcluded | PairCommitted):
        return type(event)(f"x{event.household_id}", f"x{event.sponsor_id}")
    return event


@settings(deadline=None, max_examples=20)
@given(seeds)
def test_a_life_that_begins_a_year_later_is_the_same_life(seed: int) -> None:
    some, others = random_city(seed, 6, 10)
    shifted = list(map(_sponsor_later, some)), list(map(_household_later, others))
    state = solve(compile_market(*shifted, WEIGHTS, LADDER, [], TODAY + LATER))
    for event, original in _told(seed, 6, 10, 40):
        apply(state, _later(event))
        assert pairs(state) == pairs(original), event


@settings(deadline=None, max_examples=20)
@given(seeds)
def test_people_with_other_names_fare_the_same(seed: int) -> None:
    """Ties fall otherwise, so pairs may differ, but points may not."""
    some, others = random_city(seed, 6, 10)
    state = solve(
        market(
            [replace(s, id=f"x{s.id}") for s in some], [replace(h, id=f"x{h.id}") for h in others]
        )
    )
    for event, original in _told(seed, 6, 10, 40):
        apply(state, _renamed(event))
        assert certify(state).optimal
        assert points(state) == points(original), event


@settings(deadline=None, max_examples=20)
@given(seeds, st.integers(1, 8), st.integers(1, 12))
def test_one_with_three_places_lives_like_three_with_one(seed: int, s: int, h: int) -> None:
    some, others = random_city(seed, s, h)
    even = Weights(load=(0,))
    whole = solve(market(some, others, weights=even))
    split = solve(market(some, others, weights=even))
    helper = sponsor("helper", capacity=3)
    apply(whole, SponsorReady(helper))
    for k in range(3):
        apply(split, SponsorReady(replace(helper, id=f"helper {k}", capacity=1)))
    newcomer = household("newcomer", waited=40)
    for state in (whole, split):
        apply(state, HouseholdWaits(newcomer))
        assert certify(state).optimal
    assert points(whole) == points(split)


UNDONE: dict[str, Callable[[State], list[Event]]] = {
    "a household comes and goes": lambda _: [
        HouseholdWaits(household("guest", waited=500)),
        HouseholdLeft("guest"),
    ],
    "a sponsor comes and goes": lambda _: [
        SponsorReady(sponsor("visitor", capacity=3)),
        SponsorLeft("visitor"),
    ],
    "a sponsor goes and comes back": lambda state: [
        SponsorLeft("s0"),
        SponsorReady(state.market.sponsors.at(state.market.sponsors.position["s0"])),
    ],
    "a household goes and comes back": lambda state: [
        HouseholdLeft("h0"),
        HouseholdWaits(state.market.households.at(state.market.households.position["h0"])),
    ],
    "a household changes and changes back": lambda state: [
        HouseholdWaits(household("h0", topics=frozenset("uv"))),
        HouseholdWaits(state.market.households.at(state.market.households.position["h0"])),
    ],
    "a sponsor gets more room and loses it again": lambda state: [
        SponsorReady(
            replace(state.market.sponsors.at(state.market.sponsors.position["s0"]), capacity=9)
        ),
        SponsorReady(state.market.sponsors.at(state.market.sponsors.position["s0"])),
    ],
}


@pytest.mark.parametrize("case", UNDONE)
@pytest.mark.parametrize("number", range(8))
def test_what_is_undone_leaves_nothing_behind(case: str, number: int) -> None:
    state = solve(market(*random_city(number, 9, 15)))
    before = pairs(state)
    for event in UNDONE[case](state):
        apply(state, event)
        assert certify(state).optimal
    assert pairs(state) == before


@pytest.mark.parametrize("number", range(6))
def test_a_city_stopped_anywhere_goes_on_as_if_it_had_not(number: int) -> None:
    again = solve(market([], []))
    for k, (event, state) in enumerate(_told(number, 8, 14, 120)):
        if k % 40 == 0:
            again = _from_its_records(state)
        else:
            apply(again, event)
        assert certify(again).optimal
        assert pairs(again) == pairs(state), event


def _from_its_records(state: State) -> State:
    now = state.market
    excluded = [(h, s) for h, some in now.households.excluded.items() for s in some]
    sponsors, households = [s for _, s in now.sponsors], [h for _, h in now.households]
    compiled = compile_market(sponsors, households, now.weights, now.ladder, excluded, now.today)
    return restore(compiled, json.loads(json.dumps(snapshot(state))))


@pytest.mark.parametrize("number", range(4))
def test_without_lots_a_life_brings_the_same_points(
    number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.matching.engine.state.scale_for", lambda _: SLIM)
    slim = solve(market(*random_city(number, 10, 16)))
    monkeypatch.undo()
    for event, state in _told(number, 10, 16, 150):
        apply(slim, event)
        assert certify(slim).optimal, event
        assert points(slim) == points(state), event


@pytest.mark.parametrize("number", range(2))
def test_larger_cities_stay_the_same_as_if_all_had_been_there_from_the_start(number: int) -> None:
    for k, (event, state) in enumerate(_told(number, 90, 150, 150)):
        if k % 15 == 0:
            now = _from_its_records(state).market
            assert pairs(solve(now)) == pairs(state), event
