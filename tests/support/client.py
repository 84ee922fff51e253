"""A user of the broker as partners, staff and listeners are: sends, and takes what it may read."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import uuid4

import aio_pika
from aio_pika.abc import AbstractChannel, AbstractConnection, AbstractIncomingMessage
from aiormq import spec
from yarl import URL

from shared.contracts.base import Contract, Exchange
from shared.contracts.matching import MessageRefused
from shared.messaging.topology import DESK, HISTORY
from tests.support.frames import as_frames, send_frames
from tests.support.probes import becomes, eventually
from tests.support.system import System
from tests.support.wiretap import SENT_BY_A_TEST

AT_ONCE = 200
CONNECT_SECONDS = 30


@dataclass(frozen=True)
class Letter:
    """A message before it is sent; without `message_id` it has none at all."""

    body: bytes
    type: str
    exchange: str
    key: str
    message_id: str | None = field(default_factory=lambda: str(uuid4()))
    source: str = ""
    user_id: str | None = None
    content_type: str = "application/json"
    headers: dict[str, Any] = field(default_factory=dict)

    @property
    def properties(self) -> spec.Basic.Properties:
        own = {"ce-specversion": "1.0", "ce-type": self.type, "ce-source": self.source}
        identity = {"ce-id": self.message_id} if self.message_id else {}
        return spec.Basic.Properties(
            headers={**own, **identity, **self.headers},
            content_type=self.content_type,
            delivery_mode=2,
            message_id=self.message_id,
            user_id=self.user_id,
            app_id=SENT_BY_A_TEST,
        )


def letter(user: str, told: Contract, **other: Any) -> Letter:
    """A contract as this user would send it; `other` are fields of the letter that differ."""
    kind, source = told.wire.type, "/desk" if user == DESK else f"/partners/{user}"
    key = kind
    if told.wire.exchange is Exchange.INTAKE:
        aggregate, verb = kind.split(".")[1:3]
        key = f"{aggregate}.{user}.{verb}"
    values: dict[str, Any] = {
        "body": told.model_dump_json().encode(),
        "type": kind,
        "exchange": told.wire.exchange.value,
        "key": key,
        "source": source,
        "user_id": user,
    }
    return Letter(**(values | other))


class Client:
    """One connection of one user."""

    def __init__(self, user: str, channel: AbstractChannel, prefix: str = "") -> None:
        self.user = user
        self.channel = channel
        self._prefix = prefix

    async def tell(self, told: Contract, **other: Any) -> str:
        """Send a contract and return the message's id once the broker has confirmed it."""
        sent = letter(self.user, told, **other)
        await self.send(sent)
        return sent.message_id or ""

    async def send(self, *letters: Letter) -> None:
        """Send many at a time; returns when the broker has confirmed all."""
        for start in range(0, len(letters), AT_ONCE):
            await asyncio.gather(*(self._send(each) for each in letters[start : start + AT_ONCE]))

    async def _send(self, sent: Letter) -> None:
        if sent.user_id:
            sent = replace(sent, user_id=f"{self._prefix}{sent.user_id}")
        channel = await self.channel.get_underlay_channel()
        if sent.message_id is None:
            frames = as_frames(sent.properties, sent.body, sent.exchange, sent.key)
            return await send_frames(channel, frames)
        await channel.basic_publish(
            sent.body,
            exchange=sent.exchange,
            routing_key=sent.key,
            properties=sent.properties,
            mandatory=True,
        )
        return None

    async def take(self, queue: str) -> list[AbstractIncomingMessage]:
        """Everything that is in a queue now."""
        there = await self.channel.get_queue(queue, ensure=False)
        taken = []
        while message := await there.get(fail=False, no_ack=True):
            taken.append(message)
        return taken

    async def replies(self, number: int) -> list[dict[str, Any]]:
        """Wait for so many replies to this partner, and give what they say."""
        return await self.collect(f"replies.{self.user}", number)

    async def refusals(self, number: int) -> list[MessageRefused]:
        """Wait for so many replies, which must all be refusals."""
        return [MessageRefused.model_validate(each) for each in await self.replies(number)]

    async def collect(self, queue: str, number: int) -> list[dict[str, Any]]:
        """Wait until so many messages came out of a queue, and give their bodies."""
        return [json.loads(each.body) for each in await self.messages(queue, number)]

    async def messages(self, queue: str, number: int) -> Sequence[AbstractIncomingMessage]:
        """Wait until so many messages came out of a queue."""
        taken: list[AbstractIncomingMessage] = []

        async def enough() -> bool:
            taken.extend(await self.take(queue))
            return len(taken) >= number

        await eventually(f"{number} messages in {queue}", enough)
        return taken

    async def waiting(self, queue: str) -> int:
        """How many messages wait in a queue."""
        there = await self.channel.declare_queue(queue, passive=True)
        return there.declaration_result.message_count or 0

    async def is_empty(self, queue: str) -> None:
        """Wait until nobody has left anything in a queue."""

        async def number() -> int:
            return await self.waiting(queue)

        await becomes(f"messages in {queue}", 0, number)


@asynccontextmanager
async def connection_to(address: str) -> AsyncIterator[AbstractConnection]:
    """A connection that is closed in the end, also when connecting failed."""
    connection = aio_pika.Connection(URL(address))
    try:
        await connection.connect(timeout=CONNECT_SECONDS)
        yield connection
    finally:
        await connection.close()


@asynccontextmanager
async def connected(system: System, user: str) -> AsyncIterator[Client]:
    """A connection with the user's own credentials."""
    async with connection_to(system.access.amqp(user)) as connection:
        channel = await connection.channel(on_return_raises=True)
        yield Client(user, channel, system.access.user_prefix)


async def history(system: System, facts: int) -> list[AbstractIncomingMessage]:
    """All facts of the stream from its beginning, once there are at least so many by their ids: one
    that was published again does not count for another.
    """
    seen: list[AbstractIncomingMessage] = []

    async def keep(message: AbstractIncomingMessage) -> None:
        seen.append(message)
        await message.ack()

    async def complete() -> bool:
        return len({each.message_id for each in seen}) >= facts

    async with connection_to(system.access.amqp(DESK)) as connection:
        channel = await connection.channel()
        await channel.set_qos(prefetch_count=500)
        queue = await channel.get_queue(HISTORY, ensure=False)
        await queue.consume(keep, arguments={"x-stream-offset": "first"})
        await eventually(f"{facts} facts in the stream", complete)
    return seen
