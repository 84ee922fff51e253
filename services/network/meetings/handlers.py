"""Loads meetings and forms, lets the domain decide, saves."""

from shared.contracts.desk import RecordMeeting, SubmitEvaluation
from shared.messaging import Facts, RetryLater

from ..store import NetworkStore
from .domain import form_of, hand_in, hold, meeting_of


async def record(store: NetworkStore, command: RecordMeeting) -> Facts:
    """A meeting was held. Actors that are not known yet may be on their way: tried again later."""
    meeting = meeting_of(command)
    meetings = store.meetings.meetings
    decision = hold(await meetings.get(meeting.id), meeting)
    if decision.keep:
        unknown = await store.register.unknown(meeting.invited)
        if unknown:
            raise RetryLater(f"{len(unknown)} invited actors are not known, first {unknown[0]}")
        meetings.save(decision.keep)
    return decision.facts


async def evaluate(store: NetworkStore, command: SubmitEvaluation) -> Facts:
    """A form comes in; its meeting must be known first."""
    form = form_of(command)
    if await store.meetings.meetings.get(form.meeting_id) is None:
        raise RetryLater(f"the meeting {command.meeting_reference} is not known")
    forms = store.meetings.forms
    decision = hand_in(await forms.get(form.id), form)
    if decision.keep:
        forms.save(decision.keep)
    return decision.facts
