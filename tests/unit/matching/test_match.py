"""The way of a sponsorship from the proposal to its end, and what is refused on the way."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from services.matching.domain import match as matches
from services.matching.domain import rematch
from services.matching.domain.household import HouseholdStatus
from services.matching.domain.match import Match, Outcomes
from services.matching.domain.sponsorship import SponsorshipStatus
from shared.contracts.desk import Outcome, Side
from shared.contracts.matching import DecisionRefused, MatchDeclined
from shared.contracts.matching_sponsorships import MatchReminded, ReleaseCause
from shared.contracts.notifications import RequestMessage

from .builders import NOW, TODAY, approved, decision, household, names, proposed, reasons, running


def ended() -> Match:
    return matches.end(running(), Outcome.GOALS_REACHED, TODAY)[0]


def rejected() -> Match:
    return matches.decide(proposed(), decision(approved=False, reason="no"), NOW)[0]


def declined() -> Match:
    return matches.answer(approved(), Side.SPONSOR, accepted=False, today=TODAY)[0]


def withdrawn() -> Match:
    return matches.withdraw(proposed())[0]


def released() -> Match:
    return rematch.release(approved(), ReleaseCause.SPONSOR_PAUSED)[0]


def decide(match: Match) -> Outcomes:
    return matches.decide(match, decision(), NOW)


def answer(match: Match) -> Outcomes:
    return matches.answer(match, Side.SPONSOR, accepted=True, today=TODAY)


def end(match: Match) -> Outcomes:
    return matches.end(match, Outcome.GOALS_REACHED, TODAY)


def rematched(match: Match) -> Outcomes:
    return rematch.end_and_rematch(match, Outcome.NOT_A_FIT, TODAY)


def assert_waits_again(match: Match) -> None:
    assert match.household.status is HouseholdStatus.WAITING
    assert match.household.waiting_since == household().waiting_since
    assert match.household.excluded == (match.sponsor.id,)
    assert match.household.sponsorship_id is None
    assert match.sponsor.holds == ()


def test_a_proposal_holds_the_household_and_one_place() -> None:
    match = proposed()
    assert match.household.status is HouseholdStatus.PROPOSED
    assert match.household.sponsorship_id == match.sponsorship.id
    assert match.sponsor.holds == (match.sponsorship.id,)


def test_the_next_proposal_for_a_household_has_another_id() -> None:
    again, _ = matches.propose(rejected().household, proposed().sponsor, reasons(), NOW)
    assert again.sponsorship.id != proposed().sponsorship.id


def test_on_approval_both_sides_are_asked_without_learning_a_name() -> None:
    match, facts = decide(proposed())
    asked = [fact for fact in facts if isinstance(fact, RequestMessage)]
    assert match.sponsorship.status is SponsorshipStatus.APPROVED
    assert names(facts) == ["MatchApproved", "RequestMessage", "RequestMessage"]
    assert [request.values for request in asked] == [{}, {}]


def test_a_rejected_household_waits_again_from_its_original_time() -> None:
    match, facts = matches.decide(proposed(), decision(approved=False, reason="too far"), NOW)
    assert names(facts) == ["MatchRejected"]
    assert match.sponsorship.decision is not None
    assert match.sponsorship.decision.reason == "too far"
    assert_waits_again(match)


@pytest.mark.parametrize("side", list(Side))
def test_a_declined_household_waits_again_from_its_original_time(side: Side) -> None:
    match, facts = matches.answer(approved(), side, accepted=False, today=TODAY)
    assert isinstance(facts[0], MatchDeclined)
    assert facts[0].side is side
    assert_waits_again(match)


def test_one_acceptance_starts_nothing() -> None:
    match, facts = answer(approved())
    assert (match.sponsorship.status, facts) == (SponsorshipStatus.APPROVED, ())


def test_both_acceptances_start_the_sponsorship_and_introduce_the_two() -> None:
    once, _ = answer(approved())
    match, facts = matches.answer(once, Side.HOUSEHOLD, accepted=True, today=TODAY)
    told = [fact for fact in facts if isinstance(fact, RequestMessage)]
    assert match.household.status is HouseholdStatus.MATCHED
    assert match.sponsorship.started_on == TODAY
    assert match.household.first_matched_on == TODAY
    assert names(facts)[:2] == ["SponsorshipStarted", "ReferralAnswered"]
    assert [(each.name, each.values["other"]) for each in told] == [
        ("Petra Beispiel", "Amal Testari"),
        ("Amal Testari", "Petra Beispiel"),
    ]


def test_the_side_that_kept_silent_has_declined() -> None:
    once, _ = answer(approved())
    match, facts = matches.expire(once)
    assert isinstance(facts[0], MatchDeclined)
    assert facts[0].side is Side.HOUSEHOLD
    assert_waits_again(match)


def test_where_both_kept_silent_the_sponsor_has_declined() -> None:
    _, facts = matches.expire(approved())
    assert isinstance(facts[0], MatchDeclined)
    assert facts[0].side is Side.SPONSOR


def test_nothing_expires_that_was_answered() -> None:
    match = running()
    assert matches.expire(match) == (match, ())


def test_an_open_match_is_withdrawn_with_its_household() -> None:
    match, facts = matches.withdraw(approved())
    assert names(facts) == ["MatchWithdrawn", "RequestMessage"]
    assert match.sponsorship.status is SponsorshipStatus.WITHDRAWN
    assert match.sponsor.holds == ()


def test_a_running_sponsorship_goes_on_when_the_partner_withdraws() -> None:
    match = running()
    assert matches.withdraw(match) == (match, ())


def test_the_end_frees_the_place_and_closes_the_household() -> None:
    match, facts = end(running())
    assert match.sponsorship.outcome is Outcome.GOALS_REACHED
    assert match.household.status is HouseholdStatus.CLOSED
    assert match.sponsor.holds == ()
    assert names(facts) == [
        "SponsorshipEnded",
        "HouseholdClosed",
        "ReferralAnswered",
        "RequestMessage",
        "RequestMessage",
    ]


@pytest.mark.parametrize("step", [decide, answer, end, rematched])
@pytest.mark.parametrize(
    "state", [proposed, approved, running, ended, rejected, declined, withdrawn, released]
)
def test_a_step_that_does_not_fit_changes_nothing_and_says_why(
    step: Callable[[Match], Outcomes], state: Callable[[], Match]
) -> None:
    fitting = {(decide, proposed), (answer, approved), (end, running), (rematched, running)}
    before = state()
    after, facts = step(before)
    refused = [fact for fact in facts if isinstance(fact, DecisionRefused)]
    if (step, state) in fitting:
        assert not refused
        assert after != before
    else:
        assert after == before
        assert len(refused[0].reason.split()) > 3


def test_after_a_rematch_the_household_waits_and_keeps_the_days_it_had_waited() -> None:
    later = TODAY + timedelta(days=40)
    match, facts = rematch.end_and_rematch(running(), Outcome.SPONSOR_LEFT, later)
    assert match.household.status is HouseholdStatus.WAITING
    assert match.household.waiting_since == household().waiting_since + timedelta(days=40)
    assert match.sponsor.active_until == later
    assert names(facts)[:3] == ["SponsorshipEnded", "HouseholdWaitsAgain", "ReferralAnswered"]


@pytest.mark.parametrize(
    ("outcome", "again"),
    [(Outcome.NOT_A_FIT, False), (Outcome.CONTACT_LOST, False), (Outcome.SPONSOR_LEFT, True)],
)
def test_a_pair_that_failed_is_not_proposed_again(outcome: Outcome, *, again: bool) -> None:
    match, _ = rematch.end_and_rematch(running(), outcome, TODAY)
    assert match.household.excluded == (() if again else (match.sponsor.id,))


def test_who_is_released_may_meet_the_same_household_again() -> None:
    match, facts = rematch.release(approved(), ReleaseCause.SPONSOR_PAUSED)
    assert match.household.status is HouseholdStatus.WAITING
    assert match.household.excluded == ()
    assert match.sponsor.holds == ()
    assert names(facts) == ["MatchReleased", "RequestMessage"]


def test_of_an_undecided_match_nobody_had_heard() -> None:
    _, facts = rematch.release(proposed(), ReleaseCause.SPONSOR_PAUSED)
    assert names(facts) == ["MatchReleased"]


def test_what_runs_is_not_released() -> None:
    assert rematch.release(running(), ReleaseCause.SPONSOR_PAUSED) == (running(), ())


def test_only_the_silent_side_is_reminded() -> None:
    once, _ = answer(approved())
    match, facts = matches.remind(once, TODAY)
    assert facts[0] == MatchReminded(sponsorship_id=match.sponsorship.id, sides=[Side.HOUSEHOLD])
    assert [each.name for each in facts[1:] if isinstance(each, RequestMessage)] == ["Amal Testari"]


def test_the_other_side_hears_that_it_comes_to_nothing() -> None:
    _, facts = matches.answer(approved(), Side.SPONSOR, accepted=False, today=TODAY)
    [told] = [fact for fact in facts if isinstance(fact, RequestMessage)]
    assert (told.template, told.name) == ("match_not_possible", "Amal Testari")


def test_accepting_twice_is_refused() -> None:
    once, _ = answer(approved())
    _, facts = answer(once)
    assert names(facts) == ["DecisionRefused"]
