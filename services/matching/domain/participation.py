"""Who may take part: a rule with the day from which it holds, set by staff, never a constant."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from shared.contracts.desk_rules import Ground
from shared.contracts.matching import DeclineReason
from shared.contracts.matching_households import ParticipationRuleRefused, ParticipationRuleSet
from shared.contracts.people import History, HouseholdDetails, Housing
from shared.messaging import Facts

from .calendar import years_after
from .log import Stamp

FARTHEST_YEARS: Final = 5


@dataclass(frozen=True, slots=True)
class Rule:
    """The grounds that count from a day on, until a later rule takes over."""

    effective: date
    grounds: frozenset[Ground]
    entered: Stamp | None = None


RULES: Final = (
    Rule(date.min, frozenset({Ground.NO_REFUGEE_HISTORY, Ground.PRIVATE_HOUSING})),
    Rule(date(2018, 4, 1), frozenset(Ground)),
)
"""The programme's start, and its opening for refugees without a social worker's support."""


@dataclass(frozen=True, slots=True)
class Rulebook:
    """All rules that were ever set, in the order in which they were set."""

    id: str = "participation"
    rules: tuple[Rule, ...] = RULES


def grounds_of(details: HouseholdDetails) -> frozenset[Ground]:
    """All grounds that a household has."""
    present = {
        Ground.NO_REFUGEE_HISTORY: details.history is History.NONE,
        Ground.PRIVATE_HOUSING: details.housing is Housing.PRIVATE,
        Ground.NO_SOCIAL_WORKER: not details.has_social_worker,
    }
    return frozenset(ground for ground, holds in present.items() if holds)


def rule_on(day: date, rules: Sequence[Rule] = RULES) -> Rule:
    """The rule that holds on a day; of two from the same day the one that was set last."""
    return max(
        (rule for rule in reversed(rules) if rule.effective <= day),
        key=lambda rule: rule.effective,
    )


def set_rule(
    book: Rulebook, effective: date, grounds: Iterable[Ground], stamp: Stamp, today: date
) -> tuple[Rulebook, Facts]:
    """Who may take part from a day on; what was decided before stays decided."""
    rule, reason = Rule(effective, frozenset(grounds), stamp), None
    if not today <= effective <= years_after(today, FARTHEST_YEARS):
        reason = f"a rule holds from today on or later, within {FARTHEST_YEARS} years"
    elif Ground.PRIVATE_HOUSING not in rule.grounds:
        reason = "private housing entitles to take part in every rule"
    if reason:
        return book, (ParticipationRuleRefused(effective_on=effective, reason=reason),)
    present = rule_on(effective, book.rules)
    if present.effective == effective and present.grounds == rule.grounds:
        return book, ()
    fact = ParticipationRuleSet(effective_on=effective, grounds=sorted(rule.grounds))
    return replace(book, rules=(*book.rules, rule)), (fact,)


def obstacle(
    details: HouseholdDetails, day: date, rules: Sequence[Rule] = RULES
) -> DeclineReason | None:
    """Why the household cannot take part on that day, or None if it can."""
    if grounds_of(details) & rule_on(day, rules).grounds:
        return None
    if details.has_social_worker:
        return DeclineReason.HAS_SOCIAL_WORKER
    return DeclineReason.NOT_IN_PRIVATE_HOUSING
