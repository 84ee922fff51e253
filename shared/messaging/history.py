"""Reads the history of facts: from the first, or from a place that was stored, and on and on, each
offset once and in order, whatever happens to connections and to the broker.

The client library's own way of coming back would ask for the first offset again; this asks for the
one after the last that was handed out.
"""

import asyncio
import re
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import datetime
from typing import Any, Self

import structlog
from aio_pika import Connection
from aio_pika.abc import AbstractConnection, AbstractIncomingMessage
from aio_pika.exceptions import AMQPError, ChannelInvalidStateError
from yarl import URL

from shared.messaging.broker import delivery_of, with_heartbeat
from shared.messaging.message import Delivery
from shared.messaging.topology import HISTORY

PREFETCH = 500
PAUSE_SECONDS = 0.5
CONNECT_SECONDS = 10.0
OFFSET_HEADER = "x-stream-offset"
OVERLAP_SECONDS = 5
UNITS = {"s": 1, "m": 60, "h": 3_600, "D": 86_400, "M": 30 * 86_400, "Y": 365 * 86_400}
BROKEN = (AMQPError, ChannelInvalidStateError, ConnectionError, TimeoutError, OSError)

Start = str | int | datetime
"""first, last (the newest chunk), next, an offset, a time, or how far back, such as 1h."""

_BACK = re.compile(r"(\d{1,6})([smhDMY])")

log = structlog.get_logger(__name__)


def start_of(text: str) -> Start:
    """What a person wrote as a start; raises `ValueError` with what is possible."""
    if text in {"first", "last", "next"} or _BACK.fullmatch(text):
        return text
    if text.isdecimal():
        return int(text)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        possible = "first, last, next, an offset, a time such as 2016-05-02T09:00, or 1h, 7D back"
        raise ValueError(f"{text!r} is none of these: {possible}") from None
    return moment.astimezone()


def seconds_of(text: str) -> int | None:
    """How far back a text such as 1h or 7D says, or None when it says something else."""
    back = _BACK.fullmatch(text)
    return int(back[1]) * UNITS[back[2]] if back else None


class History:
    """Within an `async with` block an endless sequence of offset and message. A consumer that
    stores the offset of the last one that it dealt with goes on later with `start=offset + 1`.
    """

    def __init__(self, url: str, start: Start = "first", *, queue: str = HISTORY) -> None:
        self._url = with_heartbeat(url)
        self._start = start
        self._queue = queue
        self._last: int | None = start - 1 if isinstance(start, int) else None
        self._attached_at: float | None = None
        self._arrived: asyncio.Queue[AbstractIncomingMessage | None] = asyncio.Queue()
        self._connection: AbstractConnection | None = None

    async def __aenter__(self) -> Self:
        """Return once the broker sends: from then on nothing new is missed.

        Raises what connecting raises; after that it comes back by itself.
        """
        try:
            await self._consume()
        except BaseException:
            await self._detach()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._detach()

    async def __aiter__(self) -> AsyncIterator[tuple[int, Delivery]]:
        while True:
            async for offset, delivery in self._until_broken():
                yield offset, delivery
            await self._come_back()

    async def _until_broken(self) -> AsyncIterator[tuple[int, Delivery]]:
        while (message := await self._arrived.get()) is not None:
            offset = int(str(message.headers[OFFSET_HEADER]))
            if self._last is None or offset > self._last:
                self._last = offset
                yield offset, delivery_of(message)
            try:
                await message.ack()  # makes room for another one; the broker remembers nothing
            except BROKEN:
                return

    async def _come_back(self) -> None:
        while True:
            await self._detach()
            await asyncio.sleep(PAUSE_SECONDS)
            try:
                return await self._consume()
            except BROKEN as error:
                log.warning("the history waits for the broker", reason=type(error).__name__)

    async def _consume(self) -> None:
        self._arrived = asyncio.Queue()
        arrived = self._arrived

        def over(*_: Any) -> None:
            arrived.put_nowait(None)

        async with asyncio.timeout(CONNECT_SECONDS):
            self._connection = connection = Connection(URL(self._url))
            await connection.connect()
            connection.close_callbacks.add(over)
            channel = await connection.channel()
            channel.close_callbacks.add(over)
            await channel.set_qos(prefetch_count=PREFETCH)
            underlay = await channel.get_underlay_channel()
            underlay.on_consumer_cancel_callbacks.add(over)
            queue = await channel.get_queue(self._queue, ensure=False)
            where = {OFFSET_HEADER: self._offset()}
            await queue.consume(arrived.put, arguments=where)
        if self._attached_at is None:
            self._attached_at = time.monotonic()

    def _offset(self) -> Any:
        """Where to go on. Before the first message arrived, whatever came since attaching counts.

        How long that is ago is said to the broker, who measures with its own clock.
        """
        if self._last is not None:
            return self._last + 1
        if self._attached_at is None or not isinstance(self._start, str) or self._start == "first":
            return self._start
        wanted = seconds_of(self._start) or 0
        since = time.monotonic() - self._attached_at
        return f"{int(wanted + since) + OVERLAP_SECONDS}s"

    async def _detach(self) -> None:
        connection, self._connection = self._connection, None
        if connection:
            with suppress(*BROKEN):
                async with asyncio.timeout(PAUSE_SECONDS):
                    await connection.close()
