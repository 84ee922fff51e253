"""Plans and costs of the two programmes, and the money as the council asks for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from shared.contracts.desk import PlannedMeasure, Programme, RecordCost, RecordPlan
from shared.contracts.ids import stable_id
from shared.contracts.network import CostRecorded, PlanRecorded

from ..decision import Decision, once, refused

UPSIDE_DOWN = "the plan's lower number is above its higher one; nothing was changed"
BACKWARDS = "the period of these costs ends before it begins; nothing was changed"


@dataclass(frozen=True)
class Plan:
    """From `low` to `high` of a measure; a new plan takes the place of the old one."""

    id: str
    programme: Programme
    measure: PlannedMeasure
    low: int
    high: int
    source: str


@dataclass(frozen=True)
class Cost:
    """Costs over a period, in euro; those of both programmes together have no programme."""

    id: str
    reference: str
    programme: Programme | None
    from_on: date
    to_on: date
    amount_eur: int
    funded_share: float
    funder: str

    @property
    def funded_eur(self) -> float:
        return self.amount_eur * self.funded_share


@dataclass(frozen=True)
class Money:
    """What both programmes cost while they were funded, and what each costs afterwards."""

    total_eur: int
    funded_eur: int
    funded_share: float | None
    afterwards_eur: dict[Programme, int]


def plan_of(command: RecordPlan) -> Plan:
    """The plan that a command describes; there is one per programme and measure."""
    return Plan(
        id=f"{command.programme}:{command.measure}",
        programme=command.programme,
        measure=command.measure,
        low=command.low,
        high=command.high,
        source=command.source,
    )


def cost_of(command: RecordCost) -> Cost:
    """The costs that a command describes."""
    return Cost(
        id=stable_id("cost", command.reference),
        reference=command.reference,
        programme=command.programme,
        from_on=command.from_on,
        to_on=command.to_on,
        amount_eur=command.amount_eur,
        funded_share=command.funded_share,
        funder=command.funder,
    )


def make_plan(known: Plan | None, plan: Plan) -> Decision[Plan]:
    """The plan holds from now on."""
    if plan.low > plan.high:
        return refused(plan.id, UPSIDE_DOWN)
    if plan == known:
        return Decision()
    recorded = PlanRecorded(
        programme=plan.programme, measure=plan.measure, low=plan.low, high=plan.high
    )
    return Decision([recorded], plan)


def spend(known: Cost | None, cost: Cost) -> Decision[Cost]:
    """The costs count, unless their reference is taken already."""
    if cost.to_on < cost.from_on:
        return refused(cost.id, BACKWARDS)
    recorded = CostRecorded(
        cost_id=cost.id,
        programme=cost.programme,
        amount_eur=cost.amount_eur,
        funded_share=cost.funded_share,
    )
    return once(known, cost, [recorded])


def money_of(costs: Sequence[Cost]) -> Money:
    """Joint costs with the share that was funded, and each programme's own after the funding."""
    joint = [cost for cost in costs if cost.programme is None]
    total = sum(cost.amount_eur for cost in joint)
    funded = sum(cost.funded_eur for cost in joint)
    ends_on = max((cost.to_on for cost in joint if cost.funded_share), default=date.min)
    return Money(
        total_eur=total,
        funded_eur=round(funded),
        funded_share=round(funded / total, 4) if total else None,
        afterwards_eur={each: _own_after(costs, each, ends_on) for each in Programme},
    )


def _own_after(costs: Sequence[Cost], programme: Programme, day: date) -> int:
    own = [cost for cost in costs if cost.programme is programme and cost.from_on > day]
    return sum(cost.amount_eur for cost in own)
