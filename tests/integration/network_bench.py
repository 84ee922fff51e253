"""A private virtual host, database and clock on which staff enter what the network does."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from secrets import token_hex
from typing import Any

import aio_pika
from pydantic import SecretStr

from local.servers import Servers
from services.network.app import PARTS
from services.network.settings import NetworkSettings
from services.network.store import NetworkStore
from shared.clock import FileClock
from shared.contracts.base import Contract, Exchange, catalogue
from shared.contracts.desk import (
    ActorCategory,
    Programme,
    RecordCost,
    RecordMeeting,
    RegisterActor,
    SubmitEvaluation,
)
from shared.contracts.ids import actor_id
from shared.contracts.notifications import RequestMessage
from shared.contracts.people import Contact
from shared.messaging.topology import DESK, ServiceRights, Topology
from shared.runtime import App
from shared.setup import Access, prepare_broker, prepare_databases
from shared.storage.records import Ledger
from tests.support.probes import eventually
from tests.support.wiretap import wiretapped

START = datetime(2015, 10, 16, 8, 0, tzinfo=UTC)
LISTENER = ServiceRights("listener", PARTS.rights.facts, (), ())
NOTIFICATIONS = ServiceRights("notifications", (RequestMessage.wire.type,), (), ())


@dataclass
class Bench:
    """One private system; `listener` hears every fact, `notifications` every private request."""

    access: Access
    clock_file: Path

    @asynccontextmanager
    async def running(self) -> AsyncIterator[App[NetworkStore]]:
        app = App(
            PARTS,
            NetworkSettings(
                amqp_url=SecretStr(self.access.amqp("network")),
                mongodb_url=SecretStr(self.access.mongodb("network")),
                mongodb_database=self.access.database("network"),
                clock_file=self.clock_file,
            ),
        )
        await app.start()
        try:
            yield app
        finally:
            await app.stop()

    async def enter(self, *commands: Contract, ids: str = "") -> None:
        """Staff enter commands, each a message of its own."""
        connection = await aio_pika.connect(self.access.amqp(DESK))
        async with connection:
            channel = await connection.channel(on_return_raises=True)
            exchange = await channel.get_exchange(Exchange.COMMANDS, ensure=False)
            for command in commands:
                message = _message(command, ids or token_hex(8))
                await exchange.publish(message, command.wire.type)

    async def heard(self, queue: str = "listener") -> list[Contract]:
        """What others got so far, in order."""
        connection = await aio_pika.connect(self.access.amqp(queue))
        async with connection:
            channel = await connection.channel()
            waiting = await channel.get_queue(queue, ensure=False)
            facts = []
            while message := await waiting.get(fail=False):
                await message.ack()
                contract = catalogue[str(message.headers["ce-type"])]
                facts.append(contract.model_validate_json(message.body))
        return facts


def _message(command: Contract, message_id: str) -> aio_pika.Message:
    return aio_pika.Message(
        command.model_dump_json().encode(),
        message_id=message_id,
        content_type="application/json",
        headers={
            "ce-id": message_id,
            "ce-type": command.wire.type,
            "ce-source": "/desk",
            "ce-specversion": "1.0",
        },
    )


def an_actor(reference: str, **other: object) -> RegisterActor:
    command: dict[str, object] = {
        "staff_id": "staff-01",
        "reference": reference,
        "name": f"Verein {reference}",
        "category": ActorCategory.ENGAGEMENT,
        "contact": Contact(name="Kim Weber", email="kim@verein.example"),
        "joined_on": date(2015, 5, 8),
    }
    return RegisterActor.model_validate(command | other)


def a_meeting(invited: list[str], attended: list[str]) -> RecordMeeting:
    return RecordMeeting(
        staff_id="staff-01",
        reference="nt-2015",
        title="Erstes Netzwerktreffen",
        held_on=date(2015, 10, 15),
        invited=[actor_id(each) for each in invited],
        attended=[actor_id(each) for each in attended],
    )


def a_cost(
    reference: str, programme: Programme | None, begins: date, ends: date, eur: int, share: float
) -> RecordCost:
    return RecordCost(
        staff_id="staff-01",
        reference=reference,
        programme=programme,
        from_on=begins,
        to_on=ends,
        amount_eur=eur,
        funded_share=share,
    )


def forms(answers: list[int]) -> list[SubmitEvaluation]:
    return [
        SubmitEvaluation(
            staff_id="staff-01",
            meeting_reference="nt-2015",
            form=f"form-{number}",
            answers={"need_for_network_in_future": answer, "well_organised": 1},
        )
        for number, answer in enumerate(answers)
    ]


async def handled(app: App[NetworkStore], messages: int) -> dict[str, Any]:
    """The figures once so many messages had their effect and all facts are published."""

    async def holds() -> bool:
        counts = await Ledger(app.database).totals()
        return counts.get("handled", 0) >= messages and app.relay.backlog == 0

    await eventually(f"{messages} messages are handled", holds)
    return dict(await app.parts.figures(app.read()))


async def retried(app: App[NetworkStore], messages: int) -> None:
    """Wait until so many messages were put off."""

    async def holds() -> bool:
        counts: dict[str, int] = await Ledger(app.database).totals()
        return counts.get("retried", 0) >= messages

    await eventually(f"{messages} messages wait", holds)


@asynccontextmanager
async def prepared(servers: Servers, folder: Path) -> AsyncIterator[Bench]:
    """A bench with nothing on it."""
    access = Access(
        servers.amqp_admin_url,
        servers.management_url,
        servers.mongodb_admin_url,
        vhost=f"network-{token_hex(3)}",
        prefix=f"{token_hex(3)}_",
    )
    topology = Topology([PARTS.rights, LISTENER, NOTIFICATIONS], [])
    await prepare_broker(access, topology)
    await prepare_databases(access, {"network": PARTS.collections})
    FileClock(folder / "clock").set(START)
    async with wiretapped(access, topology, [PARTS]):
        yield Bench(access, folder / "clock")
