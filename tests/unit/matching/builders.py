"""Households, sponsors, recruits and matches that are right unless a test says otherwise."""

from datetime import UTC, date, datetime

from services.matching.domain import match as matches
from services.matching.domain import recruit as recruits
from services.matching.domain import sponsor as sponsors
from services.matching.domain.calendar import months_after
from services.matching.domain.fingerprint import fingerprint
from services.matching.domain.household import Household, HouseholdStatus, Origin
from services.matching.domain.match import Match
from services.matching.domain.recruit import Life, Recruit
from services.matching.domain.sponsor import Sponsor
from services.matching.domain.sponsorship import Criterion, Reasons
from shared.contracts.desk import DecideMatch, RegisterSponsor, Side
from shared.contracts.partners import RecruitReported, ReferralSubmitted
from shared.contracts.people import (
    Contact,
    District,
    Gender,
    History,
    HouseholdDetails,
    Housing,
    LanguageSkill,
    Level,
    Topic,
)
from shared.messaging import Facts

NOW = datetime(2016, 5, 2, 9, 0, tzinfo=UTC)
TODAY = date(2016, 5, 2)
ARABIC = LanguageSkill(code="ar", level=Level.NATIVE)
GERMAN = LanguageSkill(code="de", level=Level.C1)


def details(**other: object) -> HouseholdDetails:
    """Two adults with a child, without a refugee history."""
    values = {
        "contact": Contact(
            name="Amal Testari",
            email="amal@mail.example",
            gender=Gender.FEMALE,
            language="ar",
        ),
        "adults": 2,
        "children": [date(2010, 3, 4)],
        "countries": ["SY"],
        "languages": [ARABIC],
        "topics": [Topic.GERMAN_LANGUAGE],
        "availability": ["mon-evening", "tue-evening", "sat-morning", "sun-evening"],
        "district": District.MITTE,
        "history": History.NONE,
        "housing": Housing.PRIVATE,
        "has_social_worker": False,
        "arrived_on": date(2016, 1, 10),
        "consent_on": date(2016, 4, 30),
    }
    return HouseholdDetails.model_validate(values | other)


def referral(reference: str = "r-1", **other: object) -> ReferralSubmitted:
    return ReferralSubmitted(reference=reference, household=details(**other))


def household(reference: str = "r-1", **other: object) -> Household:
    """A household that waits."""
    told = referral(reference, **other)
    origin = Origin("zeytin", reference, fingerprint(told))
    return Household(f"household-{reference}", origin, told.household, HouseholdStatus.WAITING, NOW)


def application(reference: str = "s-1", **other: object) -> RegisterSponsor:
    values = {
        "staff_id": "staff-01",
        "reference": reference,
        "contact": Contact(name="Petra Beispiel", email="petra@mail.example", gender=Gender.FEMALE),
        "migration_experience": True,
        "languages": [GERMAN, ARABIC],
        "topics": [Topic.GERMAN_LANGUAGE],
        "availability": ["mon-evening", "tue-evening", "sat-morning", "sun-evening"],
        "district": District.MITTE,
        "capacity": 1,
        "applied_on": date(2016, 4, 1),
    }
    return RegisterSponsor.model_validate(values | other)


def sponsor(reference: str = "s-1", **other: object) -> Sponsor:
    """A sponsor who is trained and certified."""
    entered, _ = sponsors.register(f"sponsor-{reference}", application(reference, **other), TODAY)
    trained, _ = sponsors.train(entered, TODAY)
    certified, _ = sponsors.certify(trained, date(2016, 4, 1), TODAY, TODAY)
    return certified


def reasons(points: int = 7000) -> Reasons:
    return Reasons((Criterion("language", points, 10_000),), "ar", ("mon-evening",), 0, 1)


def proposed() -> Match:
    return matches.propose(household(), sponsor(), reasons(), NOW)[0]


def decision(*, approved: bool = True, reason: str = "") -> DecideMatch:
    return DecideMatch(staff_id="staff-01", sponsorship_id="any", approved=approved, reason=reason)


def approved() -> Match:
    return matches.decide(proposed(), decision(), NOW)[0]


def running() -> Match:
    """Started today."""
    match = approved()
    for side in Side:
        match, _ = matches.answer(match, side, accepted=True, today=TODAY)
    return match


def report(arrival_on: date = date(2016, 5, 31), **other: object) -> RecruitReported:
    return RecruitReported(reference="kl-1", arrival_on=arrival_on, household=details(**other))


def life(arrival_on: date = date(2016, 5, 31)) -> Life:
    told = report(arrival_on)
    eligible_on = months_after(arrival_on, 3)
    return Life(fingerprint(told), told.household, arrival_on, eligible_on, TODAY)


def recruit(arrival_on: date = date(2016, 5, 31)) -> Recruit:
    """A recruit who waits for the offer."""
    return Recruit("recruit-1", "klinikum", "kl-1", (life(arrival_on),))


def offered() -> Recruit:
    waiting = recruit()
    due = waiting.life.due
    return recruits.offer(waiting, due, due.date())[0]


def names(facts: Facts) -> list[str]:
    """What kinds of facts these are."""
    return [type(fact).__name__ for fact in facts]
