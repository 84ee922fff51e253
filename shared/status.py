"""What a service says of itself: what is wrong, what is still to do, what it has counted."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from shared.clock import Clock
from shared.messaging.broker import Consumer, Publisher
from shared.messaging.group_commit import GroupCommit
from shared.messaging.relay import Relay
from shared.observability.http import Answer
from shared.observability.metrics import Metrics
from shared.parked_pages import ParkedPages
from shared.questions import Answered, Asked, QuestionError
from shared.storage import Database, StorageUnavailable
from shared.storage.records import Ledger, Outbox, Parked
from shared.storage.timers import TimerQueue

MOST_RELAY_LAG = timedelta(seconds=30)


@dataclass(frozen=True)
class Status:
    """The parts of an instance that can be asked how they are."""

    service: str
    database: Database
    clock: Clock
    metrics: Metrics
    consumer: Consumer
    publisher: Publisher
    group_commit: GroupCommit[Any]
    relay: Relay
    timers: TimerQueue
    figures: Callable[[], Awaitable[Mapping[str, Any]]]
    pending: Callable[[], Awaitable[int]]
    questions: Mapping[str, Callable[[Asked], Awaitable[Answered]]]

    @property
    def answers(self) -> dict[str, Answer]:
        """What is answered under which path."""
        parked = ParkedPages(self.service, self.database, self.clock)
        return {
            "/live": self._live,
            "/ready": self._ready,
            "/metrics": self._metrics,
            "/status": self._status,
            "/parked": parked.listed,
            "/parked/{letter_id}": parked.one,
            "/figures": self._figures,
            **{path: partial(self._question, ask) for path, ask in self.questions.items()},
        }

    async def problems(self) -> list[str]:
        """Why the service is not ready; empty when it is."""
        problems = []
        try:
            await self.database.ping()
        except StorageUnavailable:
            problems.append("the database does not answer")
        if not self.consumer.consuming:
            problems.append("nobody consumes the queue")
        if self.publisher.blocked:
            problems.append("the broker takes no messages: it is short of memory or disk")
        lag = datetime.now(UTC) - self.relay.last_moved
        if self.relay.backlog and lag > MOST_RELAY_LAG:
            problems.append(f"nothing was published for {lag.total_seconds():.0f} seconds")
        return problems

    async def _live(self, _: Request) -> Response:
        return PlainTextResponse("alive\n")

    async def _ready(self, _: Request) -> Response:
        problems = await self.problems()
        notes = [] if problems else await self._notes()
        says = {"problems": problems, **({"notes": notes} if notes else {})}
        return JSONResponse(says, status_code=503 if problems else 200)

    async def _notes(self) -> list[str]:
        """What somebody should look at, though the service works."""
        letters, refused = await self._left_lying()
        notes = []
        if letters:
            notes.append(f"{sum(letters.values())} dead letters wait for a decision")
        if refused:
            notes.append(f"the broker refuses {refused} messages; they will be tried again")
        return notes

    async def _left_lying(self) -> tuple[dict[str, int], int]:
        """Waiting dead letters by kind, and refused entries of the outbox."""
        try:
            return await asyncio.gather(
                Parked(self.database).kinds(), Outbox(self.database).count_refused()
            )
        except StorageUnavailable:
            return {}, 0

    async def _metrics(self, _: Request) -> Response:
        letters, refused = await self._left_lying()
        self.metrics.dead_letters(letters)
        self.metrics.refused.set(refused)
        return Response(self.metrics.text(), media_type="text/plain; version=0.0.4")

    async def _figures(self, _: Request) -> Response:
        return JSONResponse(dict(await self.figures()))

    async def _question(
        self, ask: Callable[[Asked], Awaitable[Answered]], request: Request
    ) -> Response:
        try:
            return JSONResponse(dict(await ask(request.query_params)))
        except QuestionError as error:
            return JSONResponse({"error": str(error)}, status_code=422)

    async def _status(self, _: Request) -> Response:
        """What is still to do, and the exact counts of all instances together."""
        now = self.clock.now()
        outbox, due, next_due, counts, pending, (letters, refused) = await asyncio.gather(
            Outbox(self.database).count(),
            self.timers.count_due(now),
            self.timers.next_due(),
            Ledger(self.database).totals(),
            self.pending(),
            self._left_lying(),
        )
        return JSONResponse(
            {
                "service": self.service,
                "now": now.isoformat(),
                "in_flight": self.group_commit.in_flight,
                "outbox": outbox,
                "pending": pending,
                "timers_due": due,
                "dead_letters": sum(letters.values()),
                "refused": refused,
                "next_timer": next_due.isoformat() if next_due else None,
                "counts": counts,
            }
        )
