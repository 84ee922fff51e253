"""Reads the history of facts from its beginning, as a dashboard would."""

import asyncio
import json
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack, suppress
from typing import Any

from shared.messaging.history import History
from shared.messaging.topology import DESK
from shared.setup import Access

Seen = Callable[[str, Mapping[str, Any]], None]


class Observer:
    """Hands every fact to `seen`, in the order of the stream."""

    def __init__(self, access: Access, seen: Seen) -> None:
        self._history = History(access.amqp(DESK))
        self._seen = seen
        self._stack = AsyncExitStack()
        self._reading: asyncio.Task[None] | None = None
        self._arrived = asyncio.Event()
        self.facts = 0

    async def start(self) -> None:
        """Begin with the first fact."""
        await self._stack.enter_async_context(self._history)
        self._reading = asyncio.create_task(self._read())

    async def stop(self) -> None:
        """Close the connection."""
        if self._reading:
            self._reading.cancel()
            with suppress(asyncio.CancelledError):
                await self._reading
        await self._stack.aclose()

    async def until(self, facts: int) -> None:
        """Return when so many facts were seen."""
        async with asyncio.timeout(60):
            while self.facts < facts:
                self._arrived.clear()
                await self._arrived.wait()

    async def _read(self) -> None:
        async for _, fact in self._history:
            self._seen(str(fact.headers.get("ce-type", "")), json.loads(fact.body))
            self.facts += 1
            self._arrived.set()
