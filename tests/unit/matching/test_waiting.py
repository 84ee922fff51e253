"""Households while they wait: corrected, on hold, asked for a sign of life, taken off the list."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from services.matching.domain import household as households
from services.matching.domain import waiting
from services.matching.domain.household import Household, HouseholdStatus
from services.matching.domain.policy import Policy
from shared.contracts.desk_households import ClosingCause
from shared.contracts.matching import DeclineReason
from shared.contracts.matching_households import HouseholdRefused, ReferralAsked, ReferralClosed
from shared.contracts.people import Contact, Gender, HouseholdDetails
from shared.messaging import Facts

from .builders import NOW, TODAY, details, household, names

POLICY = Policy()


def day(number: int) -> date:
    return TODAY + timedelta(days=number)


def state(status: HouseholdStatus) -> Household:
    return replace(household(), status=status)


def held(until: date | None = None) -> Household:
    return waiting.hold(household(), until, TODAY)[0]


def asked() -> Household:
    return waiting.look_after(household(), POLICY, day(90))[0]


def declined() -> Household:
    return households.decline(household(), DeclineReason.HAS_SOCIAL_WORKER)[0]


def correct(known: Household, reason: DeclineReason | None = None) -> waiting.Stepped:
    return waiting.correct(known, details(adults=1, children=[]), reason, NOW)


def reasons(facts: Facts) -> list[str]:
    return [fact.reason for fact in facts if isinstance(fact, HouseholdRefused)]


@pytest.mark.parametrize(
    "status", [HouseholdStatus.WAITING, HouseholdStatus.ON_HOLD, HouseholdStatus.MATCHED]
)
def test_a_correction_replaces_what_was_known_and_the_partner_hears_the_status(
    status: HouseholdStatus,
) -> None:
    corrected, facts = correct(state(status))
    assert corrected.people == 1
    assert corrected.waiting_since == household().waiting_since
    assert names(facts) == ["HouseholdCorrected", "ReferralAnswered"]
    assert facts[0].model_dump(mode="json") == {
        "household_id": "household-r-1",
        "adults": 1,
        "children": 0,
        "languages": ["ar"],
    }


def test_the_same_again_is_only_answered() -> None:
    known = household()
    assert waiting.correct(known, details(), None, NOW) == (known, (known.answer(),))


def test_who_may_no_longer_take_part_is_declined_with_the_reason() -> None:
    corrected, facts = correct(household(), DeclineReason.HAS_SOCIAL_WORKER)
    assert corrected.status is HouseholdStatus.DECLINED
    assert "HouseholdDeclined" in names(facts)


def test_a_running_sponsorship_does_not_end_with_a_correction() -> None:
    corrected, _ = correct(state(HouseholdStatus.MATCHED), DeclineReason.HAS_SOCIAL_WORKER)
    assert corrected.status is HouseholdStatus.MATCHED


def test_who_was_declined_may_take_part_after_all() -> None:
    corrected, facts = correct(declined())
    assert corrected.status is HouseholdStatus.WAITING
    assert names(facts)[:3] == ["HouseholdCorrected", "HouseholdRegistered", "ReferralAnswered"]
    still, facts = correct(declined(), DeclineReason.NOT_IN_PRIVATE_HOUSING)
    assert still.answer().reason is DeclineReason.NOT_IN_PRIVATE_HOUSING
    assert names(facts) == ["HouseholdCorrected", "ReferralAnswered"]


def test_nothing_is_corrected_after_the_end() -> None:
    closed = state(HouseholdStatus.CLOSED)
    assert correct(closed) == (closed, (closed.answer(),))


NAME = details().contact.name


@pytest.mark.parametrize(
    ("changed", "unsettles"),
    [
        (details(contact=Contact(name="Neu", gender=Gender.FEMALE)), False),
        (details(contact=Contact(name=NAME, gender=Gender.MALE)), True),
        (details(children=[]), True),
        (details(availability=["wed-morning"]), True),
    ],
)
def test_an_open_match_is_given_up_where_it_rests_on_what_changed(
    changed: HouseholdDetails, *, unsettles: bool
) -> None:
    assert waiting.unsettles(household(), changed) is unsettles


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("children", [date(1016, 3, 4)]),
        ("children", [date(1985, 3, 4)]),
        ("children", [day(1)]),
        ("arrived_on", date(1816, 1, 10)),
        ("arrived_on", date(9999, 12, 31)),
        ("consent_on", day(1)),
    ],
)
def test_dates_that_cannot_be_meant_are_named(field: str, value: object) -> None:
    [reason] = waiting.implausible(details(**{field: value}), TODAY)
    assert reason.startswith(f"data.household.{field}: ")


def test_a_recruit_may_be_yet_to_arrive() -> None:
    coming = details(arrived_on=day(60))
    assert waiting.implausible(coming, TODAY, latest_arrival=day(90)) == []
    assert waiting.implausible(coming, TODAY)


def test_dates_that_can_be_meant_are_taken() -> None:
    grown_up = details(children=[date(1990, 3, 4), TODAY], arrived_on=TODAY, consent_on=TODAY)
    assert waiting.implausible(grown_up, TODAY) == []


def test_on_hold_the_place_in_time_is_kept() -> None:
    known, facts = waiting.hold(household(), day(30), TODAY)
    assert names(facts) == ["HouseholdHeld"]
    assert known.waiting_since == household().waiting_since
    assert waiting.hold(known, day(30), TODAY) == (known, ())
    back, facts = waiting.resume(known, day(30))
    assert (back.status, back.confirmed_on) == (HouseholdStatus.WAITING, day(30))
    assert names(facts) == ["HouseholdResumed"]


@pytest.mark.parametrize("until", [TODAY, day(-1), date(9999, 12, 31)])
def test_a_hold_ends_in_the_time_to_come(until: date) -> None:
    assert reasons(waiting.hold(household(), until, TODAY)[1])


def test_a_household_on_hold_may_be_withdrawn() -> None:
    assert households.withdraw(held())[0].status is HouseholdStatus.CLOSED


def test_after_ninety_days_partner_and_household_are_asked_once() -> None:
    known = household()
    assert waiting.look_after(known, POLICY, day(89)) == (known, ())
    after, facts = waiting.look_after(known, POLICY, day(90))
    assert names(facts) == ["HouseholdAsked", "ReferralAsked", "RequestMessage"]
    assert isinstance(facts[1], ReferralAsked)
    assert (facts[1].partner, facts[1].answer_by) == ("zeytin", day(118))
    assert waiting.look_after(after, POLICY, day(117)) == (after, ())


def test_who_does_not_answer_is_closed_and_everybody_hears_why() -> None:
    closed, facts = waiting.look_after(asked(), POLICY, day(118))
    assert closed.status is HouseholdStatus.CLOSED
    assert names(facts) == [
        "HouseholdClosed",
        "ReferralAnswered",
        "ReferralClosed",
        "RequestMessage",
    ]
    assert isinstance(facts[2], ReferralClosed)
    assert facts[2].cause is ClosingCause.NO_ANSWER


def test_a_sign_of_life_counts_for_another_ninety_days() -> None:
    confirmed, facts = waiting.confirm(asked(), day(100))
    assert names(facts) == ["HouseholdConfirmed"]
    assert waiting.due_on(confirmed, POLICY) == day(190)


def test_an_answer_that_comes_too_late_brings_the_old_place_back() -> None:
    closed, _ = waiting.look_after(asked(), POLICY, day(118))
    back, facts = waiting.confirm(closed, day(300))
    assert back.status is HouseholdStatus.WAITING
    assert back.waiting_since == household().waiting_since
    assert names(facts) == ["HouseholdConfirmed", "HouseholdWaitsAgain", "ReferralAnswered"]


@pytest.mark.parametrize(
    "status", [HouseholdStatus.PROPOSED, HouseholdStatus.ON_HOLD, HouseholdStatus.MATCHED]
)
def test_only_who_waits_is_asked(status: HouseholdStatus) -> None:
    known = state(status)
    assert waiting.look_after(known, POLICY, day(900)) == (known, ())


def test_staff_take_a_household_off_the_list_and_the_partner_hears_why() -> None:
    closed, facts = waiting.take_off(household(), ClosingCause.MOVED_AWAY)
    assert closed.status is HouseholdStatus.CLOSED
    assert names(facts) == ["HouseholdClosed", "ReferralAnswered", "ReferralClosed"]


@pytest.mark.parametrize(
    "status", [HouseholdStatus.MATCHED, HouseholdStatus.CLOSED, HouseholdStatus.DECLINED]
)
@pytest.mark.parametrize(
    "step",
    [
        lambda known: waiting.hold(known, None, TODAY),
        lambda known: waiting.resume(known, TODAY),
        lambda known: waiting.confirm(known, TODAY),
        lambda known: waiting.take_off(known, ClosingCause.MOVED_AWAY),
    ],
    ids=["hold", "resume", "confirm", "take off"],
)
def test_a_step_that_does_not_fit_changes_nothing_and_says_why(
    status: HouseholdStatus, step: Callable[[Household], waiting.Stepped]
) -> None:
    known = state(status)
    after, facts = step(known)
    assert after is known
    assert len(reasons(facts)[0].split()) > 3
