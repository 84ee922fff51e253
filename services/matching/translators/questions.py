"""What is listened to about worries and questions, each handed to its handler."""

from typing import Any

from shared.contracts import desk_sponsorships
from shared.contracts.ids import question_id
from shared.messaging import Facts, Message, Subscriptions
from shared.storage.timers import Timer

from ..handlers import questions
from ..handlers.questions import OVERDUE
from ..store import MatchingStore

subscriptions = Subscriptions[MatchingStore]()


def _question(message: Message[Any], store: MatchingStore) -> None:
    store.questions.expect(message.data.question_id)


@subscriptions.to(
    desk_sponsorships.OpenQuestion,
    expects=lambda message, store: store.questions.expect(question_id(message.data.reference)),
)
async def question_opened(
    message: Message[desk_sponsorships.OpenQuestion], store: MatchingStore
) -> Facts:
    """A side has a worry or a question."""
    return await questions.ask(store, message)


@subscriptions.to(desk_sponsorships.TakeQuestion, expects=_question)
async def question_taken(
    message: Message[desk_sponsorships.TakeQuestion], store: MatchingStore
) -> Facts:
    """A member of staff takes a question on."""
    return await questions.take(store, message)


@subscriptions.to(desk_sponsorships.AnswerQuestion, expects=_question)
async def question_answered(
    message: Message[desk_sponsorships.AnswerQuestion], store: MatchingStore
) -> Facts:
    """A question is answered."""
    return await questions.answer(store, message)


@subscriptions.at(OVERDUE)
async def question_overdue(message: Message[Timer], store: MatchingStore) -> Facts:
    """A question has waited too long."""
    return await questions.remind(store, message)
