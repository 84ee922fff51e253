"""The composition root: what makes this service the network service."""

from shared.contracts import network
from shared.contracts.notifications import RequestMessage
from shared.parts import Parts, contracts_in

from .figures import figures
from .store import NetworkStore
from .subscribers import subscriptions

PARTS = Parts(
    name="network",
    subscriptions=subscriptions,
    store=NetworkStore,
    collections=NetworkStore.COLLECTIONS,
    publishes=(*contracts_in(network), RequestMessage),
    figures=figures,
)
