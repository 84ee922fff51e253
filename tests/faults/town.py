"""The whole town as processes: three services, a mail server, and ears on all that they say."""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from local.servers import Servers
from services.matching.app import PARTS as MATCHING
from services.network.app import PARTS as NETWORK
from services.notifications.app import PARTS as NOTIFICATIONS
from shared.parts import Parts
from tests.faults.driver import Driver
from tests.faults.town_load import PARTNER, TownLoad
from tests.support.hearing import Hearing, hearing, hearing_facts
from tests.support.post_office import PostOffice, post_office
from tests.support.processes import Process
from tests.support.system import System, prepared

SERVICES = (MATCHING.name, NETWORK.name, NOTIFICATIONS.name)
LADDER = (500, 1_500, 5_000, 60_000)
"""Milliseconds of each step: what arrives too early is soon tried again."""


@dataclass(frozen=True)
class Kind:
    """How many instances of each service, how soon others take over what one left behind, how soon
    the broker notices that one is frozen, and how long a service waits for its confirmations.
    """

    instances: int = 1
    lease_seconds: float = 1
    sending_lease_seconds: float = 3
    heartbeat_seconds: int = 2
    publish_seconds: float = 10


CALM = Kind(
    instances=2,
    lease_seconds=120,
    sending_lease_seconds=300,
    heartbeat_seconds=60,
    publish_seconds=120,
)
"""Nobody is impatient: whatever comes twice was delivered twice."""


@dataclass
class Town:
    """What the cases of one file share; each has a mark of its own for what it sends."""

    kind: Kind
    servers: Servers
    system: System
    office: PostOffice
    facts: Hearing
    replies: Hearing
    processes: dict[str, Process]
    cases: int = 0
    sound: bool = True
    """Whether the next case can use it: no case has failed in it."""
    heard_before: dict[str, int] = field(default_factory=dict)
    mails_before: int = 0
    parked_before: int = 0

    def instances(self, service: str) -> list[str]:
        """The names of a service's instances."""
        return [name for name, process in self.processes.items() if process.name == service]

    @asynccontextmanager
    async def case(self, seed: int) -> AsyncIterator[tuple[Driver, TownLoad]]:
        """A driver and an empty load; what happened is printed at the end."""
        self.sound, self.cases = False, self.cases + 1
        self.heard_before = {
            "facts": len(self.facts.messages),
            "replies": len(self.replies.messages),
        }
        self.mails_before = self.office.mails.total()
        self.parked_before = await self.parked()
        driver = Driver(seed, self.servers, self.processes)
        try:
            yield driver, TownLoad(f"case{self.cases}", seed)
            assert driver.missing() == []
            driver.note(f"everything has happened once: {self._in_numbers()}")
            self.sound = True
        finally:
            driver.tell()

    def _in_numbers(self) -> str:
        """What was heard since the case began."""
        facts = len(self.facts.messages) - self.heard_before["facts"]
        replies = len(self.replies.messages) - self.heard_before["replies"]
        mails = self.office.mails.total() - self.mails_before
        return f"{facts} facts, {replies} answers, {mails} mails"

    async def parked(self) -> int:
        """How many messages wait for a person, in all services."""
        return sum([await self.system.number(service, "parked") for service in SERVICES])

    async def counted(self, outcome: str) -> int:
        """How many messages came out so, in the exact books of all instances."""
        books = [await self.system.documents(service, "ledger") for service in SERVICES]
        return sum(book.get(outcome, 0) for each in books for book in each)

    def redelivered(self) -> int:
        """How many deliveries were not the first of their message to their service."""
        again = 0
        for service in SERVICES:
            processes = [self.processes[instance] for instance in self.instances(service)]
            taken = Counter(each for process in processes for each in process.deliveries())
            again += taken.total() - len(taken)
        return again


@asynccontextmanager
async def town_of(servers: Servers, folder: Path, kind: Kind) -> AsyncIterator[Town]:
    """All of it, up and running inside the block."""
    async with AsyncExitStack() as stack:
        parts: list[Parts[Any]] = [MATCHING, NETWORK, NOTIFICATIONS]
        system = await stack.enter_async_context(prepared(servers, folder, parts))
        await system.shorten_ladder(*LADDER)
        office = await stack.enter_async_context(post_office())
        facts = await stack.enter_async_context(hearing_facts(system))
        replies = await stack.enter_async_context(hearing(system, PARTNER, f"replies.{PARTNER}"))
        processes = _processes(system, folder, kind, office)
        driver = Driver(0, servers, processes)
        system.clock.run()
        await stack.enter_async_context(driver.running())
        yield Town(kind, servers, system, office, facts, replies, processes)


def _processes(system: System, folder: Path, kind: Kind, office: PostOffice) -> dict[str, Process]:
    made = [
        Process(name, _environment(system, name, kind, office), folder, number=number)
        for name in SERVICES
        for number in range(1, kind.instances + 1)
    ]
    return {process.instance: process for process in made}


def _environment(system: System, name: str, kind: Kind, office: PostOffice) -> dict[str, str]:
    """Proposals wait for Monday, which never comes: what a load brings about can be counted."""
    told = system.environment(name)
    return {
        **told,
        "AMQP_URL": f"{told['AMQP_URL']}?heartbeat={kind.heartbeat_seconds}",
        "SMTP_URL": f"smtp://127.0.0.1:{office.port}",
        "SESSION_RHYTHM": "weekly",
        "TIMER_SECONDS": "0.2",
        "LEASE_SECONDS": str(kind.lease_seconds),
        "PUBLISH_SECONDS": str(kind.publish_seconds),
        "SENDING_LEASE_SECONDS": str(kind.sending_lease_seconds),
    }
