"""Which messages and timers the service listens to, each handed to its handler."""

from typing import Any

from shared.contracts import desk, partners
from shared.contracts.ids import recruit_id
from shared.messaging import Facts, Message, Subscriptions
from shared.storage.timers import Timer

from .handlers import recruits
from .handlers.recruits import ELIGIBLE
from .store import MatchingStore
from .translators import duplicates, households, questions, sessions, sponsors, sponsorships

subscriptions = Subscriptions[MatchingStore]()
for each in (duplicates, households, sponsors, sponsorships, questions, sessions):
    subscriptions.include(each.subscriptions)


def _recruit(message: Message[Any], store: MatchingStore) -> None:
    store.recruits.expect(recruit_id(message.partner, message.data.reference))


@subscriptions.to(partners.RecruitReported, expects=_recruit)
async def recruit_reported(
    message: Message[partners.RecruitReported], store: MatchingStore
) -> Facts:
    """The hospital reports a recruit."""
    return await recruits.report(store, message)


@subscriptions.to(partners.RecruitCorrected, expects=_recruit)
async def recruit_corrected(
    message: Message[partners.RecruitCorrected], store: MatchingStore
) -> Facts:
    """The hospital corrects the date of arrival."""
    return await recruits.correct(store, message)


@subscriptions.to(partners.RecruitWithdrawn, expects=_recruit)
async def recruit_withdrawn(
    message: Message[partners.RecruitWithdrawn], store: MatchingStore
) -> Facts:
    """The recruit left, or was reported by mistake."""
    return await recruits.withdraw(store, message)


@subscriptions.at(ELIGIBLE)
async def recruit_eligible(message: Message[Timer], store: MatchingStore) -> Facts:
    """Three calendar months after arrival."""
    return await recruits.offer(store, message)


@subscriptions.to(
    desk.AnswerOffer,
    expects=lambda message, store: store.recruits.expect(message.data.recruit_id),
)
async def offer_answered(message: Message[desk.AnswerOffer], store: MatchingStore) -> Facts:
    """A recruit says yes or no."""
    return await recruits.answer(store, message)
