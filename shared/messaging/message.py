"""A message as it comes from the broker, and as a handler sees it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import blake2b
from typing import Any, Generic, TypeVar

from shared.clock import LOCAL_ZONE
from shared.contracts.base import Exchange

D = TypeVar("D")

ATTEMPT_HEADER = "x-attempt"
ORIGINAL_EXCHANGE_HEADER = "x-original-exchange"
ORIGINAL_KEY_HEADER = "x-original-routing-key"
ORIGINAL_USER_HEADER = "x-original-user"
INTAKE_KEY_PARTS = 3


def text_of(value: Any) -> str:
    """A header's value, of whatever kind AMQP allows, as text."""
    if isinstance(value, bytes | bytearray):
        return value.decode(errors="replace")
    return value.isoformat() if isinstance(value, datetime) else str(value)


@dataclass(frozen=True, slots=True)
class Delivery:
    """What the broker handed over, nothing of it read yet."""

    exchange: str
    routing_key: str
    message_id: str
    user_id: str
    content_type: str
    headers: Mapping[str, Any]
    body: bytes

    @property
    def returned(self) -> bool:
        """Whether it comes back from the delay ladder; only services can write there."""
        return self.exchange == Exchange.RETURN

    @property
    def original_exchange(self) -> str:
        """The exchange it was first published to."""
        return self._header(ORIGINAL_EXCHANGE_HEADER) if self.returned else self.exchange

    @property
    def original_key(self) -> str:
        """The routing key it was first published with."""
        return self._header(ORIGINAL_KEY_HEADER) if self.returned else self.routing_key

    @property
    def original_user(self) -> str:
        """The user that the broker vouched for when it was first published."""
        return self._header(ORIGINAL_USER_HEADER) if self.returned else self.user_id

    @property
    def attempt(self) -> int:
        """1 for the first try."""
        counted = self._header(ATTEMPT_HEADER) if self.returned else ""
        return int(counted) if counted.isdecimal() else 1

    @property
    def partner(self) -> str:
        """The partner that a routing key at intake names, else empty; the broker enforces it."""
        parts = self.original_key.split(".")
        at_intake = self.original_exchange == Exchange.INTAKE and len(parts) == INTAKE_KEY_PARTS
        return parts[1] if at_intake else ""

    @property
    def digest(self) -> bytes:
        """Fingerprint of the content, to tell a redelivery from an id used again."""
        return blake2b(self.body, digest_size=16).digest()

    def _header(self, name: str) -> str:
        return text_of(self.headers.get(name, ""))


@dataclass(frozen=True, slots=True)
class Message(Generic[D]):
    """What a handler gets: the data with who sent it, why, and the time that counts.

    `key` is unique over all senders; `now` is the time of the decision, in UTC.
    """

    key: str
    id: str
    type: str
    source: str
    partner: str
    correlation_id: str
    attempt: int
    now: datetime
    data: D

    @property
    def today(self) -> date:
        """The local day of the decision."""
        return self.now.astimezone(LOCAL_ZONE).date()
