"""The rate at which each partner may send. What comes faster is turned away: nothing of it is kept,
and the partner is told the rate and when to send the same messages again.
"""

import asyncio
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from shared.messaging.failures import GivenUp
from shared.messaging.items import Item
from shared.storage.buckets import Buckets

AHEAD = 50
"""An instance takes a fiftieth of a bucket in advance, so that it need not ask for each message."""


@dataclass(frozen=True, slots=True)
class Rate:
    """Messages per minute in the long run, and how many may come at once; 0 per minute: any."""

    per_minute: int
    burst: int

    def seconds_until(self, messages: int) -> int:
        """How long it takes until so many are allowed again, at least one second."""
        return max(1, math.ceil(min(messages, self.burst) * 60 / self.per_minute))


@dataclass(frozen=True, slots=True)
class Rates:
    """The rate of every partner: the usual one, unless another was agreed with it."""

    usual: Rate
    agreed: Mapping[str, Rate] = field(default_factory=dict)

    def of(self, partner: str) -> Rate:
        """What a partner may send."""
        return self.agreed.get(partner, self.usual)


class Gate:
    """Lets partners' messages in, or turns them away; all instances count together."""

    def __init__(self, buckets: Buckets, rates: Rates) -> None:
        self.rates = rates
        self._buckets = buckets
        self._spare: dict[str, int] = {}

    async def admit(self, items: Sequence[Item]) -> None:
        """Decide on messages that had no effect yet, each once, however often it is asked for."""
        waiting: dict[str, list[Item]] = {}
        for item in items:
            if item.admitted is None and (partner := _partner(item)):
                waiting.setdefault(partner, []).append(item)
        await asyncio.gather(*(self._admit(*each) for each in waiting.items()))

    async def _admit(self, partner: str, items: Sequence[Item]) -> None:
        rate = self.rates.of(partner)
        granted = await self._granted(partner, len(items), rate) if rate.per_minute else len(items)
        for position, item in enumerate(items):
            item.admitted = position < granted

    async def _granted(self, partner: str, wanted: int, rate: Rate) -> int:
        there = self._spare.get(partner, 0)
        if there < wanted:
            there += await self._buckets.take(
                partner,
                wanted - there + rate.burst // AHEAD,
                per_minute=rate.per_minute,
                size=rate.burst,
            )
        granted = min(wanted, there)
        self._spare[partner] = there - granted
        return granted


def _partner(item: Item) -> str:
    """Whose message it is, if it counts: what comes back from the ladder was let in before."""
    if item.delivery is None or item.delivery.returned or isinstance(item.poison, GivenUp):
        return ""
    return item.delivery.partner
