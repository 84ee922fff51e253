"""What the engine says about pairs, unmatched households, alternatives and recruits is true."""

import json
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from services.matching.engine import (
    DayBegan,
    Ladder,
    NotProvenError,
    Relaxation,
    Rung,
    SponsorReady,
    StaleSnapshotError,
    State,
    Weights,
    advise_recruiting,
    alternatives,
    apply,
    certify,
    compile_market,
    explain,
    explain_pair,
    proposals,
    propose,
    restore,
    score_column,
    score_row,
    sentences,
    snapshot,
    solve,
)
from services.matching.engine.scoring import BLOCKED
from services.matching.engine.worth import HORIZON

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

City = tuple[int, int, int]
cities = st.tuples(st.integers(0, 10**6), st.integers(1, 14), st.integers(1, 14))


@settings(deadline=None)
@given(cities)
def test_rows_columns_rules_and_explanations_agree_on_every_pair(
    city: City,
) -> None:
    state = solve(market(*random_city(*city)))
    here = state.market
    for who, j in here.households.position.items():
        row = score_row(here, j)
        for whom, i in here.sponsors.position.items():
            told = explain_pair(state, who, whom)
            assert row[i] == score_column(here, i)[j]
            assert row[i] == (BLOCKED if told.broken else told.score)
            assert all(0 <= part.points <= part.most for part in told.contributions)


@settings(deadline=None)
@given(cities)
def test_proposals_explain_everybody_and_add_up(city: City) -> None:
    some, others = random_city(*city)
    told = propose(some, others, WEIGHTS, LADDER, [], TODAY)
    assert {p.household_id: p.sponsor_id for p in told} == pairs(solve(market(some, others)))
    assert [p.household_id for p in told] == sorted(h.id for h in others)
    for p in told:
        assert p.score == sum(part.points for part in p.explanation.contributions)
        for language in ("de", "en"):
            assert all("{" not in line for line in sentences(p.explanation, language))


def test_a_pair_is_explained_criterion_by_criterion() -> None:
    mother = household(minors=2, topics=frozenset({"german", "culture"}), district="west")
    told = explain(solve(market([sponsor()], [mother])), "h")
    assert [(c.criterion, c.points, c.most) for c in told.contributions] == [
        ("language", 2500, 3000),
        ("topics", 1250, 2500),
        ("time", 2000, 2000),
        ("district", 750, 1500),
        ("children", 1000, 1000),
    ]
    assert (told.score, told.language, told.slots) == (7500, "ar", 0b1111)
    assert "7500 von 10.000 Punkten" in sentences(told, "de")[0]
    assert "Monday morning" in sentences(told, "en")[1]


RELAXED: dict[str, tuple[dict[str, object], Relaxation]] = {
    "language": ({"languages": {"so": 6}}, Relaxation("language", 2, "ar", 60)),
    "time": ({"slots": 1 << 20}, Relaxation("time", 2, "0")),
    "household_wish": ({"accepts": frozenset("m")}, Relaxation("household_wish", 2)),
    "sponsor_wish": ({"gender": "d"}, Relaxation("sponsor_wish", 2)),
}


@pytest.mark.parametrize("rule", RELAXED)
def test_the_blocking_rule_is_counted_and_the_smallest_change_named(rule: str) -> None:
    facts, change = RELAXED[rule]
    helpers = [
        sponsor(
            f"s{k}", gender="f", accepts=frozenset("f"), interpreter=k == 0, languages={"ar": 5}
        )
        for k in range(2)
    ]
    waiting = replace(household(gender="f"), **facts)  # type: ignore[arg-type]
    ladder = Ladder("open", rungs=(Rung(0, 0), Rung(60, 0, interpreter=True)))
    state = solve(compile_market(helpers, [waiting], WEIGHTS, ladder, [], TODAY))
    told = explain(state, "h")
    assert [(b.rule, b.sponsors, b.alone) for b in told.blocking] == [(rule, 2, 2)]
    assert told.relaxations == (change,)
    assert told.candidates == 0
    assert len(sentences(told, "de")) == 3


def test_too_few_points_are_told_with_the_day_on_which_they_are_enough() -> None:
    far = household(district="north", topics=frozenset({"culture"}), slots=0b11)
    state = solve(market([sponsor()], [far]))
    told = explain(state, "h")
    assert [c.rule for c in told.relaxations] == ["minimum_score"]
    days = told.relaxations[0].in_days
    assert days is not None
    assert not apply(state, DayBegan(TODAY + timedelta(days - 1))).changes
    assert apply(state, DayBegan(TODAY + timedelta(days))).changes


def test_training_and_certificate_are_never_offered_as_a_change() -> None:
    some = [sponsor("a", trained=False), sponsor("b", certificate_until=None)]
    told = explain(solve(market(some, [household(minors=1)])), "h")
    assert {b.rule for b in told.blocking} == {"training", "certificate"}
    assert told.relaxations == ()


@settings(deadline=None)
@given(cities)
def test_the_days_missing_are_exactly_what_it_takes(city: City) -> None:
    """With so many days more of waiting it is matched, with a point less it is not."""
    some, others = random_city(*city)
    ladder = Ladder("flat", rungs=(Rung(0, 0),))
    points_a_day = Weights(per_day=1)
    state = solve(compile_market(some, others, points_a_day, ladder, [], TODAY))
    for who in (h for h in others if pairs(state)[h.id] is None):
        outbid = explain(state, who.id).outbid
        if outbid is None or outbid.days is None or outbid.days > 3000:
            continue
        for days, matched in ((outbid.days + 1, True), (outbid.days - 1, False)):
            if days < 0:
                continue
            older = replace(who, arrived=who.arrived - timedelta(days))
            moved = [older if h is who else h for h in others]
            then = solve(compile_market(some, moved, points_a_day, ladder, [], TODAY))
            assert (pairs(then)[who.id] is not None) == matched


@settings(deadline=None)
@given(cities)
@example((494, 11, 2))
def test_alternatives_cost_exactly_what_forcing_them_costs(city: City) -> None:
    """Compared with SciPy's optimum of everybody else, for every sponsor that is admissible."""
    some, others = random_city(*city)
    state = solve(market(some, others))
    before, who = snapshot(state), others[0].id
    found = alternatives(state, who, 3)
    assert snapshot(state) == before
    a_match = WEIGHTS.match_worth + WEIGHTS.per_day * (HORIZON - TODAY).days
    losses = [a.matches_lost * a_match + a.points_lost for a in found]
    assert losses == sorted(_losses_by_scipy(state, who))[:3]


def _losses_by_scipy(state: State, who: str) -> list[int]:
    j, proposed = state.market.households.position[who], pairs(state)[who]
    table, owners = places(state)
    losses = []
    for name, i in state.market.sponsors.position.items():
        mine = [column for column, owner in enumerate(owners) if owner == i]
        if mine and table[j, mine[0]] and name != proposed:
            rest = np.delete(np.delete(table, j, axis=0), mine[0], axis=1)
            rows, columns = linear_sum_assignment(rest, maximize=True)
            losses.append(points(state)[1] - int(table[j, mine[0]] + rest[rows, columns].sum()))
    return losses


def test_an_alternative_tells_who_else_would_be_moved() -> None:
    state = solve(market([sponsor()], [household("a", waited=9), household("b")]))
    (only,) = alternatives(state, "b")
    assert (only.sponsor_id, only.matches_lost, only.points_lost) == ("s", 0, 9 * WEIGHTS.per_day)
    assert [(c.household_id, c.before, c.after) for c in only.changes] == [("a", "s", None)]


def test_the_recruit_that_is_advised_brings_what_was_promised() -> None:
    some, others = random_city(11, 10, 40)
    state = solve(market(some, others))
    before = snapshot(state)
    advice = advise_recruiting(state, 2)
    assert snapshot(state) == before
    assert advice[0].matches_gained >= advice[1].matches_gained >= 1
    for step in advice:
        matches = points(state)[0]
        diff = apply(state, SponsorReady(step.profile))
        assert points(state)[0] == matches + step.matches_gained
        assert {c.household_id for c in diff.changes if c.before is None} == set(step.helped)


def test_nobody_is_advised_when_nobody_waits_unmatched() -> None:
    assert advise_recruiting(solve(market([sponsor()], [household()]))) == []


def test_a_snapshot_proves_itself_and_goes_on_like_the_original() -> None:
    some, others = random_city(2, 20, 40)
    state = solve(market(some, others))
    stored = json.loads(json.dumps(snapshot(state)))
    again = restore(market(some, others), stored)
    assert certify(again).optimal
    for event in (SponsorReady(sponsor("new", capacity=3)), DayBegan(TODAY + timedelta(61))):
        assert apply(again, event) == apply(state, event)
    assert snapshot(again) == snapshot(state)


@pytest.mark.parametrize("damage", ["format", "price", "pair", "missing"])
def test_a_snapshot_that_does_not_fit_is_refused(damage: str) -> None:
    some, others = random_city(2, 20, 40)
    stored = snapshot(solve(market(some, others)))
    matched = next(iter(stored["pairs"]))
    if damage == "format":
        stored["format"] = 0
    elif damage == "price":
        stored["prices"][stored["pairs"][matched]] += 1
    elif damage == "pair":
        del stored["pairs"][matched]
    elif damage == "missing":
        del stored["gains"][matched]
    with pytest.raises(StaleSnapshotError):
        restore(market(some, others), stored)


def test_old_prices_speed_up_a_new_solution_without_changing_it() -> None:
    some, others = random_city(2, 70, 90)
    prices = snapshot(solve(market(some, others)))["prices"]
    warm = solve(market(some[:60], others[10:]), prices)
    assert certify(warm).optimal
    assert pairs(warm) == pairs(solve(market(some[:60], others[10:])))


def test_a_result_that_is_not_proven_is_not_shown() -> None:
    state = solve(market([sponsor()], [household()]))
    state.prices[0] += 1
    with pytest.raises(NotProvenError):
        proposals(state)
