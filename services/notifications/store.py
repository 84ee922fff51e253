"""What the service keeps: deliveries."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from shared.storage import Index, Repository, UnitOfWork

from .contracts import Outcome
from .domain.delivery import Delivery, State


class NotificationsStore:
    COLLECTIONS: ClassVar[Mapping[str, Sequence[Index]]] = {
        "deliveries": (
            Index(("state", "requested_at")),
            Index(("state", "taken_in_by", "requested_at")),
        )
    }

    def __init__(self, unit: UnitOfWork) -> None:
        self.deliveries = Repository(unit, "deliveries", Delivery)
        self.timers = unit.timers
        self.instance = unit.instance

    async def oldest_pending(self, most: int, *, own: bool) -> list[str]:
        """The ids of up to `most` deliveries that wait to be sent, the oldest first; those that
        this instance took in, or those of all others.
        """
        whose = {"$eq" if own else "$ne": self.instance}
        rows = await self.deliveries.aggregate(
            {"$match": {"state": State.PENDING.value, "taken_in_by": whose}},
            {"$sort": {"requested_at": 1}},
            {"$limit": most},
            {"$project": {"_id": 1}},
        )
        return [row["_id"] for row in rows]

    async def these(self, ids: Sequence[str]) -> list[Delivery]:
        """The deliveries with these ids that are there, in any order."""
        return await self.deliveries.find({"_id": {"$in": list(ids)}})

    async def sending(self) -> list[Delivery]:
        """Deliveries that some worker is sending, or was when it died."""
        return await self.deliveries.find({"state": State.SENDING.value})

    async def by_state(self) -> dict[State, int]:
        """How many deliveries are in each state; empty states are left out."""
        rows = await self.deliveries.aggregate({"$group": {"_id": "$state", "n": {"$sum": 1}}})
        return {State(row["_id"]): row["n"] for row in rows}

    async def sent_twice(self) -> int:
        """How many deliveries a mail server accepted more than once."""
        accepted = {
            "$filter": {
                "input": "$attempts.outcome",
                "cond": {"$eq": ["$$this", Outcome.SENT.value]},
            }
        }
        rows = await self.deliveries.aggregate(
            {"$match": {"attempts.1": {"$exists": True}}},
            {"$match": {"$expr": {"$gt": [{"$size": accepted}, 1]}}},
            {"$count": "n"},
        )
        return int(rows[0]["n"]) if rows else 0
