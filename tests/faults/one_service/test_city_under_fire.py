"""The instance that keeps the city dies in the middle of a session, by kill -9: the other one takes
over within seconds, and the session takes place once.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from local.servers import Servers
from services.matching.app import PARTS
from shared.contracts.ids import household_id
from tests.integration.matching_bench import Bench, matching_bench
from tests.support.probes import becomes, eventually
from tests.support.processes import Process
from tests.support.system import START
from tests.unit.matching.builders import referral

pytestmark = pytest.mark.fault

MONDAY = START.replace(day=9, hour=4)
PAIRS = 30
"""More than are proposed in one commit."""
LEASE = "1"


@pytest.fixture
async def bench(servers: Servers, tmp_path: Path) -> AsyncIterator[Bench]:
    async with matching_bench(servers, tmp_path) as ready:
        yield ready


def instance(bench: Bench, logs: Path, number: int) -> Process:
    told = {"SESSION_RHYTHM": "weekly", "LEASE_SECONDS": LEASE, "CITY_LEASE_SECONDS": LEASE}
    environment = bench.system.environment(PARTS.name) | told
    return Process(PARTS.name, environment, logs, number=number)


async def holder(bench: Bench) -> str:
    """The instance that holds the city, or nothing."""
    found = await bench.system.documents(PARTS.name, "leases", {"_id": "city"})
    return str(found[0]["holder"]).partition("/")[0] if found else ""


async def would_be_proposed(bench: Bench) -> int:
    [standing] = await bench.system.documents(PARTS.name, "standings") or [{"proposed": 0}]
    return int(standing["proposed"])


async def matched(bench: Bench) -> list[str]:
    """The household of each sponsorship."""
    found = await bench.system.documents(PARTS.name, "sponsorships")
    return sorted(each["household_id"] for each in found)


@pytest.mark.parametrize(
    ("point", "times"),
    [("before-solve", 1), ("after-solve", 1), ("before-commit", 3), ("after-session", 1)],
    ids=["due", "solved", "amid-parts", "held"],
)
async def test_a_session_takes_place_once_though_its_holder_is_killed(
    bench: Bench, tmp_path: Path, point: str, times: int
) -> None:
    first, second = (instance(bench, tmp_path, number) for number in (1, 2))
    async with AsyncExitStack() as running:
        await running.enter_async_context(first.up())
        await becomes("holder", first.instance, lambda: holder(bench))
        await running.enter_async_context(second.up())
        for number in range(PAIRS):
            await bench.bring_sponsor(f"s-{number}")
        await bench.refer(*(referral(f"r-{number}") for number in range(PAIRS)))
        await becomes("tentative pairs", PAIRS, lambda: would_be_proposed(bench))
        first.crash.set(point, times)
        bench.clock.set(MONDAY)
        await eventually("the holder dies", first.has_died)
        await becomes("holder", second.instance, lambda: holder(bench))
        wanted = sorted(household_id("zeytin", f"r-{number}") for number in range(PAIRS))
        await becomes("matched households", wanted, lambda: matched(bench))
        await becomes("sessions due", 0, lambda: bench.system.number(PARTS.name, "sessions"))
        await becomes("tentative pairs", 0, lambda: would_be_proposed(bench))
        await becomes("outbox", 0, lambda: bench.system.number(PARTS.name, "outbox"))
        assert await bench.system.number(PARTS.name, "runs") == 1
    facts = await bench.facts()
    sessions = {fact["run_id"] for fact in facts if fact["kind"] == "session.held"}
    proposed = {fact["sponsorship_id"] for fact in facts if fact["kind"] == "match.proposed"}
    assert (len(sessions), len(proposed)) == (1, PAIRS)
