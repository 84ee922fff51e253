"""Which service listens to what: types and timers, each with its translator.

A translator turns a message into a call of the service's handlers and gives back the facts. It is
a function of one message and the loaded state; it sees no broker, no session and no batch.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from shared.contracts.base import Contract
from shared.contracts.dead_letters import DiscardDeadLetter, DiscloseDeadLetter, ReplayDeadLetter
from shared.messaging.message import Message
from shared.storage.timers import Timer

DECISIONS: dict[str, type[Contract]] = {
    each.wire.type: each for each in (ReplayDeadLetter, DiscardDeadLetter, DiscloseDeadLetter)
}

S = TypeVar("S")
C = TypeVar("C", bound=Contract)

Facts = Sequence[Contract]
"""What happened, to be published: facts, replies and requests for messages."""

Translator = Callable[[Message[Any], S], Awaitable[Facts]]
Expectation = Callable[[Message[Any], S], None]


@dataclass(frozen=True)
class Subscription(Generic[S]):
    """A translator with its name for records and, for speed, what it will need."""

    name: str
    translate: Translator[S]
    expects: Expectation[S] | None = None


class Subscriptions(Generic[S]):
    """A service's table of subscriptions; `S` is the service's store.

    Decisions about dead letters are for every service and taken by the heart itself.
    """

    def __init__(self) -> None:
        self.contracts: dict[str, type[Contract]] = dict(DECISIONS)
        self.by_type: dict[str, Subscription[S]] = {}
        self.by_timer: dict[str, Subscription[S]] = {}

    def to(
        self, contract: type[C], *, expects: Callable[[Message[C], S], None] | None = None
    ) -> Callable[
        [Callable[[Message[C], S], Awaitable[Facts]]], Callable[[Message[C], S], Awaitable[Facts]]
    ]:
        """Listen to a contract. `expects` names the aggregates to load for the whole batch."""

        def register(
            translate: Callable[[Message[C], S], Awaitable[Facts]],
        ) -> Callable[[Message[C], S], Awaitable[Facts]]:
            kind = contract.wire.type
            if kind in self.by_type:
                twice = f"{kind} has a subscriber already"
                raise ValueError(twice)
            self.contracts[kind] = contract
            self.by_type[kind] = Subscription(translate.__name__, translate, expects)
            return translate

        return register

    def at(
        self, timer: str
    ) -> Callable[
        [Callable[[Message[Timer], S], Awaitable[Facts]]],
        Callable[[Message[Timer], S], Awaitable[Facts]],
    ]:
        """Be called when a timer of this name is due."""

        def register(
            translate: Callable[[Message[Timer], S], Awaitable[Facts]],
        ) -> Callable[[Message[Timer], S], Awaitable[Facts]]:
            if timer in self.by_timer:
                twice = f"the timer {timer} has a subscriber already"
                raise ValueError(twice)
            self.by_timer[timer] = Subscription(translate.__name__, translate)
            return translate

        return register

    def include(self, other: "Subscriptions[S]") -> None:
        """Take over the subscriptions of a sub-domain; raises `ValueError` when one is taken."""
        taken = (self.by_type.keys() & other.by_type) | (self.by_timer.keys() & other.by_timer)
        if taken:
            twice = f"these have subscribers already: {sorted(taken)}"
            raise ValueError(twice)
        self.contracts.update(other.contracts)
        self.by_type.update(other.by_type)
        self.by_timer.update(other.by_timer)
