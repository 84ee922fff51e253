"""The system's contracts: one file per publisher, plus the parts and codes they share."""

from shared.contracts import dead_letters, desk, matching, network, notifications, partners
from shared.contracts.base import Classification, Contract, Exchange, Wire, catalogue

__all__ = [
    "Classification",
    "Contract",
    "Exchange",
    "Wire",
    "catalogue",
    "dead_letters",
    "desk",
    "matching",
    "network",
    "notifications",
    "partners",
]
