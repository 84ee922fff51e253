"""Five thousand costs while something dies: each is counted once, each fact is published."""

import asyncio
from pathlib import Path

import pytest

from tests.faults.counting import each_cost_counted_once, everything_is_done, progress_of
from tests.faults.driver import Blow, Driver
from tests.faults.load import costs, send
from tests.support.books import BOOKS
from tests.support.processes import BooksProcess
from tests.support.system import System

pytestmark = pytest.mark.fault

MESSAGES = 5_000
LONGER_THAN_LEASES = 2.5


async def hit(driver: Driver, system: System, times: int, blow: Blow) -> None:
    """Let the load run, strike in its middle, and count when everything is done."""
    load = costs(MESSAGES, driver.seed)
    async with asyncio.TaskGroup() as together:
        together.create_task(send(system, load))
        together.create_task(driver.strike(times, blow, progress_of(system, BOOKS, MESSAGES)))
    await everything_is_done(system, BOOKS, MESSAGES)
    await each_cost_counted_once(system, load)
    assert driver.missing() == []


async def test_kill_9_of_a_service_loses_nothing_and_doubles_nothing(
    driver: Driver, system: System
) -> None:
    await hit(driver, system, 3, lambda: driver.kill(BOOKS))


async def test_kill_9_of_the_broker_loses_nothing_and_doubles_nothing(
    driver: Driver, system: System
) -> None:
    await driver.broker_is_settled(BOOKS)
    await hit(driver, system, 1, driver.kill_broker)


async def test_kill_9_of_mongod_loses_nothing_and_doubles_nothing(
    driver: Driver, system: System
) -> None:
    await hit(driver, system, 1, driver.kill_database)


async def test_an_instance_that_freezes_and_wakes_does_nothing_twice(
    driver: Driver, system: System, tmp_path: Path
) -> None:
    async with BooksProcess(system, tmp_path, number=2).up():
        await hit(driver, system, 2, lambda: driver.freeze(BOOKS, LONGER_THAN_LEASES))
