"""Every message two to five times and in any order, also before what it depends on: each has its
effect once, and what came too early is decided on when the time has come.
"""

import pytest

from tests.faults.disorder import as_it_came, multiplied, send_as_services
from tests.faults.load import Load, send
from tests.faults.town import Town
from tests.faults.town_effects import everything_happened_once, uncertain
from tests.faults.town_load import TownLoad
from tests.support.client import Letter, connected
from tests.support.probes import eventually

pytestmark = pytest.mark.fault

SENDERS = "notifications"
"""The service whose queue is filled while it is down."""


def fill(load: TownLoad) -> None:
    load.refer(150)
    load.withdraw(30)
    load.bring_sponsors(40)
    load.hold_meeting(load.enter_actors(40))


async def test_messages_that_come_many_times_and_in_any_order_have_their_effect_once(
    calm_town: Town, seed: int
) -> None:
    town = calm_town
    async with town.case(seed) as (driver, load):
        before = await town.counted("retried"), await town.counted("duplicates")
        fill(load)
        for instance in town.instances(SENDERS):
            await driver.stop(instance)
        for each in load.take():
            many = multiplied(each.letters, driver.random)
            await send(town.system, Load(each.user, many, {}), per_second=2_000)
            driver.note(f"{each.user} sent {len(each.letters)} messages as {len(many)}")
        facts = await all_facts(town, load)
        await send_as_services(town, multiplied(facts, driver.random))
        driver.note(f"{len(facts)} facts were repeated")
        asked = await taken_out(town, len(load.about))
        await send_as_services(town, multiplied(asked, driver.random))
        driver.note(f"{len(asked)} requests for mails were repeated")
        await driver.start(*town.instances(SENDERS))
        await everything_happened_once(town, load)
        assert await uncertain(town, load) == 0
        retried, duplicates = await town.counted("retried"), await town.counted("duplicates")
        driver.note(f"{retried - before[0]} came too early, {duplicates - before[1]} once more")
        assert retried > before[0]
        assert duplicates >= before[1] + load.size


async def all_facts(town: Town, load: TownLoad) -> list[Letter]:
    """Wait for the facts that a load brings about without mails, and give them."""
    wanted = sum(n for name, n in load.expected().items() if name.startswith("facts"))

    async def heard() -> bool:
        return len(town.facts.messages) - town.heard_before["facts"] >= wanted

    await eventually(f"{wanted} facts are told", heard, seconds=180)
    return [as_it_came(each) for each in town.facts.since(town.heard_before["facts"])]


async def taken_out(town: Town, number: int) -> list[Letter]:
    """What waits in the queue of the mails' service, out of the queue."""
    async with connected(town.system, SENDERS) as hand:
        return [as_it_came(each) for each in await hand.messages(SENDERS, number)]
