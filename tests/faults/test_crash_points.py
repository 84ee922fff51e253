"""Each service dies at each step of its work, under load: nothing is lost, nothing doubled."""

import asyncio

import pytest

from tests.faults.driver import Driver
from tests.faults.town import SERVICES, Town
from tests.faults.town_effects import everything_happened_once, uncertain
from tests.faults.town_load import TownLoad, send_all
from tests.support.crash import POINTS

pytestmark = pytest.mark.fault

MOST_TIMES = 4
CONNECTIONS = 8
"""How many mails a sender may have in hand when it dies."""
PAUSE_SECONDS = 0.05


def fill(load: TownLoad) -> None:
    load.refer(60)
    load.bring_sponsors(10)
    load.enter_actors(20)


async def die_and_come_back(
    town: Town, driver: Driver, load: TownLoad, service: str, point: str
) -> None:
    """Arm a service, send the load, and send on until the service has died; then it is started."""
    fill(load)
    driver.let_die(service, point, driver.random.randint(1, MOST_TIMES))
    async with asyncio.TaskGroup() as together:
        revived = together.create_task(driver.revive(service))
        await send_all(town.system, load)
        driver.note(f"{load.size} messages were sent")
        while not revived.done():  # a slow machine may have taken everything in few batches
            load.refer(1)
            load.enter_actors(1)
            await send_all(town.system, load)
            await asyncio.sleep(PAUSE_SECONDS)


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("service", SERVICES)
async def test_a_service_that_dies_at_any_step_loses_nothing_and_doubles_nothing(
    town: Town, seed: int, service: str, point: str
) -> None:
    async with town.case(seed) as (driver, load):
        await die_and_come_back(town, driver, load, f"{service}-1", point)
        await everything_happened_once(town, load)
        assert await uncertain(town, load) <= (CONNECTIONS if service == "notifications" else 0)


@pytest.mark.parametrize("point", ["before-mail", "after-mail"])
async def test_a_mail_goes_out_at_most_once_though_its_sender_dies(
    town: Town, seed: int, point: str
) -> None:
    async with town.case(seed) as (driver, load):
        await die_and_come_back(town, driver, load, "notifications-1", point)
        await everything_happened_once(town, load)
        assert 1 <= await uncertain(town, load) <= CONNECTIONS
