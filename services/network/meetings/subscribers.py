"""What comes in about network meetings."""

from shared.contracts.desk import RecordMeeting, SubmitEvaluation
from shared.contracts.ids import meeting_id
from shared.messaging import Facts, Message, Subscriptions

from ..store import NetworkStore
from . import handlers
from .domain import form_of

subscriptions = Subscriptions[NetworkStore]()


def _expect_meeting(message: Message[RecordMeeting], store: NetworkStore) -> None:
    store.meetings.meetings.expect(meeting_id(message.data.reference))
    store.register.actors.expect(*message.data.invited)


def _expect_form(message: Message[SubmitEvaluation], store: NetworkStore) -> None:
    form = form_of(message.data)
    store.meetings.meetings.expect(form.meeting_id)
    store.meetings.forms.expect(form.id)


@subscriptions.to(RecordMeeting, expects=_expect_meeting)
async def record_meeting(message: Message[RecordMeeting], store: NetworkStore) -> Facts:
    """A network meeting was held."""
    return await handlers.record(store, message.data)


@subscriptions.to(SubmitEvaluation, expects=_expect_form)
async def submit_evaluation(message: Message[SubmitEvaluation], store: NetworkStore) -> Facts:
    """An anonymous evaluation form came in."""
    return await handlers.evaluate(store, message.data)
