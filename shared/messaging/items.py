"""What goes through the heart: a delivery, a dead letter or a due timer, and how it is parked."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.contracts.base import Contract, Exchange
from shared.messaging.envelope import key_of, read
from shared.messaging.failures import GivenUp, Poison
from shared.messaging.message import Delivery, Message
from shared.storage.records import ParkedMessage
from shared.storage.timers import Timer


@dataclass(slots=True)
class Item:
    """One delivery or due timer on its way through the heart.

    `admitted` is None until the gate has decided whether its partner may send so much.
    """

    key: str
    delivery: Delivery | None = None
    timer: Timer | None = None
    message: Message[Any] | None = None
    poison: Poison | GivenUp | None = None
    admitted: bool | None = None

    @property
    def digest(self) -> bytes:
        return self.delivery.digest if self.delivery else b""

    @property
    def sender_id(self) -> str:
        """The message's id as its sender knows it."""
        return self.key.partition("/")[2].removesuffix(f"#{self.digest.hex()}")


def item_of(delivery: Delivery, contracts: Mapping[str, type[Contract]], now: datetime) -> Item:
    """Read a delivery; what cannot be understood becomes an item that will be parked."""
    item = Item(key_of(delivery), delivery=delivery)
    try:
        item.message = read(delivery, contracts, now)
    except Poison as poison:
        item.poison = poison
    return item


def item_of_dead_letter(delivery: Delivery) -> Item:
    """What the broker gave up, to be parked unless it had its effect after all."""
    reason = f"the broker gave it up: {delivery.headers.get('x-first-death-reason', 'unknown')}"
    return Item(key_of(delivery), delivery=delivery, poison=GivenUp(reason))


def item_of_timer(timer: Timer, now: datetime) -> Item:
    """A due timer as an item like any other."""
    key = f"timer/{timer.id}@{timer.due.isoformat()}#{timer.setting}"
    message = Message(
        key=key,
        id=key,
        type=f"timer.{timer.name}",
        source="timer",
        partner="",
        correlation_id=str(timer.data.get("correlation_id", key)),
        attempt=1,
        now=now,
        data=timer,
    )
    return Item(key, timer=timer, message=message)


def reused(item: Item) -> Item:
    """An id used again for other content: its own item, so that it is parked and told once."""
    reason = "this message id was used before with other content; choose a new id"
    key = f"{item.key}#{item.digest.hex()}"
    return Item(key, delivery=item.delivery, poison=Poison(reason))


def unread(item: Item, now: datetime) -> Message[None]:
    """Stands for a message that could not be read, as the cause of an answer."""
    identity = item.sender_id
    return Message(item.key, identity, "", "", "", identity, 1, now, None)


def parked_message(
    item: Item, handler: str, kind: str, reasons: Sequence[str], now: datetime
) -> ParkedMessage:
    """What is kept of an item that could not be handled; its body may be personal data."""
    delivery = item.delivery or _delivery_of_timer(item.timer)
    return ParkedMessage(
        id=item.key,
        reason="; ".join(reasons)[:2_000],
        kind=kind,
        handler=handler,
        attempts=delivery.attempt,
        parked_at=now,
        exchange=delivery.original_exchange,
        routing_key=delivery.original_key,
        sender=delivery.partner,
        message_id=delivery.message_id,
        content_type=delivery.content_type,
        headers={_storable(name): str(value) for name, value in delivery.headers.items()},
        body=delivery.body,
    )


def _delivery_of_timer(timer: Timer | None) -> Delivery:
    """A timer in the form in which messages are parked."""
    if timer is None:
        return Delivery("", "", "", "", "", {}, b"")
    body = json.dumps({"key": timer.key, "due": timer.due.isoformat(), "data": dict(timer.data)})
    return Delivery(
        Exchange.LOCAL, f"timer.{timer.name}", timer.id, "", "application/json", {}, body.encode()
    )


def _storable(name: str) -> str:
    """The database takes everything in a field's name but the character that ends it."""
    return name.replace("\x00", "\N{REPLACEMENT CHARACTER}")
