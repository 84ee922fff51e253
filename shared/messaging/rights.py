"""Who may do what on the broker, as one table: a row for each user, and nothing that is not in it.

Nobody may configure anything. Services write their own facts, partners their own keys; each reads
only its own queues. Written in the entries of a RabbitMQ definitions document.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from shared.contracts.base import Exchange
from shared.contracts.dead_letters import DiscardDeadLetter, ReplayDeadLetter
from shared.messaging.ladder import STEPS
from shared.messaging.passwords import rabbitmq_hash

HISTORY = "events.history"
DESK = "desk"
"""Staff: they decide, and may read what is personal, which is recorded."""
OPERATOR = "operator"
"""Engineers: they see what is parked and why, replay and discard it, and read no content."""
DEAD = "dead-letters"
NOTHING = "^$"
NO_KEY = "(?!)"
ANYTHING = ".*"
END = r"(?![\s\S])"
"""The very end of a name or key; `$` would also match before a line break at the end."""

TOPIC_EXCHANGES = frozenset(
    {Exchange.INTAKE, Exchange.COMMANDS, Exchange.EVENTS, Exchange.RETRY, Exchange.RETURN}
)
"""Where the broker also looks at the routing key; on the others at the exchange alone."""

LIMITS_OF_OUTSIDERS = {"max-connections": 20, "max-channels": 200}
"""On the whole broker, for each partner, desk and operator; services may have many instances."""


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
class Rights:
    """A row of the table: the exchanges that a user writes to, the queues that it reads.

    `keys` are patterns of the routing keys on topic exchanges; an exchange of which it says nothing
    takes no key at all.
    """

    user: str
    writes: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    keys: Mapping[str, str] = field(default_factory=dict)
    limits: Mapping[str, int] = field(default_factory=dict)

    def account(self, password: str, prefix: str) -> dict[str, Any]:
        """The user, with the hash of a password and without any say in the broker's management."""
        return {
            "name": prefix + self.user,
            "password_hash": rabbitmq_hash(password),
            "hashing_algorithm": "rabbit_password_hashing_sha256",
            "tags": [],
            "limits": dict(self.limits),
        }

    def permission(self, prefix: str) -> dict[str, str]:
        """Which exchanges and queues it may touch."""
        return {
            "user": prefix + self.user,
            "configure": NOTHING,
            "write": _one_of(self.writes),
            "read": _one_of(self.reads),
        }

    def topic_permissions(self, prefix: str) -> Iterable[dict[str, str]]:
        """Which keys it may use, said of every topic exchange that it may write to."""
        for exchange in sorted(TOPIC_EXCHANGES.intersection(self.writes)):
            yield {
                "user": prefix + self.user,
                "exchange": exchange.value,
                "write": self.keys.get(exchange, NO_KEY),
                "read": NOTHING,
            }


def rights_of_all(services: Sequence[ServiceRights], partners: Sequence[Partner]) -> list[Rights]:
    """The whole table."""
    return [
        *(_service(service) for service in services),
        Rights(
            DESK,
            writes=(Exchange.COMMANDS,),
            reads=(HISTORY,),
            keys={Exchange.COMMANDS: ANYTHING},
            limits=LIMITS_OF_OUTSIDERS,
        ),
        Rights(
            OPERATOR,
            writes=(Exchange.COMMANDS,),
            reads=(HISTORY,),
            keys={
                Exchange.COMMANDS: _one_of(
                    (ReplayDeadLetter.wire.type, DiscardDeadLetter.wire.type)
                )
            },
            limits=LIMITS_OF_OUTSIDERS,
        ),
        *(_partner(partner) for partner in partners),
    ]


def dead_letters_of(service: str) -> str:
    """The queue of what the broker gave up handing to a service."""
    return f"{service}.{DEAD}"


def _service(service: ServiceRights) -> Rights:
    """Its own facts, its own rungs of the ladder, its own queues."""
    steps = "|".join(STEPS)
    return Rights(
        service.name,
        writes=tuple(service.exchanges),
        reads=(service.name, dead_letters_of(service.name)),
        keys={
            Exchange.EVENTS: _one_of(service.facts),
            Exchange.RETRY: rf"^({steps})\.{re.escape(service.name)}{END}",
        },
    )


def _partner(partner: Partner) -> Rights:
    """Its own keys at intake, its own replies."""
    kinds = "|".join(partner.sends)
    return Rights(
        partner.id,
        writes=(Exchange.INTAKE,),
        reads=(f"replies.{partner.id}",),
        keys={Exchange.INTAKE: rf"^({kinds})\.{re.escape(partner.id)}\.[a-z-]+{END}"},
        limits=LIMITS_OF_OUTSIDERS,
    )


def _one_of(names: Iterable[str]) -> str:
    alternatives = "|".join(re.escape(str(name)) for name in names)
    return f"^({alternatives}){END}" if alternatives else NOTHING
