"""What `matching` publishes: facts without personal data, and its replies to partners."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from shared.contracts.base import Contract, Exchange, message
from shared.contracts.codes import CountryCode, LanguageCode
from shared.contracts.desk import Outcome, Side
from shared.contracts.people import Id, Reference, Topic


class DeclineReason(StrEnum):
    """Why a referral is declined."""

    HAS_SOCIAL_WORKER = "has_social_worker"
    NOT_IN_PRIVATE_HOUSING = "not_in_private_housing"
    REFERENCE_REUSED = "reference_reused"
    WITHDRAWN = "withdrawn"


class ReferralStatus(StrEnum):
    """What became of a referral, in the order in which a partner hears of it."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    MATCHED = "matched"
    CLOSED = "closed"


# --- replies to a partner ----------------------------------------------------------------------


class Reply(Contract):
    """Base of what a partner hears; goes to the queue of `partner` alone."""

    partner: Id
    """The partner that is told."""


@message("referral.answered", 1, Exchange.REPLIES, subject="reference")
class ReferralAnswered(Reply):
    """What became of the partner's referral or recruit."""

    reference: Reference
    """The partner's own reference."""
    status: ReferralStatus
    """What became of it."""
    reason: DeclineReason | None = None
    """Why it was declined or closed."""


@message("message.refused", 1, Exchange.REPLIES, subject="message_id")
class MessageRefused(Reply):
    """A message could not be understood; nothing of it was taken in. Send it again, corrected."""

    message_id: str
    """The id of the message that was refused."""
    errors: Annotated[list[str], Field(min_length=1, max_length=20)]


@message("intake.rate-exceeded", 1, Exchange.REPLIES, subject="partner")
class RateExceeded(Reply):
    """These messages came faster than agreed and were turned away: nothing of them was taken in.

    Send each again as it is, with the same id, when `retry_after_seconds` have passed.
    """

    message_ids: Annotated[list[str], Field(min_length=1, max_length=300)]
    per_minute: Annotated[int, Field(ge=1, description="How many are taken in the long run")]
    burst: Annotated[int, Field(ge=1, description="How many are taken at once after a pause")]
    retry_after_seconds: Annotated[int, Field(ge=1)]


# --- facts -------------------------------------------------------------------------------------


@message("household.registered", 1, Exchange.EVENTS, subject="household_id")
class HouseholdRegistered(Contract):
    """A household was taken in and waits for a sponsor."""

    household_id: Id
    partner: Id
    adults: int
    children: int
    countries: list[CountryCode]
    languages: list[LanguageCode]
    topics: list[Topic]


@message("household.declined", 1, Exchange.EVENTS, subject="household_id")
class HouseholdDeclined(Contract):
    """A household cannot take part, with the reason."""

    household_id: Id
    partner: Id
    reason: DeclineReason


@message("household.closed", 1, Exchange.EVENTS, subject="household_id")
class HouseholdClosedV1(Contract):
    """A household no longer waits and has no sponsor; version 2 says so since, with the cause."""

    household_id: Id


@message("sponsor.registered", 1, Exchange.EVENTS, subject="sponsor_id")
class SponsorRegistered(Contract):
    """A volunteer was entered; not yet trained."""

    sponsor_id: Id
    migration_experience: bool
    languages: list[LanguageCode]
    capacity: int


@message("sponsor.trained", 1, Exchange.EVENTS, subject="sponsor_id")
class SponsorTrained(Contract):
    """A sponsor completed the basic training and may be matched."""

    sponsor_id: Id
    trained_on: date


@message("sponsor.certificate-recorded", 1, Exchange.EVENTS, subject="sponsor_id")
class CertificateRecorded(Contract):
    """A certificate of conduct was inspected; valid up to the given day."""

    sponsor_id: Id
    valid_until: date


@message("sponsor.certificate-refused", 1, Exchange.EVENTS, subject="sponsor_id")
class CertificateRefused(Contract):
    """A certificate of conduct was older than three months at inspection, or dated after it."""

    sponsor_id: Id


@message("sponsor.refused", 1, Exchange.EVENTS, subject="sponsor_id")
class SponsorRefused(Contract):
    """A command about a sponsor could not be carried out; nothing was changed."""

    sponsor_id: Id
    reason: str


@message("match.proposed", 1, Exchange.EVENTS, subject="sponsorship_id")
class MatchProposed(Contract):
    """The engine proposes a pair; staff decide. The score is in basis points, 0 to 10000."""

    sponsorship_id: Id
    household_id: Id
    sponsor_id: Id
    score: int


@message("match.approved", 1, Exchange.EVENTS, subject="sponsorship_id")
class MatchApproved(Contract):
    """Staff approved a match; both sides are asked."""

    sponsorship_id: Id
    household_id: Id
    sponsor_id: Id


@message("match.rejected", 1, Exchange.EVENTS, subject="sponsorship_id")
class MatchRejected(Contract):
    """Staff rejected a proposed match."""

    sponsorship_id: Id
    household_id: Id
    sponsor_id: Id


@message("match.declined", 1, Exchange.EVENTS, subject="sponsorship_id")
class MatchDeclined(Contract):
    """One side declined; the household waits again and this pair is not proposed again."""

    sponsorship_id: Id
    household_id: Id
    sponsor_id: Id
    side: Side


@message("match.withdrawn", 1, Exchange.EVENTS, subject="sponsorship_id")
class MatchWithdrawn(Contract):
    """The partner withdrew the household while its match was open."""

    sponsorship_id: Id
    household_id: Id
    sponsor_id: Id


@message("match.refused", 1, Exchange.EVENTS, subject="sponsorship_id")
class DecisionRefused(Contract):
    """A decision came for a match that does not allow it any more; nothing was changed."""

    sponsorship_id: Id
    reason: str


@message("sponsorship.started", 1, Exchange.EVENTS, subject="sponsorship_id")
class SponsorshipStarted(Contract):
    """Both sides accepted."""

    sponsorship_id: Id
    household_id: Id
    sponsor_id: Id
    people: int
    started_on: date


@message("sponsorship.meeting-logged", 1, Exchange.EVENTS, subject="sponsorship_id")
class MeetingLogged(Contract):
    """Sponsor and household met: evidence for funders."""

    sponsorship_id: Id
    held_on: date


@message("sponsorship.ended", 1, Exchange.EVENTS, subject="sponsorship_id")
class SponsorshipEnded(Contract):
    """A sponsorship ended."""

    sponsorship_id: Id
    household_id: Id
    sponsor_id: Id
    outcome: Outcome
    ended_on: date


@message("recruit.registered", 1, Exchange.EVENTS, subject="recruit_id")
class RecruitRegistered(Contract):
    """A recruit was reported by the hospital; may join from `eligible_on`."""

    recruit_id: Id
    arrival_on: date
    eligible_on: date


@message("recruit.rescheduled", 1, Exchange.EVENTS, subject="recruit_id")
class RecruitRescheduled(Contract):
    """The date of arrival was corrected."""

    recruit_id: Id
    arrival_on: date
    eligible_on: date


@message("recruit.removed", 1, Exchange.EVENTS, subject="recruit_id")
class RecruitRemoved(Contract):
    """The hospital withdrew the recruit; nothing will be offered."""

    recruit_id: Id


@message("recruit.offered", 1, Exchange.EVENTS, subject="recruit_id")
class RecruitOffered(Contract):
    """Three calendar months after arrival: the recruit was offered a place."""

    recruit_id: Id
    eligible_on: date
    offered_on: date


@message("recruit.joined", 1, Exchange.EVENTS, subject="recruit_id")
class RecruitJoined(Contract):
    """The recruit said yes and waits for a sponsor as a household."""

    recruit_id: Id
    household_id: Id


@message("recruit.declined", 1, Exchange.EVENTS, subject="recruit_id")
class RecruitDeclined(Contract):
    """The recruit said no."""

    recruit_id: Id


@message("recruit.refused", 1, Exchange.EVENTS, subject="recruit_id")
class OfferAnswerRefused(Contract):
    """An answer came for a recruit that has no open offer; nothing was changed."""

    recruit_id: Id
    reason: str
