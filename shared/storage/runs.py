"""Writes of several kinds in one call, inside a transaction."""

from collections.abc import Iterable
from typing import Any


def in_runs(writes: Iterable[Any]) -> list[Any]:
    """Writes of a kind behind one another, so that each kind leaves as one command in order.

    In order, because the first refusal ends the transaction: a further command would only hear that
    it has ended, the driver would take this for a passing trouble, and try again for ever.
    """
    return sorted(writes, key=lambda write: type(write).__name__)
