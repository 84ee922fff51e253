"""What a contract is: a frozen model with a wire name, a version, an exchange and a subject.

Names and versions are written by hand and never derived from a class path, so that a class may be
renamed or moved without changing a single message.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, TypeVar

from pydantic import BaseModel, ConfigDict


class Exchange(StrEnum):
    """The exchanges of the system; who may touch which is decided in the topology."""

    INTAKE = "intake"
    REPLIES = "replies"
    COMMANDS = "commands"
    EVENTS = "events"
    PRIVATE = "private"
    RETRY = "retry"
    RETURN = "retry.return"
    DEAD_LETTERS = "dead-letters"
    LOCAL = "local"
    """No exchange of the broker: messages that a service's own workers tell its handlers."""


class Classification(StrEnum):
    """How sensitive the data of a message is (CloudEvents extension `dataclassification`)."""

    PUBLIC = "public"
    INTERNAL = "internal"
    PERSONAL = "personal"


class Contract(BaseModel):
    """Base of every message's data. Unknown fields are ignored on reading."""

    model_config = ConfigDict(
        frozen=True, extra="ignore", str_strip_whitespace=True, use_attribute_docstrings=True
    )

    wire: ClassVar["Wire"]


@dataclass(frozen=True, slots=True)
class Wire:
    """How a contract travels.

    `type` is the CloudEvents type and, on topic exchanges of the services, the routing key;
    `subject` names the field that holds the id of the aggregate that the message is about.
    """

    type: str
    exchange: Exchange
    subject: str
    classification: Classification


catalogue: dict[str, type[Contract]] = {}
"""Every contract by its wire type, filled as the contract modules are imported."""

K = TypeVar("K", bound=Contract)


def message(
    name: str,
    version: int,
    exchange: Exchange,
    *,
    subject: str,
    classification: Classification = Classification.INTERNAL,
) -> Callable[[type[K]], type[K]]:
    """Give a contract its wire name `willkommen.<name>.v<version>` and enter it in the catalogue.

    Raises `ValueError` when the type is taken, `TypeError` when `subject` is no field of it.
    """
    wire = Wire(f"willkommen.{name}.v{version}", exchange, subject, classification)

    def register(contract: type[K]) -> type[K]:
        if wire.type in catalogue:
            taken = f"{wire.type} is taken by {catalogue[wire.type].__name__}"
            raise ValueError(taken)
        if subject not in contract.model_fields:
            missing = f"{contract.__name__} has no field {subject!r} to be the subject"
            raise TypeError(missing)
        contract.wire = wire
        catalogue[wire.type] = contract
        return contract

    return register
