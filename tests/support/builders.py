"""Messages that are right unless a test says otherwise."""

from datetime import date
from typing import Any

from shared.contracts.desk import ActorCategory, RecordCost, RegisterActor, RegisterSponsor
from shared.contracts.partners import RecruitReported, ReferralSubmitted
from shared.contracts.people import HouseholdDetails

STAFF = "staff-01"
CONTACT = {"name": "Amal Testari", "email": "amal@mail.example", "language": "ar"}


def household(**other: Any) -> HouseholdDetails:
    """Two adults with a child in a home of their own."""
    values: dict[str, Any] = {
        "contact": CONTACT,
        "adults": 2,
        "children": ["2010-03-04"],
        "countries": ["SY"],
        "languages": [{"code": "ar", "level": "native"}],
        "topics": ["german_language"],
        "availability": ["mon-evening"],
        "district": "mitte",
        "history": "none",
        "housing": "private",
        "has_social_worker": False,
        "arrived_on": "2016-01-10",
        "consent_on": "2016-04-30",
    }
    return HouseholdDetails.model_validate(values | other)


def referral(reference: str = "r-1", **other: Any) -> ReferralSubmitted:
    """A referral; `other` are fields of the household."""
    return ReferralSubmitted(reference=reference, household=household(**other))


def recruit(reference: str = "k-1", arrival_on: date = date(2016, 5, 31)) -> RecruitReported:
    """A recruit of the hospital."""
    return RecruitReported(reference=reference, arrival_on=arrival_on, household=household())


def sponsor(reference: str = "s-1", **other: Any) -> RegisterSponsor:
    """A volunteer who speaks Arabic and German."""
    values: dict[str, Any] = {
        "staff_id": STAFF,
        "reference": reference,
        "contact": {"name": "Petra Beispiel", "email": "petra@mail.example"},
        "migration_experience": True,
        "languages": [{"code": "de", "level": "native"}, {"code": "ar", "level": "B1"}],
        "topics": ["german_language"],
        "district": "mitte",
        "applied_on": "2016-03-01",
    }
    return RegisterSponsor.model_validate(values | other)


def actor(reference: str = "a-1", **other: Any) -> RegisterActor:
    """An actor of the network who offers counselling."""
    values: dict[str, Any] = {
        "staff_id": STAFF,
        "reference": reference,
        "name": "Beratungsstelle Beispiel",
        "category": ActorCategory.COUNSELLING,
        "contact": {"name": "Petra Beispiel", "email": "petra@mail.example"},
        "joined_on": "2016-03-01",
    }
    return RegisterActor.model_validate(values | other)


def cost(reference: str = "c-1", amount: int = 1, **other: Any) -> RecordCost:
    """A cost in euro: the simplest command there is."""
    values: dict[str, Any] = {
        "staff_id": STAFF,
        "reference": reference,
        "from_on": "2015-04-01",
        "to_on": "2018-03-31",
        "amount_eur": amount,
        "funded_share": 0.6,
    }
    return RecordCost.model_validate(values | other)
