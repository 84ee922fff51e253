"""What `network` publishes: facts about actors, trainings and meetings."""

from datetime import date

from shared.contracts.base import Classification, Contract, Exchange, message
from shared.contracts.desk import ActorCategory, Answer, PlannedMeasure, Programme, TrainingKind
from shared.contracts.people import Id, Reference


@message(
    "actor.registered",
    1,
    Exchange.EVENTS,
    subject="actor_id",
    classification=Classification.PUBLIC,
)
class ActorRegistered(Contract):
    """An institution joined the network."""

    actor_id: Id
    category: ActorCategory
    joined_on: date


@message("training.completed", 1, Exchange.EVENTS, subject="training_id")
class TrainingCompleted(Contract):
    """A training was held; sponsors who completed the basics may be matched."""

    training_id: Id
    kind: TrainingKind
    held_on: date
    sponsor_ids: list[Id]
    actor_ids: list[Id]


@message("network-meeting.held", 1, Exchange.EVENTS, subject="meeting_id")
class NetworkMeetingHeld(Contract):
    """A network meeting was held."""

    meeting_id: Id
    held_on: date
    invited: int
    attended: int


@message("evaluation.submitted", 1, Exchange.EVENTS, subject="meeting_id")
class EvaluationSubmitted(Contract):
    """An anonymous evaluation form came in."""

    meeting_id: Id
    answers: dict[Reference, Answer]


@message("plan.recorded", 1, Exchange.EVENTS, subject="measure")
class PlanRecorded(Contract):
    """What a programme plans to reach."""

    programme: Programme
    measure: PlannedMeasure
    low: int
    high: int


@message("cost.recorded", 1, Exchange.EVENTS, subject="cost_id")
class CostRecorded(Contract):
    """Costs of a programme, or of both, over a period."""

    cost_id: Id
    programme: Programme | None
    amount_eur: int
    funded_share: float


@message("request.refused", 1, Exchange.EVENTS, subject="subject_id")
class RequestRefused(Contract):
    """A command of staff could not be carried out; nothing was changed."""

    subject_id: Id
    reason: str
