"""A whole town at work while its services are killed, frozen and restarted: each household has one
answer, each mail goes out once, each fact is told.
"""

import asyncio
from collections.abc import Awaitable
from functools import partial
from typing import Any

import pytest

from tests.faults.driver import Driver
from tests.faults.town import SERVICES, Town
from tests.faults.town_effects import (
    IN_HAND,
    everything_happened_once,
    share_done,
    uncertain,
)
from tests.faults.town_load import TownLoad, send_all
from tests.support.probes import becomes

pytestmark = pytest.mark.fault

KILLS = 4
LONGER_THAN_LEASES = 6.5
"""Seconds; by then the broker has given up the connection and the database the transaction."""


def fill(load: TownLoad) -> None:
    load.refer(250)
    load.bring_sponsors(30)
    load.hold_meeting(load.enter_actors(50))


async def together(*works: Awaitable[Any]) -> None:
    """Return when all are done; the first that fails stops the others."""
    async with asyncio.TaskGroup() as group:
        for work in works:
            group.create_task(_awaited(work))


async def _awaited(work: Awaitable[Any]) -> None:
    await work


async def kill_at_random(town: Town, driver: Driver, load: TownLoad) -> None:
    """Kill services that the seed chooses, at moments that it chooses, and count."""
    fill(load)
    killed: list[str] = []

    async def kill() -> None:
        killed.append(driver.any_service())
        await driver.kill(killed[-1])

    await together(send_all(town.system, load), driver.strike(KILLS, kill, share_done(town, load)))
    await everything_happened_once(town, load)
    senders = sum(town.processes[each].name == "notifications" for each in killed)
    assert await uncertain(town, load) <= IN_HAND * senders


async def test_kill_9_of_any_service_at_any_moment_loses_nothing_and_doubles_nothing(
    town: Town, seed: int
) -> None:
    async with town.case(seed) as (driver, load):
        await kill_at_random(town, driver, load)


async def test_with_two_instances_of_every_service_kill_9_loses_and_doubles_nothing(
    doubled_town: Town, seed: int
) -> None:
    async with doubled_town.case(seed) as (driver, load):
        await kill_at_random(doubled_town, driver, load)


async def test_instances_that_freeze_beyond_their_leases_do_nothing_twice_when_they_wake(
    doubled_town: Town, seed: int
) -> None:
    async with doubled_town.case(seed) as (driver, load):
        fill(load)
        progress = share_done(doubled_town, load)
        frozen = [driver.random.choice(doubled_town.instances(service)) for service in SERVICES]
        freezes = [partial(driver.freeze, each, LONGER_THAN_LEASES) for each in frozen]
        strikes = [driver.strike(1, freeze, progress) for freeze in freezes]
        await together(send_all(doubled_town.system, load), *strikes)
        await everything_happened_once(doubled_town, load)
        await becomes("uncertain mails", 0, lambda: uncertain(doubled_town, load))


async def test_a_rolling_restart_of_all_services_under_load_is_invisible(
    calm_town: Town, seed: int
) -> None:
    async with calm_town.case(seed) as (driver, load):
        before = await calm_town.counted("duplicates"), calm_town.redelivered()
        restarted = asyncio.create_task(restart_all(driver, calm_town))
        load.bring_sponsors(20)
        while not restarted.done():
            load.refer(50)
            load.enter_actors(10)
            await send_all(calm_town.system, load)
        await restarted
        driver.note(f"{load.size} messages were sent meanwhile")
        await everything_happened_once(calm_town, load)
        assert await uncertain(calm_town, load) == 0
        assert (await calm_town.counted("duplicates"), calm_town.redelivered()) == before


async def restart_all(driver: Driver, town: Town) -> None:
    """In each round one instance of every service, while the other goes on alone."""
    for round_of_all in zip(*(town.instances(service) for service in SERVICES), strict=True):
        await together(*(_restart(driver, service) for service in round_of_all))


async def _restart(driver: Driver, service: str) -> None:
    await driver.stop(service)
    await driver.start(service)
