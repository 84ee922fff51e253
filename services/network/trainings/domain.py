"""A training was held and completed."""

from dataclasses import dataclass
from datetime import date

from shared.contracts.desk import CompleteTraining, TrainingKind
from shared.contracts.ids import training_id
from shared.contracts.network import TrainingCompleted

from ..decision import Decision, once


@dataclass(frozen=True)
class Training:
    """A training with those who completed it; their order has no meaning."""

    id: str
    reference: str
    kind: TrainingKind
    held_on: date
    sponsor_ids: tuple[str, ...]
    actor_ids: tuple[str, ...]


def training_of(command: CompleteTraining) -> Training:
    """The training that a command describes; who is named twice completed it once."""
    return Training(
        id=training_id(command.reference),
        reference=command.reference,
        kind=command.kind,
        held_on=command.held_on,
        sponsor_ids=tuple(sorted(set(command.sponsor_ids))),
        actor_ids=tuple(sorted(set(command.actor_ids))),
    )


def complete(known: Training | None, training: Training) -> Decision[Training]:
    """The training counts, unless its reference is taken already."""
    completed = TrainingCompleted(
        training_id=training.id,
        kind=training.kind,
        held_on=training.held_on,
        sponsor_ids=list(training.sponsor_ids),
        actor_ids=list(training.actor_ids),
    )
    return once(known, training, [completed])
