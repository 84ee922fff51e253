"""Hospital recruits: reported, corrected, withdrawn, offered a place, answering."""

from typing import Any

from shared.contracts.desk import AnswerOffer
from shared.contracts.ids import recruit_id
from shared.contracts.matching import OfferAnswerRefused
from shared.contracts.partners import RecruitCorrected, RecruitReported, RecruitWithdrawn
from shared.messaging import Facts, Message, Poison, RetryLater
from shared.storage.timers import Timer

from ..domain import recruit as recruits
from ..domain import waiting
from ..domain.calendar import months_after
from ..domain.fingerprint import fingerprint
from ..domain.recruit import Life, Recruit
from ..store import MatchingStore
from .duplicates import look_for
from .keeping import want_round, want_session
from .referrals import withdraw_household

ELIGIBLE = "recruit-eligible"


async def report(store: MatchingStore, message: Message[RecruitReported]) -> Facts:
    """A new recruit, one reported anew, or a repetition."""
    told = message.data
    _check_arrival(message, told)
    latest = message.today + recruits.LATEST_ARRIVAL
    if reasons := waiting.implausible(told.household, message.today, latest):
        raise Poison(*reasons)
    life = Life(
        fingerprint=fingerprint(told),
        details=told.household,
        arrival_on=told.arrival_on,
        eligible_on=months_after(told.arrival_on, store.policy.eligibility_months),
        reported_on=message.today,
    )
    key = recruit_id(message.partner, told.reference)
    known = await store.recruits.get(key)
    if known:
        recruit, facts = recruits.report_again(known, life)
    else:
        recruit, facts = recruits.report(Recruit(key, message.partner, told.reference, (life,)))
    _keep(store, message, recruit)
    return facts


async def correct(store: MatchingStore, message: Message[RecruitCorrected]) -> Facts:
    """Another date of arrival; the offer moves with it."""
    _check_arrival(message, message.data)
    known = await _known(store, message)
    months = store.policy.eligibility_months
    recruit, facts = recruits.correct(known, message.data.arrival_on, months)
    _keep(store, message, recruit)
    return facts


async def withdraw(store: MatchingStore, message: Message[RecruitWithdrawn]) -> Facts:
    """Nothing will be offered; a household that joined already is taken back, too."""
    known = await _known(store, message)
    recruit, facts = recruits.withdraw(known)
    _keep(store, message, recruit)
    household_id = known.life.household_id
    household = await store.households.get(household_id) if household_id else None
    if household is None:
        return facts
    return (*facts, *await withdraw_household(store, message, household))


async def offer(store: MatchingStore, message: Message[Timer]) -> Facts:
    """The recruit's day has come."""
    known = await store.recruits.get(message.data.key)
    if known is None:
        return ()
    recruit, facts = recruits.offer(known, message.now, message.today)
    _keep(store, message, recruit)
    return facts


async def answer(store: MatchingStore, message: Message[AnswerOffer]) -> Facts:
    """Yes brings a household that waits, no ends it."""
    key = message.data.recruit_id
    known = await store.recruits.get(key)
    if known is None:
        return (OfferAnswerRefused(recruit_id=key, reason="there is no such recruit"),)
    if refused := recruits.refuse_answer(known):
        return (refused,)
    if not message.data.accepted:
        recruit, facts = recruits.decline(known)
    else:
        recruit, household, facts = recruits.join(known, message.now)
        store.households.save(household)
        facts = (*facts, *await look_for(store, household))
        want_session(store, message)
        want_round(store, message, waiting.due_on(household, store.policy))
    store.recruits.save(recruit)
    return facts


def _check_arrival(message: Message[Any], told: RecruitReported | RecruitCorrected) -> None:
    if reason := recruits.implausible(told.arrival_on, message.today):
        raise Poison(reason)


async def _known(
    store: MatchingStore, message: Message[RecruitCorrected] | Message[RecruitWithdrawn]
) -> Recruit:
    known = await store.recruits.get(recruit_id(message.partner, message.data.reference))
    if known is None:
        raise RetryLater("no recruit with this reference has been reported")
    return known


def _keep(store: MatchingStore, message: Message[Any], recruit: Recruit) -> None:
    """The offer's timer stands exactly as long as the recruit waits for it."""
    store.recruits.save(recruit)
    if recruit.waits:
        data = {"correlation_id": message.correlation_id}
        store.timers.schedule(Timer(ELIGIBLE, recruit.id, recruit.life.due, data))
    else:
        store.timers.cancel(ELIGIBLE, recruit.id)
