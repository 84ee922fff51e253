"""Who takes part, read from the sample data without the services' code.

Sponsors with their trainings and certificates, households that may join, recruits with offers.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

from pydantic import ValidationError

from shared.contracts.desk import CompleteTraining, RecordCertificate, RegisterSponsor
from shared.contracts.ids import household_id, recruit_id, sponsor_id
from shared.contracts.partners import (
    RecruitCorrected,
    RecruitReported,
    RecruitWithdrawn,
    ReferralSubmitted,
    ReferralWithdrawn,
)
from shared.contracts.people import History, HouseholdDetails, Housing
from willkommen.timeline import Publish, Timeline

END = date(2018, 3, 31)
CONTRACTS = {
    contract.wire.type: contract
    for contract in (
        ReferralSubmitted,
        ReferralWithdrawn,
        RecruitReported,
        RecruitCorrected,
        RecruitWithdrawn,
    )
}
KNOWN_MISSPELLINGS = ("childrens",)


@dataclass
class Sponsor:
    told: RegisterSponsor
    trained: date = date.max
    certified: date = date.max
    busy_until: list[date] = field(default_factory=list)
    ends: list[date] = field(default_factory=list)

    @property
    def id(self) -> str:
        return sponsor_id(self.told.reference)

    def has_room(self, today: date) -> bool:
        return sum(until > today for until in self.busy_until) < self.told.capacity


@dataclass
class Household:
    id: str
    details: HouseholdDetails
    waits_from: date
    waits_until: date = date.max
    started: date | None = None
    proposals: int = 0
    tried: set[str] = field(default_factory=set)

    def waits(self, today: date) -> bool:
        return self.started is None and self.waits_from <= today < self.waits_until

    @property
    def people(self) -> int:
        return self.details.adults + len(self.details.children)


def three_months_after(day: date) -> date:
    """The same day three months on, or the last day of that month."""
    month = day.month + 3
    year, month = day.year + (month - 1) // 12, (month - 1) % 12 + 1
    for last in range(day.day, 0, -1):
        try:
            return date(year, month, last)
        except ValueError:
            continue
    raise AssertionError(day)


def sponsors_of(timeline: Timeline) -> list[Sponsor]:
    """All sponsors with the days on which they were trained and certified."""
    sponsors: dict[str, Sponsor] = {}
    for entry in timeline.entered():
        match entry.command:
            case RegisterSponsor() as told:
                sponsors[sponsor_id(told.reference)] = Sponsor(told)
            case CompleteTraining(kind="sponsor_basics", sponsor_ids=ids):
                for ident in ids:
                    sponsors[ident].trained = entry.at.date()
            case RecordCertificate(sponsor_id=ident, issued_on=issued, inspected_on=inspected):
                if inspected <= three_months_after(issued):
                    sponsors[ident].certified = entry.at.date()
            case _:
                pass
    return list(sponsors.values())


def may_join(details: HouseholdDetails) -> bool:
    """The rule before the opening of April 2018."""
    return details.history is History.NONE or details.housing is Housing.PRIVATE


def understood(message: Publish) -> object | None:
    """The message's contract object; `None` for one that must be parked or refused."""
    misspelt = any(f'"{word}"'.encode() in message.body for word in KNOWN_MISSPELLINGS)
    if message.message_id is None or misspelt:
        return None
    try:
        return CONTRACTS[message.type].model_validate_json(message.body)
    except ValidationError:
        return None


def referred(timeline: Timeline) -> dict[str, Household]:
    """Accepted households of partners; the first household under a reference counts."""
    households: dict[str, Household] = {}
    for message in timeline.published():
        day = message.at.date()
        match understood(message):
            case ReferralSubmitted(reference=reference, household=details) if may_join(details):
                ident = household_id(message.partner, reference)
                households.setdefault(ident, Household(ident, details, day))
            case ReferralWithdrawn(reference=reference):
                households[household_id(message.partner, reference)].waits_until = day
            case _:
                pass
    return households


@dataclass
class Recruit:
    details: HouseholdDetails
    reported: date
    eligible: date
    withdrawn: date = date.max

    @property
    def offered(self) -> date | None:
        """The day of the offer, if there is one up to the end."""
        day = max(self.reported, self.eligible)
        return day if day < self.withdrawn and day <= END else None


def recruits_of(timeline: Timeline) -> dict[tuple[str, str], Recruit]:
    """Recruits by partner and reference."""
    recruits: dict[tuple[str, str], Recruit] = {}
    for message in timeline.published():
        day = message.at.date()
        match understood(message):
            case RecruitReported(reference=reference, arrival_on=arrival, household=details):
                recruit = Recruit(details, day, three_months_after(arrival))
                recruits[message.partner, reference] = recruit
            case RecruitCorrected(reference=reference, arrival_on=arrival):
                recruits[message.partner, reference].eligible = three_months_after(arrival)
            case RecruitWithdrawn(reference=reference):
                recruits[message.partner, reference].withdrawn = day
            case _:
                pass
    return recruits


def joined(timeline: Timeline) -> dict[str, Household]:
    """Households of the recruits who say yes."""
    households: dict[str, Household] = {}
    for key, recruit in recruits_of(timeline).items():
        answer = timeline.offers.answer(recruit_id(*key))
        if recruit.offered and answer and answer.accepted:
            ident = household_id(*key)
            day = recruit.offered + timedelta(answer.after_days)
            households[ident] = Household(ident, recruit.details, day)
    return households
