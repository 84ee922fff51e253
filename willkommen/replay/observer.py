"""Reads the history of facts from its beginning, as a dashboard would."""

import asyncio
import json
from collections.abc import Callable, Mapping
from typing import Any

import aio_pika
from aio_pika.abc import AbstractIncomingMessage, AbstractRobustConnection

from shared.messaging.topology import DESK, HISTORY
from shared.setup import Access

Seen = Callable[[str, Mapping[str, Any]], None]


class Observer:
    """Hands every fact to `seen`, in the order of the stream."""

    def __init__(self, access: Access, seen: Seen) -> None:
        self._access = access
        self._seen = seen
        self._connection: AbstractRobustConnection | None = None
        self._arrived = asyncio.Event()
        self.facts = 0

    async def start(self) -> None:
        """Begin with the first fact."""
        self._connection = await aio_pika.connect_robust(self._access.amqp(DESK))
        channel = await self._connection.channel()
        await channel.set_qos(prefetch_count=500)
        queue = await channel.get_queue(HISTORY, ensure=False)
        await queue.consume(self._take, arguments={"x-stream-offset": "first"})

    async def stop(self) -> None:
        """Close the connection."""
        if self._connection:
            await self._connection.close()

    async def until(self, facts: int) -> None:
        """Return when so many facts were seen."""
        async with asyncio.timeout(60):
            while self.facts < facts:
                self._arrived.clear()
                await self._arrived.wait()

    async def _take(self, message: AbstractIncomingMessage) -> None:
        kind = str(message.headers.get("ce-type", ""))
        self._seen(kind, json.loads(message.body))
        self.facts += 1
        self._arrived.set()
        await message.ack()
