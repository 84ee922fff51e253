"""A session of the whole city, and what a partner feels of it who refers households meanwhile."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from statistics import median
from time import perf_counter

import aio_pika
from aio_pika.abc import AbstractExchange, AbstractIncomingMessage

from benchmarks.proposal.letters import letter
from benchmarks.proposal.people import PARTNER, Town
from shared.contracts.base import Exchange
from shared.setup import Access

PAUSE_SECONDS = 0.04
QUIET_SECONDS = 3.0
PATIENCE_SECONDS = 60.0


@dataclass
class Referring:
    """Refers one household after the other, at a pace; times are those of this process."""

    intake: AbstractExchange
    town: Town
    number: int
    began: dict[str, float] = field(default_factory=dict)
    taken: dict[str, float] = field(default_factory=dict)

    async def until(self, over: Callable[[], Awaitable[bool]]) -> tuple[float, float]:
        """Refer until it is over; gives median and longest time to acceptance, in milliseconds."""
        first = self.number
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not await over():
                told = self.town.referral(self.number)
                self.began[told.reference] = perf_counter()
                await self.intake.publish(
                    letter(told, self.number), routing_key=f"referral.{PARTNER}.submitted"
                )
                self.number += 1
                await asyncio.sleep(PAUSE_SECONDS)
            while not self.began.keys() <= self.taken.keys():  # noqa: ASYNC110 - answers come one by one
                await asyncio.sleep(PAUSE_SECONDS)
        times = [
            (self.taken[each] - began) * 1_000
            for each, began in list(self.began.items())[first - self.number :]
        ]
        return median(times), max(times)

    async def take(self, message: AbstractIncomingMessage) -> None:
        """A reply came."""
        told = json.loads(message.body)
        if told.get("status") == "accepted":
            self.taken.setdefault(told["reference"], perf_counter())


@asynccontextmanager
async def referring(access: Access, town: Town, number: int) -> AsyncIterator[Referring]:
    """A partner whose next household has this number."""
    address = access.amqp(PARTNER)
    async with await aio_pika.connect(address) as out, await aio_pika.connect(address) as back:
        channel = await out.channel(on_return_raises=True)
        partner = Referring(await channel.get_exchange(Exchange.INTAKE, ensure=False), town, number)
        replies = await (await back.channel()).get_queue(f"replies.{PARTNER}", ensure=False)
        await replies.consume(partner.take, no_ack=True)
        yield partner
