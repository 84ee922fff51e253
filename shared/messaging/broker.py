"""The two connections of a service: one to consume, one to publish, through FastStream.

Two, because a broker in alarm stops reading from a connection that publishes, and acknowledgements
on the same connection would be stuck with it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any
from urllib.parse import unquote, urlsplit

from aio_pika.abc import AbstractIncomingMessage
from aiormq.exceptions import AMQPError
from faststream import AckPolicy
from faststream.rabbit import Channel, QueueType, RabbitBroker, RabbitExchange, RabbitQueue
from faststream.security import BaseSecurity

from shared.contracts.base import Exchange
from shared.messaging.acknowledger import Acknowledger
from shared.messaging.alarm import InAlarm, is_blocked
from shared.messaging.message import Delivery
from shared.messaging.stream_leader import require_leader
from shared.messaging.unreadable import survive_unreadable_properties
from shared.messaging.window import Result, publish_window
from shared.storage.records import OutboxEntry
from shared.tls import USUAL, Tls

PREFETCH = 800
PUBLISH_SECONDS = 10.0
RECONNECT_SECONDS = 1.0
CONNECT_SECONDS = 10.0
"""No heartbeat watches over an attempt to connect; unanswered, it would last for ever."""

survive_unreadable_properties()


def with_heartbeat(url: str) -> str:
    """The address, with a heartbeat that notices a dead peer within half a minute."""
    return url if "heartbeat=" in url else f"{url}{'&' if '?' in url else '?'}heartbeat=10"


def _security(url: str, tls: Tls) -> BaseSecurity | None:
    """TLS where the address asks for it."""
    return BaseSecurity(tls.context()) if urlsplit(url).scheme == "amqps" else None


class Consumer:
    """Takes messages from a service's own queue; acknowledges each when its effect is committed."""

    def __init__(
        self,
        url: str,
        queue: str,
        process: Callable[[Delivery], Awaitable[None]],
        *,
        user_prefix: str = "",
        tls: Tls = USUAL,
    ) -> None:
        self._process = process
        self._user_prefix = user_prefix
        self._acknowledger = Acknowledger()
        self.broker = RabbitBroker(
            with_heartbeat(url),
            security=_security(url, tls),
            logger=None,
            apply_types=False,
            graceful_timeout=30.0,
            timeout=CONNECT_SECONDS,
            reconnect_interval=RECONNECT_SECONDS,
        )
        self._subscriber = self.broker.subscriber(
            RabbitQueue(queue, queue_type=QueueType.QUORUM, declare=False),
            channel=Channel(prefetch_count=PREFETCH),
            ack_policy=AckPolicy.MANUAL,
            no_reply=True,
        )
        self._subscriber(self._take)
        # FastStream connects, consumes and recovers; its parsing, contexts and middlewares would
        # cost a third of the time of a message and end in the same call (measured).
        setattr(self._subscriber, "consume", self._take)  # noqa: B010 - mypy minds an assignment

    async def _take(self, raw: AbstractIncomingMessage) -> None:
        self._acknowledger.taken(raw)
        await self._process(delivery_of(raw, self._user_prefix))
        self._acknowledger.done(raw)

    @property
    def consuming(self) -> bool:
        """Whether the broker sends messages of the queue to this consumer."""
        queue = self._subscriber._queue_obj  # noqa: SLF001 - FastStream has no word for it
        tag = self._subscriber._consumer_tag  # noqa: SLF001
        return bool(tag and queue and not queue.channel.is_closed)

    async def stop_taking(self) -> None:
        """Tell the broker to send no more, before anything else stops.

        FastStream would stop handling first and cancel last, and what arrives in between would
        come back as a redelivery at every deploy.
        """
        subscriber = self._subscriber
        tag, subscriber._consumer_tag = subscriber._consumer_tag, None  # noqa: SLF001
        queue = subscriber._queue_obj  # noqa: SLF001
        if tag and queue and not queue.channel.is_closed:
            await queue.cancel(tag)

    async def stop(self) -> None:
        """Acknowledge what is done, then close."""
        await self._acknowledger.flush()
        await self.broker.stop()


class Publisher:
    """Publishes outbox entries: persistent, confirmed, and an error when nobody would get them.

    A window of messages leaves in one write; every one of them has its own confirmation.
    """

    def __init__(self, url: str, tls: Tls = USUAL) -> None:
        self.broker = RabbitBroker(
            with_heartbeat(url),
            security=_security(url, tls),
            logger=None,
            apply_types=False,
            default_channel=Channel(on_return_raises=True),
            timeout=CONNECT_SECONDS,
            reconnect_interval=RECONNECT_SECONDS,
        )
        self._channel: Any = None  # a robust channel; the window needs the one below it
        self._proven: Any = None  # the lower channel for whose broker the history was ready

    async def start(self) -> None:
        """Connect; raises when the broker refuses."""
        await self.broker.start()
        exchange = await self.broker.declare_exchange(RabbitExchange("", declare=False))
        self._channel = exchange.channel

    async def stop(self) -> None:
        """Close the connection."""
        await self.broker.stop()

    @property
    def blocked(self) -> bool:
        """Whether the broker takes no messages because it is short of memory or disk."""
        return self._channel is not None and is_blocked(self._channel)

    async def publish(self, entries: Sequence[OutboxEntry]) -> list[Result]:
        """Publish a window; returns for each entry None when it is confirmed, else why not."""
        if self._channel is None:
            raise ConnectionError("not started")
        try:
            async with asyncio.timeout(CONNECT_SECONDS + PUBLISH_SECONDS):
                await self._channel.ready()  # also again after the broker closed it
                channel = await self._channel.get_underlay_channel()
                if self.blocked:
                    raise InAlarm("the broker is short of memory or disk")
                if channel is not self._proven:
                    await require_leader(channel.connection)
                    self._proven = channel
                return await publish_window(channel, entries, PUBLISH_SECONDS)
        except (AMQPError, ConnectionError, TimeoutError, RuntimeError) as error:
            return [error] * len(entries)  # RuntimeError: a closed channel, in aio-pika's words


def _before_death(headers: Mapping[str, Any]) -> tuple[str, str]:
    """Exchange and routing key of a dead letter before the broker gave it up."""
    deaths: Any = headers.get("x-death") or [{}]
    return str(deaths[0].get("exchange", "")), str((deaths[0].get("routing-keys") or [""])[0])


def user_prefix_in(url: str, service: str) -> str:
    """What stands before the names of this system's users, as a service sees it by its own name."""
    name = unquote(urlsplit(url).username or "")
    return name.removesuffix(service) if name.endswith(service) else ""


def delivery_of(raw: AbstractIncomingMessage, user_prefix: str = "") -> Delivery:
    """What the heart needs of a message from the broker; a user of another system is nobody."""
    user = raw.user_id or ""
    exchange, routing_key = raw.exchange or "", raw.routing_key or ""
    if exchange == Exchange.DEAD_LETTERS:
        exchange, routing_key = _before_death(raw.headers)
    return Delivery(
        exchange=exchange,
        routing_key=routing_key,
        message_id=raw.message_id or "",
        user_id=user.removeprefix(user_prefix) if user.startswith(user_prefix) else "",
        content_type=raw.content_type or "",
        headers=raw.headers,
        body=raw.body,
    )
