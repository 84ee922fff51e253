"""How pairs are weighed and what is asked of them: versions with the day from which each holds,
set by staff, never a constant. What was set once stays on record.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final

from shared.contracts.base import Contract
from shared.contracts.desk_sessions import Notice, Rung, SetLadder, SetWeights, Weighed
from shared.contracts.matching_sessions import LadderSet, MatchingRuleRefused, WeightsSet
from shared.messaging import Facts

from .. import engine
from .calendar import years_after
from .log import Stamp

FARTHEST_YEARS: Final = 5
FIRST: Final = "1"
_REASONS: Final = {
    "criteria": "the five criteria must add up to 10,000 points",
    "load": "the first household costs nothing, each further one as much as the one before or more",
    "rungs": "a ladder starts at day 0, and each later rung asks the same or less",
}
"""The engine's refusals in words for staff; bounds of single values are in the contract."""


class Kind(StrEnum):
    """What can be set."""

    WEIGHTS = "weights"
    LADDER = "ladder"


@dataclass(frozen=True, slots=True)
class Change:
    """Who set a version, when and why."""

    kind: Kind
    version: str
    entered: Stamp
    why: str


@dataclass(frozen=True, slots=True)
class MatchingRules:
    """All weights and ladders that were ever set, in the order in which they were set."""

    id: str = "matching"
    weights: tuple[engine.Weights, ...] = (engine.Weights(version=FIRST),)
    ladders: tuple[engine.Ladder, ...] = (engine.Ladder(version=FIRST),)
    record: tuple[Change, ...] = ()

    def weights_on(self, day: date) -> engine.Weights:
        """The weights that hold on a day; of two from the same day those that were set last."""
        return engine.in_force(reversed(self.weights), day)

    def ladder_on(self, day: date) -> engine.Ladder:
        """The ladder that holds on a day; of two from the same day the one that was set last."""
        return engine.in_force(reversed(self.ladders), day)


def set_weights(
    rules: MatchingRules, told: SetWeights, stamp: Stamp, today: date
) -> tuple[MatchingRules, Facts]:
    """How pairs are weighed from a day on; what is proposed already stays proposed."""

    def new() -> tuple[MatchingRules, Contract]:
        weights = replace(
            rules.weights_on(told.effective_on),
            version=str(len(rules.weights) + 1),
            effective=told.effective_on,
            language=told.criteria[Weighed.LANGUAGE],
            topics=told.criteria[Weighed.TOPICS],
            time=told.criteria[Weighed.TIME],
            district=told.criteria[Weighed.DISTRICT],
            children=told.criteria[Weighed.CHILDREN],
            per_day=told.per_day,
            load=tuple(told.load),
            match_worth=told.match_worth,
        )
        change = Change(Kind.WEIGHTS, weights.version, stamp, told.note)
        after = replace(rules, weights=(*rules.weights, weights), record=(*rules.record, change))
        return after, weights_set(weights)

    return _unless_refused(rules, told.effective_on, today, new)


def set_ladder(
    rules: MatchingRules, told: SetLadder, stamp: Stamp, today: date
) -> tuple[MatchingRules, Facts]:
    """What is asked of a pair from a day on; what is proposed already stays proposed."""

    def new() -> tuple[MatchingRules, Contract]:
        version, rungs = str(len(rules.ladders) + 1), tuple(map(_rung, told.rungs))
        ladder = engine.Ladder(version, told.effective_on, rungs)
        change = Change(Kind.LADDER, ladder.version, stamp, told.note)
        after = replace(rules, ladders=(*rules.ladders, ladder), record=(*rules.record, change))
        return after, ladder_set(ladder)

    return _unless_refused(rules, told.effective_on, today, new)


def weights_set(weights: engine.Weights) -> WeightsSet:
    """Weights as everybody hears of them."""
    return WeightsSet(
        version=weights.version,
        effective_on=weights.effective,
        criteria={name: weights.of(name.value) for name in Weighed},
        per_day=weights.per_day,
        load=list(weights.load),
        match_worth=weights.match_worth,
    )


def ladder_set(ladder: engine.Ladder) -> LadderSet:
    """A ladder as everybody hears of it."""
    rungs = [
        Rung(
            after_days=rung.after_days,
            minimum_score=rung.minimum_score,
            minimum_level=rung.minimum_level,
            interpreter=rung.interpreter,
            notice=Notice(rung.notice) if rung.notice else None,
        )
        for rung in ladder.rungs
    ]
    return LadderSet(version=ladder.version, effective_on=ladder.effective, rungs=rungs)


def _rung(told: Rung) -> engine.Rung:
    return engine.Rung(
        told.after_days,
        told.minimum_score,
        told.minimum_level,
        told.interpreter,
        told.notice.value if told.notice else "",
    )


def _unless_refused(
    rules: MatchingRules,
    effective: date,
    today: date,
    new: Callable[[], tuple[MatchingRules, Contract]],
) -> tuple[MatchingRules, Facts]:
    if not today <= effective <= years_after(today, FARTHEST_YEARS):
        reason = f"it can hold from today on or later, within {FARTHEST_YEARS} years"
        return rules, (MatchingRuleRefused(effective_on=effective, reason=reason),)
    try:
        after, fact = new()
    except engine.BadInputError as error:
        reason = _REASONS.get(error.field, f"{error.field} {error.reason}")
        return rules, (MatchingRuleRefused(effective_on=effective, reason=reason),)
    return after, (fact,)
