"""Counts what happened: effects in the database, facts on the stream; none lost, none twice."""

from collections import Counter

from tests.faults.driver import Progress
from tests.faults.load import Load
from tests.support.books import BOOKS
from tests.support.client import history
from tests.support.probes import becomes
from tests.support.system import System

PATIENCE_SECONDS = 120.0


async def everything_is_done(system: System, service: str, messages: int) -> None:
    """Wait until so many messages had their effect and every fact has left."""

    async def left() -> tuple[int, int]:
        taken = await system.number(service, "inbox")
        return messages - taken, await system.number(service, "outbox")

    await becomes("messages and facts still to do", (0, 0), left, seconds=PATIENCE_SECONDS)


def progress_of(system: System, service: str, messages: int) -> Progress:
    """The share of the messages that had their effect."""

    async def share() -> float:
        return await system.number(service, "inbox") / messages

    return share


async def each_cost_counted_once(system: System, load: Load) -> None:
    """The books hold exactly the entries and the sums of the load, and each fact is there."""
    assert await system.figures() == load.totals
    assert sum(entries for entries, _ in (await system.figures()).values()) == load.size
    assert await facts_in(system, load.size) == {"willkommen.cost.recorded.v1": load.size}
    assert await system.documents(BOOKS, "parked") == []


async def facts_in(system: System, number: int) -> Counter[str]:
    """Distinct facts on the stream by type; each is there at least once, by an id of its own."""
    kinds = {}
    for fact in await history(system, number):
        kinds[fact.message_id] = str(fact.headers["ce-type"])
    return Counter(kinds.values())
