"""Loads a delivery, lets the domain decide, saves, and gives back what others should know."""

from dataclasses import replace

from shared.contracts.ids import stable_id
from shared.contracts.notifications import (
    MessageFailed,
    MessageSent,
    RequestMessage,
    RequestMessageV1,
)
from shared.messaging import Facts, Message, Poison
from shared.storage.timers import Timer

from .contracts import DeliveryAbandoned, DeliveryAttempted
from .domain import texts
from .domain.delivery import (
    Delivery,
    Letter,
    State,
    abandon,
    attempted,
    back_off,
    digest_of,
    due_again,
    finish,
)
from .domain.recipient import is_address, on_one_line
from .store import NotificationsStore

Request = Message[RequestMessage] | Message[RequestMessageV1]

DUE_AGAIN = "delivery-due-again"
NO_ADDRESS = "the recipient's address is not a mail address"


def delivery_id(message: Request) -> str:
    """The same request always makes the same delivery."""
    return stable_id("delivery", message.key)


async def take_in(store: NotificationsStore, message: Request) -> Facts:
    """Write the mail now, so that nothing about its content can fail when it is sent."""
    if await store.deliveries.get(delivery_id(message)):
        return []
    delivery = replace(_written(message), taken_in_by=store.instance)
    if not is_address(message.data.email):
        delivery = finish(delivery, State.FAILED)
    store.deliveries.save(delivery)
    return _news(delivery, NO_ADDRESS)


async def note_outcome(store: NotificationsStore, message: Message[DeliveryAttempted]) -> Facts:
    """An attempt came out: done, failed for good, or tried again after a while."""
    told = message.data
    before = await store.deliveries.get(told.delivery_id)
    if before is None:
        return []
    after = attempted(before, told.token, told.outcome, told.reason)
    _save(store, before, after)
    if after.state is State.DEFERRED:
        due = message.now + back_off(after)
        store.timers.schedule(Timer(DUE_AGAIN, after.id, due))
    return [] if before.finished else _news(after, told.reason)


async def give_up_waiting(store: NotificationsStore, message: Message[DeliveryAbandoned]) -> Facts:
    """Nobody knows whether the mail went out: it waits for a person."""
    delivery = await store.deliveries.get(message.data.delivery_id)
    if delivery:
        _save(store, delivery, abandon(delivery, message.data.token))
    return []


async def try_again(store: NotificationsStore, message: Message[Timer]) -> Facts:
    """The wait is over: any worker may take the delivery."""
    delivery = await store.deliveries.get(message.data.key)
    if delivery:
        _save(store, delivery, due_again(delivery))
    return []


def _written(message: Request) -> Delivery:
    """The delivery with its text; raises `Poison` for a template that nobody wrote, and naming
    each value that is missing.
    """
    request = message.data
    if request.template not in texts.VALUES:
        raise Poison(f"data.template: there is no template {request.template!r}")
    if missing := texts.missing(request.template, request.values):
        raise Poison(*(f"data.values.{each}: {request.template} needs it" for each in missing))
    text = texts.render(request.template, request.language, request.name, request.values)
    identity = delivery_id(message)
    return Delivery(
        id=identity,
        about=request.about,
        template=request.template,
        language=text.language,
        requested_at=message.now,
        address_digest=digest_of(request.email, identity),
        letter=Letter(on_one_line(request.name), request.email, text.subject, text.body),
    )


def _save(store: NotificationsStore, before: Delivery, after: Delivery) -> None:
    if after is not before:
        store.deliveries.save(after)


def _news(delivery: Delivery, reason: str) -> Facts:
    """What others hear once a delivery is finished."""
    if delivery.state is State.SENT:
        return [
            MessageSent(
                delivery_id=delivery.id,
                about=delivery.about,
                template=delivery.template,
                language=delivery.language,
            )
        ]
    if delivery.state is State.FAILED:
        return [
            MessageFailed(
                delivery_id=delivery.id,
                about=delivery.about,
                template=delivery.template,
                reason=reason,
            )
        ]
    return []
