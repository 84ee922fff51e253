"""A whole session in one call: everybody who waits, the best set of pairs, each explained."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from .certificate import Certificate, certify
from .explain import Explanation, explain
from .market import compile_market
from .model import Household, Ladder, Sponsor, Weights
from .state import State, solve


@dataclass(frozen=True, slots=True)
class Proposal:
    """A household with its proposed sponsor, or None with what stands in the way."""

    household_id: str
    sponsor_id: str | None
    score: int
    explanation: Explanation


class NotProvenError(RuntimeError):
    """The result failed its own check; it must not be shown to anybody."""

    def __init__(self, certificate: Certificate) -> None:
        """Keep the certificate for whoever looks into it."""
        super().__init__(f"gap {certificate.gap}, {certificate.violations}")
        self.certificate = certificate


def propose(
    sponsors: Iterable[Sponsor],
    households: Iterable[Household],
    weights: Weights,
    ladder: Ladder,
    excluded_pairs: Iterable[tuple[str, str]],
    today: date,
) -> list[Proposal]:
    """Propose for every household, by id; pairs are (household id, sponsor id).

    The same input in any order gives the same answer. Raises BadInputError, naming the record.
    """
    market = compile_market(sponsors, households, weights, ladder, excluded_pairs, today)
    return proposals(solve(market))


def proposals(state: State) -> list[Proposal]:
    """The state's proposals, by household id, after checking its certificate."""
    certificate = certify(state)
    if not certificate.optimal:
        raise NotProvenError(certificate)
    explained = [explain(state, who) for who in sorted(state.market.households.position)]
    return [Proposal(e.household_id, e.sponsor_id, e.score, e) for e in explained]
