"""What the service listens to: requests from the services, word from its workers, its timers."""

from shared.contracts.notifications import RequestMessage, RequestMessageV1
from shared.messaging import Facts, Message, Subscriptions
from shared.storage.timers import Timer

from . import handlers
from .contracts import DeliveryAbandoned, DeliveryAttempted
from .store import NotificationsStore

subscriptions = Subscriptions[NotificationsStore]()


def _expect(
    message: Message[DeliveryAttempted] | Message[DeliveryAbandoned],
    store: NotificationsStore,
) -> None:
    store.deliveries.expect(message.data.delivery_id)


@subscriptions.to(
    RequestMessage,
    expects=lambda message, store: store.deliveries.expect(handlers.delivery_id(message)),
)
async def request_message(message: Message[RequestMessage], store: NotificationsStore) -> Facts:
    """A service wants one message sent to one person."""
    return await handlers.take_in(store, message)


@subscriptions.to(
    RequestMessageV1,
    expects=lambda message, store: store.deliveries.expect(handlers.delivery_id(message)),
)
async def request_message_v1(
    message: Message[RequestMessageV1], store: NotificationsStore
) -> Facts:
    """The same in its first version, which may still be under way."""
    return await handlers.take_in(store, message)


@subscriptions.to(DeliveryAttempted, expects=_expect)
async def delivery_attempted(
    message: Message[DeliveryAttempted], store: NotificationsStore
) -> Facts:
    """A worker tells what came of sending."""
    return await handlers.note_outcome(store, message)


@subscriptions.to(DeliveryAbandoned, expects=_expect)
async def delivery_abandoned(
    message: Message[DeliveryAbandoned], store: NotificationsStore
) -> Facts:
    """A worker has been silent for too long."""
    return await handlers.give_up_waiting(store, message)


@subscriptions.at(handlers.DUE_AGAIN)
async def delivery_due_again(message: Message[Timer], store: NotificationsStore) -> Facts:
    """The wait after a temporary failure is over."""
    return await handlers.try_again(store, message)
