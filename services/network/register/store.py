"""What the register keeps: the actors."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from shared.storage import Index, Repository, UnitOfWork

from .domain import Actor


class RegisterStore:
    COLLECTIONS: ClassVar[Mapping[str, Sequence[Index]]] = {"actors": (Index(("category",)),)}

    def __init__(self, unit: UnitOfWork) -> None:
        self.actors = Repository(unit, "actors", Actor)

    async def unknown(self, ids: Sequence[str]) -> list[str]:
        """Those of the ids that belong to no actor; announce them, or each is a query."""
        return [each for each in ids if await self.actors.get(each) is None]

    async def by_category(self) -> dict[str, int]:
        """How many actors each category has; empty ones are left out."""
        rows = await self.actors.aggregate({"$group": {"_id": "$category", "count": {"$sum": 1}}})
        return {row["_id"]: row["count"] for row in rows}
