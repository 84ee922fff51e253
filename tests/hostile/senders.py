"""Sends hostile messages below the usual client, many at a time; says which the broker took."""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Any, Self

from aiormq import spec
from aiormq.exceptions import AMQPError
from pamqp.body import ContentBody

from tests.hostile.letters import BROKEN, MARK, Hostile
from tests.support.client import connection_to
from tests.support.frames import send_frames
from tests.support.system import System

AT_ONCE = 100
FRAME_BYTES = 100_000
CONFIRM_SECONDS = 60


class Senders:
    """A connection for each user, opened when it is first needed."""

    def __init__(self, system: System) -> None:
        self._system = system
        self._stack = AsyncExitStack()
        self._connections: dict[str, Any] = {}
        self._channels: dict[str, Any] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._stack.aclose()

    async def send(self, letters: Sequence[Hostile]) -> list[Hostile]:
        """Send all, in their order for each user; returns those that the broker confirmed."""
        by_user: dict[str, list[Hostile]] = {}
        for letter in letters:
            by_user.setdefault(letter.user, []).append(letter)
        taken = await asyncio.gather(*(self._send_all(*each) for each in by_user.items()))
        return [letter for some in taken for letter in some]

    async def _send_all(self, user: str, letters: list[Hostile]) -> list[Hostile]:
        safe = [letter for letter in letters if not letter.risky]
        for start in range(0, len(safe), AT_ONCE):
            channel = await self._channel(user)
            async with asyncio.timeout(CONFIRM_SECONDS):
                some = safe[start : start + AT_ONCE]
                await asyncio.gather(*(_publish(channel, letter) for letter in some))
        risky = [letter for letter in letters if letter.risky]
        return safe + [letter for letter in risky if await self._dare(user, letter)]

    async def _dare(self, user: str, letter: Hostile) -> bool:
        """Send on a connection of its own, which the broker may close; whether it was confirmed."""
        address = self._system.access.amqp(user)
        try:
            async with asyncio.timeout(CONFIRM_SECONDS), connection_to(address) as connection:
                await _publish(await (await connection.channel()).get_underlay_channel(), letter)
        except (AMQPError, RuntimeError, ConnectionError):
            return False
        return True

    async def _connection(self, user: str) -> Any:
        if user not in self._connections:
            address = self._system.access.amqp(user)
            self._connections[user] = await self._stack.enter_async_context(connection_to(address))
        return self._connections[user]

    async def _channel(self, user: str) -> Any:
        if user not in self._channels:
            self._channels[user] = await (await self._connection(user)).channel()
        return await self._channels[user].get_underlay_channel()


async def _publish(channel: Any, letter: Hostile) -> None:
    publish = spec.Basic.Publish(exchange=letter.exchange, routing_key=letter.key)
    size, body = FRAME_BYTES, letter.body
    parts = [ContentBody(body[start : start + size]) for start in range(0, len(body), size)]
    await send_frames(channel, [publish, letter.frame, *parts], {MARK: BROKEN})
