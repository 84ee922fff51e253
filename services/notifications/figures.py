"""Counts for the council report, from the service's own data."""

from typing import Any

from .domain.delivery import State
from .store import NotificationsStore

UNFINISHED = (State.PENDING, State.SENDING, State.DEFERRED)
DUE = (State.PENDING, State.SENDING)


async def figures(store: NotificationsStore) -> dict[str, Any]:
    """How the mails came out; `uncertain` ones wait for a person's decision."""
    counts = await store.by_state()
    return {
        "mails": {
            "sent": counts.get(State.SENT, 0),
            "failed": counts.get(State.FAILED, 0),
            "uncertain": counts.get(State.UNCERTAIN, 0),
            "pending": sum(counts.get(state, 0) for state in UNFINISHED),
            "duplicates": await store.sent_twice(),
        }
    }


async def pending(store: NotificationsStore) -> int:
    """How many mails are to be sent now or are being sent; those that wait have a timer."""
    return await store.deliveries.count({"state": {"$in": [state.value for state in DUE]}})
