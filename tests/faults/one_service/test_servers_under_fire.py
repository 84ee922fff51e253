"""Broker and database restart, freeze, step down and run full while the books work."""

import asyncio
import signal
from dataclasses import replace

import httpx
import pytest

from tests.faults.counting import each_cost_counted_once, everything_is_done
from tests.faults.driver import Driver
from tests.faults.fire import under_fire
from tests.faults.load import costs, send
from tests.faults.server_blows import ALARMS, alarm, depose, freeze, restart
from tests.support.books import BOOKS
from tests.support.probes import eventually
from tests.support.system import System

pytestmark = pytest.mark.fault

MESSAGES = 2_000
"""Fewer than a service may have unpublished before it takes no more, and more than the broker hands
over unacknowledged: only a service that acknowledges gets them all.
"""
SHORT = "the broker takes no messages: it is short of memory or disk"


async def test_an_orderly_restart_of_the_broker_loses_nothing_and_doubles_nothing(
    driver: Driver, system: System
) -> None:
    await under_fire(driver, system, lambda: restart(driver, driver.servers.rabbitmq))


async def test_a_step_down_and_servers_that_freeze_lose_nothing_and_double_nothing(
    driver: Driver, system: System
) -> None:
    broker, database = driver.servers.rabbitmq, driver.servers.mongodb
    await under_fire(
        driver,
        system,
        lambda: depose(driver, system),
        lambda: freeze(driver, broker),
        lambda: freeze(driver, database),
    )


async def test_a_broker_short_of_memory_or_disk_holds_up_facts_and_nothing_else(
    driver: Driver, system: System
) -> None:
    kind = driver.random.choice(list(ALARMS))
    load = costs(2 * MESSAGES, driver.seed)
    before, meanwhile = (
        replace(load, letters=letters)
        for letters in (load.letters[:MESSAGES], load.letters[MESSAGES:])
    )
    books = driver.services[BOOKS]

    async def handled() -> bool:
        return await system.number(BOOKS, "inbox") >= MESSAGES

    books.send_signal(signal.SIGSTOP)
    await send(system, before, per_second=20_000)
    async with asyncio.TaskGroup() as together, alarm(driver, kind):
        held_up = together.create_task(send(system, meanwhile))
        books.send_signal(signal.SIGCONT)
        await eventually("everything sent before to be handled", handled)
        await eventually(f"to be told: {SHORT}", lambda: says(books.url, SHORT))
        driver.note("all is handled, and the service says why it publishes nothing")
        # A little may have got through before the broker read no more.
        assert await system.number(BOOKS, "outbox") > MESSAGES / 2
        assert not held_up.done()
    await everything_is_done(system, BOOKS, load.size)
    await each_cost_counted_once(system, load)
    await books.ready()
    assert driver.missing() == []


async def says(address: str, problem: str) -> bool:
    """Whether a service names a problem when it is asked whether it is ready."""
    async with httpx.AsyncClient(base_url=address, timeout=30) as web:
        return problem in (await web.get("/ready")).json()["problems"]
