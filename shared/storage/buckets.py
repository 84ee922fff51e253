"""Token buckets that all instances of a service share: how much somebody may still do just now.

They are filled by the database's own clock, so it does not matter whose clock is wrong, and they
are no part of any transaction: what was taken stays taken.
"""

from typing import Any

from pymongo import ReturnDocument
from pymongo.write_concern import WriteConcern

from shared.storage.database import Database
from shared.storage.errors import translating

_IN_MEMORY = WriteConcern(1, j=False)
"""After a crash of the database a bucket may be a little too full, which is no harm."""
_MINUTE = 60_000


class Buckets:
    """Buckets by name; one that nobody has taken from is full."""

    def __init__(self, database: Database) -> None:
        self._collection = database.driver.get_collection("buckets", write_concern=_IN_MEMORY)

    async def take(self, name: str, wanted: int, *, per_minute: int, size: int) -> int:
        """Take up to `wanted` tokens out of a bucket of this size and rate; returns how many."""
        with translating():
            found = await self._collection.find_one_and_update(
                {"_id": name},
                _taking(wanted, per_minute, size),
                upsert=True,
                return_document=ReturnDocument.AFTER,
            )
        return int(found["granted"]) if found else 0


def _taking(wanted: int, per_minute: int, size: int) -> list[dict[str, Any]]:
    """One atomic step: fill up for the time that passed, then take what is there."""
    passed = {"$max": [0, {"$subtract": ["$$NOW", {"$ifNull": ["$at", "$$NOW"]}]}]}
    flown_in = {"$divide": [{"$multiply": [passed, per_minute]}, _MINUTE]}
    level = {"$add": [{"$ifNull": ["$tokens", size]}, flown_in]}
    granted = {"$min": [wanted, {"$floor": "$tokens"}]}
    return [
        {"$set": {"tokens": {"$min": [size, level]}, "at": "$$NOW"}},
        {"$set": {"granted": granted}},
        {"$set": {"tokens": {"$subtract": ["$tokens", "$granted"]}}},
    ]
