"""Partners' referrals: taken in once, answered always, taken back."""

from dataclasses import replace
from typing import Any

from shared.contracts.ids import household_id
from shared.contracts.matching import DeclineReason
from shared.contracts.partners import ReferralSubmitted, ReferralWithdrawn
from shared.messaging import Facts, Message, Poison, RetryLater

from ..domain import household as households
from ..domain import match as matches
from ..domain import waiting
from ..domain.duplicates import without
from ..domain.fingerprint import fingerprint
from ..domain.household import Household, HouseholdStatus, Origin
from ..domain.participation import obstacle
from ..store import MatchingStore
from .duplicates import look_for
from .keeping import keep_match, want_round, want_session


async def submit(store: MatchingStore, message: Message[ReferralSubmitted]) -> Facts:
    """A new reference is decided on; a known one is only answered."""
    told, key = message.data, household_id(message.partner, message.data.reference)
    known = await store.households.get(key)
    rules = (await store.rulebook()).rules
    if known:
        reason = obstacle(known.details, message.today, rules)
        return await _repeat(store, message, known, reason)
    if reasons := waiting.implausible(told.household, message.today):
        raise Poison(*reasons)
    origin = Origin(message.partner, told.reference, fingerprint(told))
    referred = Household(key, origin, told.household, HouseholdStatus.WAITING, message.now)
    reason = obstacle(told.household, message.today, rules)
    household, facts = households.refer(referred, reason)
    store.households.save(household)
    if household.status is not HouseholdStatus.WAITING:
        return facts
    _want(store, message, household)
    return (*facts, *await look_for(store, household))


async def _repeat(
    store: MatchingStore,
    message: Message[ReferralSubmitted],
    known: Household,
    reason: DeclineReason | None,
) -> Facts:
    """Who was declined may take part by a rule that holds since."""
    same = fingerprint(message.data)
    if known.status is not HouseholdStatus.DECLINED or known.origin.fingerprint != same or reason:
        kept = await store.kept(known)
        facts = households.repeat(known, same)
        return (kept.answer_to(known.origin),) if facts == (known.answer(),) else facts
    household, facts = waiting.reconsider(known, message.now)
    store.households.save(household)
    _want(store, message, household)
    return (*facts, *await look_for(store, household))


def _want(store: MatchingStore, message: Message[Any], household: Household) -> None:
    want_session(store, message)
    want_round(store, message, waiting.due_on(household, store.policy))


async def withdraw(store: MatchingStore, message: Message[ReferralWithdrawn]) -> Facts:
    """A referral that is not known may still be on its way."""
    known = await store.households.get(household_id(message.partner, message.data.reference))
    if known is None:
        raise RetryLater("no referral with this reference has come in")
    return await withdraw_household(store, message, known)


async def withdraw_household(
    store: MatchingStore, message: Message[Any], household: Household
) -> Facts:
    """Take back an open match first, then the household; a merged one leaves the one it became."""
    if household.status is HouseholdStatus.MERGED:
        kept = await store.kept(household)
        store.households.save(without(kept, household.origins))
        household = replace(household, merged_into=None, status=HouseholdStatus.WAITING)
    withdrawn: Facts = ()
    match = await store.match(household.sponsorship_id)
    if match:
        after, withdrawn = matches.withdraw(match)
        keep_match(store, message, match, after)
        household = after.household
    household, facts = households.withdraw(household)
    store.households.save(household)
    return (*withdrawn, *facts)
