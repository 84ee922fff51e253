"""Fires due timers: claimed with a lease, decided and committed like any message."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import structlog

from shared.clock import Clock
from shared.messaging.group_commit import GroupCommit
from shared.observability.metrics import Metrics
from shared.storage import Database, StorageError
from shared.storage.timers import TimerQueue

MOST_AT_ONCE = 100
PAUSE_SECONDS = 1.0

log = structlog.get_logger(__name__)


class TimerLoop:
    """Looks for due timers every `seconds`; any number of instances may do so."""

    def __init__(
        self,
        database: Database,
        group_commit: GroupCommit[Any],
        clock: Clock,
        metrics: Metrics,
        seconds: float,
    ) -> None:
        self.queue = TimerQueue(database)
        self._group_commit = group_commit
        self._clock = clock
        self._metrics = metrics
        self._seconds = seconds

    async def run(self) -> None:
        """Fire what is due until cancelled."""
        while True:
            try:
                fired = await self._fire_due()
            except StorageError as error:
                log.warning("timers wait for the database", reason=str(error)[:300])
                await asyncio.sleep(PAUSE_SECONDS)
                continue
            if not fired:
                await asyncio.sleep(self._seconds)

    async def _fire_due(self) -> int:
        now = self._clock.now()
        due = await self.queue.claim(now, datetime.now(UTC), MOST_AT_ONCE)
        self._metrics.timers_due.set(len(due))
        await asyncio.gather(*(self._group_commit.fire(timer) for timer in due))
        return len(due)
