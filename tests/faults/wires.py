"""The books behind proxies: their connections to broker and database break in every way there is.

Each blow lasts as long as the seed says and mends the wire again; what is lost stays lost.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from local.servers import Servers
from tests.faults.driver import Driver
from tests.support.books import BOOKS
from tests.support.processes import Process
from tests.support.proxy import BOTH, Proxy, Way
from tests.support.system import System

OUTAGE_SECONDS = (0.1, 1.0)
LONGER_THAN_A_RETRY = 1.5
DELAY_SECONDS = (0.02, 0.2)
TEAR_BYTES = (1, 150_000)
TEAR_SECONDS = 1.0

IMPATIENT_BROKER = "heartbeat=1"
IMPATIENT_DATABASE = "socketTimeoutMS=2000"
"""A service notices dead connections within seconds; its own choice would make the tests long."""


@dataclass(frozen=True)
class Wire:
    """The way of a service to one server."""

    title: str
    proxy: Proxy
    driver: Driver

    async def cut(self) -> None:
        """All connections end at once, with FIN or with RST; new ones are welcome."""
        politely = self.driver.random.random() < 0.5
        self.driver.note(f"connections to {self.title} are cut with {'FIN' if politely else 'RST'}")
        self.proxy.cut(politely=politely)

    async def refuse(self) -> None:
        """All connections end, and new ones are refused for a while."""
        self.driver.note(f"connections to {self.title} are cut and refused")
        self.proxy.refuse()
        self.proxy.cut()
        await self._for_a_while()

    async def slow_down(self) -> None:
        """Everything takes longer, in one direction or both."""
        seconds, ways = self.driver.random.uniform(*DELAY_SECONDS), self._ways()
        self.driver.note(f"{seconds * 1000:.0f} ms delay {_words(ways)} {self.title}")
        self.proxy.delay(seconds, *ways)
        await self._for_a_while()

    async def tear(self) -> None:
        """A connection is cut in the middle of whatever it carries, after some number of bytes."""
        number, way = self.driver.random.randint(*TEAR_BYTES), self.driver.random.choice(BOTH)
        try:
            async with asyncio.timeout(TEAR_SECONDS):
                await self.proxy.cut_after(number, way)
        except TimeoutError:
            self.driver.note(f"less than {number} bytes went {_words([way])} {self.title}")
        else:
            self.driver.note(f"cut after {number} bytes {_words([way])} {self.title}")

    async def half_open(self) -> None:
        """Bytes vanish in one direction or both; no end ever tells so."""
        ways = self._ways()
        self.driver.note(f"bytes vanish {_words(ways)} {self.title}")
        self.proxy.swallow(*ways)
        await self._for_a_while()

    async def black_hole(self) -> None:
        """All connections end, and new ones are taken but never answered, also not later."""
        self.driver.note(f"{self.title} is behind a black hole")
        self.proxy.cut()
        self.proxy.swallow()
        await self._for_a_while(at_least=LONGER_THAN_A_RETRY)

    async def _for_a_while(self, at_least: float = 0.0) -> None:
        await asyncio.sleep(at_least + self.driver.random.uniform(*OUTAGE_SECONDS))
        await self.proxy.heal()
        self.driver.note(f"the wire to {self.title} is mended")

    def _ways(self) -> Sequence[Way]:
        return self.driver.random.choice([BOTH, BOTH[:1], BOTH[1:]])


@dataclass(frozen=True)
class Wires:
    """One instance of the books, and its ways to broker and database."""

    driver: Driver
    broker: Wire
    database: Wire


@asynccontextmanager
async def wired_books(
    seed: int, servers: Servers, system: System, folder: Path
) -> AsyncIterator[Wires]:
    """The books run, and reach broker and database through proxies only."""
    environment = system.environment(BOOKS) | {"LEASE_SECONDS": "1"}
    amqp, mongodb = environment["AMQP_URL"], environment["MONGODB_URL"]
    async with Proxy.before(amqp) as broker, Proxy.before(mongodb) as database:
        environment["AMQP_URL"] = f"{broker.through(amqp)}?{IMPATIENT_BROKER}"
        environment["MONGODB_URL"] = f"{database.through(mongodb)}&{IMPATIENT_DATABASE}"
        books = Process(BOOKS, environment, folder, module="tests.support.books_process")
        driver = Driver(seed, servers, {BOOKS: books})
        async with driver.up():
            yield Wires(
                driver, Wire("the broker", broker, driver), Wire("the database", database, driver)
            )


def _words(ways: Sequence[Way]) -> str:
    return "to" if list(ways) == [Way.TO_SERVER] else "from" if len(ways) == 1 else "to and from"
