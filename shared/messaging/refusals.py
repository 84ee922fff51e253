"""What the broker refuses to take climbs the delay ladder in the outbox; after the last step it is
a dead letter that can be published again. An error that is seen: logged, counted, listed.
"""

from datetime import UTC, datetime

import structlog
from aiormq.exceptions import (
    ChannelAccessRefused,
    ChannelClosed,
    ChannelNotFoundEntity,
    ChannelPreconditionFailed,
    DeliveryError,
    PublishError,
)

from shared.clock import Clock
from shared.contracts.ids import dead_letter_id
from shared.messaging.harmless import summary_of, type_of
from shared.messaging.ladder import delay_after
from shared.messaging.letters import OUTBOX_PREFIX, UNROUTABLE
from shared.storage import Database, StorageError
from shared.storage.driver import Session
from shared.storage.records import Outbox, OutboxEntry, Parked, ParkedMessage

CLOSING = (ChannelAccessRefused, ChannelNotFoundEntity, ChannelPreconditionFailed)
REFUSING = (DeliveryError, *CLOSING)

log = structlog.get_logger(__name__)


def closes_channel(error: BaseException) -> bool:
    """Whether the broker closed the channel because of a message in it."""
    return isinstance(error, CLOSING)


def refused(error: BaseException) -> bool:
    """Whether the broker refused this very message; otherwise it is away."""
    return isinstance(error, REFUSING)


class Refusals:
    """The refused entries of a service's outbox."""

    def __init__(self, database: Database, service: str, clock: Clock) -> None:
        self._database = database
        self._service = service
        self._clock = clock

    async def note(self, entry: OutboxEntry, error: BaseException) -> None:
        """Have it tried again later, or park it; while the database is away a sweep finds it."""
        refusals = entry.refusals + 1
        reason = _reason(entry, error)
        delay = delay_after(refusals)
        try:
            if delay:
                again_at = datetime.now(UTC) + delay
                await Outbox(self._database).refused(entry.id, refusals, again_at)
            else:
                now = self._clock.now()
                await self._park(_letter(entry, self._service, refusals, reason, now))
        except StorageError as unavailable:
            log.warning("a refusal could not be noted", reason=type(unavailable).__name__)
        log.error(
            "the broker refuses a message" if delay else "message parked: the broker refuses it",
            exchange=entry.exchange,
            routing_key=entry.routing_key,
            reason=reason,
            tries=refusals,
            correlation_id=entry.headers.get("ce-correlationid", ""),
        )

    async def _park(self, letter: ParkedMessage) -> None:
        async def park(session: Session) -> None:
            entry_id = letter.id.removeprefix(OUTBOX_PREFIX)
            if await Outbox(self._database, session).drop(entry_id):
                await Parked(self._database, session).enter([letter])

        await self._database.transact(park)


def _letter(
    entry: OutboxEntry, service: str, refusals: int, reason: str, now: datetime
) -> ParkedMessage:
    key = f"{OUTBOX_PREFIX}{entry.id}"
    return ParkedMessage(
        id=key,
        reason=reason,
        kind=UNROUTABLE,
        handler="",
        attempts=refusals,
        parked_at=now,
        exchange=entry.exchange,
        routing_key=entry.routing_key,
        sender="",
        message_id=entry.message_id,
        content_type=entry.content_type,
        headers=entry.headers,
        body=entry.body,
        letter_id=dead_letter_id(service, key),
        type=type_of(entry.headers.get("ce-type", "")),
        summary=summary_of(UNROUTABLE, reason),
    )


def _reason(entry: OutboxEntry, error: BaseException) -> str:
    """In our own words: the library's would quote the message."""
    place = f"{entry.exchange} with the key {entry.routing_key}"
    match error:
        case PublishError():
            return f"no queue takes what goes to {place}"
        case ChannelAccessRefused():
            return f"the service may not publish to {place}"
        case ChannelNotFoundEntity():
            return f"there is no exchange {entry.exchange}"
        case ChannelClosed():
            return f"the broker closed the channel at {place} ({type(error).__name__})"
        case _:
            return f"the queues behind {place} did not take it"
