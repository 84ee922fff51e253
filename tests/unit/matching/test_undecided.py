"""A proposal that nobody decides: staff are reminded twice, then everybody is free again."""

from datetime import UTC, date, datetime, timedelta

import pytest

from services.matching.domain import clocks, undecided
from services.matching.domain import match as matches
from services.matching.domain.household import HouseholdStatus
from services.matching.domain.log import Stamp
from services.matching.domain.policy import Policy
from services.matching.domain.sponsorship import SponsorshipStatus
from shared.contracts.matching import DecisionRefused
from shared.contracts.matching_sponsorships import MatchDecisionDue, MatchLapsed

from .builders import NOW, TODAY, approved, decision, names, proposed, running

POLICY = Policy(decision_days=28, decision_reminder_days=(7, 21))
DUE = NOW + timedelta(days=28)


def test_staff_are_reminded_after_a_week_and_after_three_and_then_no_more() -> None:
    match, days = proposed(), []
    while due := clocks.decision_due(match.sponsorship, POLICY):
        match, facts = undecided.urge(match, POLICY, due)
        days.append((due - NOW).days)
        assert [fact.until for fact in facts if isinstance(fact, MatchDecisionDue)] == [
            date(2016, 5, 30)
        ]
    assert days == [7, 21]
    assert match.sponsorship.urged == 2


def test_a_reminder_that_would_come_after_the_end_is_never_set() -> None:
    short = Policy(decision_days=7, decision_reminder_days=(7, 21))
    assert clocks.decision_due(proposed().sponsorship, short) is None


def test_a_proposal_that_nobody_decides_leaves_everybody_as_free_as_before() -> None:
    before = proposed()
    after, facts = undecided.lapse(before, POLICY, DUE)
    assert names(facts) == [MatchLapsed.__name__]
    assert after.sponsorship.status is SponsorshipStatus.LAPSED
    assert after.household.status is HouseholdStatus.WAITING
    assert after.household.waiting_since == before.household.waiting_since
    assert after.household.excluded == ()
    assert after.household.sponsorship_id is None
    assert after.sponsor.holds == ()


def test_a_timer_that_comes_too_early_does_nothing() -> None:
    assert undecided.lapse(proposed(), POLICY, DUE - timedelta(seconds=1)) == (proposed(), ())


def test_a_reminder_that_comes_later_than_the_end_reminds_nobody() -> None:
    assert undecided.urge(proposed(), POLICY, DUE) == (proposed(), ())


@pytest.mark.parametrize("match", [approved(), running()], ids=["approved", "running"])
def test_what_is_decided_neither_reminds_nor_lapses(match: matches.Match) -> None:
    late = DUE + timedelta(days=365)
    assert undecided.urge(match, POLICY, NOW) == (match, ())
    assert undecided.lapse(match, POLICY, late) == (match, ())
    assert clocks.lapses(match.sponsorship, POLICY) is None


def test_days_on_hold_do_not_count_and_afterwards_the_time_begins_anew() -> None:
    urged = undecided.urge(proposed(), POLICY, NOW + timedelta(days=7))[0]
    held = matches.hold(urged, TODAY + timedelta(days=30), Stamp("staff-01", NOW), "away")[0]
    assert clocks.lapses(held.sponsorship, POLICY) is None
    assert undecided.lapse(held, POLICY, DUE) == (held, ())
    free = matches.end_hold(held)[0]
    opening = datetime(2016, 6, 1, 6, 0, tzinfo=UTC)
    assert clocks.decision_due(free.sponsorship, POLICY) == opening + timedelta(days=7)
    assert clocks.lapses(free.sponsorship, POLICY) == opening + timedelta(days=28)


def test_a_decision_on_a_proposal_that_lapsed_is_refused_in_words() -> None:
    lapsed = undecided.lapse(proposed(), POLICY, DUE)[0]
    after, facts = matches.decide(lapsed, decision(), DUE)
    assert after == lapsed
    assert [fact.reason for fact in facts if isinstance(fact, DecisionRefused)] == [
        "nobody decided this proposal in time, and it was given up"
    ]
