"""A whole session in one call, as the worker and the handler hold it between them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.matching.domain import session
from services.matching.domain.calendar import local_day
from services.matching.domain.city import City, Records
from services.matching.domain.household import Household
from services.matching.domain.inputs import Inputs
from services.matching.domain.match import Outcomes
from services.matching.domain.matching_rules import MatchingRules
from services.matching.domain.pairing import Best, best_of
from services.matching.domain.sponsor import Sponsor


@dataclass(frozen=True)
class Session:
    """What the engine was told, what it found, and the matches that came of it."""

    inputs: Inputs
    best: Best
    outcomes: list[Outcomes]


def hold(
    households: Sequence[Household],
    sponsors: Sequence[Sponsor],
    rules: MatchingRules,
    now: datetime,
) -> Session:
    """Everybody who waits, everybody with room; nobody changes meanwhile."""
    city = City.solved(Records(households, sponsors, rules, {}), local_day(now))
    inputs = city.inputs
    best = best_of(inputs, city.state)
    outcomes = session.propose_all(
        best.pairs,
        {each.id: each for each in households},
        {each.id: each for each in sponsors},
        now,
    )
    return Session(inputs, best, outcomes)
