"""What the service's own workers tell its handlers; these messages never reach the broker."""

from enum import StrEnum

from shared.contracts.base import Contract, Exchange, message
from shared.contracts.people import Id


class Outcome(StrEnum):
    """How an attempt to send came out."""

    SENT = "sent"
    TEMPORARY = "temporary"
    PERMANENT = "permanent"
    UNKNOWN = "unknown"
    """The connection broke after the mail was handed over: it may have gone out."""


@message("delivery.attempted", 1, Exchange.LOCAL, subject="delivery_id")
class DeliveryAttempted(Contract):
    """What came of it; the reason holds no personal data."""

    delivery_id: Id
    token: Id
    outcome: Outcome
    reason: str = ""


@message("delivery.abandoned", 1, Exchange.LOCAL, subject="delivery_id")
class DeliveryAbandoned(Contract):
    """Nobody told in time what came of the attempt with this token."""

    delivery_id: Id
    token: Id
