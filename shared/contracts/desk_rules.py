"""Rules of the programme that staff set, each with the day from which it holds."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from shared.contracts.base import Exchange, message
from shared.contracts.desk import Command


class Ground(StrEnum):
    """What entitles a household to take part; one is enough."""

    NO_REFUGEE_HISTORY = "no_refugee_history"
    PRIVATE_HOUSING = "private_housing"
    NO_SOCIAL_WORKER = "no_social_worker"


@message("participation.set-rule", 1, Exchange.COMMANDS, subject="effective_on")
class SetParticipationRule(Command):
    """Who may take part from a day on, today or later, until a later rule takes over."""

    effective_on: date
    grounds: Annotated[list[Ground], Field(min_length=1, max_length=3)]
