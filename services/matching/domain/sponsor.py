"""A sponsor: entered, trained, certified, with room for a number of households."""

from dataclasses import dataclass, replace
from datetime import date

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

from .certificate import Certificate
from .fingerprint import fingerprint
from .mails import mail


@dataclass(frozen=True, slots=True)
class Sponsor:
    """`holds` are the proposals and sponsorships that each take one of its places."""

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

    def hold(self, sponsorship_id: str) -> "Sponsor":
        """One place less."""
        return replace(self, holds=(*self.holds, sponsorship_id))

    def release(self, sponsorship_id: str) -> "Sponsor":
        """The place is free again."""
        return replace(self, holds=tuple(each for each in self.holds if each != sponsorship_id))


def register(sponsor_id: str, told: RegisterSponsor, today: date) -> tuple[Sponsor, Facts]:
    """A volunteer is entered; not yet trained."""
    sponsor = Sponsor(
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
    )
    fact = SponsorRegistered(
        sponsor_id=sponsor.id,
        migration_experience=sponsor.migration_experience,
        languages=[skill.code for skill in sponsor.languages],
        capacity=sponsor.capacity,
    )
    return sponsor, (fact, *mail(Template.SPONSOR_WELCOME, sponsor.id, sponsor.contact))


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


def certify(sponsor: Sponsor, certificate: Certificate, today: date) -> tuple[Sponsor, Facts]:
    """A certificate was inspected: the one that is valid longest is kept."""
    if not certificate.acceptable(today):
        return sponsor, (CertificateRefused(sponsor_id=sponsor.id),)
    known = sponsor.certificate
    if known and known.valid_until >= certificate.valid_until:
        return sponsor, ()
    fact = CertificateRecorded(sponsor_id=sponsor.id, valid_until=certificate.valid_until)
    return replace(sponsor, certificate=certificate), (fact,)
