"""What staff decide about matches beside yes and no: holding one, choosing another pair."""

from typing import Annotated

from pydantic import Field

from shared.contracts.base import Classification, Exchange, message
from shared.contracts.desk import Command
from shared.contracts.people import Id

Why = Annotated[str, Field(min_length=3, max_length=500)]
"""A reason in words; it may hold personal data and is never published."""


@message(
    "match.hold",
    1,
    Exchange.COMMANDS,
    subject="sponsorship_id",
    classification=Classification.PERSONAL,
)
class HoldMatch(Command):
    """Staff keep a proposal for some days before they decide."""

    sponsorship_id: Id
    days: Annotated[int, Field(ge=1, le=30)]
    reason: Why


@message(
    "match.override",
    1,
    Exchange.COMMANDS,
    subject="household_id",
    classification=Classification.PERSONAL,
)
class OverrideMatch(Command):
    """Staff choose a pair themselves. Training, certificate, places and pairs that failed before
    cannot be overridden; what else stands against the pair is put on record.
    """

    household_id: Id
    sponsor_id: Id
    reason: Why
