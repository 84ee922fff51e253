"""A system of its own for one test: a virtual host, databases, users and a clock, dropped at the
end, on servers that all tests share.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from typing import Any
from urllib.parse import urlsplit

import httpx
from pydantic import SecretStr

from local.servers import Servers
from shared.clock import FileClock
from shared.contracts.network import CostRecorded
from shared.messaging.topology import Partner, ServiceRights, Topology
from shared.parts import Parts
from shared.runtime import App
from shared.settings import ServiceSettings
from shared.setup import Access, drop_all, prepare_broker, prepare_databases
from shared.storage.driver import Client, Document, connect
from tests.support.wiretap import HEARD, WIRETAP, wiretapped

PARTNERS = (Partner("zeytin"), Partner("klinikum", ("recruit",)), Partner("kifa"))
LISTENER = "listener"
START = datetime(2016, 5, 2, 9, 0, tzinfo=UTC)
TIMER_SECONDS = 0.02
_FORGET_TRANSACTIONS = {"setParameter": 1, "transactionLifetimeLimitSeconds": 5}
"""What a killed process had begun is locked for so long; a minute is the server's own choice."""


@dataclass(frozen=True)
class System:
    """Who is there, how they get in, and the one clock of them all."""

    access: Access
    topology: Topology
    clock_file: Path
    clock: FileClock
    admin: Client

    def settings(self, service: str, instance: str = "one", **other: Any) -> ServiceSettings:
        """What an instance of a service is told."""
        return ServiceSettings(
            amqp_url=SecretStr(self.access.amqp(service)),
            mongodb_url=SecretStr(self.access.mongodb(service)),
            mongodb_database=self.access.database(service),
            clock_file=self.clock_file,
            timer_seconds=TIMER_SECONDS,
            instance=instance,
            **{"intake_per_minute": 0, **other},
        )

    def environment(self, service: str) -> dict[str, str]:
        """The same for a service that runs as a process."""
        return {
            "AMQP_URL": self.access.amqp(service),
            "MONGODB_URL": self.access.mongodb(service),
            "MONGODB_DATABASE": self.access.database(service),
            "CLOCK_FILE": str(self.clock_file),
            "TIMER_SECONDS": str(TIMER_SECONDS),
            "INTAKE_PER_MINUTE": "0",
        }

    @asynccontextmanager
    async def running(
        self, parts: Parts[Any], instance: str = "one", **settings: Any
    ) -> AsyncIterator[App[Any]]:
        """The service in the test's own loop, stopped in an orderly way at the end."""
        app = App(parts, self.settings(parts.name, instance, **settings))
        await app.start()
        try:
            yield app
        finally:
            await app.stop()

    async def documents(
        self, service: str, collection: str, query: Mapping[str, Any] | None = None
    ) -> list[Document]:
        """What is in a collection of a service, read as administrator."""
        there = self.admin[self.access.database(service)][collection]
        return [document async for document in there.find(query or {})]

    async def number(self, service: str, collection: str) -> int:
        """How much is in a collection of a service."""
        return await self.admin[self.access.database(service)][collection].count_documents({})

    async def figures(self, service: str = "books") -> dict[str, tuple[int, int]]:
        """Entries and total of each book: what the messages' effects add up to."""
        found = await self.documents(service, "books")
        return {each["_id"]: (each["entries"], each["total"]) for each in found}

    async def command(self, service: str, *words: Any, **more: Any) -> None:
        """Run a command on a service's database as administrator."""
        await self.admin[self.access.database(service)].command(*words, **more)

    async def shorten_ladder(self, *milliseconds: int) -> None:
        """Let the steps of the delay ladder take only so long, the last time for all others."""
        vhost, left = self.access.vhost, list(milliseconds)
        for policy in self.topology.definitions(vhost, self.access.passwords)["policies"]:
            if policy["name"].startswith("retry-"):
                policy["definition"]["message-ttl"] = left.pop(0) if len(left) > 1 else left[0]
                path = f"/api/policies/{vhost}/{policy['name']}"
                await self.manage("PUT", path, json=policy)

    async def remove_queue(self, name: str) -> None:
        """Delete a queue, so that what was meant for it reaches nobody, the wiretap neither."""
        vhost = self.access.vhost
        await self.manage("DELETE", f"/api/queues/{vhost}/{name}")
        for binding in self.topology.bindings:
            if binding.queue == name and binding.exchange in HEARD:
                place = f"/api/bindings/{vhost}/e/{binding.exchange}/q/{WIRETAP}/{binding.key}"
                await self.manage("DELETE", place)

    async def manage(self, method: str, path: str, **request: Any) -> Any:
        """Ask the broker's management API as administrator."""
        url = urlsplit(self.access.management_url)
        login = (url.username or "", url.password or "")
        base = f"{url.scheme}://{url.hostname}:{url.port}"
        async with httpx.AsyncClient(base_url=base, auth=login, timeout=30) as client:
            answer = (await client.request(method, path, **request)).raise_for_status()
        return answer.json() if answer.content else None


@asynccontextmanager
async def prepared(
    servers: Servers,
    folder: Path,
    services: Sequence[Parts[Any]],
    *,
    own_users: bool = False,
    heard_by_all: bool = True,
) -> AsyncIterator[System]:
    """Set up everything for these services, three partners and a listener to their facts.

    With `own_users` the broker's users are of this system alone, with passwords of its own. Without
    `heard_by_all` no wiretap listens: for floods of what no service would say.
    """
    mark = token_hex(4)
    rights = [parts.rights for parts in services]
    heard = {fact for each in rights for fact in each.facts} | {CostRecorded.wire.type}
    listener = ServiceRights(LISTENER, tuple(sorted(heard)), (), ())
    topology = Topology([*rights, listener], PARTNERS)
    access = Access(
        servers.amqp_admin_url,
        servers.management_url,
        servers.mongodb_admin_url,
        vhost=f"test-{mark}",
        prefix=f"{mark}_",
        user_prefix=f"{mark}_" if own_users else "",
        passwords={} if own_users else {user: _password(servers, user) for user in topology.users},
    )
    collections: Mapping[str, Any] = {parts.name: parts.collections for parts in services}
    admin = connect(access.mongodb_url, name="test")
    await admin.admin.command(_FORGET_TRANSACTIONS)
    try:
        await prepare_broker(access, topology)
        await prepare_databases(access, collections)
        clock = FileClock(folder / f"clock-{mark}")
        clock.set(START)
        async with wiretapped(access, topology, services) if heard_by_all else nullcontext():
            yield System(access, topology, folder / f"clock-{mark}", clock, admin)
    finally:
        admin.close()
        await drop_all(access, list(collections))


def _password(servers: Servers, user: str) -> str:
    """The same for all systems on a broker that share their users."""
    return sha256(f"{servers.amqp_admin_url} {user}".encode()).hexdigest()
