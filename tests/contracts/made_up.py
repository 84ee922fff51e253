"""Contracts that exist only in tests; none of them enters the catalogue."""

from typing import TypeVar

from shared.contracts import Classification, Contract, Exchange, Wire
from shared.contracts.people import Id

C = TypeVar("C", bound=type[Contract])

INTERNAL = Classification.INTERNAL


def travelling(
    contract: C,
    kind: str = "willkommen.kite.flown.v1",
    exchange: Exchange = Exchange.EVENTS,
    classification: Classification = INTERNAL,
) -> C:
    """Give a contract a wire without publishing it."""
    contract.wire = Wire(kind, exchange, "kite_id", classification)
    return contract


class KiteFlown(Contract):
    """A kite was flown."""

    kite_id: Id
    metres: int


travelling(KiteFlown)
