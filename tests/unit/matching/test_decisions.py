"""Staff decide: what they may keep, what they may override, and what nobody may."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from services.matching.domain import clocks, override, rematch
from services.matching.domain import match as matches
from services.matching.domain.household import Household, HouseholdStatus
from services.matching.domain.log import Stamp
from services.matching.domain.match import Match
from services.matching.domain.policy import Policy
from services.matching.domain.sponsor import Sponsor, Stage
from services.matching.domain.sponsorship import SponsorshipStatus
from shared.contracts.desk_matches import OverrideMatch
from shared.contracts.matching import DecisionRefused
from shared.contracts.matching_sponsorships import MatchOverridden, OverriddenRule, ReleaseCause
from shared.contracts.people import Gender
from shared.messaging import Facts

from .builders import (
    GERMAN,
    NOW,
    TODAY,
    approved,
    decision,
    household,
    names,
    proposed,
    running,
    sponsor,
)

UNTIL = TODAY + timedelta(days=14)
WEEK = TODAY + timedelta(days=7)
CHOICE = OverrideMatch(
    staff_id="staff-02", household_id="any", sponsor_id="any", reason="they met at the festival"
)


def held() -> Match:
    return matches.hold(proposed(), WEEK, Stamp("staff-01", NOW), "a stay in hospital")[0]


def reasons(facts: Facts) -> list[str]:
    return [fact.reason for fact in facts if isinstance(fact, DecisionRefused)]


def rules(facts: Facts) -> list[OverriddenRule]:
    return [rule for fact in facts if isinstance(fact, MatchOverridden) for rule in fact.rules]


BROKEN: dict[str, Callable[[Sponsor], Sponsor]] = {
    "the sponsor pauses, left, or was not taken in": lambda s: replace(s, stage=Stage.PAUSED),
    "the sponsor has not completed the basic training": lambda s: replace(s, trained_on=None),
    "there are minors and no certificate of conduct is on record": lambda s: replace(
        s, certificate=None
    ),
    "the sponsor has no place left": lambda s: replace(s, capacity=0),
}


@pytest.mark.parametrize("sentence", BROKEN)
def test_what_protects_people_is_looked_at_again_when_staff_approve(sentence: str) -> None:
    match = replace(proposed(), sponsor=BROKEN[sentence](proposed().sponsor))
    after, facts = matches.decide(match, decision(), NOW)
    assert after == match
    assert reasons(facts) == [sentence]


@pytest.mark.parametrize("sentence", BROKEN)
def test_what_protects_people_can_never_be_overridden(sentence: str) -> None:
    assert override.why_not(household(), BROKEN[sentence](sponsor()), None, UNTIL) == sentence


def test_a_certificate_must_last_until_the_answers_are_due() -> None:
    just_valid = date(2021, 4, 25)
    said = override.why_not(household(), sponsor(), None, just_valid + timedelta(days=14))
    assert said is not None
    assert "runs out" in said
    assert override.why_not(household(), sponsor(), None, just_valid) is None
    alone = household(children=[])
    assert override.why_not(alone, sponsor(), None, just_valid + timedelta(days=14)) is None


def test_a_pair_that_failed_before_cannot_be_overridden() -> None:
    tried = replace(household(), excluded=(sponsor().id,))
    assert override.why_not(tried, sponsor(), None, UNTIL) == "this pair failed before"


def test_a_rejection_needs_no_safeguarding() -> None:
    match = replace(proposed(), sponsor=replace(proposed().sponsor, trained_on=None))
    _, facts = matches.decide(match, decision(approved=False), NOW)
    assert names(facts) == ["MatchRejected"]


def chosen(who: Household, other: Sponsor) -> tuple[Match, Facts]:
    _, (match, facts) = override.choose(who, other, CHOICE, NOW)
    return match, facts


def test_who_overrides_approves_and_both_sides_are_asked() -> None:
    match, facts = chosen(household(), sponsor())
    assert names(facts) == ["MatchOverridden", "MatchApproved", "RequestMessage", "RequestMessage"]
    assert match.sponsorship.status is SponsorshipStatus.APPROVED
    assert match.household.status is HouseholdStatus.PROPOSED
    assert match.sponsorship.decision is not None
    assert match.sponsorship.decision.reason == "they met at the festival"
    assert "festival" not in str(facts)
    assert rules(facts) == []


def test_what_was_overridden_is_on_record() -> None:
    other = sponsor(languages=[GERMAN], availability=["wed-morning"], household_gender=Gender.MALE)
    match, facts = chosen(household(sponsor_gender=Gender.MALE), other)
    assert rules(facts) == list(OverriddenRule)
    assert match.sponsorship.decision is not None
    assert match.sponsorship.decision.overridden == tuple(OverriddenRule)


@pytest.mark.parametrize(
    "status", [HouseholdStatus.MATCHED, HouseholdStatus.CLOSED, HouseholdStatus.DECLINED]
)
def test_only_who_waits_gets_a_sponsor(status: HouseholdStatus) -> None:
    gone = replace(household(), status=status)
    said = override.why_not(gone, sponsor(), None, UNTIL)
    assert said == "the household does not wait for a sponsor"


def test_nobody_is_taken_out_of_a_match_that_both_sides_were_asked_about() -> None:
    match = approved()
    said = override.why_not(match.household, sponsor("s-2"), match, UNTIL)
    assert said is not None
    assert "were asked" in said


def test_a_pair_that_is_proposed_already_is_approved_and_not_overridden() -> None:
    match = proposed()
    said = override.why_not(match.household, match.sponsor, match, UNTIL)
    assert said == "this pair is proposed already; approve it"


def test_an_undecided_proposal_gives_way_to_another_sponsor() -> None:
    match = proposed()
    assert override.why_not(match.household, sponsor("s-2"), match, UNTIL) is None
    free, facts = rematch.release(match, ReleaseCause.OVERRIDDEN)
    assert names(facts) == ["MatchReleased"]
    assert free.household.excluded == ()


def test_what_is_held_holds_the_household_and_the_place_until_the_day() -> None:
    match = held()
    assert match.household.status is HouseholdStatus.PROPOSED
    assert match.sponsor.holds == (match.sponsorship.id,)
    due = clocks.hold_ends(match.sponsorship, Policy())
    assert due is not None
    assert due.date() == WEEK


def test_what_is_held_may_be_decided_at_any_time() -> None:
    assert names(matches.decide(held(), decision(), NOW)[1])[0] == "MatchApproved"
    assert names(matches.decide(held(), decision(approved=False), NOW)[1]) == ["MatchRejected"]


def test_after_the_days_it_waits_for_a_decision_as_before() -> None:
    match, facts = matches.end_hold(held())
    assert names(facts) == ["MatchHoldEnded"]
    assert match.sponsorship.status is SponsorshipStatus.PROPOSED
    assert matches.end_hold(match) == (match, ())


@pytest.mark.parametrize("match", [approved, running])
def test_what_was_decided_cannot_be_held(match: Callable[[], Match]) -> None:
    _, facts = matches.hold(match(), WEEK, Stamp("staff-01", NOW), "too late")
    assert len(reasons(facts)[0].split()) > 3


def test_what_is_held_is_withdrawn_with_its_household() -> None:
    assert names(matches.withdraw(held())[1]) == ["MatchWithdrawn"]
