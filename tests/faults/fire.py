"""The course of most cases: load runs, blows fall in an order that the seed decides, then all is
counted.
"""

import asyncio

from tests.faults.counting import each_cost_counted_once, everything_is_done, progress_of
from tests.faults.driver import Blow, Driver
from tests.faults.load import costs, send
from tests.support.books import BOOKS
from tests.support.system import System

MESSAGES = 2_000


async def under_fire(driver: Driver, system: System, *blows: Blow) -> None:
    """Costs come in while every blow falls once; each cost is counted once, nobody has died."""
    load = costs(MESSAGES, driver.seed)
    order = iter(driver.random.sample(blows, len(blows)))

    async def next_blow() -> None:
        await next(order)()

    async with asyncio.TaskGroup() as together:
        together.create_task(send(system, load))
        progress = progress_of(system, BOOKS, load.size)
        together.create_task(driver.strike(len(blows), next_blow, progress))
    await everything_is_done(system, BOOKS, load.size)
    driver.note("everything is done")
    await each_cost_counted_once(system, load)
    assert driver.missing() == []
    for service in driver.services.values():
        await service.ready()


def at_once(*blows: Blow) -> Blow:
    """A blow that is several at a time."""

    async def all_of_them() -> None:
        await asyncio.gather(*(blow() for blow in blows))

    return all_of_them
