"""Listens to a queue or a stream all the time and keeps each different message once, in order."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aio_pika.abc import AbstractIncomingMessage

from shared.messaging.topology import DESK, HISTORY
from tests.support.client import connection_to
from tests.support.system import System

AT_ONCE = 500


@dataclass
class Hearing:
    """What was heard; `again` counts what came once more under an id that was known."""

    messages: list[AbstractIncomingMessage] = field(default_factory=list)
    again: int = 0
    _known: set[str] = field(default_factory=set)

    async def take(self, message: AbstractIncomingMessage) -> None:
        await message.ack()
        if (identity := message.message_id or "") in self._known:
            self.again += 1
            return
        self._known.add(identity)
        self.messages.append(message)

    def since(self, mark: int) -> Iterator[AbstractIncomingMessage]:
        """What was heard for the first time after so many messages."""
        return iter(self.messages[mark:])


@asynccontextmanager
async def hearing(
    system: System, user: str, queue: str, **arguments: Any
) -> AsyncIterator[Hearing]:
    """Listen inside the block, with the user's own credentials."""
    heard = Hearing()
    async with connection_to(system.access.amqp(user)) as connection:
        channel = await connection.channel()
        await channel.set_qos(prefetch_count=AT_ONCE)
        there = await channel.get_queue(queue, ensure=False)
        await there.consume(heard.take, arguments=arguments)
        yield heard


@asynccontextmanager
async def hearing_facts(system: System) -> AsyncIterator[Hearing]:
    """Every fact of the history stream, from its beginning."""
    async with hearing(system, DESK, HISTORY, **{"x-stream-offset": "first"}) as heard:
        yield heard
