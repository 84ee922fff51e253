"""The whole system from its parts: which services there are, and the topology that follows."""

from collections.abc import Sequence
from typing import Any

from services.matching.app import PARTS as MATCHING
from services.network.app import PARTS as NETWORK
from services.notifications.app import PARTS as NOTIFICATIONS
from shared.messaging.topology import Partner, Topology
from shared.parts import Parts

SERVICES: dict[str, Parts[Any]] = {
    parts.name: parts for parts in (MATCHING, NETWORK, NOTIFICATIONS)
}


def topology(partners: Sequence[Partner]) -> Topology:
    """Exchanges, queues, users and rights for the services and these partners."""
    return Topology([parts.rights for parts in SERVICES.values()], partners)
