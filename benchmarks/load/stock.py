"""Fills the database with households of the past, to measure what a full one costs."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from benchmarks.load.system import LoadSystem

AT_ONCE = 5_000


async def stock_up(system: LoadSystem, to: int) -> None:
    """Have `to` households: copies of one that was taken in, closed long ago, ids all different."""
    database = system.admin[system.access.database("matching")]
    there = await database["households"].estimated_document_count()
    pattern = await database["households"].find_one({})
    if pattern is None:
        raise RuntimeError("take a household in first")
    for start in range(there, to, AT_ONCE):
        numbers = range(start, min(start + AT_ONCE, to))
        await database["households"].insert_many(_closed(pattern, numbers), ordered=False)
        await database["inbox"].insert_many(_known(numbers), ordered=False)


def _closed(pattern: dict[str, Any], numbers: range) -> Iterator[dict[str, Any]]:
    for number in numbers:
        origin = pattern["origin"] | {"reference": f"past-{number}"}
        yield pattern | {"_id": _id(number), "origin": origin, "status": "closed"}


def _known(numbers: range) -> Iterator[dict[str, Any]]:
    at = datetime.now(UTC)
    for number in numbers:
        yield {"_id": f"lastprobe/past-{number}", "digest": number.to_bytes(16), "at": at}


def _id(number: int) -> str:
    """Spread like real ids, so that the index is as scattered."""
    return str(UUID(int=(number * 0x9E3779B97F4A7C15F39CC0605CEDC835) % 2**128))
