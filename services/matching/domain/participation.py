"""Who may take part: a rule with the day from which it holds, not a constant."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from shared.contracts.matching import DeclineReason
from shared.contracts.people import History, HouseholdDetails, Housing


class Ground(StrEnum):
    """What entitles a household to take part; one is enough."""

    NO_REFUGEE_HISTORY = "no_refugee_history"
    PRIVATE_HOUSING = "private_housing"
    NO_SOCIAL_WORKER = "no_social_worker"


@dataclass(frozen=True, slots=True)
class Rule:
    """The grounds that count from a day on, until a later rule takes over."""

    effective: date
    grounds: frozenset[Ground]


RULES: Final = (
    Rule(date.min, frozenset({Ground.NO_REFUGEE_HISTORY, Ground.PRIVATE_HOUSING})),
    Rule(date(2018, 4, 1), frozenset(Ground)),
)
"""The programme's start, and its opening for refugees without a social worker's support."""


def grounds_of(details: HouseholdDetails) -> frozenset[Ground]:
    """All grounds that a household has."""
    present = {
        Ground.NO_REFUGEE_HISTORY: details.history is History.NONE,
        Ground.PRIVATE_HOUSING: details.housing is Housing.PRIVATE,
        Ground.NO_SOCIAL_WORKER: not details.has_social_worker,
    }
    return frozenset(ground for ground, holds in present.items() if holds)


def rule_on(day: date, rules: Sequence[Rule] = RULES) -> Rule:
    """The rule that holds on a day."""
    return max((r for r in rules if r.effective <= day), key=lambda rule: rule.effective)


def obstacle(
    details: HouseholdDetails, day: date, rules: Sequence[Rule] = RULES
) -> DeclineReason | None:
    """Why the household cannot take part on that day, or None if it can."""
    if grounds_of(details) & rule_on(day, rules).grounds:
        return None
    if details.has_social_worker:
        return DeclineReason.HAS_SOCIAL_WORKER
    return DeclineReason.NOT_IN_PRIVATE_HOUSING
