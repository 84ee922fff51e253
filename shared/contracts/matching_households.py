"""What `matching` publishes about households while they wait and about who may take part."""

from datetime import date

from shared.contracts.base import Contract, Exchange, message
from shared.contracts.codes import LanguageCode
from shared.contracts.desk_households import ClosingCause
from shared.contracts.desk_rules import Ground
from shared.contracts.matching import Reply
from shared.contracts.people import Id, Reference

# --- replies to a partner ----------------------------------------------------------------------


@message("referral.asked", 1, Exchange.REPLIES, subject="reference")
class ReferralAsked(Reply):
    """Does the household still want a sponsor? `referral.confirmed` keeps its place; without an
    answer it is closed after this day.
    """

    reference: Reference
    answer_by: date


@message("referral.closed", 1, Exchange.REPLIES, subject="reference")
class ReferralClosed(Reply):
    """Why a referral was closed, beside the answer `closed` itself."""

    reference: Reference
    cause: ClosingCause


# --- facts -------------------------------------------------------------------------------------


@message("household.corrected", 1, Exchange.EVENTS, subject="household_id")
class HouseholdCorrected(Contract):
    """What is known of a household changed; these are its counts and codes from now on."""

    household_id: Id
    adults: int
    children: int
    languages: list[LanguageCode]


@message("household.held", 1, Exchange.EVENTS, subject="household_id")
class HouseholdHeld(Contract):
    """A household is not matched for a while; it keeps its place in time."""

    household_id: Id
    until: date | None


@message("household.resumed", 1, Exchange.EVENTS, subject="household_id")
class HouseholdResumed(Contract):
    """A household that was on hold waits to be matched again."""

    household_id: Id


@message("household.asked", 1, Exchange.EVENTS, subject="household_id")
class HouseholdAsked(Contract):
    """Partner and household were asked whether a sponsor is still wanted."""

    household_id: Id
    answer_by: date


@message("household.confirmed", 1, Exchange.EVENTS, subject="household_id")
class HouseholdConfirmed(Contract):
    """A household still wants a sponsor."""

    household_id: Id


@message("household.closed", 2, Exchange.EVENTS, subject="household_id")
class HouseholdClosed(Contract):
    """A household waits no longer and has no sponsor, with the cause."""

    household_id: Id
    cause: ClosingCause


@message("household.refused", 1, Exchange.EVENTS, subject="household_id")
class HouseholdRefused(Contract):
    """A command about a household could not be carried out; nothing was changed."""

    household_id: Id
    reason: str


@message("participation.rule-set", 1, Exchange.EVENTS, subject="effective_on")
class ParticipationRuleSet(Contract):
    """Who may take part from this day on: households with one of these grounds."""

    effective_on: date
    grounds: list[Ground]


@message("participation.refused", 1, Exchange.EVENTS, subject="effective_on")
class ParticipationRuleRefused(Contract):
    """A rule could not be set; nothing was changed."""

    effective_on: date
    reason: str
