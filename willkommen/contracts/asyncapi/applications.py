"""Who takes part, what each of them sends and receives, and over which queue."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from shared.contracts import Contract, Exchange
from shared.messaging.topology import DESK, HISTORY
from shared.parts import Parts
from willkommen.contracts.asyncapi.introductions import INTRODUCTIONS, SERVICE
from willkommen.contracts.published import published

PARTNERS = "partners"
PARTNER = "{partner}"
PARTNERS_QUEUE = f"replies.{PARTNER}"

Contracts = Mapping[str, type[Contract]]


@dataclass(frozen=True)
class Application:
    """One side of the conversation, as an AsyncAPI document describes it.

    `source` is the CloudEvents source of what it sends. Who reads from a `shared_queue` meets all
    it receives on that one channel; services see the keys that their queue is bound to.
    """

    name: str
    title: str
    description: str
    source: str
    sends: Contracts
    receives: Contracts
    queue: str
    shared_queue: bool = False

    @property
    def user(self) -> str:
        """Its user at the broker, in words."""
        return "the partner's id" if self.name == PARTNERS else f"`{self.name}`"


def applications(contracts: Contracts, services: Mapping[str, Parts[Any]]) -> list[Application]:
    """The partners, the desk, and every service."""
    inside = [service(parts, contracts) for parts in services.values()]
    heard = {kind: each for one in inside for kind, each in one.sends.items()}
    return [
        _outside(PARTNERS, contracts, Exchange.INTAKE, heard, Exchange.REPLIES, PARTNERS_QUEUE),
        _outside(DESK, contracts, Exchange.COMMANDS, heard, Exchange.EVENTS, HISTORY),
        *inside,
    ]


def service(parts: Parts[Any], contracts: Contracts | None = None) -> Application:
    """A service; what it tells only itself is left out."""
    known = published() if contracts is None else contracts
    return Application(
        name=parts.name,
        title=f"The service {parts.name}",
        description=INTRODUCTIONS.get(parts.name, SERVICE),
        source=f"/services/{parts.name}",
        sends=_known(known, (contract.wire.type for contract in parts.publishes)),
        receives=_known(known, parts.subscriptions.contracts),
        queue=parts.name,
    )


def _outside(
    name: str, said: Contracts, writes: Exchange, heard: Contracts, reads: Exchange, queue: str
) -> Application:
    """Somebody outside the services, who writes to one exchange and hears what they say on one."""
    return Application(
        name=name,
        title={PARTNERS: "For partners", DESK: "For the desk"}[name],
        description=INTRODUCTIONS[name],
        source={PARTNERS: "/partners/{partner}", DESK: "/desk"}[name],
        sends=_on(writes, said),
        receives=_on(reads, heard),
        queue=queue,
        shared_queue=True,
    )


def _on(exchange: Exchange, contracts: Contracts) -> Contracts:
    return {
        kind: each for kind, each in sorted(contracts.items()) if each.wire.exchange is exchange
    }


def _known(contracts: Contracts, kinds: Iterable[str]) -> Contracts:
    return {kind: contracts[kind] for kind in sorted(kinds) if kind in contracts}
