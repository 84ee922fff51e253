"""Loads a training, lets the domain decide, saves."""

from shared.contracts.desk import CompleteTraining
from shared.messaging import Facts

from ..store import NetworkStore
from .domain import complete, training_of


async def record_completion(store: NetworkStore, command: CompleteTraining) -> Facts:
    """A training was completed, once per reference."""
    training = training_of(command)
    trainings = store.trainings.trainings
    decision = complete(await trainings.get(training.id), training)
    if decision.keep:
        trainings.save(decision.keep)
    return decision.facts
