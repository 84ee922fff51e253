"""Plans may change, costs may not, and the sums are those of the council paper."""

from datetime import date

import pytest

from services.network.decision import Decision
from services.network.programmes.domain import (
    Cost,
    Plan,
    cost_of,
    make_plan,
    money_of,
    plan_of,
    spend,
)
from shared.contracts.desk import PlannedMeasure, Programme, RecordCost, RecordPlan
from shared.contracts.network import CostRecorded, PlanRecorded, RequestRefused

AFTER: dict[str, object] = {
    "from_on": date(2018, 4, 1),
    "to_on": date(2018, 12, 31),
    "amount_eur": 4000,
}


def a_plan(low: int = 30, high: int = 40) -> Plan:
    return plan_of(
        RecordPlan(
            staff_id="staff-01",
            programme=Programme.WILLKOMMEN,
            measure=PlannedMeasure.NEWCOMERS,
            low=low,
            high=high,
        )
    )


def a_cost(**other: object) -> Cost:
    command: dict[str, object] = {
        "staff_id": "staff-01",
        "reference": "k-1",
        "from_on": date(2015, 4, 1),
        "to_on": date(2018, 3, 31),
        "amount_eur": 200_400,
        "funded_share": 0.6,
    }
    return cost_of(RecordCost.model_validate(command | other))


def own(programme: Programme) -> Cost:
    return a_cost(reference=f"k-{programme}", programme=programme, funded_share=0, **AFTER)


def test_a_new_plan_takes_the_place_of_the_old_one() -> None:
    decision = make_plan(a_plan(), a_plan(35, 45))
    assert decision.keep == a_plan(35, 45)
    assert [type(fact) for fact in decision.facts] == [PlanRecorded]


def test_the_same_plan_again_changes_nothing() -> None:
    assert not make_plan(a_plan(), a_plan()).facts


@pytest.mark.parametrize(
    "decision",
    [
        make_plan(None, a_plan(40, 30)),
        spend(None, a_cost(to_on=date(2015, 3, 31))),
        spend(a_cost(), a_cost(amount_eur=1)),
    ],
)
def test_what_cannot_be_is_refused(decision: Decision[Plan] | Decision[Cost]) -> None:
    assert [type(fact) for fact in decision.facts] == [RequestRefused]
    assert decision.keep is None


def test_costs_are_told_once() -> None:
    assert [type(fact) for fact in spend(None, a_cost()).facts] == [CostRecorded]
    assert not spend(a_cost(), a_cost()).facts


def test_the_sums_are_those_of_the_council_paper() -> None:
    money = money_of([a_cost(), own(Programme.WILLKOMMEN), own(Programme.NETWORK)])
    assert (money.total_eur, money.funded_eur, money.funded_share) == (200_400, 120_240, 0.6)
    assert money.afterwards_eur == {Programme.WILLKOMMEN: 4000, Programme.NETWORK: 4000}


def test_without_costs_no_share_is_made_up() -> None:
    assert money_of([]).funded_share is None
