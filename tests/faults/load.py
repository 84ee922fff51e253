"""Load whose effects can be counted: numbered messages, sent again until the broker confirms."""

import asyncio
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from aio_pika.exceptions import AMQPException
from aiormq.exceptions import AMQPError, ChannelInvalidStateError

from shared.messaging.topology import DESK
from tests.support.builders import cost
from tests.support.client import Letter, connected, letter
from tests.support.system import System

BOOKS_KEPT = 100
AT_ONCE = 50
PAUSE_SECONDS = 0.5
CONFIRM_SECONDS = 15.0
SENT: Counter[str] = Counter()
"""How many messages every user has sent in this run, for its figures."""
BROKEN = (
    *(AMQPException, AMQPError, ConnectionError, TimeoutError, OSError),
    ChannelInvalidStateError,  # a channel that was closed already is no AMQP error to the library
)


@dataclass(frozen=True)
class Load:
    """Messages of one user, and what they must add up to."""

    user: str
    letters: Sequence[Letter]
    totals: dict[str, tuple[int, int]]

    @property
    def size(self) -> int:
        return len(self.letters)


def costs(number: int, seed: int) -> Load:
    """Costs spread over books at random; each message adds one entry and its own amount."""
    chosen = random.Random(seed)
    entries: Counter[str] = Counter()
    totals: Counter[str] = Counter()
    letters = []
    for index in range(number):
        book, amount = f"c-{chosen.randrange(BOOKS_KEPT)}", chosen.randrange(1, 1_000)
        letters.append(letter(DESK, cost(book, amount), message_id=f"cost-{index}"))
        entries[book] += 1
        totals[book] += amount
    return Load(DESK, letters, {book: (entries[book], totals[book]) for book in entries})


async def send(system: System, load: Load, *, per_second: float = 1_500) -> None:
    """Send everything at a steady pace, each as often as it takes to be confirmed."""
    left = list(load.letters)
    while left:
        try:
            async with connected(system, load.user) as client:
                while left:
                    async with asyncio.timeout(CONFIRM_SECONDS):
                        await client.send(*left[:AT_ONCE])
                    SENT[load.user] += len(left[:AT_ONCE])
                    del left[:AT_ONCE]
                    await asyncio.sleep(AT_ONCE / per_second)
        except BROKEN:
            await asyncio.sleep(PAUSE_SECONDS)
