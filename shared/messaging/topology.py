"""The broker's whole layout from one table: exchanges, queues, bindings, policies, users, rights.

Written as a RabbitMQ definitions document, limited to what 3.10 and 4.x both understand. Services
connect without the right to configure anything.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from shared.contracts.base import Contract, Exchange, catalogue
from shared.messaging.ladder import STEPS
from shared.messaging.passwords import rabbitmq_hash

HISTORY = "events.history"
DESK = "desk"
DEAD = "dead-letters"
DELIVERY_LIMIT = 50
MATCHING = "matching"
MOST_REPLIES = 100_000
"""What a partner may leave unread; older replies than these are parked."""
NOTHING = "^$"

EXCHANGE_TYPES = {
    Exchange.INTAKE: "topic",
    Exchange.REPLIES: "direct",
    Exchange.COMMANDS: "topic",
    Exchange.EVENTS: "topic",
    Exchange.PRIVATE: "direct",
    Exchange.RETRY: "topic",
    Exchange.RETURN: "topic",
    Exchange.DEAD_LETTERS: "direct",
}


@dataclass(frozen=True, slots=True)
class Partner:
    """A partner system: its broker user, and whether it sends referrals, recruits or both."""

    id: str
    sends: tuple[str, ...] = ("referral",)


@dataclass(frozen=True, slots=True)
class ServiceRights:
    """What a service may publish, beside what it listens to."""

    name: str
    listens_to: tuple[str, ...]
    exchanges: tuple[Exchange, ...]
    facts: tuple[str, ...]


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

    def definitions(self, vhost: str, passwords: Mapping[str, str]) -> dict[str, Any]:
        """The definitions document for one virtual host; a password for every user is needed."""
        return {
            "vhosts": [{"name": vhost}],
            "users": [_user(name, passwords[name]) for name in self.users],
            "permissions": [{"vhost": vhost, **each} for each in self._permissions()],
            "topic_permissions": [{"vhost": vhost, **each} for each in self._topic_permissions()],
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
    def users(self) -> list[str]:
        """Broker users: services, the desk, partners."""
        return [
            *(service.name for service in self.services),
            DESK,
            *(partner.id for partner in self.partners),
        ]

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

    def _permissions(self) -> Iterable[dict[str, str]]:
        for service in self.services:
            yield _rights(
                service.name,
                write=_one_of([each.value for each in service.exchanges]),
                read=_one_of([service.name, dead_letters_of(service.name)]),
            )
        yield _rights(DESK, write=_one_of([Exchange.COMMANDS]), read=_one_of([HISTORY]))
        for partner in self.partners:
            yield _rights(
                partner.id,
                write=_one_of([Exchange.INTAKE]),
                read=_one_of([f"replies.{partner.id}"]),
            )

    def _topic_permissions(self) -> Iterable[dict[str, str]]:
        for service in self.services:
            yield _topic(service.name, Exchange.EVENTS, _one_of(service.facts))
            steps = "|".join(STEPS)
            yield _topic(service.name, Exchange.RETRY, rf"^({steps})\.{re.escape(service.name)}$")
        for partner in self.partners:
            kinds = "|".join(partner.sends)
            key = rf"^({kinds})\.{re.escape(partner.id)}\.[a-z-]+$"
            yield _topic(partner.id, Exchange.INTAKE, key)

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


def dead_letters_of(service: str) -> str:
    """The queue of what the broker gave up handing to a service."""
    return f"{service}.{DEAD}"


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


def _one_of(names: Iterable[str]) -> str:
    alternatives = "|".join(re.escape(str(name)) for name in names)
    return f"^({alternatives})$" if alternatives else NOTHING


def _rights(user: str, *, write: str, read: str) -> dict[str, str]:
    return {"user": user, "configure": NOTHING, "write": write, "read": read}


def _topic(user: str, exchange: str, write: str) -> dict[str, str]:
    return {"user": user, "exchange": exchange, "write": write, "read": NOTHING}


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


def _user(name: str, password: str) -> dict[str, Any]:
    return {
        "name": name,
        "password_hash": rabbitmq_hash(password),
        "hashing_algorithm": "rabbit_password_hashing_sha256",
        "tags": [],
        "limits": {},
    }
