"""A made-up city as the service keeps it: households that wait and sponsors with room, and the
referrals of those who come; the engine's made-up people in the words of the programme.
"""

from datetime import date, datetime, timedelta
from typing import Any

from benchmarks.market import DISTRICTS, TODAY, TOPICS, People
from services.matching import engine
from services.matching.domain.calendar import moment
from services.matching.domain.certificate import Certificate
from services.matching.domain.household import Household, HouseholdStatus, Origin
from services.matching.domain.recruit import OFFICE_OPENS
from services.matching.domain.sponsor import Sponsor
from shared.contracts.codes import LANGUAGES, SLOTS
from shared.contracts.ids import household_id, sponsor_id
from shared.contracts.partners import ReferralSubmitted
from shared.contracts.people import (
    Contact,
    District,
    Gender,
    HouseholdDetails,
    LanguageSkill,
    Level,
    Topic,
)

PARTNER = "benchmark"
NOW = moment(TODAY, OFFICE_OPENS)
_RARE = sorted(LANGUAGES)
_GENDERS = {"f": Gender.FEMALE, "m": Gender.MALE}


class Town:
    """An endless supply, the same for the same seed."""

    def __init__(self, seed: int = 1) -> None:
        self._people = People(seed)

    def waiting(self, number: int) -> Household:
        """A household that came some time ago."""
        who = self._people.household()
        reference = f"past-{number}"
        return Household(
            household_id(PARTNER, reference),
            Origin(PARTNER, reference, ""),
            _details(who, number),
            HouseholdStatus.WAITING,
            _at(who.arrived),
        )

    def sponsor(self, number: int) -> Sponsor:
        """A sponsor with room."""
        who = self._people.sponsor()
        reference = f"s-{number}"
        return Sponsor(
            id=sponsor_id(reference),
            reference=reference,
            fingerprint="",
            contact=_contact(who, f"Sponsor {number}"),
            migration_experience=False,
            languages=tuple(_languages(who)),
            topics=tuple(_topics(who)),
            availability=tuple(_slots(who)),
            district=_district(who),
            capacity=who.capacity,
            household_gender=_wish(who),
            applied_on=TODAY - timedelta(days=60),
            registered_on=TODAY - timedelta(days=50),
            trained_on=TODAY - timedelta(days=40),
            certificate=Certificate(TODAY - timedelta(days=30)) if who.children else None,
        )

    def referral(self, number: int) -> ReferralSubmitted:
        """A household that comes now."""
        return ReferralSubmitted(
            reference=f"now-{number}", household=_details(self._people.household(), number + 10**6)
        )


def _details(who: engine.Household, number: int) -> HouseholdDetails:
    told: dict[str, Any] = {
        "contact": _contact(who, f"Beispiel {_spelt(number)}"),
        "adults": 2,
        "children": [date(2012, 1 + number % 12, 1 + child) for child in range(who.minors)],
        "countries": ["SY"],
        "languages": _languages(who),
        "topics": _topics(who),
        "availability": _slots(who),
        "district": _district(who),
        "history": "none",
        "housing": "private",
        "has_social_worker": False,
        "arrived_on": who.arrived,
        "consent_on": who.arrived,
        "sponsor_gender": _wish(who),
    }
    return HouseholdDetails.model_validate(told)


def _contact(who: engine.Household | engine.Sponsor, name: str) -> Contact:
    return Contact(name=name, gender=_GENDERS[who.gender])


def _spelt(number: int) -> str:
    """No two names are alike, so that nobody looks like a duplicate."""
    return "".join(chr(97 + (number // 23**place) % 23) for place in range(8)).title()


def _wish(who: engine.Household | engine.Sponsor) -> Gender | None:
    return next((_GENDERS[each] for each in who.accepts), None)


def _languages(who: engine.Household | engine.Sponsor) -> list[LanguageSkill]:
    levels = list(Level)
    spoken = {_known(code): level for code, level in who.languages.items()}
    return [LanguageSkill(code=code, level=levels[level - 1]) for code, level in spoken.items()]


def _known(code: str) -> str:
    """A rare language the programme has no code for stands under another rare one's."""
    return code if code in LANGUAGES else _RARE[sum(code.encode()) % len(_RARE)]


def _topics(who: engine.Household | engine.Sponsor) -> list[Topic]:
    return [list(Topic)[TOPICS.index(each)] for each in sorted(who.topics)]


def _slots(who: engine.Household | engine.Sponsor) -> list[str]:
    return [slot for bit, slot in enumerate(SLOTS) if who.slots >> bit & 1] or ["mon-evening"]


def _district(who: engine.Household | engine.Sponsor) -> District:
    return list(District)[DISTRICTS.index(who.district)]


def _at(day: date) -> datetime:
    return moment(day, OFFICE_OPENS)
