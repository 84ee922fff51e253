"""The life of a delivery: pending, sending, then sent, failed, deferred or uncertain.

A mail whose fate is unknown is never sent again by the machine: a person decides.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import blake2b
from typing import Final

from ..contracts import Outcome

BACK_OFF: Final = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=8),
)
"""How long to wait after the first, second ... temporary failure; after the last comes the end."""


class State(StrEnum):
    PENDING = "pending"
    SENDING = "sending"
    DEFERRED = "deferred"
    UNCERTAIN = "uncertain"
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True)
class Letter:
    """What is sent and to whom: personal data, kept only while it is needed."""

    name: str
    address: str
    subject: str
    text: str


@dataclass(frozen=True)
class Attempt:
    """One worker's attempt; `outcome` is empty until it is told."""

    token: str
    begun_at: datetime
    lease_until: datetime
    outcome: Outcome | None = None
    reason: str = ""


@dataclass(frozen=True)
class Delivery:
    """One message to one person. `language` is that of the text."""

    id: str
    about: str
    template: str
    language: str
    requested_at: datetime
    address_digest: str
    letter: Letter | None
    taken_in_by: str = ""
    """The instance that sends it unless it is gone; two that reach for the same mail cost time."""
    state: State = State.PENDING
    attempts: tuple[Attempt, ...] = ()

    @property
    def token(self) -> str:
        """The token of the latest attempt, empty before the first."""
        return self.attempts[-1].token if self.attempts else ""

    @property
    def finished(self) -> bool:
        return self.state in {State.SENT, State.FAILED}


def digest_of(address: str, delivery_id: str) -> str:
    """Tells whether a delivery went to an address, without keeping it or linking deliveries."""
    key = delivery_id.encode()[:64]
    return blake2b(address.lower().encode(), key=key, digest_size=16).hexdigest()


def begin(delivery: Delivery, token: str, now: datetime, lease_until: datetime) -> Delivery:
    """The worker with this token may send; unchanged when the delivery is not pending."""
    if delivery.state is not State.PENDING:
        return delivery
    attempt = Attempt(token, now, lease_until)
    return replace(delivery, state=State.SENDING, attempts=(*delivery.attempts, attempt))


def attempted(delivery: Delivery, token: str, outcome: Outcome, reason: str) -> Delivery:
    """The attempt came out; also a late word counts, and a mail that was sent stays sent."""
    if token not in {each.token for each in delivery.attempts if each.outcome is None}:
        return delivery
    noted = replace(delivery, attempts=_noted(delivery.attempts, token, outcome, reason))
    if delivery.finished:
        return noted
    if outcome is Outcome.SENT:
        return finish(noted, State.SENT)
    if token != delivery.token:
        return noted
    return _after(noted, outcome)


def abandon(delivery: Delivery, token: str) -> Delivery:
    """The worker died or fell silent in the middle of sending."""
    if delivery.state is not State.SENDING or delivery.token != token:
        return delivery
    return replace(delivery, state=State.UNCERTAIN)


def due_again(delivery: Delivery) -> Delivery:
    """The wait after a temporary failure is over."""
    if delivery.state is not State.DEFERRED:
        return delivery
    return replace(delivery, state=State.PENDING)


def finish(delivery: Delivery, state: State) -> Delivery:
    """Sent or failed for good: what is personal goes."""
    return replace(delivery, state=state, letter=None)


def back_off(delivery: Delivery) -> timedelta:
    """How long a deferred delivery waits."""
    return BACK_OFF[_temporary_failures(delivery) - 1]


def _after(delivery: Delivery, outcome: Outcome) -> Delivery:
    if outcome is Outcome.UNKNOWN:
        return replace(delivery, state=State.UNCERTAIN)
    used_up = _temporary_failures(delivery) > len(BACK_OFF)
    if outcome is Outcome.PERMANENT or used_up:
        return finish(delivery, State.FAILED)
    return replace(delivery, state=State.DEFERRED)


def _temporary_failures(delivery: Delivery) -> int:
    return sum(each.outcome is Outcome.TEMPORARY for each in delivery.attempts)


def _noted(
    attempts: tuple[Attempt, ...], token: str, outcome: Outcome, reason: str
) -> tuple[Attempt, ...]:
    return tuple(
        replace(each, outcome=outcome, reason=reason) if each.token == token else each
        for each in attempts
    )
