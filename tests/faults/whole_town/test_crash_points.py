"""Services die at each step of their work, under load: nothing is lost, nothing doubled."""

import asyncio
from collections.abc import Sequence

import pytest

from tests.faults.driver import Driver
from tests.faults.town import SERVICES, Town
from tests.faults.town_effects import IN_HAND, everything_happened_once, uncertain
from tests.faults.town_load import TownLoad, send_all
from tests.support.crash import POINTS

pytestmark = pytest.mark.fault

MOST_TIMES = 4
PAUSE_SECONDS = 0.05


def fill(load: TownLoad) -> None:
    load.refer(60)
    load.bring_sponsors(10)
    load.enter_actors(20)


async def die_and_come_back(
    town: Town, driver: Driver, load: TownLoad, services: Sequence[str], point: str
) -> None:
    """Arm services, send the load, and send on until each has died; then it is started."""
    fill(load)
    for service in services:
        driver.let_die(service, point, driver.random.randint(1, MOST_TIMES))
    revived = asyncio.gather(*(driver.revive(service) for service in services))
    await send_all(town.system, load)
    driver.note(f"{load.size} messages were sent")
    while not revived.done():  # a slow machine may have taken everything in few batches
        load.refer(1)
        load.enter_actors(1)
        await send_all(town.system, load)
        await asyncio.sleep(PAUSE_SECONDS)
    await revived


@pytest.mark.parametrize("point", POINTS)
async def test_services_that_die_at_any_step_lose_nothing_and_double_nothing(
    town: Town, seed: int, point: str
) -> None:
    """All services at the same step, each when it gets there."""
    async with town.case(seed) as (driver, load):
        await die_and_come_back(town, driver, load, [f"{each}-1" for each in SERVICES], point)
        await everything_happened_once(town, load)
        assert await uncertain(town, load) <= IN_HAND


@pytest.mark.parametrize("point", ["before-mail", "after-mail"])
async def test_a_mail_goes_out_at_most_once_though_its_sender_dies(
    town: Town, seed: int, point: str
) -> None:
    async with town.case(seed) as (driver, load):
        await die_and_come_back(town, driver, load, ["notifications-1"], point)
        await everything_happened_once(town, load)
        assert 1 <= await uncertain(town, load) <= IN_HAND
