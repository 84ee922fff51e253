"""A referral is published, and the time runs until the optimum with this household is stored: over
the broker, through the service's transaction, the feed, the engine and a second transaction.
"""

import argparse
import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, closing
from datetime import timedelta
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, NamedTuple

import aio_pika
from rich.console import Console
from rich.table import Table

from benchmarks.proposal.letters import letter
from benchmarks.proposal.people import NOW, PARTNER, Town
from benchmarks.proposal.session import QUIET_SECONDS, referring
from local.servers import Servers
from services.matching.app import PARTS
from shared.clock import FileClock
from shared.contracts.base import Exchange
from shared.messaging.topology import Partner, Topology
from shared.setup import Access, prepare_broker, prepare_databases
from shared.storage import Database, UnitOfWork
from shared.storage.driver import Collection, DriverDatabase, connect
from willkommen.processes import ServiceProcess

GOAL_MS = 20.0
WARM_UP = 20
PATIENCE_SECONDS = 60.0


def main(arguments: list[str]) -> int:
    """Measure and print; returns 0 when the goal is met."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks proposal")
    parser.add_argument("--sponsors", type=int, default=1_000)
    parser.add_argument("--households", type=int, default=3_000)
    parser.add_argument("--referrals", type=int, default=200)
    chosen = parser.parse_args(arguments)
    with Servers("proposal", fresh=True) as servers:
        return asyncio.run(measure(servers, chosen))


async def measure(servers: Servers, chosen: argparse.Namespace) -> int:
    """A city, its referrals one after the other, then a restart and a sudden end."""
    access = await prepared(servers)
    town = Town()
    await settle(access, town, chosen.sponsors, chosen.households)
    clock_file = servers.folder / "clock"
    FileClock(clock_file).set(NOW)
    process = ServiceProcess("matching", environment(access, clock_file), servers.folder / "logs")
    with closing(connect(access.mongodb_url, name="benchmark")) as admin:
        database = admin[access.database("matching")]
        process.log.unlink(missing_ok=True)
        process.start()
        try:
            await waiting(database["standings"], chosen.households)
            before = processor_seconds(process)
            taken = await referred(access, database["standings"], town, chosen)
            used = (processor_seconds(process) - before) / (WARM_UP + chosen.referrals) * 1_000
            changed = await database["tentative"].count_documents({"cause": "household_waits"})
            session = await beside_a_session(access, database, town, FileClock(clock_file), chosen)
            left = await database["households"].count_documents({"status": "waiting"})
            await waiting(database["standings"], left)
            process.stop()
            process.start()
            await asyncio.to_thread(process.wait_until_ready)
            await loads(process, 2)
        finally:
            process.stop()
    return report(chosen, taken, used, changed, session, await loads(process, 2))


async def prepared(servers: Servers) -> Access:
    """An empty virtual host and an empty database."""
    access = Access(
        servers.amqp_admin_url,
        servers.management_url,
        servers.mongodb_admin_url,
        vhost="proposal",
        prefix="proposal_",
    )
    await prepare_broker(access, Topology([PARTS.rights], [Partner(PARTNER)]))
    await prepare_databases(access, {PARTS.name: PARTS.collections})
    return access


async def settle(access: Access, town: Town, sponsors: int, households: int) -> None:
    """Put everybody into the database."""
    database = Database(access.mongodb("matching"), access.database("matching"))
    unit = UnitOfWork(database, None)
    store = PARTS.store(unit)
    for number in range(sponsors):
        store.sponsors.save(town.sponsor(number))
    for number in range(households):
        store.households.save(town.waiting(number))
    unit.accept()
    await unit.flush()
    database.close()


def environment(access: Access, clock_file: Path) -> dict[str, str]:
    """What the measured process is told."""
    return {
        "AMQP_URL": access.amqp("matching"),
        "MONGODB_URL": access.mongodb("matching"),
        "MONGODB_DATABASE": access.database("matching"),
        "SESSION_RHYTHM": "weekly",
        "INTAKE_PER_MINUTE": "0",
        "CLOCK_FILE": str(clock_file),
    }


async def waiting(standings: Collection, number: int) -> None:
    """Return when so many households wait in the stored optimum: looked up now and then."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await standings.find_one({"waiting": number}):  # noqa: ASYNC110 - see above
            await asyncio.sleep(0.05)


async def referred(
    access: Access, standings: Collection, town: Town, chosen: argparse.Namespace
) -> list[float]:
    """Milliseconds of each referral, sorted, the first ones left out."""
    taken = []
    async with (
        await aio_pika.connect(access.amqp(PARTNER)) as connection,
        standings_of(standings) as changes,
    ):
        channel = await connection.channel(on_return_raises=True)
        intake = await channel.get_exchange(Exchange.INTAKE, ensure=False)
        for number in range(WARM_UP + chosen.referrals):
            message = letter(town.referral(number), number)
            began = perf_counter()
            await intake.publish(message, routing_key=f"referral.{PARTNER}.submitted")
            async for each in changes:
                if each["waiting"] == chosen.households + number + 1:
                    break
            taken.append((perf_counter() - began) * 1_000)
    return sorted(taken[WARM_UP:])


@asynccontextmanager
async def standings_of(standings: Collection) -> AsyncIterator[AsyncIterator[Mapping[str, Any]]]:
    """What the service stores of its optimum, as soon as it is committed."""
    arrived: asyncio.Queue[Mapping[str, Any]] = asyncio.Queue()
    stream = standings.watch()
    await stream.try_next()

    async def feed() -> None:
        async for change in stream:
            arrived.put_nowait(change["fullDocument"])

    async def given() -> AsyncIterator[Mapping[str, Any]]:
        while True:
            async with asyncio.timeout(PATIENCE_SECONDS):
                change = await arrived.get()
            yield change

    feeding = asyncio.create_task(feed())
    try:
        yield given()
    finally:
        feeding.cancel()
        await asyncio.gather(feeding, return_exceptions=True)
        await stream.close()


class SessionFelt(NamedTuple):
    """How long a session took, and what a partner felt before it and during it."""

    seconds: float
    pairs: int
    before: tuple[float, float]
    during: tuple[float, float]


async def beside_a_session(
    access: Access,
    database: DriverDatabase,
    town: Town,
    clock: FileClock,
    chosen: argparse.Namespace,
) -> SessionFelt:
    """Refer for some seconds, then let the week be over and go on until the session is held."""
    async with referring(access, town, WARM_UP + chosen.referrals) as partner:
        until = perf_counter() + QUIET_SECONDS

        async def quiet_is_over() -> bool:
            return perf_counter() > until

        async def held() -> bool:
            return await database["runs"].count_documents({}) > 0

        before = await partner.until(quiet_is_over)
        began = perf_counter()
        clock.set(NOW + timedelta(days=7))
        during = await partner.until(held)
        seconds = perf_counter() - began
    run = await database["runs"].find_one({}) or {"pairs": []}
    return SessionFelt(seconds, len(run["pairs"]), before, during)


async def loads(process: ServiceProcess, number: int) -> list[dict[str, Any]]:
    """How the city was loaded, once it was so many times."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            lines = process.log.read_text(encoding="utf-8").splitlines()
            found = [json.loads(line) for line in lines if "the city is alive" in line]
            if len(found) >= number:
                return found
            await asyncio.sleep(0.05)


def processor_seconds(process: ServiceProcess) -> float:
    """What the process has used of the processor so far."""
    fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def report(
    chosen: argparse.Namespace,
    taken: list[float],
    used: float,
    changed: int,
    session: SessionFelt,
    loaded: list[dict[str, Any]],
) -> int:
    """Print the table and say whether the goal is met."""
    middle, tail = median(taken), taken[int(len(taken) * 0.99)]
    table = Table(title=f"{chosen.sponsors} sponsors, {chosen.households} households that wait")
    for column in ("", "measured", "goal"):
        table.add_column(column, justify="right" if column else "left")
    goal = f"<= {GOAL_MS:.0f} ms"
    table.add_row("referral published to optimum stored, median", f"{middle:.1f} ms", goal)
    table.add_row("99th percentile", f"{tail:.1f} ms", "")
    table.add_row("processor time of the service for each", f"{used:.1f} ms", "")
    table.add_row("of so many referrals / with another proposal", f"{len(taken)} / {changed}", "")
    table.add_row("a session of the whole city: time / pairs", f"{session.seconds:.2f} s / "
                  f"{session.pairs}", "")  # fmt: skip
    for when, (middle_of, longest) in (("before", session.before), ("during", session.during)):
        what = f"acceptance of a referral {when} it, median / longest"
        table.add_row(what, f"{middle_of:.0f} / {longest:.0f} ms", "")
    for each in loaded:
        took, used = (each[name] * 1_000 for name in ("seconds", "processor_seconds"))
        what = f"the city {each['how']}: time / of the processor"
        table.add_row(what, f"{took:.0f} / {used:.0f} ms", "")
    Console().print(table)
    print("the goal is met" if middle <= GOAL_MS else "the goal is missed", file=sys.stderr)
    return 0 if middle <= GOAL_MS else 1
