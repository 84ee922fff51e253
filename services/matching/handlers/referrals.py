"""Partners' referrals: taken in once, answered always, taken back."""

from typing import Any

from shared.contracts.ids import household_id
from shared.contracts.partners import ReferralSubmitted, ReferralWithdrawn
from shared.messaging import Facts, Message, RetryLater

from ..domain import household as households
from ..domain import match as matches
from ..domain.fingerprint import fingerprint
from ..domain.household import Household, HouseholdStatus, Origin
from ..domain.participation import obstacle
from ..store import MatchingStore
from .keeping import keep_match, want_session


async def submit(store: MatchingStore, message: Message[ReferralSubmitted]) -> Facts:
    """A new reference is decided on; a known one is only answered."""
    told, key = message.data, household_id(message.partner, message.data.reference)
    known = await store.households.get(key)
    if known:
        return households.repeat(known, fingerprint(told))
    origin = Origin(message.partner, told.reference, fingerprint(told))
    referred = Household(key, origin, told.household, HouseholdStatus.WAITING, message.now)
    household, facts = households.refer(referred, obstacle(told.household, message.today))
    store.households.save(household)
    if household.status is HouseholdStatus.WAITING:
        want_session(store, message)
    return facts


async def withdraw(store: MatchingStore, message: Message[ReferralWithdrawn]) -> Facts:
    """A referral that is not known may still be on its way."""
    known = await store.households.get(household_id(message.partner, message.data.reference))
    if known is None:
        raise RetryLater("no referral with this reference has come in")
    return await withdraw_household(store, message, known)


async def withdraw_household(
    store: MatchingStore, message: Message[Any], household: Household
) -> Facts:
    """Take back an open match first, then the household."""
    withdrawn: Facts = ()
    match = await store.match(household.sponsorship_id)
    if match:
        after, withdrawn = matches.withdraw(match)
        keep_match(store, message, match, after)
        household = after.household
    household, facts = households.withdraw(household)
    store.households.save(household)
    return (*withdrawn, *facts)
