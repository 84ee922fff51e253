"""The delay ladder: after each try that must wait, the next step; after the last, parked.

Messages climb it in the broker's queues, timers and refused publishes in the database.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

from shared.contracts.base import Exchange
from shared.messaging.message import (
    ATTEMPT_HEADER,
    ORIGINAL_EXCHANGE_HEADER,
    ORIGINAL_KEY_HEADER,
    ORIGINAL_USER_HEADER,
    Delivery,
    text_of,
)
from shared.storage.records import OutboxEntry
from shared.storage.timers import Timer

COPIES = frozenset({"CC", "BCC"})
"""RabbitMQ's own headers: it refuses a message in which they are not lists."""

STEPS = {"1s": 1_000, "10s": 10_000, "1m": 60_000, "10m": 600_000}
"""Name of each step and its delay in milliseconds."""


def delay_after(tries: int) -> timedelta | None:
    """How long to wait after so many tries, or None when every step has been tried."""
    if tries > len(STEPS):
        return None
    return timedelta(milliseconds=list(STEPS.values())[tries - 1])


def timer_again(timer: Timer, now: datetime) -> Timer | None:
    """The timer with its next try, or None when it has tried every step."""
    delay = delay_after(timer.attempt)
    if delay is None:
        return None
    return replace(timer, attempt=timer.attempt + 1, again_at=now + delay, moves=True)


def next_try(delivery: Delivery, service: str) -> OutboxEntry | None:
    """The message on its way up the ladder, or None when it has tried every step."""
    if delivery.attempt > len(STEPS):
        return None
    step = list(STEPS)[delivery.attempt - 1]
    own = {
        ATTEMPT_HEADER: str(delivery.attempt + 1),
        ORIGINAL_EXCHANGE_HEADER: delivery.original_exchange,
        ORIGINAL_KEY_HEADER: delivery.original_key,
        ORIGINAL_USER_HEADER: delivery.original_user,
    }
    headers = {name: text_of(value) for name, value in delivery.headers.items() if _stays(name)}
    return OutboxEntry(
        id=str(uuid4()),
        message_id=delivery.message_id,
        exchange=Exchange.RETRY.value,
        routing_key=f"{step}.{service}",
        headers={**headers, **own},
        body=delivery.body,
        content_type=delivery.content_type,
    )


def _stays(name: str) -> bool:
    """Ours are written anew; copies to further keys were made when it first came; and the outbox
    cannot hold a name with the character that ends it.
    """
    return not name.startswith("x-") and name not in COPIES and "\x00" not in name
