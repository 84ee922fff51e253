"""Trying things on the broker as one user, and whether the broker let them pass."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import aiormq
from aiormq import spec
from aiormq.abc import AbstractChannel, AbstractConnection
from aiormq.exceptions import AMQPError, ChannelAccessRefused

from tests.support.wiretap import SENT_BY_A_TEST

Attempt = Callable[[AbstractChannel], Awaitable[Any]]

ALLOWED, REFUSED = "allowed", "refused"


class Trier:
    """One user's connection; whatever the broker closes is opened again for the next attempt."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._connection: AbstractConnection | None = None
        self._channel: AbstractChannel | None = None

    async def close(self) -> None:
        """Close the connection, if there is one."""
        if self._connection is not None and not self._connection.is_closed:
            await self._connection.close()

    async def outcome(self, attempt: Attempt) -> str:
        """Whether it was allowed or refused, or the broker's other objection."""
        channel = await self._open()
        try:
            await attempt(channel)
        except ChannelAccessRefused:
            return REFUSED
        except AMQPError as error:
            return type(error).__name__
        return ALLOWED

    async def _open(self) -> AbstractChannel:
        if self._connection is None or self._connection.is_closed:
            self._connection, self._channel = await aiormq.connect(self._address), None
        if self._channel is None or self._channel.is_closed:
            self._channel = await self._connection.channel(on_return_raises=False)
        return self._channel


def publish(exchange: str, key: str, user_id: str | None = None) -> Attempt:
    """Something harmless with this address."""
    properties = spec.Basic.Properties(user_id=user_id, app_id=SENT_BY_A_TEST)
    return lambda channel: channel.basic_publish(
        b"{}", exchange=exchange, routing_key=key, properties=properties
    )


async def _ignore(_: object) -> None:
    """Only whether consuming is allowed matters."""


def reading(queue: str) -> Mapping[str, Attempt]:
    """What only a reader of the queue may do; emptying it is a way of reading."""

    async def consume(channel: AbstractChannel) -> None:
        await channel.basic_qos(prefetch_count=1)
        taken = await channel.basic_consume(queue, _ignore)
        await channel.basic_cancel(str(taken.consumer_tag))
        await channel.close()

    return {
        "consume": consume,
        "get": lambda channel: channel.basic_get(queue),
        "purge": lambda channel: channel.queue_purge(queue),
    }


def changing_queues(queue: str) -> Mapping[str, Attempt]:
    """What nobody may do with a queue."""
    return {
        "delete": lambda channel: channel.queue_delete(queue),
        "delete if empty": lambda channel: channel.queue_delete(queue, if_empty=True),
        "declare": lambda channel: channel.queue_declare(
            queue, durable=True, arguments={"x-queue-type": "quorum"}
        ),
        "bind": lambda channel: channel.queue_bind(queue, "events", "#"),
        "unbind": lambda channel: channel.queue_unbind(queue, "events", "#"),
    }


def changing_exchanges(exchange: str) -> Mapping[str, Attempt]:
    """What nobody may do with an exchange."""
    return {
        "delete": lambda channel: channel.exchange_delete(exchange),
        "declare": lambda channel: channel.exchange_declare(
            exchange, exchange_type="topic", durable=True
        ),
        "bind": lambda channel: channel.exchange_bind("events", exchange, "#"),
        "bind from": lambda channel: channel.exchange_bind(exchange, "private", "#"),
        "unbind": lambda channel: channel.exchange_unbind("events", exchange, "#"),
    }


MAKING_NEW: Mapping[str, Attempt] = {
    "a queue": lambda channel: channel.queue_declare("new", durable=True),
    "a queue of its own": lambda channel: channel.queue_declare("", exclusive=True),
    "an exchange": lambda channel: channel.exchange_declare("new", exchange_type="topic"),
}
