"""Poison in the middle of a flood: the flood goes on, each poison is parked once with a reason that
a person understands, and its partner hears why.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from shared.contracts.notifications import RequestMessage, Template
from shared.messaging.topology import DESK
from tests.faults.driver import Driver
from tests.faults.load import Load, send
from tests.faults.town import SERVICES, Town
from tests.faults.town_effects import everything_happened_once, uncertain
from tests.faults.town_load import PARTNER, TownLoad
from tests.support.bad_messages import BODIES
from tests.support.builders import cost, referral
from tests.support.client import Letter, letter

pytestmark = pytest.mark.fault

TWICE = 2
POISONS = 60
"""For each service."""
BIGGEST = 20_000
COST_FIELDS: Mapping[str, object] = {
    "amount_eur": -1,
    "from_on": "2016-02-30",
    "funded_share": "most of it",
    "reference": "<b>",
}


@dataclass(frozen=True)
class Poison:
    """A message that nobody can understand, and words that must be in the reason."""

    service: str
    letter: Letter
    reason: str


def poisons(load: TownLoad, driver: Driver) -> list[Poison]:
    """For each service many, of kinds that the seed chooses."""
    return [
        make(f"{load.mark}-poison-{make.__name__}-{number}", driver)
        for make in (for_matching, for_network, for_notifications)
        for number in range(POISONS)
    ]


def for_matching(identity: str, driver: Driver) -> Poison:
    body, reason = driver.random.choice(
        [each for each in BODIES.values() if len(each[0]) < BIGGEST]
    )
    return Poison("matching", letter(PARTNER, referral(), body=body, message_id=identity), reason)


def for_network(identity: str, driver: Driver) -> Poison:
    field = driver.random.choice(sorted(COST_FIELDS))
    body = json.dumps({**cost().model_dump(mode="json"), field: COST_FIELDS[field]}).encode()
    told = letter(DESK, cost(), body=body, message_id=identity)
    return Poison("network", told, f"data.{field}")


def for_notifications(identity: str, _: Driver) -> Poison:
    request = RequestMessage(
        about=identity,
        template=Template.ACTOR_WELCOME,
        name="Kim Beispiel",
        email="kim@mail.example",
        language="de",
    )
    told = letter("network", request, message_id=identity, user_id=None, key="notifications")
    return Poison("notifications", told, "data.values.actor")


async def test_poison_in_a_flood_is_parked_once_with_its_reason_and_hurts_no_neighbour(
    town: Town, seed: int
) -> None:
    async with town.case(seed) as (driver, load):
        load.refer(300)
        load.bring_sponsors(30)
        load.enter_actors(60)
        bad = poisons(load, driver)
        good = [each for part in load.take() for each in part.letters]
        for flood in mixed(driver, good, [each.letter for each in bad]):
            await send(town.system, flood, per_second=1_000)
        driver.note(f"{len(good)} good and {len(bad)} bad messages were sent, these twice each")
        refused = sum(each.service == "matching" for each in bad)
        await everything_happened_once(
            town, load, **{"parked": len(bad), "answers refused": refused}
        )
        await each_is_parked_with_its_reason(town, bad)
        assert await uncertain(town, load) == 0
        driver.note(f"{len(bad)} were parked with their reasons, {refused} senders were told")


def mixed(driver: Driver, good: list[Letter], bad: list[Letter]) -> list[Load]:
    """Good and bad side by side, by sender, the bad ones twice: impatient senders repeat them."""
    everything = [*good, *bad * TWICE]
    driver.random.shuffle(everything)
    users = sorted({sender_of(each) for each in everything})
    return [
        Load(user, [each for each in everything if sender_of(each) == user], {}) for user in users
    ]


def sender_of(sent: Letter) -> str:
    return sent.user_id or sent.source.rpartition("/")[2]


async def each_is_parked_with_its_reason(town: Town, bad: list[Poison]) -> None:
    """Once in its service's list, and nowhere else."""
    parked = [
        (service, each["message_id"], each["reason"])
        for service in SERVICES
        for each in await town.system.documents(service, "parked")
    ]
    for poison in bad:
        found = [each for each in parked if each[1] == poison.letter.message_id]
        assert [service for service, _, _ in found] == [poison.service]
        assert poison.reason in found[0][2]
