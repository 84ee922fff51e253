"""The small service that all variants run: costs by reference, each message changes one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shared.contracts.desk import RecordCost
from shared.contracts.network import CostRecorded
from shared.messaging import Facts, Message, Subscriptions
from shared.parts import Parts
from shared.storage import Repository, UnitOfWork

SERVICE = "bench"
REFERENCES = 1_000


@dataclass(frozen=True)
class Cost:
    id: str
    amount_eur: int
    entries: int


def entered(cost: Cost | None, data: RecordCost) -> tuple[Cost, CostRecorded]:
    """The cost after one more entry, and the fact."""
    entries = cost.entries + 1 if cost else 1
    fact = CostRecorded(
        cost_id=data.reference,
        programme=data.programme,
        amount_eur=data.amount_eur,
        funded_share=data.funded_share,
    )
    return Cost(data.reference, data.amount_eur, entries), fact


class BenchStore:
    """The costs."""

    def __init__(self, unit: UnitOfWork) -> None:
        self.costs = Repository(unit, "costs", Cost)


subscriptions = Subscriptions[BenchStore]()


@subscriptions.to(
    RecordCost, expects=lambda message, store: store.costs.expect(message.data.reference)
)
async def record(message: Message[RecordCost], store: BenchStore) -> Facts:
    """Enter a cost."""
    cost, fact = entered(await store.costs.get(message.data.reference), message.data)
    store.costs.save(cost)
    return [fact]


async def figures(store: BenchStore) -> Mapping[str, Any]:
    """How many costs there are."""
    return {"costs": await store.costs.count({})}


PARTS = Parts(
    name=SERVICE,
    subscriptions=subscriptions,
    store=BenchStore,
    collections={"costs": ()},
    publishes=(CostRecorded,),
    figures=figures,
)


def command(number: int) -> RecordCost:
    """The n-th message; one in a thousand is about the same cost."""
    return RecordCost.model_validate(
        {
            "staff_id": "staff-01",
            "reference": f"cost-{number % REFERENCES}",
            "from_on": "2015-04-01",
            "to_on": "2018-03-31",
            "amount_eur": number,
            "funded_share": 0.6,
        }
    )
