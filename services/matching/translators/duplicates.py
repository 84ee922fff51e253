"""What staff decide about households that were perhaps referred twice."""

from shared.contracts import desk_duplicates
from shared.messaging import Facts, Message, Subscriptions

from ..handlers import duplicates
from ..store import MatchingStore

subscriptions = Subscriptions[MatchingStore]()


@subscriptions.to(desk_duplicates.DecideDuplicate)
async def duplicate_decided(
    message: Message[desk_duplicates.DecideDuplicate], store: MatchingStore
) -> Facts:
    """Two referrals mean the same household, or two."""
    return await duplicates.decide(store, message)


@subscriptions.to(desk_duplicates.UndoDuplicate)
async def duplicate_undone(
    message: Message[desk_duplicates.UndoDuplicate], store: MatchingStore
) -> Facts:
    """A decision about two referrals is taken back."""
    return await duplicates.undo(store, message)
