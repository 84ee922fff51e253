"""A private virtual host, database, clock and mail server for the notifications service."""

import asyncio
import os
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from secrets import token_hex
from typing import Any

import aio_pika
from aiosmtpd.smtp import SMTP, Envelope, Session
from pydantic import SecretStr

from local.servers import Servers
from services.notifications.app import PARTS
from services.notifications.domain.delivery import State
from services.notifications.settings import NotificationsSettings
from services.notifications.store import NotificationsStore
from shared.clock import FileClock
from shared.contracts.base import Exchange
from shared.contracts.notifications import MessageFailed, MessageSent, RequestMessage, Template
from shared.messaging.topology import ServiceRights, Topology
from shared.runtime import App
from shared.setup import Access, prepare_broker, prepare_databases
from tests.support.probes import eventually
from tests.support.wiretap import SENT_BY_A_TEST, wiretapped

START = datetime(2016, 2, 29, 9, 30, tzinfo=UTC)
SENDER = ServiceRights("network", (), (Exchange.PRIVATE,), ())
LISTENER = ServiceRights("listener", (MessageSent.wire.type, MessageFailed.wire.type), (), ())


class Receiver:
    """The mail server's side of the dialogue: keeps mails, refuses and interrupts on demand."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.refusals: list[str] = []
        self.before_answer: Callable[[SMTP], Awaitable[None]] | None = None
        self.peers: set[Any] = set()

    @property
    def ids(self) -> Counter[str]:
        return Counter(mail["Message-ID"] for mail in self.mails)

    async def handle_RCPT(  # noqa: N802 - the name that aiosmtpd calls
        self, _server: SMTP, session: Session, envelope: Envelope, address: str, _options: object
    ) -> str:
        self.peers.add(session.peer)
        if self.refusals:
            return self.refusals.pop()
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - the name that aiosmtpd calls
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        content = envelope.original_content or b""
        self.mails.append(message_from_bytes(content, policy=policy.default))
        if self.before_answer:
            await self.before_answer(server)
        return "250 OK"


@dataclass
class Bench:
    """One private system: virtual host, database, clock and mail server."""

    access: Access
    clock: FileClock
    clock_file: Path
    receiver: Receiver = field(default_factory=Receiver)
    smtp: asyncio.Server | None = None
    smtp_port: int = 0

    async def open_smtp(self) -> None:
        loop = asyncio.get_running_loop()
        self.smtp = await loop.create_server(
            lambda: SMTP(self.receiver, loop=loop), "127.0.0.1", self.smtp_port
        )
        self.smtp_port = self.smtp.sockets[0].getsockname()[1]

    def close_smtp(self) -> None:
        if self.smtp:
            self.smtp.close()

    def settings(
        self, instance: str = "one", lease: float = 300, connections: int = 8
    ) -> NotificationsSettings:
        return NotificationsSettings(
            amqp_url=SecretStr(self.access.amqp("notifications")),
            mongodb_url=SecretStr(self.access.mongodb("notifications")),
            mongodb_database=self.access.database("notifications"),
            smtp_url=SecretStr(f"smtp://127.0.0.1:{self.smtp_port}"),
            smtp_connections=connections,
            sending_lease_seconds=lease,
            clock_file=self.clock_file,
            timer_seconds=0.05,
            instance=instance,
        )

    def environment(self, lease: float) -> dict[str, str]:
        """What a service in a process of its own is told."""
        settings = self.settings()
        return os.environ | {
            "AMQP_URL": settings.amqp_url.get_secret_value(),
            "MONGODB_URL": settings.mongodb_url.get_secret_value(),
            "MONGODB_DATABASE": settings.mongodb_database,
            "SMTP_URL": settings.smtp_url.get_secret_value(),
            "CLOCK_FILE": str(self.clock_file),
            "SENDING_LEASE_SECONDS": str(lease),
        }

    @asynccontextmanager
    async def running(
        self, instance: str = "one", lease: float = 300
    ) -> AsyncIterator[App[NotificationsStore]]:
        app = App(PARTS, self.settings(instance, lease))
        await app.start()
        try:
            yield app
        finally:
            await app.stop()

    async def request(self, *requests: tuple[str, RequestMessage]) -> None:
        """Publish requests with these message ids."""
        connection = await aio_pika.connect(self.access.amqp("network"))
        async with connection:
            channel = await connection.channel(on_return_raises=True)
            exchange = await channel.get_exchange(Exchange.PRIVATE, ensure=False)
            for message_id, request in requests:
                await exchange.publish(_message(message_id, request), "notifications")

    async def heard(self) -> list[str]:
        """Types of the facts that others hear, in order; each is told once."""
        connection = await aio_pika.connect(self.access.amqp("listener"))
        async with connection:
            channel = await connection.channel()
            queue = await channel.get_queue("listener", ensure=False)
            types = []
            while message := await queue.get(fail=False):
                await message.ack()
                types.append(str(message.headers["ce-type"]).split(".")[2])
        return types


def _message(message_id: str, request: RequestMessage) -> aio_pika.Message:
    return aio_pika.Message(
        request.model_dump_json().encode(),
        message_id=message_id,
        content_type="application/json",
        app_id=SENT_BY_A_TEST,
        headers={
            "ce-id": message_id,
            "ce-type": request.wire.type,
            "ce-source": "/services/network",
            "ce-specversion": "1.0",
        },
    )


def a_request(**other: object) -> RequestMessage:
    request: dict[str, object] = {
        "about": "h-1",
        "template": Template.HOUSEHOLD_WELCOME,
        "name": "Leyla Öztürk",
        "email": "leyla@mail.example",
        "language": "de",
    }
    return RequestMessage.model_validate(request | other)


async def counted(app: App[NotificationsStore], **expected: int) -> None:
    """Wait until the figures are these."""

    async def holds() -> bool:
        mails: dict[str, int] = (await app.parts.figures(app.read()))["mails"]
        return expected.items() <= mails.items()

    await eventually(f"the figures are {expected}", holds)


async def in_state(app: App[NotificationsStore], state: State) -> None:
    """Wait until one delivery is in this state."""

    async def holds() -> bool:
        return await app.read().deliveries.count({"state": state.value}) == 1

    await eventually(f"a delivery is {state}", holds)


async def published(app: App[NotificationsStore]) -> None:
    """Wait until all facts are with the broker."""

    async def holds() -> bool:
        return app.relay.backlog == 0

    await eventually("the facts are published", holds)


@asynccontextmanager
async def prepared(servers: Servers, folder: Path) -> AsyncIterator[Bench]:
    """A bench with nothing on it, its mail server open."""
    access = Access(
        servers.amqp_admin_url,
        servers.management_url,
        servers.mongodb_admin_url,
        vhost=f"notifications-{token_hex(3)}",
        prefix=f"{token_hex(3)}_",
    )
    topology = Topology([PARTS.rights, SENDER, LISTENER], [])
    await prepare_broker(access, topology)
    await prepare_databases(access, {"notifications": PARTS.collections})
    bench = Bench(access, FileClock(folder / "clock"), folder / "clock")
    bench.clock.set(START)
    await bench.open_smtp()
    async with wiretapped(access, topology, [PARTS]):
        yield bench
    bench.close_smtp()
