"""The history is read from the first fact and on and on: each offset once and in order, while
connections are cut and the broker goes away.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import pytest
from aiormq.exceptions import ChannelAccessRefused

from local.servers import Servers
from shared.contracts.network import CostRecorded
from shared.messaging.history import History, Start
from shared.messaging.topology import DESK
from shared.runtime import App
from tests.support.books import BOOKS, books, recorded
from tests.support.builders import cost
from tests.support.client import Client, Letter, connected, letter
from tests.support.probes import eventually
from tests.support.system import System

FIRST, LIVE = 300, 300


@dataclass
class Reader:
    """Reads in the background what a history gives."""

    offsets: list[int] = field(default_factory=list)
    names: list[str] = field(default_factory=list)

    async def read(self, history: History) -> None:
        async for offset, fact in history:
            self.offsets.append(offset)
            self.names.append(CostRecorded.model_validate_json(fact.body).cost_id)

    async def has(self, number: int) -> None:
        """Wait until so many were read."""

        async def read() -> bool:
            return len(self.names) >= number

        await eventually(f"{number} facts were read", read, seconds=120)

    async def has_all(self, names: list[str]) -> None:
        """Wait until each of these was read; a publisher that lost its connection may repeat."""

        async def read() -> bool:
            return set(names) <= set(self.names)

        await eventually(f"{len(names)} facts were read", read, seconds=120)


@asynccontextmanager
async def reading(system: System, start: Start = "first") -> AsyncIterator[Reader]:
    """A reader from this start on, attached before the block begins."""
    reader = Reader()
    async with History(system.access.amqp(DESK), start) as history:
        task = asyncio.create_task(reader.read(history))
        try:
            yield reader
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


async def publish(system: System, *names: str) -> None:
    """Publish facts as the service would, one after the other."""
    async with connected(system, BOOKS) as service:
        for name in names:
            await say(service, name)


async def say(service: Client, name: str) -> None:
    await service.send(letter(BOOKS, recorded(name), user_id=None))


def named(first: int, number: int) -> list[str]:
    return [f"c-{each}" for each in range(first, first + number)]


async def test_a_reader_rebuilds_from_the_first_fact_and_goes_on_live(system: System) -> None:
    await publish(system, *named(0, 20))
    async with reading(system) as reader:
        await reader.has(20)
        await publish(system, *named(20, 20))
        await reader.has(40)
    assert reader.offsets == list(range(40))
    assert reader.names == named(0, 40)


async def test_cut_connections_leave_no_gap_and_no_double(system: System) -> None:
    await publish(system, *named(0, FIRST))

    async def go_on() -> None:
        async with connected(system, BOOKS) as service:
            for name in named(FIRST, LIVE):
                await say(service, name)

    async with reading(system) as reader:
        await reader.has(1)
        going_on = asyncio.create_task(go_on())
        for share in (10, FIRST, FIRST + 50, FIRST + LIVE // 2):
            await reader.has(share)
            await is_cut(system)
        await going_on
        await reader.has(FIRST + LIVE)
    assert reader.offsets == list(range(FIRST + LIVE))
    assert reader.names == named(0, FIRST + LIVE)


async def test_a_reader_goes_on_from_a_stored_offset(system: System) -> None:
    await publish(system, *named(0, 20))
    async with reading(system) as reader:
        await reader.has(7)
        stored = reader.offsets[6]
    async with reading(system, stored + 1) as reader:
        await reader.has(13)
    assert reader.offsets == list(range(7, 20))
    assert reader.names == named(7, 13)


@pytest.mark.parametrize("start", ["next", "last", "1h", datetime.now(UTC)])
async def test_what_comes_after_attaching_is_not_missed_though_nothing_had_come(
    system: System, start: Start
) -> None:
    async with reading(system, start) as reader:
        await is_cut(system)
        await publish(system, *named(0, 20))
        await reader.has(20)
        await is_cut(system)
        await publish(system, *named(20, 1))
        await reader.has(21)
    assert reader.offsets == list(range(21))


async def test_next_leaves_out_what_was_there(system: System) -> None:
    await publish(system, *named(0, 20))
    async with reading(system, "next") as reader:
        await publish(system, *named(20, 5))
        await reader.has(5)
    assert reader.names == named(20, 5)


async def test_a_reader_that_may_not_read_is_told_at_once(system: System) -> None:
    with pytest.raises(ChannelAccessRefused):
        async with History(system.access.amqp("zeytin")):
            pass


async def test_a_broker_that_restarts_leaves_no_gap_and_no_double(
    system: System, servers: Servers
) -> None:
    async with system.running(books()) as app, connected(system, DESK) as desk:
        await desk.send(*costs(0, FIRST))
        async with reading(system) as reader:
            await reader.has(FIRST // 2)
            await asyncio.to_thread(servers.rabbitmq.stop)
            await asyncio.to_thread(servers.rabbitmq.start)
            await eventually("the service consumes again", lambda: consumes(app), seconds=120)
            async with connected(system, DESK) as again:
                await again.send(*costs(FIRST, LIVE))
            await reader.has_all(named(0, FIRST + LIVE))
    assert reader.offsets == list(range(len(reader.offsets)))


async def consumes(app: App[Any]) -> bool:
    return app.consumer.consuming


def costs(first: int, number: int) -> list[Letter]:
    return [letter(DESK, cost(name)) for name in named(first, number)]


async def is_cut(system: System) -> None:
    """Cut the reader's connection, as soon as the broker knows of it, and see it gone."""

    async def connections() -> set[str]:
        found = await system.manage("GET", "/api/connections")
        return {
            each["name"]
            for each in found
            if each.get("user") == DESK and each.get("vhost") == system.access.vhost
        }

    known = await eventually("the reader's connection is known", connections)
    for name in known:
        await system.manage("DELETE", f"/api/connections/{quote(name, '')}")

    async def gone() -> bool:
        return not known & await connections()

    await eventually("the reader's connection is gone", gone)
