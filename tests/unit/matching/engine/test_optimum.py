"""The matching is the best there is: by its own certificate and by two independent solvers."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from services.matching.engine import Weights, certify, compile_market, solve
from services.matching.engine.matching import NOBODY
from services.matching.engine.state import State
from services.matching.engine.worth import SLIM, WIDE

from .cities import (
    LADDER,
    TODAY,
    WEIGHTS,
    household,
    market,
    pairs,
    places,
    points,
    random_city,
    sponsor,
)

sizes = st.integers(0, 14)


def _best_by_scipy(state: State) -> tuple[int, int]:
    table, _ = places(state)
    rows, columns = linear_sum_assignment(table, maximize=True)
    chosen = table[rows, columns]
    return int((chosen > 0).sum()), int(chosen.sum())


@settings(deadline=None)
@given(st.integers(0, 10**6), sizes, sizes)
def test_equals_scipy_on_any_city(number: int, sponsors: int, households: int) -> None:
    state = solve(market(*random_city(number, sponsors, households)))
    assert certify(state).optimal
    assert points(state) == _best_by_scipy(state)


@pytest.mark.parametrize("number", range(4))
@pytest.mark.parametrize("size", [(70, 70), (200, 150), (90, 300)])
def test_equals_scipy_where_prices_come_from_a_sample(number: int, size: tuple[int, int]) -> None:
    state = solve(market(*random_city(number, *size)))
    assert certify(state).optimal
    assert points(state) == _best_by_scipy(state)


@pytest.mark.parametrize("number", range(5))
def test_equals_or_tools(number: int) -> None:
    min_cost_flow = pytest.importorskip("ortools.graph.python.min_cost_flow")
    state = solve(market(*random_city(number, 40, 60)))
    table, _ = places(state)
    households, columns = table.shape
    flow = min_cost_flow.SimpleMinCostFlow()
    for j, k in zip(*np.nonzero(table), strict=True):
        flow.add_arc_with_capacity_and_unit_cost(int(j), int(households + k), 1, -int(table[j, k]))
    source, sink = households + columns, households + columns + 1
    for j in range(households):
        flow.add_arc_with_capacity_and_unit_cost(source, j, 1, 0)
        flow.add_arc_with_capacity_and_unit_cost(j, sink, 1, 0)
    for k in range(columns):
        flow.add_arc_with_capacity_and_unit_cost(households + k, sink, 1, 0)
    flow.set_nodes_supplies([source, sink], [households, -households])
    assert flow.solve() == flow.OPTIMAL
    assert points(state)[1] == -flow.optimal_cost()


@settings(deadline=None)
@given(st.integers(0, 10**6), sizes, sizes)
def test_order_of_input_changes_nothing(number: int, sponsors: int, households: int) -> None:
    some, others = random_city(number, sponsors, households)
    assert pairs(solve(market(some, others))) == pairs(solve(market(some[::-1], others[::-1])))


@settings(deadline=None)
@given(st.integers(0, 10**6), sizes, sizes)
def test_other_ids_draw_other_lots_but_reach_the_same_points(
    number: int, sponsors: int, households: int
) -> None:
    some, others = random_city(number, sponsors, households)
    renamed = [replace(s, id=f"x{s.id}") for s in some], [replace(h, id=f"x{h.id}") for h in others]
    assert points(solve(market(some, others))) == points(solve(market(*renamed)))


@settings(deadline=None)
@given(st.integers(0, 10**6), sizes, sizes, st.integers(-400, 400))
def test_time_alone_changes_nothing(number: int, sponsors: int, households: int, days: int) -> None:
    some, others = random_city(number, sponsors, households)
    later = timedelta(days)
    moved = (
        [replace(s, certificate_until=(s.certificate_until or TODAY) + later) for s in some],
        [replace(h, arrived=h.arrived + later) for h in others],
    )
    then = solve(compile_market(*moved, WEIGHTS, LADDER, [], TODAY + later))
    assert pairs(then) == pairs(solve(market(some, others)))


@settings(deadline=None)
@given(st.integers(0, 10**6), sizes, sizes)
def test_a_sponsor_with_two_places_is_worth_two_with_one(
    number: int, sponsors: int, households: int
) -> None:
    some, others = random_city(number, sponsors, households)
    even = Weights(load=(0,))
    split = [
        replace(s, id=f"{s.id}/{k}", capacity=1, active=0)
        for s in some
        for k in range(s.capacity - s.active)
    ]
    whole = solve(market([replace(s) for s in some], others, weights=even))
    assert points(whole) == points(solve(market(split, others, weights=even)))


@settings(deadline=None)
@given(st.integers(0, 10**6), sizes, sizes)
def test_an_excluded_pair_is_never_matched_and_costs_no_more_than_it_gave(
    number: int, sponsors: int, households: int
) -> None:
    some, others = random_city(number, sponsors, households)
    before = solve(market(some, others))
    excluded = [(h, s) for h, s in pairs(before).items() if s][:3]
    after = solve(market(some, others, excluded))
    assert not set(excluded) & set(pairs(after).items())
    assert points(after) <= points(before)


def test_load_is_shared_before_anybody_gets_a_second_household() -> None:
    some = [sponsor("busy", capacity=3), sponsor("idle")]
    state = solve(market(some, [household("a"), household("b")]))
    assert set(pairs(state).values()) == {"busy", "idle"}


def test_who_waits_longer_comes_first() -> None:
    state = solve(market([sponsor()], [household("new"), household("old", waited=10)]))
    assert pairs(state) == {"new": None, "old": "s"}


def test_overtaking_is_bounded_as_proven() -> None:
    """Nobody whom a sponsor could have taken waited longer by more than spread / per_day."""
    weights = Weights(per_day=50)
    state = solve(market(*random_city(7, 60, 200), weights=weights))
    table = (state.worth >> state.scale.shift) - state.waiting[:, np.newaxis]
    for j in np.flatnonzero(state.gains == 0).tolist():
        for i, members in enumerate(state.members):
            if state.owner.item(j) == NOBODY and state.worth.item(j, i) > -state.scale.absent:
                for k in members:
                    longer = (state.waiting.item(j) - state.waiting.item(k)) // weights.per_day
                    assert longer * weights.per_day <= table.item(k, i) - table.item(j, i)


@pytest.mark.parametrize("damage", ["swap", "price", "gain", "room", "drop", "blocked"])
def test_the_certificate_finds_every_kind_of_damage(damage: str) -> None:
    state = solve(market(*random_city(3, 20, 40)))
    matched = np.flatnonzero(state.owner != NOBODY).tolist()
    first = matched[0]
    owner = state.owner.item(first)
    other = next(j for j in matched if state.owner.item(j) != owner)
    if damage == "swap":
        mine, theirs = owner, state.owner.item(other)
        state.attach(first, theirs)
        state.attach(other, mine)
    elif damage == "price":
        state.prices[owner] += 1
    elif damage == "gain":
        state.gains[first] -= 1
    elif damage == "room":
        state.room[owner] = 0
    elif damage == "drop":
        state.detach(first)
    elif damage == "blocked":
        state.worth[first, owner] = -state.scale.absent
    assert not certify(state).optimal


@pytest.mark.parametrize("number", range(5))
def test_without_lots_the_points_are_the_same(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    city = random_city(number, 80, 120)
    wide = solve(market(*city))
    monkeypatch.setattr("services.matching.engine.state.scale_for", lambda _: SLIM)
    slim = solve(market(*city))
    assert (wide.scale, slim.scale) == (WIDE, SLIM)
    assert certify(slim).optimal
    assert points(slim) == points(wide)
