"""A partner that refers households at a pace, and notes when each was accepted."""

import asyncio
import json
import random
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from time import perf_counter
from typing import Any

import aio_pika
from aio_pika.abc import AbstractExchange, AbstractIncomingMessage

from benchmarks.load.system import PARTNER
from shared.contracts.base import Exchange
from shared.contracts.matching import ReferralAnswered, ReferralStatus
from shared.contracts.partners import ReferralSubmitted
from shared.contracts.people import HouseholdDetails
from shared.setup import Access

AT_ONCE = 200
PREFETCH = 1_000
DISTRICTS = ("mitte", "west", "ost", "sued", "nord")
LANGUAGES = ("ar", "uk", "tr", "ro", "it", "hr", "pl", "es")


def referral(number: int) -> ReferralSubmitted:
    """Household `number`; no two are alike, so that none looks like a duplicate."""
    chosen = random.Random(number)
    name = "".join(chosen.choices("abcdefghijklmnoprstuvwz", k=12)).title()
    details: dict[str, Any] = {
        "contact": {
            "name": f"Beispiel {name}",
            "email": f"household-{number}@mail.example",
            "language": chosen.choice(("de", "en")),
        },
        "adults": chosen.randint(1, 3),
        "children": [f"{chosen.randint(2001, 2025)}-0{chosen.randint(1, 9)}-11"]
        * chosen.randint(0, 2),
        "countries": ["SY"],
        "languages": [{"code": chosen.choice(LANGUAGES), "level": "native"}],
        "topics": ["german_language"],
        "availability": ["mon-evening", "sat-morning"],
        "district": chosen.choice(DISTRICTS),
        "history": "none",
        "housing": "private",
        "has_social_worker": False,
        "arrived_on": "2026-01-10",
        "consent_on": "2026-02-01",
    }
    return ReferralSubmitted(
        reference=f"load-{number}", household=HouseholdDetails.model_validate(details)
    )


class ReferringPartner:
    """Sends referrals and takes the replies; times are those of this process."""

    def __init__(self, intake: AbstractExchange) -> None:
        self._intake = intake
        self._began: dict[str, float] = {}
        self._next = 0
        self.accepted: dict[str, float] = {}
        self.refused = 0

    @property
    def sent(self) -> int:
        return len(self._began)

    async def flood(self, number: int) -> None:
        """As fast as the broker confirms."""
        last = self._next + number
        while self._next < last:
            count = min(AT_ONCE, last - self._next)
            await asyncio.gather(*(self._refer(perf_counter()) for _ in range(count)))

    async def stream(self, per_second: float, seconds: float) -> None:
        """At an even pace; a referral counts from when it was due, not from when it got out."""
        began = perf_counter()
        async with asyncio.TaskGroup() as sends:
            for number in range(round(per_second * seconds)):
                due = began + number / per_second
                await asyncio.sleep(max(0.0, due - perf_counter()))
                sends.create_task(self._refer(due))

    def milliseconds(self, first: int = 0) -> list[float]:
        """From publishing to acceptance, sorted; the first ones left out."""
        references = list(self._began)[first:]
        return sorted(
            (self.accepted[each] - self._began[each]) * 1_000
            for each in references
            if each in self.accepted
        )

    async def take(self, message: AbstractIncomingMessage) -> None:
        """A reply came."""
        told: Mapping[str, Any] = json.loads(message.body)
        if message.headers.get("ce-type") != ReferralAnswered.wire.type:
            self.refused += 1
        elif told["status"] == ReferralStatus.ACCEPTED:
            self.accepted.setdefault(told["reference"], perf_counter())

    async def _refer(self, began: float) -> None:
        number, self._next = self._next, self._next + 1
        told = referral(number)
        self._began[told.reference] = began
        wire, key = ReferralSubmitted.wire, f"load-{number}"
        headers = {
            "ce-specversion": "1.0",
            "ce-id": key,
            "ce-source": f"/partners/{PARTNER.id}",
            "ce-type": wire.type,
        }
        message = aio_pika.Message(
            told.model_dump_json().encode(),
            content_type="application/json",
            message_id=key,
            user_id=PARTNER.id,
            delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
            headers=dict(headers),
        )
        await self._intake.publish(message, routing_key=f"referral.{PARTNER.id}.submitted")


@asynccontextmanager
async def referring(access: Access) -> AsyncIterator[ReferringPartner]:
    """A partner with two connections of its own: one sends, one listens."""
    address = access.amqp(PARTNER.id)
    async with await aio_pika.connect(address) as out, await aio_pika.connect(address) as back:
        channel = await out.channel(on_return_raises=True)
        partner = ReferringPartner(await channel.get_exchange(Exchange.INTAKE, ensure=False))
        replies = await back.channel()
        await replies.set_qos(prefetch_count=PREFETCH)
        queue = await replies.get_queue(f"replies.{PARTNER.id}", ensure=False)
        await queue.consume(partner.take, no_ack=True)
        yield partner
