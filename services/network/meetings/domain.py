"""A network meeting was held; evaluation forms come in."""

from dataclasses import dataclass
from datetime import date

from shared.contracts.desk import RecordMeeting, SubmitEvaluation
from shared.contracts.ids import meeting_id, stable_id
from shared.contracts.network import EvaluationSubmitted, NetworkMeetingHeld

from ..decision import Decision, once, refused

NOT_INVITED = "{} of those who attended are not among the invited; nothing was changed"


@dataclass(frozen=True)
class Meeting:
    """A network meeting with the ids of the actors invited and of those that came."""

    id: str
    reference: str
    title: str
    held_on: date
    invited: tuple[str, ...]
    attended: tuple[str, ...]


@dataclass(frozen=True)
class Answered:
    """A statement and the answer to it, from 1 (fully agree) to 6 (not at all)."""

    statement: str
    answer: int


@dataclass(frozen=True)
class Form:
    """One anonymous evaluation form."""

    id: str
    meeting_id: str
    answers: tuple[Answered, ...]


def meeting_of(command: RecordMeeting) -> Meeting:
    """The meeting that a command describes; who is named twice was there once."""
    return Meeting(
        id=meeting_id(command.reference),
        reference=command.reference,
        title=command.title,
        held_on=command.held_on,
        invited=tuple(sorted(set(command.invited))),
        attended=tuple(sorted(set(command.attended))),
    )


def form_of(command: SubmitEvaluation) -> Form:
    """The form that a command brings; its id follows from the meeting and the form's number."""
    return Form(
        id=stable_id("evaluation-form", command.meeting_reference, command.form),
        meeting_id=meeting_id(command.meeting_reference),
        answers=tuple(Answered(*each) for each in sorted(command.answers.items())),
    )


def hold(known: Meeting | None, meeting: Meeting) -> Decision[Meeting]:
    """The meeting counts, if only those attended who were invited."""
    strangers = set(meeting.attended) - set(meeting.invited)
    if strangers:
        return refused(meeting.id, NOT_INVITED.format(len(strangers)))
    held = NetworkMeetingHeld(
        meeting_id=meeting.id,
        held_on=meeting.held_on,
        invited=len(meeting.invited),
        attended=len(meeting.attended),
    )
    return once(known, meeting, [held])


def hand_in(known: Form | None, form: Form) -> Decision[Form]:
    """The form counts once."""
    answers = {each.statement: each.answer for each in form.answers}
    submitted = EvaluationSubmitted(meeting_id=form.meeting_id, answers=answers)
    return once(known, form, [submitted])
