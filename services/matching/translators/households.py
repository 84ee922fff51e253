"""What is listened to about households while they wait, each handed to its handler."""

from typing import Any

from shared.contracts import desk_households, desk_rules, partners
from shared.contracts.ids import household_id
from shared.messaging import Facts, Message, Subscriptions
from shared.storage.timers import Timer

from ..domain.duplicates import marks_of
from ..domain.participation import Rulebook
from ..handlers import referrals, rules, waiting
from ..handlers.keeping import ROUND
from ..handlers.waiting import RETURNS
from ..store import MatchingStore

subscriptions = Subscriptions[MatchingStore]()


def _referred(message: Message[Any], store: MatchingStore) -> None:
    store.households.expect(household_id(message.partner, message.data.reference))


def _household(message: Message[Any], store: MatchingStore) -> None:
    store.households.expect(message.data.household_id)


def _submitted(message: Message[partners.ReferralSubmitted], store: MatchingStore) -> None:
    _referred(message, store)
    store.rulebooks.expect(Rulebook().id)
    store.marks.expect(*marks_of(message.data.household).values())


@subscriptions.to(partners.ReferralSubmitted, expects=_submitted)
async def referral_submitted(
    message: Message[partners.ReferralSubmitted], store: MatchingStore
) -> Facts:
    """A partner asks to take a household in."""
    return await referrals.submit(store, message)


@subscriptions.to(partners.ReferralCorrected, expects=_referred)
async def referral_corrected(
    message: Message[partners.ReferralCorrected], store: MatchingStore
) -> Facts:
    """A partner tells anew what it knows of a household."""
    return await waiting.correct_referral(store, message)


@subscriptions.to(partners.ReferralConfirmed, expects=_referred)
async def referral_confirmed(
    message: Message[partners.ReferralConfirmed], store: MatchingStore
) -> Facts:
    """A partner says that a sponsor is still wanted."""
    return await waiting.confirm_referral(store, message)


@subscriptions.to(partners.ReferralWithdrawn, expects=_referred)
async def referral_withdrawn(
    message: Message[partners.ReferralWithdrawn], store: MatchingStore
) -> Facts:
    """A partner takes a referral back."""
    return await referrals.withdraw(store, message)


@subscriptions.to(desk_households.CorrectHousehold, expects=_household)
async def household_corrected(
    message: Message[desk_households.CorrectHousehold], store: MatchingStore
) -> Facts:
    """Staff tell anew what is known of a household."""
    return await waiting.correct(store, message)


@subscriptions.to(desk_households.HoldHousehold, expects=_household)
async def household_held(
    message: Message[desk_households.HoldHousehold], store: MatchingStore
) -> Facts:
    """A household is not to be matched for a while."""
    return await waiting.hold(store, message)


@subscriptions.to(desk_households.ResumeHousehold, expects=_household)
async def household_resumes(
    message: Message[desk_households.ResumeHousehold], store: MatchingStore
) -> Facts:
    """A household is to be matched again."""
    return await waiting.resume(store, message)


@subscriptions.at(RETURNS)
async def household_returns(message: Message[Timer], store: MatchingStore) -> Facts:
    """The time on hold is over."""
    return await waiting.come_back(store, message)


@subscriptions.to(desk_households.ConfirmHousehold, expects=_household)
async def household_confirmed(
    message: Message[desk_households.ConfirmHousehold], store: MatchingStore
) -> Facts:
    """Staff heard that a sponsor is still wanted."""
    return await waiting.confirm(store, message)


@subscriptions.to(desk_households.CloseHousehold, expects=_household)
async def household_closed(
    message: Message[desk_households.CloseHousehold], store: MatchingStore
) -> Facts:
    """Staff take a household off the list."""
    return await waiting.close(store, message)


@subscriptions.to(desk_rules.SetParticipationRule)
async def participation_rule_set(
    message: Message[desk_rules.SetParticipationRule], store: MatchingStore
) -> Facts:
    """Staff set who may take part from a day on."""
    return await rules.set_participation(store, message)


@subscriptions.at(ROUND)
async def waiting_round(message: Message[Timer], store: MatchingStore) -> Facts:
    """Everybody who waits is looked at: who is to be asked, who did not answer."""
    return await waiting.look_after(store, message)
