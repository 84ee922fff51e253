"""Group commit: whatever is in flight is decided together and committed once.

An idle service commits a single message at once; under load the batch is what came in while the
last one was being committed, and while it then rested a little, so that fewer commits cost less. A
batch that the database refuses is split until the guilty message stands alone; while the database
is away, everything is held.
"""

import asyncio
import random
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from time import perf_counter
from typing import Generic, TypeVar

import structlog

from shared.clock import Clock
from shared.contracts.base import Contract, Exchange
from shared.messaging.batch import Attempt, Journal, Service
from shared.messaging.failures import where
from shared.messaging.items import Item, item_of, item_of_dead_letter, item_of_timer
from shared.messaging.message import Delivery
from shared.messaging.pace import Pace
from shared.messaging.relay import Relay
from shared.observability.metrics import Metrics
from shared.storage import ConcurrentChange, Database, StorageUnavailable, WriteRefused
from shared.storage.timers import Timer

S = TypeVar("S")

MOST_IN_BATCH = 300
MOST_CONFLICTS = 5

log = structlog.get_logger(__name__)


class GroupCommit(Generic[S]):
    """Takes deliveries and due timers, and returns from each when its effect is committed."""

    def __init__(
        self,
        service: Service[S],
        database: Database,
        relay: Relay,
        clock: Clock,
        metrics: Metrics,
        pace: Pace,
    ) -> None:
        self._service = service
        self._database = database
        self._relay = relay
        self._clock = clock
        self._metrics = metrics
        self._waiting: deque[tuple[Item, asyncio.Future[None]]] = deque()
        self._wake = asyncio.Event()
        self._committed = asyncio.Event()
        self._pace = pace
        self.in_flight = 0

    async def process(self, delivery: Delivery) -> None:
        """Return when the delivery's effect is committed, however long the database is away."""
        await self._submit(
            item_of(delivery, self._service.subscriptions.contracts, self._clock.now())
        )

    async def give_up(self, delivery: Delivery) -> None:
        """Return when a message that the broker gave up is parked."""
        await self._submit(item_of_dead_letter(delivery))

    async def fire(self, timer: Timer) -> None:
        """Return when a due timer's effect is committed."""
        await self._submit(item_of_timer(timer, self._clock.now()))

    async def tell(self, told: Contract, message_id: str, correlation_id: str = "") -> None:
        """Let the service's own worker tell its handlers something; returns when it took effect.

        It is not entered in the inbox, since nobody delivers it again; but when the database loses
        the answer to a commit it is decided once more, so its handler must not mind a repetition.
        """
        headers = {"ce-id": message_id, "ce-type": told.wire.type, "ce-source": "local"}
        if correlation_id:
            headers["ce-correlationid"] = correlation_id
        body = told.model_dump_json().encode()
        await self.process(
            Delivery(Exchange.LOCAL, told.wire.type, message_id, "", "", headers, body)
        )

    async def next_commit(self, seconds: float) -> None:
        """Return after the next commit of what the workers did not tell themselves, or after so
        many seconds.
        """
        self._committed.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._committed.wait()

    async def run(self) -> None:
        """Commit batch after batch until cancelled."""
        while True:
            await self._wake.wait()
            await self._next()

    async def _next(self) -> None:
        """Commit one batch and rest; while nothing waits, nothing of it is held."""
        began, batch = perf_counter(), self._take()
        await self._settle([item for item, _ in batch])
        for _, done in batch:
            if not done.done():
                done.set_result(None)
        await self._relay.room()
        if len(self._waiting) < MOST_IN_BATCH:
            rest = self._pace.rest(len(batch), len(self._waiting), began, perf_counter())
            await asyncio.sleep(rest)

    async def _submit(self, item: Item) -> None:
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, done))
        self._wake.set()
        self.in_flight += 1
        try:
            await done
        finally:
            self.in_flight -= 1

    def _take(self) -> list[tuple[Item, asyncio.Future[None]]]:
        count = min(len(self._waiting), MOST_IN_BATCH)
        batch = [self._waiting.popleft() for _ in range(count)]
        if not self._waiting:
            self._wake.clear()
        return batch

    async def _settle(self, items: Sequence[Item], refuse: str | None = None) -> None:
        """Commit a batch, whatever it takes: wait, decide again, split, or park the last one."""
        conflicts = 0
        while True:
            try:
                await self._commit(items, refuse)
            except StorageUnavailable as error:
                await self._hold(error)
            except ConcurrentChange as error:
                conflicts += 1
                if conflicts > MOST_CONFLICTS:
                    return await self._split(items, str(error))
                await asyncio.sleep(random.uniform(0, 0.01 * 2**conflicts))  # noqa: S311 - jitter
            except WriteRefused as error:
                if refuse:
                    raise
                return await self._split(items, f"the database refused the change: {error}")
            except Exception as error:
                if refuse:
                    raise
                return await self._split(items, where(error))
            else:
                return None

    async def _split(self, items: Sequence[Item], reason: str) -> None:
        if len(items) == 1:
            log.warning("batch failed with this message", key=items[0].key, reason=reason[:500])
            await self._settle(items, refuse=reason[:500])
            return
        middle = len(items) // 2
        await self._settle(items[:middle])
        await self._settle(items[middle:])

    async def _hold(self, error: StorageUnavailable) -> None:
        """Everything in flight stays where it is; the broker sees no failure."""
        self._metrics.held.inc()
        log.warning("database unavailable, holding", reason=str(error)[:300])
        await asyncio.sleep(random.uniform(0.1, 1.0))  # noqa: S311 - jitter

    async def _commit(self, items: Sequence[Item], refuse: str | None) -> None:
        started = perf_counter()
        attempt = Attempt(self._service, self._database, self._clock.now(), refuse)
        journal = await self._database.transact(lambda session: attempt.run(session, items))
        self._metrics.committed(len(items), perf_counter() - started)
        self._relay.hand_over(journal.outbox)
        if not all(item.is_local for item in items):
            self._committed.set()
        self._report(journal)

    def _report(self, journal: Journal) -> None:
        for each in journal.turned_away:
            log.warning(
                "partner sends too fast",
                partner=each.partner,
                messages=len(each.message_ids),
                per_minute=each.per_minute,
                retry_after_seconds=each.retry_after_seconds,
            )
        for item, outcome, reason in journal.outcomes:
            kind = item.message.type if item.message else "unreadable"
            self._metrics.message(kind, outcome)
            if outcome in {"parked", "retried"}:
                correlation = item.message.correlation_id if item.message else item.key
                log.warning(
                    "message parked" if outcome == "parked" else "message retried",
                    key=item.key,
                    type=kind,
                    reason=reason,
                    correlation_id=correlation,
                )
