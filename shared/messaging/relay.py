"""The relay: publishes what was committed, with confirms, and then clears it.

What this process committed is published from memory; entries that nobody cleared in time, because
their writer died, are found by a sweep and published by whoever finds them first.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from time import monotonic

import structlog

from shared.clock import Clock
from shared.messaging.refusals import Refusals, closes_channel, refused
from shared.messaging.window import Result
from shared.observability.metrics import Metrics
from shared.storage import Database, StorageError
from shared.storage.records import Outbox, OutboxEntry

Publish = Callable[[Sequence[OutboxEntry]], Awaitable[list[Result]]]

WINDOW = 200
BACKLOG = 4_000
SWEEP_SECONDS = 2.0
PAUSE_SECONDS = 0.5
CLEAR_SECONDS = 0.25
"""Under load, confirmed entries are cleared so often; what dies in between is published again."""

log = structlog.get_logger(__name__)


class Relay:
    """Carries outbox entries to the broker, at least once; receivers' inboxes make it once."""

    def __init__(
        self, database: Database, publish: Publish, metrics: Metrics, clock: Clock
    ) -> None:
        self._outbox = Outbox(database)
        self._refusals = Refusals(database, metrics.service, clock)
        self._publish = publish
        self._metrics = metrics
        self._ready: deque[OutboxEntry] = deque()
        self._held: set[str] = set()
        self._suspects: set[str] = set()  # one of them closed the channel: each goes alone
        self._wake = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()
        self._confirmed: list[str] = []
        self._clearing: asyncio.Task[None] | None = None
        self._cleared_at = 0.0
        self.last_moved = datetime.now(UTC)
        """When something was confirmed, or the first thing began to wait."""

    @property
    def backlog(self) -> int:
        """How many entries this process still has to publish."""
        return len(self._held)

    def hand_over(self, entries: Sequence[OutboxEntry]) -> None:
        """Take entries that were just committed."""
        if not self._held:
            self.last_moved = datetime.now(UTC)
        for entry in entries:
            if entry.id not in self._held:
                self._held.add(entry.id)
                self._ready.append(entry)
        if self._ready:
            self._wake.set()
        if len(self._held) > BACKLOG:
            self._room.clear()

    async def room(self) -> None:
        """Wait while too much is unpublished, so that a blocked broker slows down the intake."""
        await self._room.wait()

    async def run(self) -> None:
        """Publish what is ready until cancelled."""
        while True:
            await self._wake.wait()
            window = self._next_window()
            if not self._ready:
                self._wake.clear()
            await self._carry(window)

    async def sweep(self) -> None:
        """Look for entries whose writer did not clear them, until cancelled."""
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            try:
                left = await self._outbox.claim(datetime.now(UTC), WINDOW)
                self._metrics.outbox.set(await self._outbox.count())
                self._metrics.refused.set(await self._outbox.count_refused())
            except StorageError as error:
                log.warning("the outbox waits for the database", reason=str(error)[:300])
                continue
            self.hand_over(left)

    async def drain(self, seconds: float) -> None:
        """Wait until everything is published and cleared, at most so long."""
        deadline = asyncio.get_running_loop().time() + seconds
        while self._held and asyncio.get_running_loop().time() < deadline:  # noqa: ASYNC110
            await asyncio.sleep(0.01)

    def _next_window(self) -> list[OutboxEntry]:
        window = [self._ready.popleft()]
        if window[0].id in self._suspects:
            return window
        while self._ready and len(window) < WINDOW and self._ready[0].id not in self._suspects:
            window.append(self._ready.popleft())
        return window

    async def _carry(self, window: Sequence[OutboxEntry]) -> None:
        results = await self._publish(window)
        confirmed = [entry.id for entry, result in zip(window, results, strict=True) if not result]
        failed = [(entry, result) for entry, result in zip(window, results, strict=True) if result]
        if confirmed:
            self.last_moved = datetime.now(UTC)
            self._suspects.difference_update(confirmed)
            self._clear_behind(confirmed)
        if failed:
            await self._again(failed)

    def _clear_behind(self, ids: Sequence[str]) -> None:
        """Clear while the next windows are being published, at once where it is quiet; what is
        confirmed meanwhile waits.
        """
        self._confirmed.extend(ids)
        if self._clearing is None or self._clearing.done():
            self._clearing = asyncio.create_task(self._clear())

    async def _clear(self) -> None:
        while self._confirmed:
            await asyncio.sleep(self._cleared_at + CLEAR_SECONDS - monotonic())
            ids, self._confirmed = self._confirmed, []
            await self._clear_patiently(ids)
            self._cleared_at = monotonic()
            self._held.difference_update(ids)
            self._metrics.published.inc(len(ids))
            if len(self._held) <= BACKLOG:
                self._room.set()

    async def _clear_patiently(self, ids: Sequence[str]) -> None:
        while True:
            try:
                return await self._outbox.clear(ids)
            except StorageError as error:
                log.warning("confirmed, not yet cleared", number=len(ids), reason=str(error)[:300])
                await asyncio.sleep(PAUSE_SECONDS)

    async def _again(self, failed: Sequence[tuple[OutboxEntry, BaseException]]) -> None:
        """While the broker is away entries wait here; what it refuses climbs the delay ladder.

        One that closes the channel takes its neighbours with it: each of them goes alone until it
        is known what becomes of it, or two guilty ones that wait would meet again and again.
        """
        self._metrics.publish_failures.inc(len(failed))
        if len(failed) > 1 and any(closes_channel(error) for _, error in failed):
            self._suspects.update(entry.id for entry, _ in failed)
            self._ready.extendleft(entry for entry, _ in reversed(failed))
            self._wake.set()
            return
        waiting = []
        for entry, error in failed:
            if refused(error):
                await self._refusals.note(entry, error)
                self._held.discard(entry.id)
                self._suspects.discard(entry.id)
            else:
                waiting.append(entry)
        if waiting:
            reason = type(failed[0][1]).__name__  # no more: an error may quote the message
            _tell(f"{len(waiting)} messages wait for the broker", waiting[0], reason)
            asyncio.get_running_loop().call_later(PAUSE_SECONDS, self._ready_again, waiting)

    def _ready_again(self, entries: Sequence[OutboxEntry]) -> None:
        self._ready.extend(entries)
        self._wake.set()


def _tell(what: str, entry: OutboxEntry, reason: str) -> None:
    log.warning(
        what,
        exchange=entry.exchange,
        routing_key=entry.routing_key,
        reason=reason,
        correlation_id=entry.headers.get("ce-correlationid", ""),
    )
