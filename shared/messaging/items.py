"""What goes through the heart: a delivery, a dead letter or a due timer, and how it is parked."""

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from pydantic_core import from_json, to_json

from shared.contracts.base import Contract, Exchange
from shared.contracts.ids import dead_letter_id
from shared.messaging.envelope import PREFIX, key_of, read
from shared.messaging.failures import GivenUp, Poison
from shared.messaging.harmless import summary_of, type_of
from shared.messaging.message import Delivery, Message, text_of
from shared.storage.records import ParkedMessage
from shared.storage.timers import Timer

TIMER_PREFIX = "timer."


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
    def is_local(self) -> bool:
        """Whether the service's own worker told it: nobody delivers that a second time."""
        return self.delivery is not None and self.delivery.exchange == Exchange.LOCAL

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
        item.poison = copy(poison)  # one that remembers no frames and no error that led to it
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
        type=f"{TIMER_PREFIX}{timer.name}",
        source="timer",
        partner="",
        correlation_id=str(timer.data.get("correlation_id", key)),
        attempt=timer.attempt,
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
    item: Item, service: str, handler: str, kind: str, reasons: Sequence[str], now: datetime
) -> ParkedMessage:
    """What is kept of an item that could not be handled; its body may be personal data."""
    delivery = item.delivery or _delivery_of_timer(item.timer)
    reason = "; ".join(reasons)[:2_000]
    claimed = text_of(delivery.headers.get(f"{PREFIX}type", ""))
    return ParkedMessage(
        id=item.key,
        reason=reason,
        kind=kind,
        handler=handler,
        attempts=item.timer.attempt if item.timer else delivery.attempt,
        parked_at=now,
        exchange=delivery.original_exchange,
        routing_key=delivery.original_key,
        sender=delivery.partner,
        message_id=delivery.message_id,
        content_type=delivery.content_type,
        headers={_storable(name): text_of(value) for name, value in delivery.headers.items()},
        body=delivery.body,
        letter_id=dead_letter_id(service, item.key),
        type=type_of(item.message.type if item.message else claimed),
        summary=summary_of(kind, reason),
        user_id=delivery.original_user,
    )


def item_of_letter(
    letter: ParkedMessage, contracts: Mapping[str, type[Contract]], now: datetime
) -> Item:
    """A parked message once more, as it came first: what routed it then is known here alone.

    It keeps its key, so that what follows from it has the ids that it would have had.
    """
    if letter.exchange == Exchange.LOCAL and letter.routing_key.startswith(TIMER_PREFIX):
        return replace(item_of_timer(_timer_of(letter), now), key=letter.id)
    delivery = Delivery(
        exchange=letter.exchange,
        routing_key=letter.routing_key,
        message_id=letter.message_id,
        user_id=letter.user_id,
        content_type=letter.content_type,
        headers=letter.headers,
        body=letter.body,
    )
    item = item_of(delivery, contracts, now)
    if item.message:
        item.message = replace(item.message, key=letter.id, attempt=letter.attempts + 1)
    return replace(item, key=letter.id)


def _delivery_of_timer(timer: Timer | None) -> Delivery:
    """A timer in the form in which messages are parked."""
    if timer is None:
        return Delivery("", "", "", "", "", {}, b"")
    kept = {
        "name": timer.name, "key": timer.key, "due": timer.due, "data": timer.data,
        "setting": timer.setting, "attempt": timer.attempt,
    }  # fmt: skip
    body = to_json(kept, fallback=str)
    kind = f"{TIMER_PREFIX}{timer.name}"
    return Delivery(Exchange.LOCAL, kind, timer.id, "", "application/json", {}, body)


def _timer_of(letter: ParkedMessage) -> Timer:
    kept = from_json(letter.body)
    due = datetime.fromisoformat(kept.pop("due"))
    return Timer(**kept | {"due": due, "attempt": letter.attempts + 1})


def _storable(name: str) -> str:
    """The database takes everything in a field's name but the character that ends it."""
    return name.replace("\x00", "\N{REPLACEMENT CHARACTER}")
