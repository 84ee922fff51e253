"""What `matching` publishes about a sponsor's way: ids, codes and days."""

from datetime import date
from enum import StrEnum

from shared.contracts.base import Contract, Exchange, message
from shared.contracts.codes import LanguageCode
from shared.contracts.desk_sponsors import HandbookVersion
from shared.contracts.people import Id


class SponsorField(StrEnum):
    """What may change about a sponsor."""

    CONTACT = "contact"
    LANGUAGES = "languages"
    TOPICS = "topics"
    AVAILABILITY = "availability"
    DISTRICT = "district"
    CAPACITY = "capacity"
    HOUSEHOLD_GENDER = "household_gender"


class DeletionCause(StrEnum):
    """Why the record of an inspected certificate was deleted."""

    EXPIRED = "expired"
    NO_ACTIVITY_FOLLOWED = "no_activity_followed"
    ACTIVITY_ENDED = "activity_ended"


@message("sponsor.applied", 1, Exchange.EVENTS, subject="sponsor_id")
class SponsorApplied(Contract):
    """A volunteer applied; the interview is next."""

    sponsor_id: Id
    migration_experience: bool
    languages: list[LanguageCode]
    capacity: int


@message("sponsor.interviewed", 1, Exchange.EVENTS, subject="sponsor_id")
class SponsorInterviewed(Contract):
    """The interview was held; who is suitable is registered, nobody else is."""

    sponsor_id: Id
    held_on: date
    suitable: bool


@message("sponsor.handbook-acknowledged", 1, Exchange.EVENTS, subject="sponsor_id")
class HandbookAcknowledged(Contract):
    """A sponsor agreed to work by a version of the handbook."""

    sponsor_id: Id
    version: HandbookVersion
    acknowledged_on: date


@message("sponsor.changed", 1, Exchange.EVENTS, subject="sponsor_id")
class SponsorChanged(Contract):
    """Something about a sponsor changed; languages and capacity are those from now on."""

    sponsor_id: Id
    changed: list[SponsorField]
    languages: list[LanguageCode]
    capacity: int


@message("sponsor.paused", 1, Exchange.EVENTS, subject="sponsor_id")
class SponsorPaused(Contract):
    """A sponsor takes no new household for a while; until when may be open."""

    sponsor_id: Id
    until: date | None


@message("sponsor.resumed", 1, Exchange.EVENTS, subject="sponsor_id")
class SponsorResumed(Contract):
    """A sponsor who paused may be matched again."""

    sponsor_id: Id


@message("sponsor.left", 1, Exchange.EVENTS, subject="sponsor_id")
class SponsorLeft(Contract):
    """A sponsor left the programme."""

    sponsor_id: Id
    left_on: date


@message("sponsor.readmitted", 1, Exchange.EVENTS, subject="sponsor_id")
class SponsorReadmitted(Contract):
    """A sponsor who had left is back; a certificate has to be inspected again if it was deleted."""

    sponsor_id: Id


@message("sponsor.certificate-due", 1, Exchange.EVENTS, subject="sponsor_id")
class CertificateDue(Contract):
    """The certificate of conduct has to be inspected again before this day is over."""

    sponsor_id: Id
    valid_until: date


@message("sponsor.certificate-deleted", 1, Exchange.EVENTS, subject="sponsor_id")
class CertificateDeleted(Contract):
    """The record of the inspected certificate was deleted, as the law asks."""

    sponsor_id: Id
    cause: DeletionCause
