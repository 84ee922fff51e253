"""What staff enter about trainings."""

from shared.contracts.desk import CompleteTraining
from shared.contracts.ids import training_id
from shared.messaging import Facts, Message, Subscriptions

from ..store import NetworkStore
from . import handlers

subscriptions = Subscriptions[NetworkStore]()


@subscriptions.to(
    CompleteTraining,
    expects=lambda message, store: store.trainings.trainings.expect(
        training_id(message.data.reference)
    ),
)
async def complete_training(message: Message[CompleteTraining], store: NetworkStore) -> Facts:
    """A training was held; these sponsors and actors completed it."""
    return await handlers.record_completion(store, message.data)
