"""What `matching` publishes about matches and sponsorships beside their plain way."""

from enum import StrEnum

from shared.contracts.base import Contract, Exchange, message
from shared.contracts.people import Id


class ReleaseCause(StrEnum):
    """Why an open match was given up without anybody declining it."""

    SPONSOR_PAUSED = "sponsor_paused"
    SPONSOR_LEFT = "sponsor_left"
    SPONSOR_CHANGED = "sponsor_changed"
    HOUSEHOLD_CHANGED = "household_changed"
    HOUSEHOLD_ON_HOLD = "household_on_hold"
    HOUSEHOLD_CLOSED = "household_closed"
    PERHAPS_TWICE = "perhaps_twice"
    OVERRIDDEN = "overridden"


@message("match.released", 1, Exchange.EVENTS, subject="sponsorship_id")
class MatchReleased(Contract):
    """An open match was given up though nobody declined: the pair may be proposed again."""

    sponsorship_id: Id
    household_id: Id
    sponsor_id: Id
    cause: ReleaseCause


@message("household.waits-again", 1, Exchange.EVENTS, subject="household_id")
class HouseholdWaitsAgain(Contract):
    """A household whose sponsorship ended waits for another sponsor."""

    household_id: Id
