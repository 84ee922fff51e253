"""What staff enter about plans and costs."""

from shared.contracts.desk import RecordCost, RecordPlan
from shared.messaging import Facts, Message, Subscriptions

from ..store import NetworkStore
from . import handlers

subscriptions = Subscriptions[NetworkStore]()


@subscriptions.to(RecordPlan)
async def record_plan(message: Message[RecordPlan], store: NetworkStore) -> Facts:
    """What a programme plans to reach."""
    return await handlers.record_plan(store, message.data)


@subscriptions.to(RecordCost)
async def record_cost(message: Message[RecordCost], store: NetworkStore) -> Facts:
    """What a programme, or both together, cost."""
    return await handlers.record_cost(store, message.data)
