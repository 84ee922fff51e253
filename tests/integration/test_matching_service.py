"""The matching service on a real broker and a real database, as partners and staff meet it."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from secrets import token_hex
from typing import Any

import aio_pika
import pytest
from pydantic import SecretStr

from local.servers import Servers
from services.matching.app import parts
from services.matching.domain.sponsorship import SponsorshipStatus
from services.matching.settings import MatchingSettings
from services.matching.store import MatchingStore
from shared.clock import FileClock
from shared.contracts.base import Contract, Exchange
from shared.contracts.desk import (
    AnswerMatch,
    AnswerOffer,
    DecideMatch,
    EndSponsorship,
    LogMeeting,
    Outcome,
    RecordCertificate,
    Side,
    TrainingKind,
)
from shared.contracts.ids import household_id, recruit_id, sponsor_id
from shared.contracts.network import TrainingCompleted
from shared.contracts.notifications import RequestMessage
from shared.contracts.partners import (
    RecruitCorrected,
    RecruitReported,
    RecruitWithdrawn,
    ReferralWithdrawn,
    WithdrawalReason,
)
from shared.contracts.people import History, Housing
from shared.messaging.topology import DESK, Partner, ServiceRights, Topology
from shared.observability.status import figures_of, status_of
from shared.runtime import App
from shared.setup import Access, prepare_broker, prepare_databases
from tests.unit.matching.builders import application, details, referral

START = datetime(2016, 5, 2, 9, 0, tzinfo=UTC)
STAFF = "staff-01"
NETWORK = ServiceRights("network", (), (Exchange.EVENTS,), (TrainingCompleted.wire.type,))
NOTIFICATIONS = ServiceRights("notifications", (RequestMessage.wire.type,), (), ())


@dataclass
class Bench:
    """One private system: virtual host, database and clock; `listener` hears every fact."""

    access: Access
    clock: FileClock
    clock_file: Path
    heard: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    @asynccontextmanager
    async def running(self, **other: Any) -> AsyncIterator[App[MatchingStore]]:
        settings = MatchingSettings(
            amqp_url=SecretStr(self.access.amqp("matching")),
            mongodb_url=SecretStr(self.access.mongodb("matching")),
            mongodb_database=self.access.database("matching"),
            clock_file=self.clock_file,
            timer_seconds=0.02,
            **other,
        )
        app = App(parts(settings.policy), settings)
        await app.start()
        try:
            yield app
        finally:
            await app.stop()

    async def refer(self, *told: Contract, ids: list[str] | None = None) -> None:
        """Publish at intake, as the partner that the kind of message belongs to."""
        for number, each in enumerate(told):
            aggregate, verb = each.wire.type.split(".")[1:3]
            partner = "zeytin" if aggregate == "referral" else "klinikum"
            key = f"{aggregate}.{partner}.{verb}"
            await self._publish(partner, each, key, ids[number] if ids else token_hex(8))

    async def decide(self, *told: Contract) -> None:
        """Publish commands as staff."""
        for each in told:
            await self._publish(DESK, each, each.wire.type, token_hex(8))

    async def train(self, *references: str) -> None:
        """Publish as the network that sponsors completed the basic training."""
        training = TrainingCompleted(
            training_id="t-1",
            kind=TrainingKind.SPONSOR_BASICS,
            held_on=date(2016, 4, 29),
            sponsor_ids=[sponsor_id(reference) for reference in references],
            actor_ids=[],
        )
        await self._publish("network", training, training.wire.type, token_hex(8))

    async def bring_sponsor(self, reference: str = "s-1", **other: Any) -> None:
        """A sponsor who is trained and certified."""
        certificate = RecordCertificate(
            staff_id=STAFF,
            sponsor_id=sponsor_id(reference),
            issued_on=date(2016, 4, 1),
            inspected_on=date(2016, 5, 2),
        )
        await self.decide(application(reference, **other), certificate)
        await self.train(reference)

    async def take(self, user: str, queue: str) -> list[dict[str, Any]]:
        """Everything in a queue, with its type in short under `kind`."""
        connection = await aio_pika.connect(self.access.amqp(user))
        taken = []
        async with connection:
            channel = await connection.channel()
            there = await channel.get_queue(queue, ensure=False)
            while message := await there.get(fail=False):
                await message.ack()
                kind = str(message.headers["ce-type"]).removeprefix("willkommen.")
                taken.append({"kind": kind.rpartition(".")[0], **json.loads(message.body)})
        return taken

    async def replies(self, partner: str = "zeytin") -> list[tuple[str, str | None]]:
        """What the partner was told since the last call: status and reason."""
        told = await self.take(partner, f"replies.{partner}")
        return [(each["status"], each["reason"]) for each in told]

    async def _publish(self, user: str, told: Contract, key: str, message_id: str) -> None:
        connection = await aio_pika.connect(self.access.amqp(user))
        async with connection:
            channel = await connection.channel(on_return_raises=True)
            exchange = await channel.get_exchange(told.wire.exchange, ensure=False)
            await exchange.publish(_message(message_id, told, user), key)


def _message(message_id: str, told: Contract, user: str) -> aio_pika.Message:
    return aio_pika.Message(
        told.model_dump_json().encode(),
        message_id=message_id,
        content_type="application/json",
        user_id=user,
        headers={
            "ce-id": message_id,
            "ce-type": told.wire.type,
            "ce-source": f"/{user}",
            "ce-specversion": "1.0",
        },
    )


async def eventually(
    what: str, holds: Callable[[], Awaitable[Any]], seconds: float = 20.0
) -> Any:
    """Wait until a condition holds; gives what it gave."""
    try:
        async with asyncio.timeout(seconds):
            while not (result := await holds()):
                await asyncio.sleep(0.01)
    except TimeoutError:
        pytest.fail(f"waited {seconds} s in vain: {what}")
    return result


async def quiet(app: App[MatchingStore], handled: int) -> Counter[str]:
    """Wait until so many messages and timers took effect and all facts are published."""

    async def done() -> Counter[str] | None:
        counts = (await status_of(app))["counts"]
        enough = counts.get("handled", 0) >= handled and not app.relay.backlog
        return Counter(counts) if enough else None

    counts: Counter[str] = await eventually(f"{handled} messages are handled", done)
    return counts


async def sponsorship_of(
    app: App[MatchingStore], reference: str, status: SponsorshipStatus
) -> str:
    """Wait for the household's present sponsorship to have a status; gives its id."""
    key = household_id("zeytin", reference)

    async def found() -> str | None:
        query = {"household_id": key, "status": status.value}
        there = await app.read().sponsorships.find(query)
        return there[0].id if there else None

    found_id: str = await eventually(f"{reference} is {status}", found)
    return found_id


def approve(sponsorship_id: str, *, approved: bool = True) -> DecideMatch:
    return DecideMatch(staff_id=STAFF, sponsorship_id=sponsorship_id, approved=approved)


def answer(sponsorship_id: str, side: Side, *, accepted: bool = True) -> AnswerMatch:
    return AnswerMatch(
        staff_id=STAFF, sponsorship_id=sponsorship_id, side=side, accepted=accepted
    )


def recruit(arrival_on: date, **other: Any) -> RecruitReported:
    return RecruitReported(reference="kl-1", arrival_on=arrival_on, household=details(**other))


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
        vhost=f"matching-{token_hex(3)}",
        prefix=f"{token_hex(3)}_",
    )
    plain = parts(MatchingSettings.model_fields and _policy())
    listener = ServiceRights("listener", plain.rights.facts, (), ())
    partners = [Partner("zeytin"), Partner("klinikum", ("recruit",))]
    services = [plain.rights, NETWORK, NOTIFICATIONS, listener]
    await prepare_broker(access, Topology(services, partners))
    await prepare_databases(access, {"matching": plain.collections})
    clock_file = tmp_path / "clock"
    bench = Bench(access, FileClock(clock_file), clock_file)
    bench.clock.set(START)
    yield bench
