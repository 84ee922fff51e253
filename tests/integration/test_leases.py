"""One of several holds a lease and does the work; a feed tells what all of them write."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, suppress
from datetime import UTC, datetime, timedelta

import pytest

from shared.holding import while_holding
from shared.storage import Database
from shared.storage.driver import Session
from shared.storage.feed import written_since
from shared.storage.leases import Lease
from tests.support.books import BOOKS
from tests.support.probes import eventually
from tests.support.system import System

LONG, SHORT = 60.0, 0.2


@pytest.fixture
async def database(system: System) -> AsyncIterator[Database]:
    """The books' own, with the books' own rights."""
    settings = system.settings(BOOKS)
    database = Database(settings.mongodb_url.get_secret_value(), settings.mongodb_database)
    yield database
    database.close()


async def end(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def test_a_lease_has_one_holder_until_it_is_given_back(database: Database) -> None:
    one, two = (Lease(database, "work", name, LONG) for name in ("one", "two"))
    assert [await each.take() for each in (one, two, one, two)] == [True, False, True, False]
    await two.give_back()
    assert not await two.take()
    await one.give_back()
    assert [await each.take() for each in (two, one)] == [True, False]


async def test_of_many_who_reach_for_a_lease_at_once_one_gets_it(database: Database) -> None:
    reach = [Lease(database, "work", str(name), LONG).take() for name in range(20)]
    assert sum(await asyncio.gather(*reach)) == 1


async def test_leases_of_other_names_are_other_leases(database: Database) -> None:
    assert await Lease(database, "this", "one", LONG).take()
    assert await Lease(database, "that", "two", LONG).take()


async def test_another_takes_over_when_a_lease_runs_out(database: Database) -> None:
    assert await Lease(database, "work", "gone", SHORT).take()
    await eventually("the lease is over", Lease(database, "work", "two", LONG).take)


async def test_work_that_breaks_is_begun_again(database: Database) -> None:
    begun: list[int] = []

    async def work() -> None:
        begun.append(1)
        raise RuntimeError("a bug")

    async def twice() -> bool:
        return len(begun) > 1

    holding = asyncio.create_task(while_holding(Lease(database, "work", "one", SHORT), work))
    await eventually("it begins again", twice)
    await end(holding)


async def test_who_loses_the_lease_stops_the_work(system: System, database: Database) -> None:
    working, stopped = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        working.set()
        try:
            await asyncio.Event().wait()
        finally:
            stopped.set()

    holding = asyncio.create_task(while_holding(Lease(database, "work", "one", 1.0), work))
    await working.wait()
    leases = system.admin[system.access.database(BOOKS)]["leases"]
    stolen = {"holder": "two", "until": datetime.now(UTC) + timedelta(days=1)}
    await leases.update_one({"_id": "work"}, {"$set": stolen})
    async with asyncio.timeout(LONG):
        await stopped.wait()
    await end(holding)
    assert (await leases.find_one({"_id": "work"}) or {})["holder"] == "two"


async def test_an_orderly_end_gives_the_lease_back(database: Database) -> None:
    working = asyncio.Event()

    async def work() -> None:
        working.set()
        await asyncio.Event().wait()

    holding = asyncio.create_task(while_holding(Lease(database, "work", "one", LONG), work))
    await working.wait()
    await end(holding)
    assert await Lease(database, "work", "two", LONG).take()


async def test_a_feed_tells_what_is_written_from_a_moment_on_in_order(database: Database) -> None:
    books, other = database.driver["books"], database.driver["timers"]
    await books.insert_one({"_id": "before"})

    async def read(session: Session) -> int:
        return await books.count_documents({}, session=session)

    moment, there = await database.at_one_moment(read)
    assert there == 1
    await books.insert_one({"_id": "a", "n": 1})
    await other.insert_one({"_id": "of no concern"})
    await books.replace_one({"_id": "a"}, {"n": 2})
    await books.update_one({"_id": "before"}, {"$set": {"n": 3}})
    await books.delete_one({"_id": "a"})
    told = []
    async with aclosing(written_since(database, moment, ["books"])) as feed:
        async for each in feed:
            if each.id != "before" or each.document != {"_id": "before"}:
                told.append((each.id, each.document and each.document.get("n")))
            if each.document is None:
                break
    assert told[0][0] == told[1][0] == "a"
    assert (told[-2], told[-1]) == (("before", 3), ("a", None))
