"""What `matching` publishes about its sessions and about the weights and the ladder they follow."""

from datetime import date
from typing import Annotated

from pydantic import Field

from shared.contracts.base import Contract, Exchange, message
from shared.contracts.desk_sessions import Points, Rung, Weighed
from shared.contracts.people import Id

Version = Annotated[str, Field(pattern=r"^[1-9]\d{0,8}$")]
"""Counts up from 1 with each change."""

Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
"""SHA-256 of all that the engine was told."""

Number = Annotated[int, Field(ge=0)]


@message("session.held", 1, Exchange.EVENTS, subject="run_id")
class SessionHeld(Contract):
    """A matching session proposed pairs: the best set there is, and the record says of what."""

    run_id: Id
    held_on: date
    households: Number
    """How many waited."""
    sponsors: Number
    """How many had room."""
    proposed: Number
    points: Number
    """What all pairs together are worth under these weights; no other set is worth more."""
    weights_version: Version
    ladder_version: Version
    inputs_hash: Digest


@message("session.replayed", 1, Exchange.EVENTS, subject="run_id")
class SessionReplayed(Contract):
    """A session was solved once more from its record."""

    run_id: Id
    same: bool
    """Whether its inputs are those of the record and gave the same pairs and points."""
    inputs_intact: bool
    different: Number
    """How many households got somebody else, or nobody."""


@message("session.refused", 1, Exchange.EVENTS, subject="run_id")
class SessionRefused(Contract):
    """A session could not be replayed."""

    run_id: Id
    reason: str


@message("matching.weights-set", 1, Exchange.EVENTS, subject="version")
class WeightsSet(Contract):
    """How pairs are weighed from a day on."""

    version: Version
    effective_on: date
    criteria: dict[Weighed, Points]
    per_day: int
    load: list[int]
    match_worth: int


@message("matching.ladder-set", 1, Exchange.EVENTS, subject="version")
class LadderSet(Contract):
    """What is asked of a pair the longer a household waits, from a day on."""

    version: Version
    effective_on: date
    rungs: list[Rung]


@message("matching.refused", 1, Exchange.EVENTS, subject="effective_on")
class MatchingRuleRefused(Contract):
    """Weights or a ladder could not be set; nothing was changed."""

    effective_on: date
    reason: str
