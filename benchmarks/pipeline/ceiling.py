"""(c) The ceiling: the same subscriber and one confirmed publish per message, no database.

Each message is published as soon as it is there, without waiting for the one before it.
"""

from datetime import UTC, datetime
from typing import Any

from aio_pika import DeliveryMode
from aiormq import spec
from faststream.rabbit import Channel, RabbitBroker, RabbitExchange

from benchmarks.pipeline.domain import PARTS, SERVICE, entered
from shared.messaging.broker import Consumer
from shared.messaging.envelope import read, write
from shared.messaging.message import Delivery


class Ceiling:
    """As fast as Python, FastStream and the broker let a message pass."""

    def __init__(self, amqp_url: str) -> None:
        self.broker = RabbitBroker(amqp_url, default_channel=Channel(on_return_raises=True))
        self.consumer = Consumer(amqp_url, SERVICE, self.process)
        self.done = 0
        self._channel: Any = None

    async def start(self) -> None:
        await self.broker.start()
        exchange = await self.broker.declare_exchange(RabbitExchange("", declare=False))
        self._channel = await exchange.channel.get_underlay_channel()
        await self.consumer.broker.start()

    async def stop(self) -> None:
        await self.consumer.stop_taking()
        await self.consumer.stop()
        await self.broker.stop()

    async def process(self, delivery: Delivery) -> None:
        """Read, decide, publish, wait for the confirmation."""
        now = datetime.now(UTC)
        message = read(delivery, PARTS.subscriptions.contracts, now)
        _, fact = entered(None, message.data)  # type: ignore[arg-type]
        entry = write(fact, source="/bench", cause=message, position=0, at=now)
        await self._channel.basic_publish(
            entry.body,
            exchange=entry.exchange,
            routing_key=entry.routing_key,
            properties=spec.Basic.Properties(
                headers=dict(entry.headers),
                content_type=entry.content_type,
                delivery_mode=DeliveryMode.PERSISTENT,
                message_id=entry.message_id,
                correlation_id=entry.headers["ce-correlationid"],
                message_type=entry.headers["ce-type"],
            ),
            mandatory=True,
            wait=False,
        )
        self.done += 1
