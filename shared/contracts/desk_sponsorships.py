"""What staff enter about running sponsorships: contacts, check-ins, pauses, questions."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from shared.contracts.base import Classification, Exchange, message
from shared.contracts.desk import Command, Outcome, Side
from shared.contracts.people import Id, Part, Reference


class ContactKind(StrEnum):
    """How sponsor and household were in contact, or tried to be."""

    MEETING = "meeting"
    CALL = "call"
    VIDEO = "video"
    MISSED = "missed"
    ATTEMPTED = "attempted"


class Going(StrEnum):
    """How a side finds that the sponsorship is going."""

    WELL = "well"
    MIXED = "mixed"
    BADLY = "badly"


class QuestionKind(StrEnum):
    QUESTION = "question"
    WORRY = "worry"


class LoggedContact(Part):
    """An entry of the log: of each kind a day has at most one."""

    kind: ContactKind
    held_on: date


class SponsorshipCommand(Command):
    """Base of what staff enter about a sponsorship."""

    sponsorship_id: Id


@message("sponsorship.log-contact", 1, Exchange.COMMANDS, subject="sponsorship_id")
class LogContact(SponsorshipCommand):
    """Sponsor and household were in contact, or tried to be. Meetings are evidence for funders."""

    kind: ContactKind
    held_on: date


@message("sponsorship.correct-contact", 1, Exchange.COMMANDS, subject="sponsorship_id")
class CorrectContact(SponsorshipCommand):
    """An entry of the log was wrong: another takes its place, or none."""

    wrong: LoggedContact
    right: LoggedContact | None = None


@message("sponsorship.record-check-in", 1, Exchange.COMMANDS, subject="sponsorship_id")
class RecordCheckIn(SponsorshipCommand):
    """A side said how it is going; `badly` opens a worry."""

    side: Side
    going: Going


@message("sponsorship.pause", 1, Exchange.COMMANDS, subject="sponsorship_id")
class PauseSponsorship(SponsorshipCommand):
    """The two do not meet for a while; until when may be open."""

    until: date | None = None


@message("sponsorship.resume", 1, Exchange.COMMANDS, subject="sponsorship_id")
class ResumeSponsorship(SponsorshipCommand):
    """The two meet again."""


@message("sponsorship.end-and-rematch", 1, Exchange.COMMANDS, subject="sponsorship_id")
class EndAndRematch(SponsorshipCommand):
    """A sponsorship ends with an outcome, and the household waits for another sponsor."""

    outcome: Outcome


@message(
    "question.open",
    1,
    Exchange.COMMANDS,
    subject="reference",
    classification=Classification.PERSONAL,
)
class OpenQuestion(Command):
    """A side has a worry or a question. The question's id follows from the reference."""

    reference: Reference
    sponsorship_id: Id
    side: Side
    kind: QuestionKind
    text: Annotated[str, Field(min_length=1, max_length=2000)]
    urgent: bool = False


@message("question.take", 1, Exchange.COMMANDS, subject="question_id")
class TakeQuestion(Command):
    """A member of staff takes a question on."""

    question_id: Id


@message(
    "question.answer",
    1,
    Exchange.COMMANDS,
    subject="question_id",
    classification=Classification.PERSONAL,
)
class AnswerQuestion(Command):
    """Staff answer a question; the answer goes to who asked by mail."""

    question_id: Id
    text: Annotated[str, Field(min_length=1, max_length=2000)]
