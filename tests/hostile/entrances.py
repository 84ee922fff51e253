"""Where messages come in: who may send which contract where, from the services' own tables."""

from dataclasses import dataclass

from shared.contracts import Contract, Exchange, catalogue
from shared.messaging.topology import DESK, Partner, Topology
from willkommen.system import SERVICES

PARTNERS = (Partner("zeytin"), Partner("klinikum", ("recruit",)))
"""Who sends what is broken; the others send only what is right."""


@dataclass(frozen=True)
class Entrance:
    """One contract that one user may send."""

    user: str
    source: str
    contract: type[Contract]
    key: str

    @property
    def exchange(self) -> str:
        return self.contract.wire.exchange.value


def entrances() -> list[Entrance]:
    """Every way in for a message that a service listens to."""
    taken = {kind for parts in SERVICES.values() for kind in parts.subscriptions.contracts}
    return [way for kind in sorted(taken) for way in _ways(catalogue[kind])]


def _ways(contract: type[Contract]) -> list[Entrance]:
    wire = contract.wire
    if wire.exchange is Exchange.INTAKE:
        aggregate, verb = wire.type.split(".")[1:3]
        return [
            Entrance(each.id, f"/partners/{each.id}", contract, f"{aggregate}.{each.id}.{verb}")
            for each in PARTNERS
            if aggregate in each.sends
        ]
    if wire.exchange is Exchange.COMMANDS:
        return [Entrance(DESK, "/desk", contract, wire.type)]
    if wire.exchange is Exchange.LOCAL:
        return []
    key = "notifications" if wire.exchange is Exchange.PRIVATE else wire.type
    return [
        Entrance(parts.name, f"/services/{parts.name}", contract, key)
        for parts in SERVICES.values()
        if contract in parts.publishes
    ]


def queues_of(topology: Topology, exchange: str, keys: list[str]) -> set[str]:
    """The services' queues that a message with these keys reaches."""
    services = set(SERVICES)
    return {queue for key in keys for queue in topology.queues_for(exchange, key)} & services
