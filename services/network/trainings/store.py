"""What is kept of trainings."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from shared.storage import Index, Repository, UnitOfWork

from .domain import Training

_PARTICIPANTS = {"$add": [{"$size": "$sponsor_ids"}, {"$size": "$actor_ids"}]}


class TrainingsStore:
    COLLECTIONS: ClassVar[Mapping[str, Sequence[Index]]] = {"trainings": ()}

    def __init__(self, unit: UnitOfWork) -> None:
        self.trainings = Repository(unit, "trainings", Training)

    async def by_kind(self) -> list[dict[str, Any]]:
        """For each kind (`_id`) how many were `held` and how many `participants` they had."""
        count = {"_id": "$kind", "held": {"$sum": 1}, "participants": {"$sum": _PARTICIPANTS}}
        return await self.trainings.aggregate({"$group": count})
