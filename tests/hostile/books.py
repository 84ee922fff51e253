"""Exact books of a flood: each message that the broker confirmed is found again, one by one."""

import asyncio
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from shared.messaging.envelope import key_of
from tests.hostile.entrances import queues_of
from tests.hostile.letters import Hostile
from tests.support.probes import becomes, eventually
from tests.support.system import System
from willkommen.system import SERVICES

PATIENCE_SECONDS = 120.0

Sought = dict[tuple[str, bytes], Hostile]
"""Messages by their key in the inbox and the digest of their content."""


@dataclass
class Books:
    """What was sent into each queue, and what became of it by the service's own counts."""

    system: System
    sent: Counter[str] = field(default_factory=Counter)
    unroutable: int = 0

    async def settle(self, letters: Iterable[Hostile]) -> None:
        """Wait until each of these had its effect, or was parked, wherever it was routed."""
        sought: dict[str, Sought] = {}
        for letter in letters:
            queues = queues_of(self.system.topology, letter.exchange, keys_of(letter))
            self.sent.update(queues)
            self.unroutable += not queues
            for queue in queues:
                delivery = letter.delivery
                sought.setdefault(queue, {})[key_of(delivery), delivery.digest] = letter
        await asyncio.gather(*(self._found(queue, each) for queue, each in sought.items()))

    async def balance(self) -> dict[str, dict[str, int]]:
        """Each queue's books, once nothing is on its way: what came in is what came out."""
        totals = {name: await self._totals(name) for name in SERVICES}
        published: Counter[str] = Counter()
        for counts in totals.values():
            for name, number in counts.items():
                kind, _, way = name.partition(":")
                if kind == "published":
                    exchange, _, key = way.partition(":")
                    for queue in queues_of(self.system.topology, exchange, [key]):
                        published[queue] += number
        return {
            name: {
                "by us": self.sent[name],
                "by services": published[name],
                "received": counts.get("received", 0),
                "duplicates": counts.get("duplicates", 0),
                "parked": counts.get("parked", 0),
                "retried": counts.get("retried", 0),
            }
            for name, counts in totals.items()
        }

    async def quiet(self) -> None:
        """Wait until every service has published everything and has nothing in hand."""

        async def left() -> int:
            return sum([await self.system.number(each, "outbox") for each in SERVICES])

        await becomes("messages to publish", 0, left, seconds=PATIENCE_SECONDS)

    async def _totals(self, service: str) -> Counter[str]:
        totals: Counter[str] = Counter()
        for ledger in await self.system.documents(service, "ledger"):
            del ledger["_id"]
            totals.update({name.replace("/", "."): number for name, number in ledger.items()})
        return totals

    async def _found(self, queue: str, sought: Sought) -> None:
        """Wait until all are in the service's inbox."""
        inbox = self.system.admin[self.system.access.database(queue)]["inbox"]
        left = dict(sought)

        async def all_there() -> bool:
            """What was used before with other content has its digest behind its key."""
            names = [name for key, digest in left for name in (key, f"{key}#{digest.hex()}")]
            documents = inbox.find({"_id": {"$in": names}})
            entered = {(each["_id"], each["digest"]) async for each in documents}
            for key, digest in list(left):
                if {(key, digest), (f"{key}#{digest.hex()}", digest)} & entered:
                    del left[key, digest]
            return not left

        try:
            await eventually(
                f"{queue} has handled or parked all", all_there, seconds=PATIENCE_SECONDS
            )
        except BaseException:
            print(f"\n{queue} did not handle {len(left)}:", *list(left.values())[:6])
            raise


def keys_of(letter: Hostile) -> list[str]:
    """The routing key, and those of copies that the broker makes for the headers CC and BCC."""
    copies = [letter.headers.get(name) for name in ("CC", "BCC")]
    more = [key for each in copies if isinstance(each, list) for key in each]
    return [letter.key, *(key for key in more if isinstance(key, str))]
