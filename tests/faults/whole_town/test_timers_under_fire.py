"""The clock goes over timers while nobody is there to see it; then two instances start at once, and
one of them dies: each timer fires once all the same.
"""

from collections import Counter
from datetime import timedelta

import pytest

from shared.contracts.ids import recruit_id
from shared.contracts.matching import RecruitOffered
from shared.contracts.notifications import MessageSent
from shared.contracts.partners import RecruitReported
from tests.faults.driver import Driver
from tests.faults.load import Load, send
from tests.faults.town import Town
from tests.faults.town_effects import IN_HAND, everything_happened_once, left_to_do, uncertain
from tests.faults.town_load import contact, send_all
from tests.support.builders import household
from tests.support.client import letter
from tests.support.probes import becomes, eventually

pytestmark = pytest.mark.fault

HOSPITAL = "klinikum"
RECRUITS = 200
HOUSEHOLDS = 100
FOUR_MONTHS, TEN_MINUTES = timedelta(days=125), timedelta(minutes=10)


async def down_while_time_passes(
    driver: Driver, town: Town, service: str, passes: timedelta
) -> None:
    """Stop all instances, move the clock, and start them side by side."""
    instances = town.instances(service)
    for each in instances:
        await driver.stop(each)
    town.system.clock.set(town.system.clock.now() + passes)
    town.system.clock.run()
    driver.note(f"{passes} have passed while nobody was there")
    await driver.start(*instances)


async def kill_one_at_work(driver: Driver, town: Town, service: str, effects: str) -> None:
    """Kill one of the instances once the first facts of a kind are told."""

    async def first() -> bool:
        facts = town.facts.since(town.heard_before["facts"])
        return any(each.type == effects for each in facts)

    await eventually(f"the first {effects}", first)
    await driver.kill(driver.random.choice(town.instances(service)))


def recruits(mark: str, town: Town) -> Load:
    """Recruits who arrive today, each with an address of their own."""
    arrival_on = town.system.clock.now().date()
    letters = []
    for reference in (f"{mark}-k{number}" for number in range(RECRUITS)):
        who = household(contact=contact(reference))
        told = RecruitReported(reference=reference, arrival_on=arrival_on, household=who)
        letters.append(letter(HOSPITAL, told, message_id=reference))
    return Load(HOSPITAL, letters, {})


async def test_offers_that_were_due_while_the_service_was_down_are_made_once_each(
    doubled_town: Town, seed: int
) -> None:
    town = doubled_town
    async with town.case(seed) as (driver, load):
        await send(town.system, recruits(load.mark, town))
        timers = {"name": "recruit-eligible"}

        async def waiting() -> int:
            return len(await town.system.documents("matching", "timers", timers))

        await becomes("timers of recruits", RECRUITS, waiting)
        await down_while_time_passes(driver, town, "matching", FOUR_MONTHS)
        await kill_one_at_work(driver, town, "matching", RecruitOffered.wire.type)
        wanted = dict.fromkeys(recruit_ids(load.mark), 1)
        await becomes("offers", wanted, lambda: offers(town), seconds=180)
        await becomes("mails", wanted, lambda: mails_about(town, wanted), seconds=180)
        await becomes("left to do", 0, lambda: left_to_do(town))
        assert await offers(town) == wanted
        assert await mails_about(town, wanted) == wanted
        assert await waiting() == 0
        driver.note(f"{RECRUITS} offers were made, one mail each")


def recruit_ids(mark: str) -> list[str]:
    return [recruit_id(HOSPITAL, f"{mark}-k{number}") for number in range(RECRUITS)]


async def offers(town: Town) -> Counter[str]:
    """How many different facts say that a recruit was offered a place."""
    facts = town.facts.since(town.heard_before["facts"])
    offered = RecruitOffered.wire.type
    return Counter(str(each.headers["ce-subject"]) for each in facts if each.type == offered)


async def mails_about(town: Town, about: dict[str, int]) -> Counter[str]:
    """How many mails about each came to the mail server."""
    query = {"about": {"$in": list(about)}}
    deliveries = await town.system.documents("notifications", "deliveries", query)
    return Counter({each["about"]: town.office.mails[each["_id"]] for each in deliveries})


async def test_mails_that_were_due_again_while_the_sender_was_down_go_out_once_each(
    doubled_town: Town, seed: int
) -> None:
    town = doubled_town
    async with town.case(seed) as (driver, load):
        load.refer(HOUSEHOLDS)
        town.office.closed_for_now = True
        await send_all(town.system, load)
        deferred = {"about": {"$in": sorted(load.about)}, "state": "deferred"}

        async def put_off() -> int:
            return len(await town.system.documents("notifications", "deliveries", deferred))

        await becomes("mails put off", HOUSEHOLDS, put_off)
        driver.note(f"the mail server refused {HOUSEHOLDS} mails for now")
        town.office.closed_for_now = False
        await down_while_time_passes(driver, town, "notifications", TEN_MINUTES)
        await kill_one_at_work(driver, town, "notifications", MessageSent.wire.type)
        await everything_happened_once(town, load)
        assert await uncertain(town, load) <= IN_HAND
