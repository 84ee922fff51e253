"""What `matching` publishes about matches and sponsorships beside their plain way."""

from datetime import date
from enum import StrEnum

from shared.contracts.base import Contract, Exchange, message
from shared.contracts.desk import Side
from shared.contracts.desk_sponsorships import ContactKind, Going, LoggedContact, QuestionKind
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


@message("match.reminded", 1, Exchange.EVENTS, subject="sponsorship_id")
class MatchReminded(Contract):
    """The sides that had not answered yet were asked once more."""

    sponsorship_id: Id
    sides: list[Side]


@message("sponsorship.first-met", 1, Exchange.EVENTS, subject="sponsorship_id")
class FirstMet(Contract):
    """Sponsor and household met for the first time."""

    sponsorship_id: Id
    met_on: date


@message("sponsorship.contact-logged", 1, Exchange.EVENTS, subject="sponsorship_id")
class ContactLogged(Contract):
    """A contact that was no meeting, or an attempt; meetings are `sponsorship.meeting-logged`."""

    sponsorship_id: Id
    kind: ContactKind
    held_on: date


@message("sponsorship.contact-corrected", 1, Exchange.EVENTS, subject="sponsorship_id")
class ContactCorrected(Contract):
    """An entry of the log counts no more; the right one, if any, is in its place."""

    sponsorship_id: Id
    wrong: LoggedContact
    right: LoggedContact | None


@message("sponsorship.check-in-due", 1, Exchange.EVENTS, subject="sponsorship_id")
class CheckInDue(Contract):
    """It is time to ask both sides how it is going, for the first time or again."""

    sponsorship_id: Id
    number: int


@message("sponsorship.checked-in", 1, Exchange.EVENTS, subject="sponsorship_id")
class CheckedIn(Contract):
    """A side said how it is going."""

    sponsorship_id: Id
    side: Side
    going: Going


@message("sponsorship.silent", 1, Exchange.EVENTS, subject="sponsorship_id")
class SponsorshipSilent(Contract):
    """There was no real contact for so many days; days of a pause do not count."""

    sponsorship_id: Id
    since: date
    days: int


@message("sponsorship.paused", 1, Exchange.EVENTS, subject="sponsorship_id")
class SponsorshipPaused(Contract):
    """The two do not meet for a while; until when may be open."""

    sponsorship_id: Id
    until: date | None


@message("sponsorship.resumed", 1, Exchange.EVENTS, subject="sponsorship_id")
class SponsorshipResumed(Contract):
    """The two meet again."""

    sponsorship_id: Id


@message("question.opened", 1, Exchange.EVENTS, subject="question_id")
class QuestionOpened(Contract):
    """A side has a worry or a question; the text stays with `matching`."""

    question_id: Id
    sponsorship_id: Id
    side: Side
    kind: QuestionKind
    urgent: bool


@message("question.taken", 1, Exchange.EVENTS, subject="question_id")
class QuestionTaken(Contract):
    """A member of staff took a question on."""

    question_id: Id


@message("question.answered", 1, Exchange.EVENTS, subject="question_id")
class QuestionAnswered(Contract):
    """A question was answered."""

    question_id: Id


@message("question.overdue", 1, Exchange.EVENTS, subject="question_id")
class QuestionOverdue(Contract):
    """A question has waited too long for an answer."""

    question_id: Id


@message("question.refused", 1, Exchange.EVENTS, subject="question_id")
class QuestionRefused(Contract):
    """A command about a question could not be carried out; nothing was changed."""

    question_id: Id
    reason: str


class OverriddenRule(StrEnum):
    """What stands against a pair and was overridden by staff."""

    NO_COMMON_LANGUAGE = "no_common_language"
    NO_COMMON_TIME = "no_common_time"
    WISH_OF_HOUSEHOLD = "wish_of_household"
    WISH_OF_SPONSOR = "wish_of_sponsor"


@message("match.held", 1, Exchange.EVENTS, subject="sponsorship_id")
class MatchHeld(Contract):
    """Staff keep a proposal; it is neither given up nor proposed anew before this day."""

    sponsorship_id: Id
    household_id: Id
    sponsor_id: Id
    until: date


@message("match.hold-ended", 1, Exchange.EVENTS, subject="sponsorship_id")
class MatchHoldEnded(Contract):
    """The days for which a proposal was kept are over; it waits for a decision as before."""

    sponsorship_id: Id


@message("match.decision-due", 1, Exchange.EVENTS, subject="sponsorship_id")
class MatchDecisionDue(Contract):
    """A proposal waits for a decision of staff; without one it is given up at `until`."""

    sponsorship_id: Id
    household_id: Id
    sponsor_id: Id
    number: int
    until: date


@message("match.lapsed", 1, Exchange.EVENTS, subject="sponsorship_id")
class MatchLapsed(Contract):
    """Nobody decided a proposal in time: the household waits in its old place, the sponsor's place
    is free, and the pair may be proposed again.
    """

    sponsorship_id: Id
    household_id: Id
    sponsor_id: Id


@message("match.overridden", 1, Exchange.EVENTS, subject="sponsorship_id")
class MatchOverridden(Contract):
    """Staff chose this pair themselves, against these rules; it is approved thereby."""

    sponsorship_id: Id
    household_id: Id
    sponsor_id: Id
    rules: list[OverriddenRule]


@message("match.override-refused", 1, Exchange.EVENTS, subject="household_id")
class OverrideRefused(Contract):
    """Staff chose a pair that cannot be; nothing was changed."""

    household_id: Id
    sponsor_id: Id
    reason: str
