"""What staff decide about matching sessions: how pairs are weighed, what is asked of a pair the
longer a household waits, each with the day from which it holds; and that a session is replayed.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import ConfigDict, Field

from shared.contracts.base import Classification, Exchange, message
from shared.contracts.desk import Command
from shared.contracts.people import Id, Part

Points = Annotated[int, Field(ge=0, le=10_000)]
"""Basis points: 10,000 is the most that a pair can have."""

Why = Annotated[str, Field(min_length=1, max_length=500)]
"""For the record."""


class Weighed(StrEnum):
    """The five things that give a pair its points."""

    LANGUAGE = "language"
    TOPICS = "topics"
    TIME = "time"
    DISTRICT = "district"
    CHILDREN = "children"


class Notice(StrEnum):
    """Who should know that a household has waited so long."""

    COORDINATOR = "coordinator"
    INTERPRETER = "interpreter"
    RECRUIT = "recruit"


class Rung(Part):
    """What is asked of a pair once the household has waited `after_days`.

    These are all things that can be relaxed: training and certificate are not among them, and a
    field for them is refused.
    """

    model_config = ConfigDict(extra="forbid")

    after_days: Annotated[int, Field(ge=0, le=3_650)]
    minimum_score: Points
    minimum_level: Annotated[int, Field(ge=1, le=6)] = 2
    """Of a common language: 1 is A1, 6 is C2."""
    interpreter: bool = False
    """Whether an interpreter is enough in place of a common language."""
    notice: Notice | None = None


@message(
    "matching.set-weights",
    1,
    Exchange.COMMANDS,
    subject="effective_on",
    classification=Classification.PERSONAL,
)
class SetWeights(Command):
    """How pairs are weighed from a day on, today or later, until later weights take over."""

    effective_on: date
    criteria: Annotated[dict[Weighed, Points], Field(min_length=5, max_length=5)]
    """The most that each gives; together 10,000."""
    per_day: Annotated[int, Field(ge=0, le=100)]
    """Points for each day of waiting."""
    load: Annotated[list[Points], Field(min_length=1, max_length=50)]
    """What a sponsor's first, second and each further household costs; the first costs 0."""
    match_worth: Annotated[int, Field(ge=10_000, le=1_000_000)]
    """What any match is worth beside its points."""
    note: Why


@message(
    "matching.set-ladder",
    1,
    Exchange.COMMANDS,
    subject="effective_on",
    classification=Classification.PERSONAL,
)
class SetLadder(Command):
    """What is asked of a pair the longer a household waits, from a day on, today or later."""

    effective_on: date
    rungs: Annotated[list[Rung], Field(min_length=1, max_length=50)]
    note: Why


@message("session.replay", 1, Exchange.COMMANDS, subject="run_id")
class ReplaySession(Command):
    """Solve a session once more from its record and compare the pairs; nothing else changes."""

    run_id: Id
