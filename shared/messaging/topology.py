"""The broker's whole layout from one table: exchanges, queues, bindings, policies; who may do what
with them is in `rights`. Written as a RabbitMQ definitions document, limited to what 3.10 and 4.x
both understand.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from shared.contracts.base import Contract, Exchange, catalogue
from shared.messaging.ladder import STEPS
from shared.messaging.rights import (
    DESK,
    HISTORY,
    OPERATOR,
    TOPIC_EXCHANGES,
    Partner,
    Rights,
    ServiceRights,
    dead_letters_of,
    rights_of_all,
)

__all__ = ["DESK", "HISTORY", "OPERATOR", "Partner", "ServiceRights", "Topology", "dead_letters_of"]

DELIVERY_LIMIT = 50
MATCHING = "matching"
MOST_REPLIES = 100_000
"""What a partner may leave unread; older replies than these are parked."""

EXCHANGE_TYPES: dict[Exchange, str] = {
    each: "topic" if each in TOPIC_EXCHANGES else "direct"
    for each in Exchange
    if each is not Exchange.LOCAL
}


@dataclass(frozen=True, slots=True)
class Binding:
    exchange: str
    queue: str
    key: str


@dataclass(frozen=True)
class Topology:
    """Who is there; everything else follows."""

    services: Sequence[ServiceRights]
    partners: Sequence[Partner]
    bindings: tuple[Binding, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "bindings", tuple(self._bindings()))

    def queues_for(self, exchange: str, key: str) -> set[str]:
        """The queues that a message reaches, the history stream left out."""
        return {
            binding.queue
            for binding in self.bindings
            if binding.exchange == exchange
            and binding.queue != HISTORY
            and _matches(binding.key, key)
        }

    def definitions(
        self, vhost: str, passwords: Mapping[str, str], prefix: str = ""
    ) -> dict[str, Any]:
        """The definitions document for one virtual host; a password for every user is needed.

        Users belong to the whole broker, so `prefix` before their names tells systems apart.
        """
        table = self.rights
        topics = [entry for each in table for entry in each.topic_permissions(prefix)]
        return {
            "vhosts": [{"name": vhost}],
            "users": [each.account(passwords[each.user], prefix) for each in table],
            "permissions": [{"vhost": vhost, **each.permission(prefix)} for each in table],
            "topic_permissions": [{"vhost": vhost, **entry} for entry in topics],
            "exchanges": [_exchange(vhost, *each) for each in EXCHANGE_TYPES.items()],
            "queues": [
                {"vhost": vhost, "name": name, "durable": True, "auto_delete": False,
                 "arguments": {"x-queue-type": kind}}
                for name, kind in self.queues.items()
            ],
            "bindings": [
                {"vhost": vhost, "source": each.exchange, "destination": each.queue,
                 "destination_type": "queue", "routing_key": each.key, "arguments": {}}
                for each in self.bindings
            ],
            "policies": [{"vhost": vhost, **each} for each in self._policies()],
        }  # fmt: skip

    @property
    def rights(self) -> list[Rights]:
        """What each user may do."""
        return rights_of_all(self.services, self.partners)

    @property
    def users(self) -> list[str]:
        """Broker users: services, the desk, operators, partners; without the prefix."""
        return [each.user for each in self.rights]

    @property
    def queues(self) -> dict[str, str]:
        """Every queue with its type."""
        names = {HISTORY: "stream"}
        for service in self.services:
            names |= {service.name: "quorum", dead_letters_of(service.name): "quorum"}
        names |= {f"retry.{step}": "quorum" for step in STEPS}
        names |= {f"replies.{partner.id}": "quorum" for partner in self.partners}
        return names

    def _bindings(self) -> Iterable[Binding]:
        yield Binding(Exchange.EVENTS, HISTORY, "#")
        for step in STEPS:
            yield Binding(Exchange.RETRY, f"retry.{step}", f"{step}.*")
        for partner in self.partners:
            yield Binding(Exchange.REPLIES, f"replies.{partner.id}", partner.id)
        for service in self.services:
            yield Binding(Exchange.RETURN, service.name, f"*.{service.name}")
            yield Binding(Exchange.DEAD_LETTERS, dead_letters_of(service.name), service.name)
            yield from sorted(
                {
                    _binding(service.name, catalogue[kind])
                    for kind in service.listens_to
                    if catalogue[kind].wire.exchange is not Exchange.LOCAL
                },
                key=lambda each: (each.exchange, each.key),
            )

    def _policies(self) -> Iterable[dict[str, Any]]:
        """One policy per queue applies, so each holds all keys of its queues."""
        safely = {"dead-letter-strategy": "at-least-once", "overflow": "reject-publish"}
        for service in self.services:
            definition = {
                "dead-letter-exchange": Exchange.DEAD_LETTERS,
                "dead-letter-routing-key": service.name,
                "delivery-limit": DELIVERY_LIMIT,
                **safely,
            }
            yield _policy(f"service-{service.name}", f"^{re.escape(service.name)}$", definition)
        for step, milliseconds in STEPS.items():
            definition = {
                "message-ttl": milliseconds,
                "dead-letter-exchange": Exchange.RETURN,
                **safely,
            }
            yield _policy(f"retry-{step}", rf"^retry\.{step}$", definition)
        never_read = {
            "max-length": MOST_REPLIES,
            "dead-letter-exchange": Exchange.DEAD_LETTERS,
            "dead-letter-routing-key": MATCHING,
        }
        yield _policy("replies", r"^replies\.", never_read)


def _binding(queue: str, contract: type[Contract]) -> Binding:
    """Partners' keys name the partner in the middle; private messages go by receiver."""
    wire = contract.wire
    if wire.exchange is Exchange.INTAKE:
        aggregate, verb = wire.type.split(".")[1:3]
        return Binding(wire.exchange, queue, f"{aggregate}.*.{verb}")
    if wire.exchange is Exchange.PRIVATE:
        return Binding(wire.exchange, queue, queue)
    return Binding(wire.exchange, queue, wire.type)


def _matches(pattern: str, key: str) -> bool:
    """Whether a topic pattern of whole words, `*` and a lone `#` fits a key."""
    if pattern == "#":
        return True
    words, wanted = key.split("."), pattern.split(".")
    return len(words) == len(wanted) and all(
        want in {"*", word} for want, word in zip(wanted, words, strict=True)
    )


def _policy(name: str, pattern: str, definition: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": name,
        "pattern": pattern,
        "apply-to": "queues",
        "priority": 1,
        "definition": dict(definition),
    }


def _exchange(vhost: str, name: str, kind: str) -> dict[str, Any]:
    return {
        "vhost": vhost,
        "name": name,
        "type": kind,
        "durable": True,
        "auto_delete": False,
        "internal": False,
        "arguments": {},
    }
