"""Acknowledges in ranges: everything up to the highest delivery below which all is done.

Messages of a batch are done together, so one frame acknowledges them all.
"""

import asyncio
from collections import deque

from aio_pika.abc import AbstractIncomingMessage
from aiormq.abc import AbstractChannel
from aiormq.exceptions import AMQPError


class Acknowledger:
    """Follows the deliveries of the present channel; after a reconnect it starts anew.

    What was delivered on a lost channel comes again, and the inbox knows it.
    """

    def __init__(self) -> None:
        self._channel: AbstractChannel | None = None
        self._taken: deque[int] = deque()
        self._done: set[int] = set()
        self._flushing: asyncio.Task[None] | None = None

    def taken(self, message: AbstractIncomingMessage) -> None:
        """A delivery began."""
        if message.channel is not self._channel:
            self._channel = message.channel
            self._taken.clear()
            self._done.clear()
        if message.delivery_tag is not None:
            self._taken.append(message.delivery_tag)

    def done(self, message: AbstractIncomingMessage) -> None:
        """A delivery had its effect; it is acknowledged with its neighbours."""
        if message.channel is not self._channel or message.delivery_tag is None:
            return
        self._done.add(message.delivery_tag)
        if self._flushing is None or self._flushing.done():
            self._flushing = asyncio.create_task(self.flush())

    async def flush(self) -> None:
        """Acknowledge what can be acknowledged, and what is done while that is being written."""
        while self._channel is not None and (last := self._highest()) is not None:
            try:
                await self._channel.basic_ack(last, multiple=True, wait=False)
            except (AMQPError, ConnectionError, RuntimeError):
                return  # the channel is gone: the deliveries come again

    def _highest(self) -> int | None:
        """The last delivery up to which all are done, taken off the books; None without one."""
        last = None
        while self._taken and self._taken[0] in self._done:
            last = self._taken.popleft()
            self._done.discard(last)
        return last
