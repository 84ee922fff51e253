"""(c) The ceiling: the same subscriber and one confirmed publish per message, no database."""

from datetime import UTC, datetime

from benchmarks.pipeline.domain import PARTS, SERVICE, entered
from shared.messaging.broker import Consumer, Publisher
from shared.messaging.envelope import read, write
from shared.messaging.message import Delivery


class Ceiling:
    """As fast as Python, FastStream and the broker let a message pass."""

    def __init__(self, amqp_url: str) -> None:
        self.publisher = Publisher(amqp_url)
        self.consumer = Consumer(amqp_url, SERVICE, self.process)
        self.done = 0

    async def start(self) -> None:
        await self.publisher.start()
        await self.consumer.broker.start()

    async def stop(self) -> None:
        await self.consumer.stop_taking()
        await self.consumer.stop()
        await self.publisher.stop()

    async def process(self, delivery: Delivery) -> None:
        """Read, decide, publish."""
        now = datetime.now(UTC)
        message = read(delivery, PARTS.subscriptions.contracts, now)
        _, fact = entered(None, message.data)  # type: ignore[arg-type]
        fact_entry = write(fact, source="/bench", cause=message, position=0, at=now)
        (failure,) = await self.publisher.publish([fact_entry])
        if failure:
            raise failure
        self.done += 1
