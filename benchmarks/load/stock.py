"""Fills the databases with what households of the past left there: what do full ones cost?"""

from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any
from uuid import UUID

from benchmarks.load.system import LoadSystem
from shared.storage.driver import DriverDatabase

AT_ONCE = 5_000

Documents = dict[str, list[dict[str, Any]]]


async def stock_up(system: LoadSystem, to: int) -> None:
    """Have `to` households: copies of one that was taken in, closed long ago, ids all different.

    Each with the marks by which duplicates are found, a mail that is not counted among those sent,
    and the ids of the messages that led to them.
    """
    matching, notifications = (
        system.admin[system.access.database(name)] for name in ("matching", "notifications")
    )
    there = await matching["households"].estimated_document_count()
    household = await _one(matching, "households")
    marks = await matching["marks"].find({"households": household["_id"]}).to_list()
    mail = await _one(notifications, "deliveries")
    for start in range(there, to, AT_ONCE):
        numbers = range(start, min(start + AT_ONCE, to))
        await _insert(
            matching,
            {
                "households": list(_closed(household, numbers)),
                "marks": list(_marked(marks, numbers)),
                "inbox": list(_known(numbers)),
            },
        )
        mails = [mail | {"_id": _id(number), "state": "failed"} for number in numbers]
        await _insert(notifications, {"deliveries": mails, "inbox": list(_known(numbers))})


async def _one(database: DriverDatabase, collection: str) -> dict[str, Any]:
    found = await database[collection].find_one({})
    if found is None:
        raise RuntimeError("take a household in first")
    return found


async def _insert(database: DriverDatabase, documents: Documents) -> None:
    for collection, rows in documents.items():
        await database[collection].insert_many(rows, ordered=False)


def _closed(pattern: dict[str, Any], numbers: range) -> Iterator[dict[str, Any]]:
    for number in numbers:
        origin = pattern["origin"] | {"reference": f"past-{number}"}
        yield pattern | {"_id": _id(number), "origin": origin, "status": "closed"}


def _marked(patterns: list[dict[str, Any]], numbers: range) -> Iterator[dict[str, Any]]:
    for number in numbers:
        for position, pattern in enumerate(patterns):
            digest = blake2b(f"{position}/{number}".encode(), digest_size=16).hexdigest()
            yield pattern | {"_id": digest, "households": [_id(number)]}


def _known(numbers: range) -> Iterator[dict[str, Any]]:
    at = datetime.now(UTC)
    for number in numbers:
        yield {"_id": f"lastprobe/past-{number}", "digest": number.to_bytes(16), "at": at}


def _id(number: int) -> str:
    """Spread like real ids, so that the index is as scattered."""
    return str(UUID(int=(number * 0x9E3779B97F4A7C15F39CC0605CEDC835) % 2**128))
