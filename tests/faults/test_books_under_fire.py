"""Five thousand costs while something dies: each is counted once, each fact is published."""

import asyncio

import pytest

from tests.faults.counting import each_cost_counted_once, everything_is_done
from tests.faults.driver import Driver
from tests.faults.load import costs, send
from tests.support.books import BOOKS
from tests.support.system import System

pytestmark = pytest.mark.fault

MESSAGES = 5_000


async def test_kill_9_of_a_service_loses_nothing_and_doubles_nothing(
    driver: Driver, system: System, seed: int
) -> None:
    load = costs(MESSAGES, seed)
    async with asyncio.TaskGroup() as together:
        together.create_task(send(system, load))
        together.create_task(driver.strike(3, lambda: driver.kill(BOOKS), within=(0.8, 2.0)))
    await everything_is_done(system, BOOKS, load.size)
    await each_cost_counted_once(system, load)


async def test_kill_9_of_the_broker_loses_nothing_and_doubles_nothing(
    driver: Driver, system: System, seed: int
) -> None:
    load = costs(MESSAGES, seed)
    async with asyncio.TaskGroup() as together:
        together.create_task(send(system, load))
        together.create_task(driver.strike(1, driver.kill_broker, within=(0.5, 2.5)))
    await everything_is_done(system, BOOKS, load.size)
    await each_cost_counted_once(system, load)
    assert driver.missing() == []


async def test_kill_9_of_mongod_loses_nothing_and_doubles_nothing(
    driver: Driver, system: System, seed: int
) -> None:
    load = costs(MESSAGES, seed)
    async with asyncio.TaskGroup() as together:
        together.create_task(send(system, load))
        together.create_task(driver.strike(1, driver.kill_database, within=(0.5, 2.5)))
    await everything_is_done(system, BOOKS, load.size)
    await each_cost_counted_once(system, load)
    assert driver.missing() == []
