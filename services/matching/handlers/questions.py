"""Worries and questions to staff: opened, taken on, answered, overdue."""

from shared.contracts.desk_sponsorships import AnswerQuestion, OpenQuestion, TakeQuestion
from shared.contracts.ids import question_id
from shared.messaging import Facts, Message
from shared.storage.timers import Timer

from ..domain import question as questions
from ..domain.log import Stamp
from ..domain.question import Question, QuestionStatus
from ..store import MatchingStore

OVERDUE = "question-overdue"
UNKNOWN = "there is no such question"


async def ask(store: MatchingStore, message: Message[OpenQuestion]) -> Facts:
    """A side of a sponsorship has a worry or a question."""
    told, key = message.data, question_id(message.data.reference)
    stamp = Stamp(told.staff_id, message.now)
    question = Question(
        key, told.sponsorship_id, told.side, told.kind, told.text, told.urgent, stamp
    )
    known = await store.questions.get(key)
    if known:
        return questions.ask_again(known, question)[1]
    if await store.sponsorships.get(told.sponsorship_id) is None:
        return questions.refusal(key, "there is no such sponsorship")
    question, facts = questions.ask(question)
    keep_question(store, question)
    return facts


async def take(store: MatchingStore, message: Message[TakeQuestion]) -> Facts:
    """A member of staff takes it on."""
    known = await store.questions.get(message.data.question_id)
    if known is None:
        return questions.refusal(message.data.question_id, UNKNOWN)
    question, facts = questions.take(known, Stamp(message.data.staff_id, message.now))
    store.questions.save(question)
    return facts


async def answer(store: MatchingStore, message: Message[AnswerQuestion]) -> Facts:
    """The answer goes to who asked."""
    told = message.data
    known = await store.questions.get(told.question_id)
    if known is None:
        return questions.refusal(told.question_id, UNKNOWN)
    match = await store.match(known.sponsorship_id)
    contact = match.contacts[known.side] if match else None
    stamp = Stamp(told.staff_id, message.now)
    question, facts = questions.answer(known, told.text, stamp, contact)
    keep_question(store, question)
    return facts


async def remind(store: MatchingStore, message: Message[Timer]) -> Facts:
    """It has waited too long."""
    known = await store.questions.get(message.data.key)
    return questions.remind(known) if known else ()


def keep_question(store: MatchingStore, question: Question) -> None:
    """Save it; the reminder stands as long as it has no answer."""
    store.questions.save(question)
    if question.status is QuestionStatus.ANSWERED:
        store.timers.cancel(OVERDUE, question.id)
    else:
        store.timers.schedule(Timer(OVERDUE, question.id, question.due))
