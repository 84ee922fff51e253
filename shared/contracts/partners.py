"""What partners publish at intake. Personal data: only `matching` may read it.

The routing key is `referral.<partner>.<verb>` or `recruit.<partner>.<verb>`; the broker vouches for
the partner, so that no message says in its data who sent it.
"""

from datetime import date
from enum import StrEnum

from shared.contracts.base import Classification, Contract, Exchange, message
from shared.contracts.people import HouseholdDetails, Reference


class WithdrawalReason(StrEnum):
    MOVED_AWAY = "moved_away"
    NO_LONGER_WANTED = "no_longer_wanted"
    LEFT_EMPLOYMENT = "left_employment"
    SENT_BY_MISTAKE = "sent_by_mistake"
    OTHER = "other"


@message(
    "referral.submitted",
    1,
    Exchange.INTAKE,
    subject="reference",
    classification=Classification.PERSONAL,
)
class ReferralSubmitted(Contract):
    """A partner asks to take a household in. Idempotent by the partner's own reference."""

    reference: Reference
    """The partner's own reference of the household; always the same for the same household."""
    household: HouseholdDetails


@message(
    "referral.corrected",
    1,
    Exchange.INTAKE,
    subject="reference",
    classification=Classification.PERSONAL,
)
class ReferralCorrected(Contract):
    """What a partner told of a household was wrong, or has changed; this is how it is."""

    reference: Reference
    household: HouseholdDetails


@message("referral.confirmed", 1, Exchange.INTAKE, subject="reference")
class ReferralConfirmed(Contract):
    """A partner asked: the household still wants a sponsor."""

    reference: Reference


@message("referral.withdrawn", 1, Exchange.INTAKE, subject="reference")
class ReferralWithdrawn(Contract):
    """A partner takes a referral back."""

    reference: Reference
    """The partner's own reference of the household; always the same for the same household."""
    reason: WithdrawalReason


@message(
    "recruit.reported",
    1,
    Exchange.INTAKE,
    subject="reference",
    classification=Classification.PERSONAL,
)
class RecruitReported(Contract):
    """The hospital reports a recruited specialist with the date of arrival."""

    reference: Reference
    """The partner's own reference of the household; always the same for the same household."""
    arrival_on: date
    """The day of arrival; three calendar months later the person may join."""
    household: HouseholdDetails


@message("recruit.corrected", 1, Exchange.INTAKE, subject="reference")
class RecruitCorrected(Contract):
    """The hospital corrects the date of arrival."""

    reference: Reference
    """The partner's own reference of the household; always the same for the same household."""
    arrival_on: date
    """The day of arrival; three calendar months later the person may join."""


@message("recruit.withdrawn", 1, Exchange.INTAKE, subject="reference")
class RecruitWithdrawn(Contract):
    """The recruit left, or was reported by mistake."""

    reference: Reference
    """The partner's own reference of the household; always the same for the same household."""
    reason: WithdrawalReason
