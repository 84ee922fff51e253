"""Channels: a routing key on an exchange, or a queue that somebody outside the services reads."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from shared.contracts import Contract, Exchange
from shared.messaging.topology import EXCHANGE_TYPES
from willkommen.contracts.asyncapi.applications import PARTNER, Application
from willkommen.contracts.fields import sentence
from willkommen.contracts.published import name_of

BINDING = "0.3.0"
REPLIES = "replies"
_IDS = {Exchange.REPLIES: REPLIES, Exchange.PRIVATE: "private"}
_MEANINGS = {
    "replies": "What became of a partner's messages; each partner hears only of its own.",
    "private": "Messages to people, with their names and addresses; read by `notifications` alone.",
    "events.history": "Every fact since the first day, in the order in which it was published.",
}


@dataclass(frozen=True)
class Channel:
    """A channel with its contracts; `queue` when it is read as a queue, not by routing key."""

    id: str
    address: str
    contracts: Mapping[str, type[Contract]]
    queue: bool = False

    @property
    def reference(self) -> dict[str, str]:
        """Where the channel stands in its document."""
        return {"$ref": f"#/channels/{self.id}"}

    @property
    def messages(self) -> list[dict[str, str]]:
        """Where its messages stand."""
        return [{"$ref": f"#/channels/{self.id}/messages/{kind}"} for kind in self.contracts]

    @property
    def exchange(self) -> Exchange:
        """The exchange of all its messages."""
        return next(iter(self.contracts.values())).wire.exchange

    @property
    def place(self) -> str:
        """What it belongs to: an exchange, or itself when it is a queue."""
        return self.id if self.queue else self.exchange.value

    @property
    def meaning(self) -> str:
        """A sentence for people."""
        meant = " ".join(map(sentence, self.contracts.values()))
        return _MEANINGS.get(self.id, meant)

    @property
    def title(self) -> str:
        """`Referral submitted` for `referral.submitted`."""
        kind = next(iter(self.contracts))
        name = self.id if self.id in _MEANINGS else name_of(kind)
        return name.replace(".", " ").replace("-", " ").capitalize()

    def described(self) -> dict[str, Any]:
        """The channel object."""
        messages = {kind: {"$ref": f"#/components/messages/{kind}"} for kind in self.contracts}
        partner = {"parameters": {"partner": {"$ref": "#/components/parameters/partner"}}}
        return {
            "address": self.address,
            "title": self.title,
            "description": self.meaning,
            "messages": messages,
            **(partner if PARTNER in self.address else {}),
            "bindings": {"$ref": f"#/components/channelBindings/{self.place}"},
        }

    def bindings(self) -> dict[str, Any]:
        """What the channel is in the broker."""
        lasting = {"durable": True, "autoDelete": False, "vhost": "willkommen"}
        if self.queue:
            queue = {"name": self.address, "exclusive": False, **lasting}
            return _amqp({"is": "queue", "queue": queue})
        name, kind = self.exchange.value, EXCHANGE_TYPES[self.exchange]
        return _amqp({"is": "routingKey", "exchange": {"name": name, "type": kind, **lasting}})


def sent(application: Application) -> Iterator[Channel]:
    """The channels that an application publishes to."""
    return _by_key(application.sends)


def received(application: Application) -> Iterator[Channel]:
    """The channels that an application reads from."""
    if not application.shared_queue:
        return _by_key(application.receives)
    name = application.queue.removesuffix(f".{PARTNER}")
    channel = Channel(name, application.queue, application.receives, queue=True)
    return iter([channel] if application.receives else [])


def address(contract: type[Contract]) -> str:
    """The routing key with which a message travels; a partner's id in braces."""
    wire = contract.wire
    if wire.exchange is Exchange.INTAKE:
        aggregate, verb = wire.type.split(".")[1:3]
        return f"{aggregate}.{PARTNER}.{verb}"
    if wire.exchange is Exchange.PRIVATE:
        return "notifications"
    return PARTNER if wire.exchange is Exchange.REPLIES else wire.type


def operation_bindings(**told: Any) -> dict[str, Any]:
    """Bindings of an operation."""
    return _amqp(told)


def _by_key(contracts: Mapping[str, type[Contract]]) -> Iterator[Channel]:
    """One channel for each exchange and routing key that these contracts use."""

    def place(kind: str) -> tuple[str, str]:
        return contracts[kind].wire.exchange.value, address(contracts[kind])

    for (exchange, key), kinds in groupby(sorted(contracts, key=place), key=place):
        short = key.removeprefix("willkommen.").replace(f"{PARTNER}.", "")
        name = _IDS.get(Exchange(exchange), short)
        yield Channel(name, key, {kind: contracts[kind] for kind in kinds})


def _amqp(told: Mapping[str, Any]) -> dict[str, Any]:
    return {"amqp": {**told, "bindingVersion": BINDING}}
