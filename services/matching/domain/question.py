"""Worries and questions to staff: opened, taken on by one of them, answered, overdue."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, TypeAlias

from shared.contracts.desk import Side
from shared.contracts.desk_sponsorships import QuestionKind
from shared.contracts.matching_sponsorships import (
    QuestionAnswered,
    QuestionOpened,
    QuestionOverdue,
    QuestionRefused,
    QuestionTaken,
)
from shared.contracts.people import Contact
from shared.messaging import Facts

from .log import Stamp
from .mails import Occasion, mail

PATIENCE: Final = timedelta(days=3)
URGENT_PATIENCE: Final = timedelta(days=1)


class QuestionStatus(StrEnum):
    OPEN = "open"
    TAKEN = "taken"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class Question:
    """What a side of a sponsorship wants to hear from staff; `text` is personal."""

    id: str
    sponsorship_id: str
    side: Side
    kind: QuestionKind
    text: str
    urgent: bool
    opened: Stamp
    status: QuestionStatus = QuestionStatus.OPEN
    taken: Stamp | None = None
    answered: Stamp | None = None
    answer: str = ""

    @property
    def due(self) -> datetime:
        """Until when it should have an answer."""
        return self.opened.at + (URGENT_PATIENCE if self.urgent else PATIENCE)

    @property
    def content(self) -> tuple[object, ...]:
        """What tells two questions apart that come under the same reference."""
        return self.sponsorship_id, self.side, self.kind, self.text, self.urgent


Asked: TypeAlias = tuple[Question, Facts]


def ask(question: Question) -> Asked:
    """A side has a worry or a question."""
    fact = QuestionOpened(
        question_id=question.id,
        sponsorship_id=question.sponsorship_id,
        side=question.side,
        kind=question.kind,
        urgent=question.urgent,
    )
    return question, (fact,)


def worry(key: str, sponsorship_id: str, side: Side, stamp: Stamp) -> Asked:
    """A side said in a check-in that it goes badly."""
    kind = QuestionKind.WORRY
    return ask(Question(key, sponsorship_id, side, kind, text="", urgent=True, opened=stamp))


def ask_again(known: Question, told: Question) -> Asked:
    """The reference came again: nothing new, or a refusal if it means something else."""
    if known.content == told.content:
        return known, ()
    return known, refusal(known.id, "the reference is taken by another question")


def take(question: Question, stamp: Stamp) -> Asked:
    """One member of staff takes it on; a second one hears that."""
    if question.status is QuestionStatus.ANSWERED:
        return question, refusal(question.id, "this question was answered already")
    if question.taken and question.taken.staff_id == stamp.staff_id:
        return question, ()
    if question.taken:
        return question, refusal(question.id, "a colleague took this question on already")
    taken = replace(question, status=QuestionStatus.TAKEN, taken=stamp)
    return taken, (QuestionTaken(question_id=question.id),)


def answer(question: Question, text: str, stamp: Stamp, contact: Contact | None) -> Asked:
    """Who took it on answers; who answers an open one takes it on thereby."""
    if question.status is QuestionStatus.ANSWERED:
        return question, refusal(question.id, "this question was answered already")
    if question.taken and question.taken.staff_id != stamp.staff_id:
        return question, refusal(question.id, "a colleague took this question on and will answer")
    answered = replace(
        question,
        status=QuestionStatus.ANSWERED,
        taken=question.taken or stamp,
        answered=stamp,
        answer=text,
    )
    told = mail(Occasion.QUESTION_ANSWERED, question.id, contact, answer=text) if contact else ()
    return answered, (QuestionAnswered(question_id=question.id), *told)


def remind(question: Question) -> Facts:
    """It has waited too long."""
    if question.status is QuestionStatus.ANSWERED:
        return ()
    return (QuestionOverdue(question_id=question.id),)


def refusal(question_id: str, reason: str) -> Facts:
    """Nothing was changed, and why."""
    return (QuestionRefused(question_id=question_id, reason=reason),)
