"""SIGTERM under load: nothing is lost, and nothing that was taken comes a second time."""

import asyncio
import os
from pathlib import Path

from shared.messaging.topology import DESK
from tests.support.books import BOOKS
from tests.support.builders import cost
from tests.support.client import connected, letter
from tests.support.cut_off import behind_proxies
from tests.support.probes import PATIENCE_SECONDS, becomes, eventually
from tests.support.processes import BooksProcess
from tests.support.system import System

MESSAGES = 6_000
STOPS = 3


async def test_a_service_stopped_under_load_loses_nothing_and_nothing_is_redelivered(
    system: System, tmp_path: Path
) -> None:
    letters = [letter(DESK, cost("c-1", 1), message_id=f"m-{n}") for n in range(MESSAGES)]
    async with connected(system, DESK) as desk:
        await desk.send(*letters)
    for stop in range(STOPS):
        await stop_in_the_middle(system, BooksProcess(system, tmp_path, number=stop))
    async with BooksProcess(system, tmp_path, number=STOPS).up():
        await becomes("messages handled", MESSAGES, lambda: system.number(BOOKS, "inbox"))
        await becomes("facts to publish", 0, lambda: system.number(BOOKS, "outbox"))
    assert await system.figures() == {"c-1": (MESSAGES, MESSAGES)}
    assert await redelivered(system) == 0


async def test_a_service_cut_off_from_everything_stops_by_itself(
    system: System, tmp_path: Path
) -> None:
    async with (
        behind_proxies(system) as (there, broker, database),
        BooksProcess(there, tmp_path).up() as service,
    ):
        broker.swallow()
        database.swallow()
        await asyncio.to_thread(service.stop, PATIENCE_SECONDS)
        assert service.exit_status == os.EX_OK


async def stop_in_the_middle(system: System, service: BooksProcess) -> None:
    """Start it, ask it to finish once it is at work, and see that it did so by itself."""
    before = await system.number(BOOKS, "inbox")
    service.start()

    async def at_work() -> bool:
        return await system.number(BOOKS, "inbox") > before

    await eventually("the service handles messages", at_work)
    await asyncio.to_thread(service.stop)
    assert service.exit_status == os.EX_OK


async def redelivered(system: System) -> int:
    """How many messages the services had taken before: each instance counts the duplicates."""
    ledgers = await system.documents(BOOKS, "ledger")
    return sum(ledger.get("duplicates", 0) for ledger in ledgers)
