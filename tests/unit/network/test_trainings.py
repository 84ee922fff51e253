"""A training counts once per reference."""

from datetime import date

from services.network.trainings.domain import Training, complete, training_of
from shared.contracts.desk import CompleteTraining, TrainingKind
from shared.contracts.ids import training_id
from shared.contracts.network import RequestRefused, TrainingCompleted


def a_training(**other: object) -> Training:
    command: dict[str, object] = {
        "staff_id": "staff-01",
        "reference": "t-1",
        "kind": TrainingKind.SPONSOR_BASICS,
        "held_on": date(2015, 5, 22),
        "sponsor_ids": ["s-2", "s-1", "s-2"],
        "actor_ids": ["a-1"],
    }
    return training_of(CompleteTraining.model_validate(command | other))


def test_everybody_who_completed_it_is_named_once() -> None:
    assert complete(None, a_training()).facts == [
        TrainingCompleted(
            training_id=training_id("t-1"),
            kind=TrainingKind.SPONSOR_BASICS,
            held_on=date(2015, 5, 22),
            sponsor_ids=["s-1", "s-2"],
            actor_ids=["a-1"],
        )
    ]


def test_the_same_list_in_another_order_changes_nothing() -> None:
    assert not complete(a_training(), a_training(sponsor_ids=["s-1", "s-2"])).facts


def test_another_list_under_the_same_reference_is_refused() -> None:
    [refusal] = complete(a_training(), a_training(sponsor_ids=["s-1"])).facts
    assert isinstance(refusal, RequestRefused)
