"""Matching and prices as plain data: stored after each step, verified when loaded."""

from typing import Any

from .certificate import certify
from .market import Market
from .matching import NOBODY
from .state import State, empty

FORMAT = 1


class StaleSnapshotError(ValueError):
    """The snapshot does not prove itself for this market: solve anew, its prices as a guess."""


def snapshot(state: State) -> dict[str, Any]:
    """Who is matched with whom, prices and gains, by id: JSON-able, a few kilobytes."""
    sponsors, households = state.market.sponsors, state.market.households
    owner = state.owner.tolist()
    return {
        "format": FORMAT,
        "pairs": {
            who: sponsors.names[owner[j]]
            for who, j in households.position.items()
            if owner[j] != NOBODY
        },
        "prices": {who: state.prices.item(i) for who, i in sponsors.position.items()},
        "gains": {who: state.gains.item(j) for who, j in households.position.items()},
    }


def restore(market: Market, stored: dict[str, Any]) -> State:
    """The state as it was. StaleSnapshotError if its certificate does not hold for this market."""
    state = empty(market)
    state.score_all()
    sponsors, households = market.sponsors.position, market.households.position
    try:
        for who, i in sponsors.items():
            state.prices[i] = stored["prices"][who]
        for who, j in households.items():
            state.gains[j] = stored["gains"][who]
        for who, sponsor in stored["pairs"].items():
            state.attach(households[who], sponsors[sponsor])
    except (KeyError, TypeError, OverflowError) as error:
        raise StaleSnapshotError(f"somebody is missing: {error}") from error
    certificate = certify(state)
    if stored.get("format") != FORMAT or not certificate.optimal:
        raise StaleSnapshotError(f"gap {certificate.gap}, {certificate.violations}")
    state.before.clear()
    return state
