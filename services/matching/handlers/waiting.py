"""Households while they wait: corrected, on hold, asked for a sign of life, taken off the list."""

from collections.abc import Callable
from typing import Any

from shared.contracts.desk_households import (
    CloseHousehold,
    ConfirmHousehold,
    CorrectHousehold,
    HoldHousehold,
    ResumeHousehold,
)
from shared.contracts.ids import household_id
from shared.contracts.matching_households import HouseholdRefused
from shared.contracts.matching_sponsorships import ReleaseCause
from shared.contracts.partners import ReferralConfirmed, ReferralCorrected
from shared.contracts.people import HouseholdDetails
from shared.messaging import Facts, Message, Poison, RetryLater
from shared.storage.timers import Timer

from ..domain import rematch, waiting
from ..domain.calendar import moment
from ..domain.duplicates import LIVE
from ..domain.household import Household, HouseholdStatus
from ..domain.participation import obstacle
from ..domain.recruit import OFFICE_OPENS
from ..store import MatchingStore
from .duplicates import forget, look_for
from .keeping import keep_match, want_round, want_session

RETURNS = "household-returns"
UNKNOWN = "there is no such household"


async def correct_referral(store: MatchingStore, message: Message[ReferralCorrected]) -> Facts:
    """A partner tells anew what it knows of a household."""
    known = await _referred(store, message)
    if reasons := waiting.implausible(message.data.household, message.today):
        raise Poison(*reasons)
    return await _correct(store, message, known, message.data.household)


async def correct(store: MatchingStore, message: Message[CorrectHousehold]) -> Facts:
    """Staff tell anew what is known of a household."""
    known = await store.households.get(message.data.household_id)
    if known is None:
        return _refused(message.data.household_id, UNKNOWN)
    if reasons := waiting.implausible(message.data.household, message.today):
        return _refused(known.id, "; ".join(reasons))
    return await _correct(store, message, known, message.data.household)


async def confirm_referral(store: MatchingStore, message: Message[ReferralConfirmed]) -> Facts:
    """A partner says that a sponsor is still wanted; it hears the present status."""
    referred = await _referred(store, message)
    known = await store.kept(referred)
    household, facts = waiting.confirm(known, message.today)
    _keep(store, message, known, household)
    answer = household.answer_to(referred.origin)
    if household is known:
        return (answer,)
    return facts if answer in facts else (*facts, answer)


async def confirm(store: MatchingStore, message: Message[ConfirmHousehold]) -> Facts:
    """Staff heard that a sponsor is still wanted."""
    return await _take(store, message, lambda known: waiting.confirm(known, message.today))


async def hold(store: MatchingStore, message: Message[HoldHousehold]) -> Facts:
    """An undecided proposal is given up first."""
    until = message.data.until
    released: Facts = ()
    known = await store.households.get(message.data.household_id)
    match = await store.match(known.sponsorship_id) if known else None
    if known and match and match.sponsorship.undecided and waiting.can_end(until, message.today):
        released = await _release(store, message, known, ReleaseCause.HOUSEHOLD_ON_HOLD)
    facts = await _take(store, message, lambda known: waiting.hold(known, until, message.today))
    held = await store.households.get(message.data.household_id)
    if held and held.status is HouseholdStatus.ON_HOLD and held.held_until:
        store.timers.schedule(Timer(RETURNS, held.id, moment(held.held_until, OFFICE_OPENS)))
    else:
        store.timers.cancel(RETURNS, message.data.household_id)
    return (*released, *facts)


async def resume(store: MatchingStore, message: Message[ResumeHousehold]) -> Facts:
    """A household is to be matched again."""
    store.timers.cancel(RETURNS, message.data.household_id)
    return await _take(store, message, lambda known: waiting.resume(known, message.today))


async def come_back(store: MatchingStore, message: Message[Timer]) -> Facts:
    """The time on hold is over."""
    known = await store.households.get(message.data.key)
    if known is None or known.status is not HouseholdStatus.ON_HOLD:
        return ()
    household, facts = waiting.resume(known, message.today)
    _keep(store, message, known, household)
    return facts


async def close(store: MatchingStore, message: Message[CloseHousehold]) -> Facts:
    """An open match is given up first."""
    cause = message.data.cause
    known = await store.households.get(message.data.household_id)
    released: Facts = ()
    if known:
        released = await _release(store, message, known, ReleaseCause.HOUSEHOLD_CLOSED)
    closed = await _take(store, message, lambda known: waiting.take_off(known, cause))
    store.timers.cancel(RETURNS, message.data.household_id)
    return (*released, *closed)


async def look_after(store: MatchingStore, message: Message[Timer]) -> Facts:
    """Everybody who waits is looked at; the next round is when somebody is due."""
    everybody = await store.waiting_or_proposed()
    every: list[Facts] = []
    days = []
    for known in everybody:
        household, facts = waiting.look_after(known, store.policy, message.today)
        every.append(facts)
        if household is not known:
            store.households.save(household)
        if household.status in waiting.WAITS:
            days.append(waiting.due_on(household, store.policy))
    if days:
        want_round(store, message, min(days), moves=True)
    return [fact for facts in every for fact in facts]


async def _correct(
    store: MatchingStore, message: Message[Any], known: Household, details: HouseholdDetails
) -> Facts:
    released: Facts = ()
    if waiting.unsettles(known, details):
        released = await _release(store, message, known, ReleaseCause.HOUSEHOLD_CHANGED)
    before = await store.households.get(known.id) or known
    rules = (await store.rulebook()).rules
    reason = None if before.recruited else obstacle(details, message.today, rules)
    household, facts = waiting.correct(before, details, reason, message.now)
    _keep(store, message, before, household)
    if household is before:
        return facts
    await forget(store, before)
    again = await look_for(store, household) if household.status in LIVE else ()
    return (*released, *facts, *again)


async def _release(
    store: MatchingStore, message: Message[Any], household: Household, cause: ReleaseCause
) -> Facts:
    match = await store.match(household.sponsorship_id)
    if match is None:
        return ()
    after, facts = rematch.release(match, cause)
    keep_match(store, message, match, after)
    return facts


async def _take(
    store: MatchingStore,
    message: Message[Any],
    step: Callable[[Household], waiting.Stepped],
) -> Facts:
    """Load the household, take the step, keep what comes of it."""
    known = await store.households.get(message.data.household_id)
    if known is None:
        return _refused(message.data.household_id, UNKNOWN)
    household, facts = step(known)
    _keep(store, message, known, household)
    return facts


def _keep(store: MatchingStore, message: Message[Any], before: Household, after: Household) -> None:
    if after is before:
        return
    store.households.save(after)
    if after.status is HouseholdStatus.WAITING:
        want_session(store, message)
        want_round(store, message, waiting.due_on(after, store.policy))


async def _referred(
    store: MatchingStore, message: Message[ReferralCorrected] | Message[ReferralConfirmed]
) -> Household:
    known = await store.households.get(household_id(message.partner, message.data.reference))
    if known is None:
        raise RetryLater("no referral with this reference has come in")
    return known


def _refused(key: str, reason: str) -> Facts:
    return (HouseholdRefused(household_id=key, reason=reason),)
