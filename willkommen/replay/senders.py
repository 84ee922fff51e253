"""The partners' and the desk's own connections to the broker, each with its own credentials."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import uuid4

import aio_pika
import aiormq
from aio_pika.abc import AbstractRobustChannel, AbstractRobustConnection
from aiormq.abc import ChannelFrame
from pamqp import commands
from pamqp.body import ContentBody
from pamqp.header import ContentHeader

from shared.contracts.base import Exchange
from shared.contracts.desk import Command
from shared.messaging.topology import DESK
from willkommen.timeline import Publish


class Senders:
    """Publishes for everybody outside the services, and counts what the broker confirmed."""

    def __init__(self, address: Callable[[str], str]) -> None:
        """`address` gives the broker's address for a user."""
        self._address = address
        self._connections: dict[str, AbstractRobustConnection] = {}
        self._channels: dict[str, AbstractRobustChannel] = {}
        self.confirmed: Counter[tuple[str, str]] = Counter()
        """Distinct messages by exchange and routing key."""
        self.published = 0
        self._distinct: set[tuple[str, str, bytes]] = set()

    async def close(self) -> None:
        """Close all connections."""
        for connection in self._connections.values():
            await connection.close()

    async def publish(self, message: Publish) -> None:
        """A partner's message, as often as it was sent."""
        channel = await self._channel(message.partner)
        for _ in range(message.times):
            if message.message_id is None:
                await _publish_without_id(channel, message, self._user(message.partner))
            else:
                await self._send(
                    channel,
                    _of_partner(message, self._user(message.partner)),
                    Exchange.INTAKE,
                    message.routing_key,
                )
            self.published += 1
        identity = (message.partner, message.message_id or "", message.body)
        self._count(identity, Exchange.INTAKE, message.routing_key)

    async def command(self, command: Command, at: datetime, user: str = DESK) -> str:
        """A decision of staff; returns its message id."""
        channel = await self._channel(user)
        message_id = str(uuid4())
        kind = command.wire.type
        message = _of_staff(user, command, message_id, at)
        await self._send(channel, message, Exchange.COMMANDS, kind)
        self.published += 1
        self._count((user, message_id, b""), Exchange.COMMANDS, kind)
        return message_id

    async def _send(
        self, channel: AbstractRobustChannel, message: aio_pika.Message, exchange: str, key: str
    ) -> None:
        target = await channel.get_exchange(exchange, ensure=False)
        await target.publish(message, routing_key=key)

    def _count(self, identity: tuple[str, str, bytes], exchange: Exchange, key: str) -> None:
        if identity not in self._distinct:
            self._distinct.add(identity)
            self.confirmed[exchange.value, key] += 1

    def _user(self, partner: str) -> str:
        """The name that the broker knows the partner by."""
        return unquote(urlsplit(self._address(partner)).username or "")

    async def _channel(self, user: str) -> AbstractRobustChannel:
        if user not in self._channels:
            connection = await aio_pika.connect_robust(self._address(user))
            self._connections[user] = connection
            channel = await connection.channel(on_return_raises=True)
            self._channels[user] = channel
        return self._channels[user]


def _headers(message_id: str, source: str, kind: str, at: datetime) -> dict[str, Any]:
    return {
        "ce-specversion": "1.0",
        "ce-id": message_id,
        "ce-source": source,
        "ce-type": kind,
        "ce-time": at.isoformat(),
    }


def _of_partner(message: Publish, user: str) -> aio_pika.Message:
    source = f"/partners/{message.partner}"
    return aio_pika.Message(
        message.body,
        headers=_headers(message.message_id or "", source, message.type, message.at),
        message_id=message.message_id,
        user_id=user,
        content_type="application/json",
        delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
    )


def _of_staff(user: str, command: Command, message_id: str, at: datetime) -> aio_pika.Message:
    return aio_pika.Message(
        command.model_dump_json(exclude_none=True).encode(),
        headers=_headers(message_id, f"/{user}", command.wire.type, at),
        message_id=message_id,
        content_type="application/json",
        delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
    )


async def _publish_without_id(channel: AbstractRobustChannel, message: Publish, user: str) -> None:
    """As a partner's faulty client does; the usual client makes up an id, so this goes below it."""
    properties = commands.Basic.Properties(
        headers={"ce-specversion": "1.0", "ce-type": message.type},
        content_type="application/json",
        user_id=user,
        delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
    )
    underlay: Any = await channel.get_underlay_channel()
    publish = aiormq.spec.Basic.Publish(exchange=Exchange.INTAKE, routing_key=message.routing_key)
    header = ContentHeader(properties=properties, body_size=len(message.body))
    async with underlay.lock:
        underlay.delivery_tag += 1
        confirmed = underlay.create_future()
        underlay.confirmations[underlay.delivery_tag] = confirmed
        frames: list[Any] = [publish, header, ContentBody(message.body)]
        await underlay.write_queue.put(
            ChannelFrame.marshall(frames=frames, channel_number=underlay.number)
        )
    await confirmed
