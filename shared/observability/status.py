"""What a service says of itself: what is wrong, what is still to do, what it has counted."""

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
    next_due = await app.timers.queue.next_due()
    pending = await app.parts.pending(app.read()) if app.parts.pending else 0
    parked = await Parked(app.database).all()
    return {
        "service": app.parts.name,
        "now": now.isoformat(),
        "in_flight": app.group_commit.in_flight,
        "outbox": await Outbox(app.database).count(),
        "pending": pending,
        "timers_due": await app.timers.queue.count_due(now),
        "next_timer": next_due.isoformat() if next_due else None,
        "counts": await Ledger(app.database).totals(),
        "parked": [
            {
                "key": each.id,
                "kind": each.kind,
                "sender": each.sender,
                "routing_key": each.routing_key,
                "reason": each.reason,
            }
            for each in parked[:100]
        ],
    }


async def figures_of(app: "App[Any]") -> dict[str, Any]:
    """The service's figures for the council report, computed from its own data."""
    return dict(await app.parts.figures(app.read()))
