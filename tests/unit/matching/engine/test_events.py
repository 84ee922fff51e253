"""Every event keeps the optimum, the same as if all had been there from the start."""

from datetime import timedelta
from itertools import islice
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.matching.engine import (
    BadInputError,
    Change,
    DayBegan,
    Diff,
    Event,
    HouseholdLeft,
    HouseholdWaits,
    Ladder,
    PairCommitted,
    PairExcluded,
    PlaceFreed,
    RulesChanged,
    Rung,
    SponsorLeft,
    SponsorReady,
    State,
    Weights,
    apply,
    certify,
    compile_market,
    solve,
)

from .cities import (
    LADDER,
    TODAY,
    household,
    market,
    pairs,
    random_city,
    random_events,
    random_household,
    random_sponsor,
    sponsor,
)


def _from_nothing(state: State) -> State:
    """A full solution of what the state's market holds now."""
    now = state.market
    excluded = [(h, s) for h, some in now.households.excluded.items() for s in some]
    sponsors, households = [s for _, s in now.sponsors], [h for _, h in now.households]
    return solve(compile_market(sponsors, households, now.weights, now.ladder, excluded, now.today))


@pytest.mark.parametrize("number", range(10))
def test_ten_thousand_events_each_with_certificate_and_true_difference(number: int) -> None:
    state = solve(market(*random_city(number, 8, 14)))
    applied = 0
    for k, event in enumerate(islice(random_events(state, number), 1000)):
        before = pairs(state)
        diff = apply(state, event)
        after = pairs(state)
        assert certify(state).optimal, (k, event)
        told = {(c.household_id, c.before, c.after) for c in diff.changes}
        seen = {(h, before.get(h), after.get(h)) for h in before | after}
        assert told == {change for change in seen if change[1] != change[2]}, (k, event)
        assert not (diff.ignored and diff.changes)
        applied += not diff.ignored
        if k % 50 == 0:
            assert pairs(_from_nothing(state)) == after, (k, event)
    assert applied > 500


def test_replaying_the_same_events_gives_the_same_pairs_prices_and_differences() -> None:
    def play(recorded: list[Event] | None) -> tuple[list[Event], list[Diff], State]:
        state = solve(market(*random_city(5, 10, 20)))
        events = iter(recorded) if recorded else islice(random_events(state, 5), 300)
        played, diffs = [], []
        for event in events:
            played.append(event)
            diffs.append(apply(state, event))
        return played, diffs, state

    events, diffs, state = play(None)
    _, again, replayed = play(events)
    assert again == diffs
    assert pairs(replayed) == pairs(state)
    assert replayed.prices.tolist() == state.prices.tolist()


@settings(deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 12), st.integers(1, 12))
def test_to_add_and_to_remove_again_changes_nothing(number: int, s: int, h: int) -> None:
    draw = Random(number)
    state = solve(market(*random_city(number, s, h)))
    before = pairs(state)
    apply(state, HouseholdWaits(random_household(draw, "guest")))
    apply(state, SponsorReady(random_sponsor(draw, "visitor")))
    apply(state, HouseholdLeft("guest"))
    apply(state, SponsorLeft("visitor"))
    assert certify(state).optimal
    assert pairs(state) == before


@settings(deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 12), st.integers(0, 12))
def test_one_by_one_is_the_same_as_all_at_once(number: int, s: int, h: int) -> None:
    sponsors, households = random_city(number, s, h)
    state = solve(market([], []))
    for someone in sponsors:
        apply(state, SponsorReady(someone))
    for somebody in households:
        apply(state, HouseholdWaits(somebody))
    assert certify(state).optimal
    assert pairs(state) == pairs(solve(market(sponsors, households)))


@settings(deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 12), st.integers(1, 12), st.integers(1, 200))
def test_days_one_by_one_or_at_once_lead_to_the_same(
    number: int, s: int, h: int, days: int
) -> None:
    step, leap = (solve(market(*random_city(number, s, h))) for _ in range(2))
    for day in range(1, days + 1):
        apply(step, DayBegan(TODAY + timedelta(day)))
    apply(leap, DayBegan(TODAY + timedelta(days)))
    assert certify(step).optimal
    assert pairs(step) == pairs(leap) == pairs(_from_nothing(leap))


def test_a_household_gets_what_the_ladder_opens_on_the_day() -> None:
    stranger = household(languages={"ti": 6})
    state = solve(market([sponsor(interpreter=True)], [stranger]))
    for day in range(1, 60):
        assert not apply(state, DayBegan(TODAY + timedelta(day))).changes
    assert apply(state, DayBegan(TODAY + timedelta(60))).changes == (Change("h", None, "s"),)


def test_a_certificate_counts_until_its_last_day() -> None:
    last = TODAY + timedelta(1)
    state = solve(market([sponsor(certificate_until=last)], [household(minors=1)]))
    assert not apply(state, DayBegan(last)).changes
    assert apply(state, DayBegan(last + timedelta(1))).changes == (Change("h", "s", None),)


def test_a_commitment_takes_the_place_and_a_freed_place_gives_it_back() -> None:
    state = solve(market([sponsor()], [household("a", waited=2), household("b")]))
    assert apply(state, PairCommitted("a", "s")).changes == (Change("a", "s", None),)
    assert pairs(state) == {"b": None}
    assert apply(state, PlaceFreed("s")).changes == (Change("b", None, "s"),)


def test_staff_may_commit_another_pair_than_the_proposed_one() -> None:
    state = solve(market([sponsor()], [household("a", waited=2), household("b")]))
    diff = apply(state, PairCommitted("b", "s"))
    assert diff.changes == (Change("a", "s", None),)
    assert certify(state).optimal


def test_other_weights_or_another_ladder_hold_at_once() -> None:
    far = sponsor("far", district="north", languages={"ar": 6})
    near = sponsor("near", languages={"ar": 3})
    state = solve(market([far, near], [household()]))
    assert pairs(state) == {"h": "near"} or pairs(state) == {"h": "far"}
    near_first = Weights("2", language=0, district=4500)
    apply(state, RulesChanged(near_first, LADDER))
    assert pairs(state) == {"h": "near"}
    apply(state, RulesChanged(Weights("3", language=4500, district=0), LADDER))
    assert pairs(state) == {"h": "far"}
    apply(state, RulesChanged(near_first, Ladder("2", rungs=(Rung(0, 0, minimum_level=6),))))
    assert pairs(state) == {"h": "far"}


IGNORED: dict[str, tuple[Event, str]] = {
    "a household that is gone": (HouseholdLeft("x"), "unknown household"),
    "a sponsor that is gone": (SponsorLeft("x"), "unknown sponsor"),
    "a decision on a household that is gone": (PairCommitted("x", "s"), "unknown household"),
    "a decision for a sponsor that is gone": (PairCommitted("h", "x"), "unknown sponsor"),
    "a decision for a sponsor without room": (PairCommitted("h", "full"), "sponsor has no room"),
    "a decision against training": (PairCommitted("h", "new"), "never waived: training"),
    "a decision against the certificate": (PairCommitted("h", "bare"), "never waived: certificate"),
    "a place freed at an unknown sponsor": (PlaceFreed("x"), "unknown sponsor"),
    "a place freed that was not taken": (PlaceFreed("s"), "sponsor has no sponsorship"),
    "the same day again": (DayBegan(TODAY), "the day does not go back"),
    "a day of last year": (DayBegan(TODAY - timedelta(365)), "the day does not go back"),
    "the same household again": (HouseholdWaits(household(minors=1)), "already known"),
    "the same sponsor again": (SponsorReady(sponsor()), "already known"),
    "the same rules again": (RulesChanged(Weights(), LADDER), "already in force"),
}


@pytest.mark.parametrize("case", IGNORED)
def test_senseless_events_change_nothing_and_say_why(case: str) -> None:
    some = [
        sponsor(),
        sponsor("full", capacity=0),
        sponsor("new", trained=False),
        sponsor("bare", certificate_until=None),
    ]
    state = solve(market(some, [household(minors=1)], weights=Weights()))
    event, reason = IGNORED[case]
    before = pairs(state)
    assert apply(state, event) == Diff((), reason)
    assert pairs(state) == before


def test_a_doubled_exclusion_is_ignored_and_one_ahead_of_its_household_is_kept() -> None:
    state = solve(market([sponsor()], []))
    assert apply(state, PairExcluded("h", "s")).ignored == ""
    assert apply(state, PairExcluded("h", "s")).ignored == "already excluded"
    apply(state, HouseholdWaits(household()))
    assert pairs(state) == {"h": None}


def test_an_arrival_told_a_year_late_counts_from_the_arrival() -> None:
    state = solve(market([sponsor()], [household("recent", waited=30)]))
    assert set(apply(state, HouseholdWaits(household("late", waited=365))).changes) == {
        Change("late", None, "s"),
        Change("recent", "s", None),
    }


@pytest.mark.parametrize(
    "event",
    [
        HouseholdWaits(household("bad", waited=-1)),
        HouseholdWaits(household("bad", waited=40_000)),
        HouseholdWaits(household("bad", slots=1 << 21)),
        HouseholdWaits(household("h", languages={"ar": 7})),
        SponsorReady(sponsor("bad", capacity=51)),
        SponsorReady(sponsor("s", gender="?")),
    ],
)
def test_bad_input_is_refused_and_leaves_the_optimum_alone(event: Event) -> None:
    state = solve(market([sponsor()], [household()]))
    with pytest.raises(BadInputError):
        apply(state, event)
    assert certify(state).optimal
    assert pairs(state) == {"h": "s"}
    assert pairs(_from_nothing(state)) == {"h": "s"}
