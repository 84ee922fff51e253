"""Households: referred, repeated, withdrawn."""

from services.matching.domain import household as households
from services.matching.domain.fingerprint import fingerprint
from services.matching.domain.household import HouseholdStatus
from shared.contracts.matching import (
    DeclineReason,
    HouseholdRegistered,
    ReferralAnswered,
    ReferralStatus,
)
from shared.contracts.notifications import RequestMessage, Template
from shared.contracts.partners import ReferralSubmitted
from shared.contracts.people import Contact
from shared.messaging import Facts

from .builders import household, names, referral


def statuses(facts: Facts) -> list[tuple[str, str | None]]:
    return [(fact.status, fact.reason) for fact in facts if isinstance(fact, ReferralAnswered)]


def test_an_accepted_referral_is_received_registered_and_welcomed() -> None:
    referred, facts = households.refer(household(), None)
    assert referred.status is HouseholdStatus.WAITING
    assert names(facts) == [
        "ReferralAnswered",
        "HouseholdRegistered",
        "ReferralAnswered",
        "RequestMessage",
    ]
    assert statuses(facts) == [("received", None), ("accepted", None)]
    assert isinstance(facts[3], RequestMessage)
    assert (facts[3].template, facts[3].language) == (Template.HOUSEHOLD_WELCOME, "ar")


def test_the_fact_of_a_registration_holds_counts_and_codes_only() -> None:
    _, facts = households.refer(household(), None)
    assert isinstance(facts[1], HouseholdRegistered)
    assert facts[1].model_dump(mode="json") == {
        "household_id": "household-r-1",
        "partner": "zeytin",
        "adults": 2,
        "children": 1,
        "countries": ["SY"],
        "languages": ["ar"],
        "topics": ["german_language"],
    }


def test_a_declined_referral_names_the_reason_to_all_who_hear_of_it() -> None:
    declined, facts = households.refer(household(), DeclineReason.HAS_SOCIAL_WORKER)
    assert declined.status is HouseholdStatus.DECLINED
    assert statuses(facts) == [("received", None), ("declined", "has_social_worker")]
    assert isinstance(facts[3], RequestMessage)
    assert facts[3].values == {"reason": "has_social_worker"}


def test_nobody_without_an_address_is_written_to() -> None:
    _, facts = households.refer(household(contact=Contact(name="Ohne Adresse")), None)
    assert "RequestMessage" not in names(facts)


def test_the_same_content_again_is_answered_with_the_present_status() -> None:
    known = household()
    assert households.repeat(known, fingerprint(referral())) == (known.answer(),)


def test_the_same_content_is_known_again_by_a_later_version_with_more_fields() -> None:
    class Later(ReferralSubmitted):
        new: str = ""

    later = Later.model_validate(referral().model_dump())
    assert fingerprint(later) == fingerprint(referral())


def test_a_reference_used_for_another_household_is_declined() -> None:
    facts = households.repeat(household(), fingerprint(referral(adults=1)))
    assert statuses(facts) == [("declined", "reference_reused")]


def test_a_withdrawn_household_is_closed_and_its_partner_told() -> None:
    withdrawn, facts = households.withdraw(household())
    assert withdrawn.status is HouseholdStatus.CLOSED
    assert names(facts) == ["HouseholdClosed", "ReferralAnswered"]
    assert statuses(facts) == [("closed", "withdrawn")]


def test_withdrawing_twice_answers_and_changes_nothing() -> None:
    withdrawn, _ = households.withdraw(household())
    again, facts = households.withdraw(withdrawn)
    assert again == withdrawn
    assert names(facts) == ["ReferralAnswered"]
    assert withdrawn.answer().status is ReferralStatus.CLOSED
