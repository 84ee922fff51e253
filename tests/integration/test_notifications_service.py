"""The notifications service on a real broker, a real database and a real SMTP dialogue."""

import asyncio
import os
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from secrets import token_hex
from typing import Any

import aio_pika
import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from pydantic import SecretStr

from local.servers import Servers
from services.notifications.app import PARTS
from services.notifications.settings import NotificationsSettings
from services.notifications.store import NotificationsStore
from shared.clock import FileClock
from shared.contracts.base import Exchange
from shared.contracts.network import ActorRegistered
from shared.contracts.notifications import RequestMessage, Template
from shared.messaging.topology import ServiceRights, Topology
from shared.observability.status import figures_of, status_of
from shared.runtime import App
from shared.setup import Access, prepare_broker, prepare_databases

START = datetime(2016, 2, 29, 9, 30, tzinfo=UTC)
SENDER = ServiceRights("network", (), (Exchange.PRIVATE,), ())
LISTENER = ServiceRights(
    "listener", ("willkommen.message.sent.v1", "willkommen.message.failed.v1"), (), ()
)


class Receiver:
    """The mail server's side of the dialogue: keeps mails, refuses and interrupts on demand."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.refusals: list[str] = []
        self.before_answer: Callable[[], None] | None = None
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
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        content = envelope.original_content or b""
        self.mails.append(message_from_bytes(content, policy=policy.default))
        if self.before_answer:
            self.before_answer()
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

    def settings(self, **other: Any) -> NotificationsSettings:
        return NotificationsSettings(
            amqp_url=SecretStr(self.access.amqp("notifications")),
            mongodb_url=SecretStr(self.access.mongodb("notifications")),
            mongodb_database=self.access.database("notifications"),
            smtp_url=SecretStr(f"smtp://127.0.0.1:{self.smtp_port}"),
            clock_file=self.clock_file,
            timer_seconds=0.05,
            **other,
        )

    def environment(self, **other: str) -> dict[str, str]:
        settings = self.settings()
        return os.environ | {
            "AMQP_URL": settings.amqp_url.get_secret_value(),
            "MONGODB_URL": settings.mongodb_url.get_secret_value(),
            "MONGODB_DATABASE": settings.mongodb_database,
            "SMTP_URL": settings.smtp_url.get_secret_value(),
            "CLOCK_FILE": str(self.clock_file),
            **other,
        }

    @asynccontextmanager
    async def running(self, **other: Any) -> AsyncIterator[App[NotificationsStore]]:
        app = App(PARTS, self.settings(**other))
        await app.start()
        try:
            yield app
        finally:
            await app.stop()

    async def request(self, *requests: tuple[str, RequestMessage]) -> None:
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
        headers={
            "ce-id": message_id,
            "ce-type": request.wire.type,
            "ce-source": "/services/network",
            "ce-specversion": "1.0",
        },
    )


def a_request(**other: Any) -> RequestMessage:
    return RequestMessage(
        **{
            "about": "h-1",
            "template": Template.HOUSEHOLD_WELCOME,
            "name": "Leyla Yılmaz",
            "email": "leyla@mail.example",
            "language": "de",
            **other,
        }
    )


async def eventually(what: str, holds: Callable[[], Any], seconds: float = 20.0) -> None:
    """Wait until a condition, plain or awaitable, holds."""
    try:
        async with asyncio.timeout(seconds):
            while True:
                result = holds()
                if await result if asyncio.iscoroutine(result) else result:
                    return
                await asyncio.sleep(0.01)
    except TimeoutError:
        pytest.fail(f"waited {seconds} s in vain: {what}")


async def mails(app: App[NotificationsStore]) -> dict[str, int]:
    found: dict[str, int] = (await figures_of(app))["mails"]
    return found


@pytest.fixture(scope="module")
def servers() -> Servers:
    running = Servers("smoke", detached=True)
    running.start()
    return running


@pytest.fixture
async def bench(servers: Servers, tmp_path: Path) -> AsyncIterator[Bench]:
    access = Access(
        servers.amqp_admin_url,
        servers.management_url,
        servers.mongodb_admin_url,
        vhost=f"notifications-{token_hex(3)}",
        prefix=f"{token_hex(3)}_",
    )
    await prepare_broker(access, Topology([PARTS.rights, SENDER, LISTENER], []))
    await prepare_databases(access, {"notifications": PARTS.collections})
    clock_file = tmp_path / "clock"
    bench = Bench(access, FileClock(clock_file), clock_file)
    bench.clock.set(START)
    await bench.open_smtp()
    yield bench
    bench.close_smtp()


async def test_a_request_becomes_one_mail_in_the_persons_language(bench: Bench) -> None:
    async with bench.running() as app:
        await bench.request(("m-1", a_request()))
        await eventually("the mail came", lambda: bench.receiver.mails)
        await eventually("it counts as sent", lambda: _is(app, sent=1, pending=0))
    [mail] = bench.receiver.mails
    assert mail["To"] == "Leyla Yılmaz <leyla@mail.example>"
    assert mail["Subject"] == "Willkommen in Ludwigsburg"
    assert mail["Date"].datetime == START
    assert mail["Content-Language"] == "de"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Message-ID"].endswith("@willkommen.example>")
    assert "Guten Tag Leyla Yılmaz," in mail.get_content()


async def test_what_is_personal_goes_once_the_mail_is_sent(bench: Bench) -> None:
    async with bench.running() as app:
        await bench.request(("m-1", a_request()))
        await eventually("it counts as sent", lambda: _is(app, sent=1))
        [delivery] = await app.read().deliveries.find({})
        assert delivery.letter is None
        assert "leyla" not in repr(delivery).lower()
        await eventually("the fact was published", lambda: app.relay.backlog == 0)
    assert await bench.heard() == ["sent"]


async def test_the_same_request_delivered_five_times_is_one_mail(bench: Bench) -> None:
    async with bench.running() as app:
        await bench.request(*[("m-1", a_request())] * 5)
        await bench.request(("m-2", a_request(about="h-2")))
        await eventually("both were sent", lambda: _is(app, sent=2, pending=0))
        counts = (await status_of(app))["counts"]
    assert counts["duplicates"] == 4
    assert sorted(bench.receiver.ids.values()) == [1, 1]


async def test_two_instances_send_each_mail_once_over_few_connections(bench: Bench) -> None:
    requests = [(f"m-{i}", a_request(about=f"h-{i}", email=f"p{i}@mail.example")) for i in range(200)]
    async with bench.running(instance="one") as app, bench.running(instance="two"):
        await bench.request(*requests)
        await eventually("all were sent", lambda: _is(app, sent=200, pending=0, duplicates=0))
    assert len(bench.receiver.ids) == len(bench.receiver.mails) == 200
    assert len(bench.receiver.peers) <= 16


async def test_a_temporary_refusal_is_tried_again_when_the_clock_says_so(bench: Bench) -> None:
    bench.receiver.refusals = ["451 4.7.1 later, leyla@mail.example"]
    async with bench.running() as app:
        await bench.request(("m-1", a_request()))
        await eventually("it waits", lambda: _waits(app))
        [delivery] = await app.read().deliveries.find({})
        assert delivery.attempts[0].reason == "the mail server refused the recipient (451 4.7.1)"
        assert bench.receiver.mails == []
        bench.clock.set(START + timedelta(minutes=1))
        await eventually("it was sent", lambda: _is(app, sent=1, duplicates=0))
    assert len(bench.receiver.mails) == 1


async def test_a_refusal_for_good_is_told_without_the_address(bench: Bench) -> None:
    bench.receiver.refusals = ["550 5.1.1 <leyla@mail.example> is unknown"]
    async with bench.running() as app:
        await bench.request(("m-1", a_request()))
        await eventually("it failed", lambda: _is(app, failed=1, pending=0))
        [delivery] = await app.read().deliveries.find({})
        assert "leyla" not in repr(delivery).lower()
        await eventually("the fact was published", lambda: app.relay.backlog == 0)
    assert await bench.heard() == ["failed"]


async def test_while_the_mail_server_is_away_mails_wait_and_no_try_is_used_up(
    bench: Bench,
) -> None:
    bench.close_smtp()
    async with bench.running() as app:
        await bench.request(("m-1", a_request()), ("m-2", a_request(about="h-2")))
        await eventually("both wait", lambda: _is(app, pending=2))
        await bench.open_smtp()
        await eventually("both were sent", lambda: _is(app, sent=2))
        deliveries = await app.read().deliveries.find({})
    assert [len(delivery.attempts) for delivery in deliveries] == [1, 1]


async def test_a_worker_killed_after_handing_over_causes_no_second_mail(bench: Bench) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "services.notifications",
        env=bench.environment(SENDING_LEASE_SECONDS="1"),
    )
    bench.receiver.before_answer = lambda: os.kill(process.pid, signal.SIGKILL)
    await bench.request(("m-1", a_request()))
    assert await process.wait() == -signal.SIGKILL
    async with bench.running(sending_lease_seconds=1) as app:
        await eventually("a person has to decide", lambda: _is(app, uncertain=1, pending=0))
        await bench.request(("m-2", a_request(about="h-2")))
        bench.receiver.before_answer = None
        await eventually("others go out", lambda: _is(app, sent=1, uncertain=1))
    assert sorted(bench.receiver.ids.values()) == [1, 1]


async def test_a_missing_value_is_parked_and_named(bench: Bench) -> None:
    async with bench.running() as app:
        await bench.request(("m-1", a_request(template=Template.ACTOR_WELCOME)))
        await eventually("it is parked", lambda: _parked(app))
        [parked] = (await status_of(app))["parked"]
    assert parked["reason"] == "data.values.actor: actor_welcome needs it"
    assert bench.receiver.mails == []


async def test_an_address_that_is_none_fails_at_once(bench: Bench) -> None:
    async with bench.running() as app:
        await bench.request(("m-1", a_request(email="a@b\r\nBcc: x@y.example")))
        await eventually("it failed", lambda: _is(app, failed=1, pending=0))
        await eventually("the fact was published", lambda: app.relay.backlog == 0)
    assert bench.receiver.mails == []
    assert await bench.heard() == ["failed"]


async def test_an_idle_system_sends_at_once(bench: Bench) -> None:
    async with bench.running():
        await bench.request(("m-0", a_request(about="h-0")))
        await eventually("it is warm", lambda: bench.receiver.mails)
        loop = asyncio.get_running_loop()
        seconds = []
        for i in range(1, 21):
            began = loop.time()
            await bench.request((f"m-{i}", a_request(about=f"h-{i}")))
            await eventually("the mail came", lambda i=i: len(bench.receiver.mails) > i)  # type: ignore[misc]
            seconds.append(loop.time() - began)
    assert sorted(seconds)[10] < 0.5


async def _is(app: App[NotificationsStore], **expected: int) -> bool:
    found = await mails(app)
    return expected.items() <= found.items()


async def _waits(app: App[NotificationsStore]) -> bool:
    return await app.read().deliveries.count({"state": "deferred"}) == 1


async def _parked(app: App[NotificationsStore]) -> bool:
    return bool((await status_of(app))["parked"])


assert ActorRegistered.wire.type  # the contracts of all publishers are known
