"""What staff enter about households while they wait."""

from datetime import date
from enum import StrEnum

from shared.contracts.base import Classification, Exchange, message
from shared.contracts.desk import Command
from shared.contracts.people import HouseholdDetails, Id


class ClosingCause(StrEnum):
    """Why a household waits no longer and has no sponsor."""

    WITHDRAWN = "withdrawn"
    SPONSORSHIP_ENDED = "sponsorship_ended"
    NO_ANSWER = "no_answer"
    MOVED_AWAY = "moved_away"
    NO_LONGER_WANTED = "no_longer_wanted"
    NOT_REACHABLE = "not_reachable"


class HouseholdCommand(Command):
    """Base of what staff enter about a household."""

    household_id: Id


@message(
    "household.correct",
    1,
    Exchange.COMMANDS,
    subject="household_id",
    classification=Classification.PERSONAL,
)
class CorrectHousehold(HouseholdCommand):
    """What is known of a household was wrong, or has changed; this is how it is."""

    household: HouseholdDetails


@message("household.hold", 1, Exchange.COMMANDS, subject="household_id")
class HoldHousehold(HouseholdCommand):
    """A household is not to be matched for a while; until when may be open."""

    until: date | None = None


@message("household.resume", 1, Exchange.COMMANDS, subject="household_id")
class ResumeHousehold(HouseholdCommand):
    """A household that was on hold is to be matched again."""


@message("household.confirm", 1, Exchange.COMMANDS, subject="household_id")
class ConfirmHousehold(HouseholdCommand):
    """A household said that it still wants a sponsor."""


@message("household.close", 1, Exchange.COMMANDS, subject="household_id")
class CloseHousehold(HouseholdCommand):
    """A household that waits is taken off the list."""

    cause: ClosingCause
