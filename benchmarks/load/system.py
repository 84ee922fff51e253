"""The system under load: real servers, two processes of each service, a partner that refers."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from local.node import Node
from local.servers import Servers
from shared.messaging.topology import Partner
from shared.setup import Access, prepare_broker, prepare_databases
from shared.storage.driver import Client, connect
from willkommen.processes import ServiceProcess
from willkommen.system import SERVICES, topology

PARTNER = Partner("lastprobe")
INSTANCES = 2
_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class LoadSystem:
    """What runs, and what can be read off it from outside."""

    access: Access
    services: list[ServiceProcess]
    servers: Servers
    admin: Client
    web: httpx.AsyncClient
    """One for all: making it takes 25 ms, in which nobody notes when answers come."""

    async def backlog(self) -> int:
        """Messages in all queues of work, facts to publish, mails to send."""
        queued, *waiting = await asyncio.gather(
            self._queued(), *(self._waiting(each) for each in self.services[::INSTANCES])
        )
        return queued + sum(waiting)

    async def mails_sent(self) -> int:
        """Mails that the mail server took."""
        deliveries = self.admin[self.access.database("notifications")]["deliveries"]
        return await deliveries.count_documents({"state": "sent"})

    def megabytes(self) -> dict[str, float]:
        """Resident memory of each service process."""
        return {
            each.instance: int(Path(f"/proc/{each.pid}/statm").read_text().split()[1]) * _PAGE / 1e6
            for each in self.services
        }

    def processor_seconds(self) -> dict[str, float]:
        """What services and servers have used of the processor so far."""
        used = {each.instance: _seconds([each.pid]) for each in self.services}
        for server in self.servers.nodes:
            if isinstance(server, Node):
                used[server.name] = _seconds(server.pids())
        return used

    async def _queued(self) -> int:
        url = urlsplit(self.access.management_url)
        login = (url.username or "", url.password or "")
        base = f"{url.scheme}://{url.hostname}:{url.port}"
        address = f"{base}/api/queues/{self.access.vhost}"
        queues = (await self.web.get(address, auth=login)).json()
        return sum(each.get("messages", 0) for each in queues if each["name"] in SERVICES)

    async def _waiting(self, service: ServiceProcess) -> int:
        status = (await self.web.get(f"{service.url}/status")).json()
        return int(status["outbox"]) + int(status["pending"])


def _seconds(pids: list[int]) -> float:
    total = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        total += int(fields[11]) + int(fields[12])
    return total / _TICKS


@asynccontextmanager
async def loaded_system(servers: Servers, name: str) -> AsyncIterator[LoadSystem]:
    """Everything running inside the block, on empty queues and databases, with the real time."""
    access = Access(
        servers.amqp_admin_url,
        servers.management_url,
        servers.mongodb_admin_url,
        vhost=name,
        prefix=f"{name}_",
    )
    await prepare_broker(access, topology([PARTNER]))
    await prepare_databases(access, {name: parts.collections for name, parts in SERVICES.items()})
    admin = connect(access.mongodb_url, name=name)
    try:
        async with httpx.AsyncClient(timeout=30) as web:
            with _running(access, servers) as services:
                yield LoadSystem(access, services, servers, admin, web)
    finally:
        admin.close()


@contextmanager
def _running(access: Access, servers: Servers) -> Iterator[list[ServiceProcess]]:
    with ExitStack() as stack:
        services = [
            ServiceProcess(
                name, _environment(access, name, servers), servers.folder / "logs", number=number
            )
            for name in SERVICES
            for number in range(1, INSTANCES + 1)
        ]
        for each in services:
            stack.callback(each.stop)
            each.start()
        for each in services:
            each.wait_until_ready()
        yield services


def _environment(access: Access, service: str, servers: Servers) -> dict[str, str]:
    return {
        "AMQP_URL": access.amqp(service),
        "MONGODB_URL": access.mongodb(service),
        "MONGODB_DATABASE": access.database(service),
        "SMTP_URL": f"smtp://{servers.smtp_host}:{servers.smtp_port}",
        "SESSION_RHYTHM": "weekly",
        "INTAKE_PER_MINUTE": "0",
    }
