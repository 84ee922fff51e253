"""A sponsor: entered, trained, certified, with room for a number of households."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final

from shared.contracts.codes import Slot
from shared.contracts.desk import RegisterSponsor
from shared.contracts.matching import (
    CertificateRecorded,
    CertificateRefused,
    SponsorRefused,
    SponsorRegistered,
    SponsorTrained,
)
from shared.contracts.notifications import Template
from shared.contracts.people import Contact, District, Gender, LanguageSkill, Topic
from shared.messaging import Facts

from .certificate import Certificate, acceptable
from .fingerprint import fingerprint
from .mails import mail


class Stage(StrEnum):
    """Where a sponsor is on the way; only the active ones are matched."""

    APPLIED = "applied"
    REJECTED = "rejected"
    ACTIVE = "active"
    PAUSED = "paused"
    LEFT = "left"


class Step(StrEnum):
    """What may be done with a sponsor, beside what is always allowed."""

    INTERVIEW = "interview"
    CERTIFY = "certify"
    ACKNOWLEDGE = "acknowledge"
    CHANGE = "change"
    PAUSE = "pause"
    RESUME = "resume"
    LEAVE = "leave"
    READMIT = "readmit"


_HERE: Final = frozenset({Stage.APPLIED, Stage.ACTIVE, Stage.PAUSED})
_ALLOWED_IN: Final[Mapping[Step, frozenset[Stage]]] = {
    Step.INTERVIEW: frozenset({Stage.APPLIED, Stage.REJECTED}),
    Step.CERTIFY: _HERE,
    Step.ACKNOWLEDGE: _HERE,
    Step.CHANGE: _HERE,
    Step.PAUSE: frozenset({Stage.ACTIVE, Stage.PAUSED}),
    Step.RESUME: frozenset({Stage.PAUSED}),
    Step.LEAVE: _HERE,
    Step.READMIT: frozenset({Stage.LEFT}),
}
_PRESENT: Final[Mapping[Stage, str]] = {
    Stage.APPLIED: "the volunteer has applied and was not interviewed yet",
    Stage.REJECTED: "the interview showed that the volunteer is not suitable",
    Stage.ACTIVE: "the sponsor was taken in and is active",
    Stage.PAUSED: "the sponsor pauses",
    Stage.LEFT: "the sponsor has left the programme; readmit the sponsor first",
}


@dataclass(frozen=True, slots=True)
class Handbook:
    """The newest version of the handbook that a sponsor acknowledged."""

    version: str
    acknowledged_on: date


@dataclass(frozen=True, slots=True)
class Sponsor:
    """`holds` are the proposals and sponsorships that each take one of its places;
    `active_until` is the day on which the last running one ended.
    """

    id: str
    reference: str
    fingerprint: str
    contact: Contact
    migration_experience: bool
    languages: tuple[LanguageSkill, ...]
    topics: tuple[Topic, ...]
    availability: tuple[Slot, ...]
    district: District
    capacity: int
    household_gender: Gender | None
    applied_on: date
    registered_on: date
    trained_on: date | None = None
    certificate: Certificate | None = None
    holds: tuple[str, ...] = ()
    stage: Stage = Stage.ACTIVE
    handbook: Handbook | None = None
    paused_until: date | None = None
    active_until: date | None = None

    @property
    def available(self) -> bool:
        """Whether it may be proposed to one more household, training and room being all that
        counts here.
        """
        has_room = len(self.holds) < self.capacity
        return self.stage is Stage.ACTIVE and self.trained_on is not None and has_room

    def why_not(self, step: Step) -> str | None:
        """Why the step is not allowed now, in words; None if it is."""
        return None if self.stage in _ALLOWED_IN[step] else _PRESENT[self.stage]

    def refused(self, reason: str) -> tuple["Sponsor", Facts]:
        """Nothing is changed, and staff hear why."""
        return self, (SponsorRefused(sponsor_id=self.id, reason=reason),)

    def hold(self, sponsorship_id: str) -> "Sponsor":
        """One place less."""
        return replace(self, holds=(*self.holds, sponsorship_id))

    def release(self, sponsorship_id: str) -> "Sponsor":
        """The place is free again."""
        return replace(self, holds=tuple(each for each in self.holds if each != sponsorship_id))

    def retire(self, sponsorship_id: str, today: date) -> "Sponsor":
        """The place is free again, after a sponsorship that was running."""
        return replace(self.release(sponsorship_id), active_until=today)


def register(sponsor_id: str, told: RegisterSponsor, today: date) -> tuple[Sponsor, Facts]:
    """A volunteer who was interviewed is entered; not yet trained."""
    return admit(enter(sponsor_id, told, today))


def enter(sponsor_id: str, told: RegisterSponsor, today: date) -> Sponsor:
    """The volunteer as told, not yet taken in."""
    return Sponsor(
        id=sponsor_id,
        reference=told.reference,
        fingerprint=fingerprint(told),
        contact=told.contact,
        migration_experience=told.migration_experience,
        languages=tuple(told.languages),
        topics=tuple(told.topics),
        availability=tuple(told.availability),
        district=told.district,
        capacity=told.capacity,
        household_gender=told.household_gender,
        applied_on=told.applied_on,
        registered_on=today,
        stage=Stage.APPLIED,
    )


def admit(sponsor: Sponsor) -> tuple[Sponsor, Facts]:
    """The volunteer is taken in as a sponsor."""
    fact = SponsorRegistered(
        sponsor_id=sponsor.id,
        migration_experience=sponsor.migration_experience,
        languages=[skill.code for skill in sponsor.languages],
        capacity=sponsor.capacity,
    )
    welcome = mail(Template.SPONSOR_WELCOME, sponsor.id, sponsor.contact)
    return replace(sponsor, stage=Stage.ACTIVE), (fact, *welcome)


def repeat(sponsor: Sponsor, told: RegisterSponsor) -> Facts:
    """The reference came again: nothing new, or a refusal if it means somebody else."""
    if sponsor.fingerprint == fingerprint(told):
        return ()
    reason = "the reference is taken by a sponsor with other details"
    return (SponsorRefused(sponsor_id=sponsor.id, reason=reason),)


def train(sponsor: Sponsor, held_on: date) -> tuple[Sponsor, Facts]:
    """The basic training was completed; the first one counts."""
    if sponsor.trained_on is not None:
        return sponsor, ()
    trained = replace(sponsor, trained_on=held_on)
    return trained, (SponsorTrained(sponsor_id=sponsor.id, trained_on=held_on),)


def certify(
    sponsor: Sponsor, issued_on: date, inspected_on: date, today: date
) -> tuple[Sponsor, Facts]:
    """A certificate was inspected: the one that is valid longest is kept."""
    if reason := sponsor.why_not(Step.CERTIFY):
        return sponsor.refused(reason)
    if not acceptable(issued_on, inspected_on, today):
        return sponsor, (CertificateRefused(sponsor_id=sponsor.id),)
    certificate, known = Certificate(inspected_on), sponsor.certificate
    if known and known.inspected_on >= inspected_on:
        return sponsor, ()
    fact = CertificateRecorded(sponsor_id=sponsor.id, valid_until=certificate.valid_until)
    return replace(sponsor, certificate=certificate), (fact,)
