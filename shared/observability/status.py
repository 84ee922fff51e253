"""What a service says of itself: what is wrong, what is still to do, what it has counted."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from shared.storage import StorageUnavailable
from shared.storage.records import Ledger, Outbox, Parked

if TYPE_CHECKING:
    from shared.runtime import App

MOST_RELAY_LAG = timedelta(seconds=30)


async def problems_of(app: "App[Any]") -> list[str]:
    """Why the service is not ready; empty when it is."""
    problems = []
    try:
        await app.database.ping()
    except StorageUnavailable:
        problems.append("the database does not answer")
    if not app.consumer.consuming:
        problems.append("nobody consumes the queue")
    lag = datetime.now(UTC) - app.relay.last_confirmed
    if app.relay.backlog and lag > MOST_RELAY_LAG:
        problems.append(f"nothing was published for {lag.total_seconds():.0f} seconds")
    return problems


async def status_of(app: "App[Any]") -> dict[str, Any]:
    """What is still to do, and the exact counts of all instances together."""
    now = app.clock.now()
    outbox, due, next_due, counts, pending = await asyncio.gather(
        Outbox(app.database).count(),
        app.timers.queue.count_due(now),
        app.timers.queue.next_due(),
        Ledger(app.database).totals(),
        _pending(app),
    )
    return {
        "service": app.parts.name,
        "now": now.isoformat(),
        "in_flight": app.group_commit.in_flight,
        "outbox": outbox,
        "pending": pending,
        "timers_due": due,
        "next_timer": next_due.isoformat() if next_due else None,
        "counts": counts,
    }


async def parked_of(app: "App[Any]") -> list[dict[str, Any]]:
    """Messages that wait for a person, without their bodies."""
    return [
        {
            "key": each.id,
            "kind": each.kind,
            "sender": each.sender,
            "routing_key": each.routing_key,
            "reason": each.reason,
            "attempts": each.attempts,
            "parked_at": each.parked_at.isoformat(),
        }
        for each in await Parked(app.database).all()
    ]


async def _pending(app: "App[Any]") -> int:
    return await app.parts.pending(app.read()) if app.parts.pending else 0


async def figures_of(app: "App[Any]") -> dict[str, Any]:
    """The service's figures for the council report, computed from its own data."""
    return dict(await app.parts.figures(app.read()))
