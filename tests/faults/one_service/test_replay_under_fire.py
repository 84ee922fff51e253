"""A service dies while it brings dead letters back: each has the effect that was missing, once."""

import asyncio
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from local.servers import Servers
from shared.contracts.desk import RecordCost
from shared.messaging import Facts, Message, refusals
from shared.messaging.topology import DESK
from shared.setup import prepare_broker
from tests.faults.counting import everything_is_done
from tests.faults.driver import Driver
from tests.faults.load import Load, send
from tests.support.books import BOOKS, Shelf, books, count
from tests.support.builders import cost, referral
from tests.support.client import connected, history, letter
from tests.support.crash import POINTS
from tests.support.letters import replay, waiting
from tests.support.probes import becomes
from tests.support.processes import BooksProcess
from tests.support.system import System

pytestmark = pytest.mark.fault

PARTNER = "kifa"
EACH = 10
"""So many costs meet a bug, and so many replies find no queue."""
LETTERS = 2 * EACH


@pytest.fixture
async def parked(system: System, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Ids of dead letters whose cause is mended: the books that run next have no bug, and the
    queue is there.
    """
    monkeypatch.setattr(refusals, "delay_after", _no_ladder)
    costs = [letter(DESK, cost(f"c-{number}", number)) for number in range(EACH)]
    referrals = [letter(PARTNER, referral(f"r-{number}")) for number in range(EACH)]
    await system.remove_queue(f"replies.{PARTNER}")
    async with system.running(books(_with_a_bug)) as app:
        await send(system, Load(DESK, costs, {}))
        await send(system, Load(PARTNER, referrals, {}))
        letters = await waiting(app, LETTERS)
    await prepare_broker(system.access, system.topology)
    assert Counter(each.kind for each in letters) == {"error": EACH, "unroutable": EACH}
    return [each.letter_id for each in letters]


async def test_a_service_that_dies_in_replays_has_each_effect_once(
    servers: Servers, system: System, tmp_path: Path, parked: list[str], seed: int
) -> None:
    """At each step of its work once, in an order that the seed decides."""
    driver = Driver(seed, servers, {BOOKS: BooksProcess(system, tmp_path)})
    driver.random.shuffle(parked)
    points = driver.random.sample(list(POINTS), len(POINTS))
    async with driver.up():
        for back, point in enumerate(points):
            driver.let_die(BOOKS, point, 1)
            async with asyncio.TaskGroup() as together:
                together.create_task(driver.revive(BOOKS))
                together.create_task(bring_back(system, parked[back :: len(points)]))
            done = LETTERS + (back + 1) * LETTERS // len(points)
            await everything_is_done(system, BOOKS, done)
            driver.note(f"{done - LETTERS} of {LETTERS} letters are back")
        await becomes("states", Counter(replayed=LETTERS), lambda: states(system))
    assert await system.figures() == {
        **{f"c-{number}": (1, number) for number in range(EACH)},
        **{f"{PARTNER}/r-{number}": (1, 0) for number in range(EACH)},
    }
    assert await distinct_facts(system, LETTERS + EACH) == {
        "willkommen.dead-letter.replayed.v1": LETTERS,
        "willkommen.cost.recorded.v1": EACH,
    }
    assert await distinct_replies(system) == EACH


async def bring_back(system: System, letter_ids: list[str]) -> None:
    decisions = [letter(DESK, replay(each)) for each in letter_ids]
    await send(system, Load(DESK, decisions, {}))


async def states(system: System) -> Counter[str]:
    return Counter(each["state"] for each in await system.documents(BOOKS, "parked"))


async def distinct_facts(system: System, number: int) -> Counter[str]:
    """Facts on the stream by type; one that was published again counts once."""
    told = await history(system, number)
    by_id = {each.message_id: str(each.headers["ce-type"]) for each in told}
    return Counter(by_id.values())


async def distinct_replies(system: System) -> int:
    queue = f"replies.{PARTNER}"
    async with connected(system, PARTNER) as partner:
        messages = await partner.messages(queue, EACH)
        return len({each.message_id for each in (*messages, *await partner.take(queue))})


async def _with_a_bug(message: Message[RecordCost], shelf: Shelf) -> Facts:
    await count(message, shelf)
    raise ZeroDivisionError("a bug")


def _no_ladder(_: int) -> timedelta | None:
    """What is refused is a dead letter at once."""
