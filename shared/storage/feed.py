"""Everything that is written to some collections, by whatever instance, in the order of commits.

It begins at a moment, such as that of a consistent reading, and misses nothing after it.
"""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Any

from shared.storage.database import Database
from shared.storage.driver import Document, Moment
from shared.storage.errors import translating

LOOK_MS = 1_000
"""How long the server waits for something new before it says that there is nothing."""


@dataclass(frozen=True, slots=True)
class Written:
    """A document as it is after a write; None if it was deleted."""

    collection: str
    id: str
    document: Document | None


async def written_since(
    database: Database, moment: Moment, collections: Sequence[str]
) -> AsyncGenerator[Written, None]:
    """What was written from the moment on, and on and on; what happened at the moment itself may
    be among it. Comes back by itself after a lost connection; raises `StorageError` when it cannot,
    or when the server no longer knows what happened since.
    """
    wanted: list[dict[str, Any]] = [
        {
            "$match": {
                "ns.coll": {"$in": list(collections)},
                "operationType": {"$in": ["insert", "update", "replace", "delete"]},
            }
        }
    ]
    stream = database.driver.watch(
        wanted,
        full_document="updateLookup",
        start_at_operation_time=moment,
        max_await_time_ms=LOOK_MS,
    )
    with translating():
        try:
            async for change in stream:
                key = change["documentKey"]["_id"]
                yield Written(change["ns"]["coll"], key, change.get("fullDocument"))
        finally:
            await stream.close()
