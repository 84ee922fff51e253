"""What is kept of meetings: the meetings, and each form by itself, so that millions may come."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from shared.storage import Index, Repository, UnitOfWork

from .domain import Form, Meeting


class MeetingsStore:
    COLLECTIONS: ClassVar[Mapping[str, Sequence[Index]]] = {
        "meetings": (),
        "evaluation_forms": (Index(("meeting_id",)), Index(("answers.statement",))),
    }

    def __init__(self, unit: UnitOfWork) -> None:
        self.meetings = Repository(unit, "meetings", Meeting)
        self.forms = Repository(unit, "evaluation_forms", Form)

    async def attended(self) -> int:
        """How many actors came, all meetings together."""
        size = {"$size": "$attended"}
        rows = await self.meetings.aggregate({"$group": {"_id": None, "sum": {"$sum": size}}})
        return int(rows[0]["sum"]) if rows else 0

    async def mean(self, statement: str) -> tuple[float, int]:
        """The mean answer to a statement over all forms, and how many answers there are."""
        rows = await self.forms.aggregate(
            {"$match": {"answers.statement": statement}},
            {"$unwind": "$answers"},
            {"$match": {"answers.statement": statement}},
            {"$group": {"_id": None, "mean": {"$avg": "$answers.answer"}, "n": {"$sum": 1}}},
        )
        return (float(rows[0]["mean"]), int(rows[0]["n"])) if rows else (0.0, 0)
