"""The processing heart: from a delivery to its effect, exactly once, many at a time."""

from shared.messaging.failures import Poison, RetryLater
from shared.messaging.message import Delivery, Message
from shared.messaging.subscriptions import Facts, Subscriptions

__all__ = ["Delivery", "Facts", "Message", "Poison", "RetryLater", "Subscriptions"]
