"""The kit that a partner starts with works on a running system and needs only an address."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from local.servers import Servers
from services.matching.app import PARTS as MATCHING
from services.network.app import PARTS as NETWORK
from services.notifications.app import PARTS as NOTIFICATIONS
from tests.support.probes import becomes
from tests.support.system import System, prepared

EXAMPLE = Path(__file__).resolve().parents[2] / "contracts" / "partner_example.py"


@pytest.fixture
async def running(servers: Servers, tmp_path: Path) -> AsyncIterator[System]:
    """The system that takes referrals in."""
    async with (
        prepared(servers, tmp_path, [MATCHING, NETWORK, NOTIFICATIONS]) as system,
        system.running(MATCHING),
    ):
        yield system


async def run_the_example(folder: Path, *words: str, address: str = "") -> tuple[int | None, str]:
    """Its exit status and all it prints; it sees nothing of the project."""
    environment = {"PATH": os.environ["PATH"]} | ({"AMQP_URL": address} if address else {})
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        EXAMPLE,
        *words,
        cwd=folder,
        env=environment,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    printed, _ = await process.communicate()
    return process.returncode, printed.decode()


async def test_the_example_hears_that_its_household_is_accepted(
    running: System, tmp_path: Path
) -> None:
    address = running.access.amqp("zeytin")
    status, printed = await run_the_example(tmp_path, "ZT-2016-014", address=address)
    assert status == 0, printed
    assert printed.startswith("confirmed: ")
    assert '"status": "received"' in printed
    assert '"status": "accepted"' in printed
    await becomes("households", 1, lambda: running.number("matching", "households"))


async def test_the_example_may_run_again_and_the_household_is_taken_in_once(
    running: System, tmp_path: Path
) -> None:
    address = running.access.amqp("zeytin")
    for _ in range(2):
        status, printed = await run_the_example(tmp_path, "ZT-2016-014", address=address)
        assert status == 0, printed
    await becomes("households", 1, lambda: running.number("matching", "households"))


async def test_the_example_hears_why_it_is_refused(running: System, tmp_path: Path) -> None:
    address = running.access.amqp("kifa")
    status, printed = await run_the_example(tmp_path, "a reference with blanks", address=address)
    assert status == 1, printed
    assert "willkommen.message.refused.v1" in printed
    assert "data.reference" in printed


async def test_without_an_address_the_example_says_what_it_needs(tmp_path: Path) -> None:
    status, printed = await run_the_example(tmp_path, "ZT-2016-014")
    assert status == 1
    assert "AMQP_URL=amqp://USER:PASSWORD@HOST:5672/willkommen" in printed
