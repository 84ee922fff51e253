"""The whole system on this machine: servers, mailbox, services; all is stopped at the end."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from local.mailbox_node import Mailbox
from local.servers import Servers
from shared.clock import FileClock
from shared.messaging.topology import Partner, Topology
from shared.setup import Access, drop_all, prepare_broker, prepare_databases
from willkommen.processes import ServiceProcess
from willkommen.system import SERVICES, topology


@dataclass(frozen=True)
class LocalSystem:
    """What is running and how to reach it."""

    folder: Path
    access: Access
    topology: Topology
    clock: FileClock
    mailbox: Mailbox
    services: dict[str, ServiceProcess]

    @property
    def urls(self) -> dict[str, str]:
        """The HTTP address of each service."""
        return {name: service.url for name, service in self.services.items()}


@contextmanager
def running(name: str, partners: list[Partner], *, fresh: bool) -> Iterator[LocalSystem]:
    """Start everything under `.local/<name>`; `fresh` begins with empty queues and databases."""
    with ExitStack() as stack:
        servers = stack.enter_context(Servers(name, fresh=fresh))
        access = _access(servers, name)
        layout = topology(partners)
        asyncio.run(_prepare(access, layout, fresh=fresh))
        _keep(servers.folder, access)
        clock_file = servers.folder / "clock"
        services = {
            service: ServiceProcess(
                service, _environment(access, service, clock_file, servers), servers.folder / "logs"
            )
            for service in SERVICES
        }
        for process in services.values():
            stack.callback(process.stop)
            process.start()
        for process in services.values():
            process.wait_until_ready()
        yield LocalSystem(
            servers.folder, access, layout, FileClock(clock_file), servers.mailbox, services
        )


async def _prepare(access: Access, layout: Topology, *, fresh: bool) -> None:
    if fresh:
        await drop_all(access, list(SERVICES))
    await prepare_broker(access, layout)
    await prepare_databases(access, {name: parts.collections for name, parts in SERVICES.items()})


def _access(servers: Servers, name: str) -> Access:
    """Passwords are made once and kept with the servers' data, readable by the owner alone."""
    passwords: dict[str, str] = {}
    with suppress(FileNotFoundError):
        passwords = json.loads((servers.folder / "passwords.json").read_text())
    return Access(
        servers.amqp_admin_url,
        servers.management_url,
        servers.mongodb_admin_url,
        vhost=f"willkommen-{name}",
        prefix=f"{name}_",
        user_prefix=f"{name}_",
        passwords=passwords,
    )


def _keep(folder: Path, access: Access) -> None:
    path = folder / "passwords.json"
    path.touch(mode=0o600, exist_ok=True)
    path.write_text(json.dumps(access.passwords))


def _environment(
    access: Access, service: str, clock_file: Path, servers: Servers
) -> dict[str, str]:
    return {
        "AMQP_URL": access.amqp(service),
        "MONGODB_URL": access.mongodb(service),
        "MONGODB_DATABASE": access.database(service),
        "CLOCK_FILE": str(clock_file),
        "TIMER_SECONDS": "0.02",
        "SMTP_URL": f"smtp://{servers.smtp_host}:{servers.smtp_port}",
        "SESSION_RHYTHM": "weekly",
    }
