"""A lease that one of several instances holds: it does the work, the others stand by.

The server's clock counts, so that instances need not agree on the time. A lease saves work; what
must happen once is safe without it, by version checks and transactions.
"""

from pymongo import ReturnDocument

from shared.storage.database import Database
from shared.storage.errors import ConcurrentChange, translating


class Lease:
    """The wish of one holder for a lease, for `seconds` each time."""

    def __init__(self, database: Database, name: str, holder: str, seconds: float) -> None:
        self._collection = database.driver["leases"]
        self._name = name
        self.holder = holder
        self.seconds = seconds

    async def take(self) -> bool:
        """Take the lease if nobody has it, or keep it for as long again; False if another has it.

        Raises `StorageError` when nothing is known.
        """
        free = {"$or": [{"$eq": ["$holder", self.holder]}, {"$lt": ["$until", "$$NOW"]}]}
        milliseconds = round(self.seconds * 1_000)
        until = {"$dateAdd": {"startDate": "$$NOW", "unit": "millisecond", "amount": milliseconds}}
        taken = {
            "holder": {"$cond": [free, self.holder, "$holder"]},
            "until": {"$cond": [free, until, "$until"]},
        }
        try:
            with translating():
                lease = await self._collection.find_one_and_update(
                    {"_id": self._name},
                    [{"$set": taken}],
                    upsert=True,
                    return_document=ReturnDocument.AFTER,
                )
        except ConcurrentChange:  # another made it at the same time
            return False
        return bool(lease["holder"] == self.holder)

    async def give_back(self) -> None:
        """Let another take it at once; nothing happens if another has it already."""
        with translating():
            await self._collection.delete_one({"_id": self._name, "holder": self.holder})
