"""Referrals to the real matching service while it dies: one household, answer and fact each."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from local.servers import Servers
from services.matching.app import PARTS as MATCHING
from services.network.app import PARTS as NETWORK
from services.notifications.app import PARTS as NOTIFICATIONS
from shared.contracts.ids import household_id
from tests.faults.counting import everything_is_done, facts_in, progress_of
from tests.faults.driver import Driver
from tests.faults.load import referrals, send
from tests.support.client import connected
from tests.support.processes import Process
from tests.support.system import System, prepared

pytestmark = pytest.mark.fault

REFERRALS = 1_000
REPLIES = 2
"""To each referral: that it was received, and that it was accepted."""
SERVICE = "matching"


@pytest.fixture
async def town(servers: Servers, tmp_path: Path) -> AsyncIterator[System]:
    """All three services' queues and databases."""
    async with prepared(servers, tmp_path, [MATCHING, NETWORK, NOTIFICATIONS]) as ready:
        yield ready


async def test_kill_9_of_matching_loses_no_household_and_answers_each_referral_once(
    servers: Servers, town: System, tmp_path: Path, seed: int
) -> None:
    load = referrals(REFERRALS)
    environment = {**town.environment(SERVICE), "SESSION_RHYTHM": "weekly"}
    driver = Driver(seed, servers, {SERVICE: Process(SERVICE, environment, tmp_path)})
    async with driver.up():
        async with asyncio.TaskGroup() as together:
            together.create_task(send(town, load, per_second=500))
            progress = progress_of(town, SERVICE, REFERRALS)
            together.create_task(driver.strike(2, lambda: driver.kill(SERVICE), progress))
        await everything_is_done(town, SERVICE, REFERRALS)
    households = await town.documents(SERVICE, "households")
    assert {each["_id"] for each in households} == {
        household_id("zeytin", f"r-{number}") for number in range(REFERRALS)
    }
    facts = await facts_in(town, REFERRALS)
    assert facts["willkommen.household.registered.v1"] == REFERRALS
    assert set((await answers(town)).values()) == {1}


async def answers(town: System) -> Counter[tuple[str, str]]:
    """How many different replies say the same about the same referral."""
    async with connected(town, "zeytin") as zeytin:
        told = await zeytin.messages("replies.zeytin", REFERRALS * REPLIES)
    different = {each.message_id: json.loads(each.body) for each in told}.values()
    assert len(different) == REFERRALS * REPLIES
    return Counter((each["reference"], each["status"]) for each in different)
