"""Loads plans and costs, lets the domain decide, saves."""

from shared.contracts.desk import RecordCost, RecordPlan
from shared.messaging import Facts

from ..store import NetworkStore
from .domain import cost_of, make_plan, plan_of, spend


async def record_plan(store: NetworkStore, command: RecordPlan) -> Facts:
    """A plan takes the place of an earlier one."""
    plan = plan_of(command)
    plans = store.programmes.plans
    decision = make_plan(await plans.get(plan.id), plan)
    if decision.keep:
        plans.save(decision.keep)
    return decision.facts


async def record_cost(store: NetworkStore, command: RecordCost) -> Facts:
    """Costs are entered once per reference."""
    cost = cost_of(command)
    costs = store.programmes.costs
    decision = spend(await costs.get(cost.id), cost)
    if decision.keep:
        costs.save(decision.keep)
    return decision.facts
