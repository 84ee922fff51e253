"""The match of a sponsor and a household, from the proposal to the end, with its evidence."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from shared.contracts.codes import Slot
from shared.contracts.desk import Outcome, Side


class SponsorshipStatus(StrEnum):
    PROPOSED = "proposed"
    APPROVED = "approved"
    RUNNING = "running"
    ENDED = "ended"
    REJECTED = "rejected"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    RELEASED = "released"


class Step(StrEnum):
    """What may be done with a sponsorship."""

    DECIDE = "decide"
    ANSWER = "answer"
    LOG_MEETING = "log_meeting"
    END = "end"


OPEN: Final = frozenset({SponsorshipStatus.PROPOSED, SponsorshipStatus.APPROVED})
_ALLOWED_IN: Final[Mapping[Step, SponsorshipStatus]] = {
    Step.DECIDE: SponsorshipStatus.PROPOSED,
    Step.ANSWER: SponsorshipStatus.APPROVED,
    Step.LOG_MEETING: SponsorshipStatus.RUNNING,
    Step.END: SponsorshipStatus.RUNNING,
}
_PRESENT: Final[Mapping[SponsorshipStatus, str]] = {
    SponsorshipStatus.PROPOSED: "staff have not approved this match yet",
    SponsorshipStatus.APPROVED: "this match is approved and waits for the answers of both sides",
    SponsorshipStatus.RUNNING: "both sides accepted and the sponsorship has started",
    SponsorshipStatus.ENDED: "this sponsorship has ended",
    SponsorshipStatus.REJECTED: "staff rejected this match",
    SponsorshipStatus.DECLINED: "one side declined this match",
    SponsorshipStatus.WITHDRAWN: "the partner withdrew the household",
    SponsorshipStatus.RELEASED: "this match was given up because one side changed or is away",
}


@dataclass(frozen=True, slots=True)
class Criterion:
    """Points that a criterion gave, of at most `most`, in basis points."""

    name: str
    points: int
    most: int


@dataclass(frozen=True, slots=True)
class Reasons:
    """Why the engine proposes the pair; the points of the criteria add up to the score."""

    criteria: tuple[Criterion, ...]
    language: str
    slots: tuple[Slot, ...]
    waited_days: int
    candidates: int

    @property
    def score(self) -> int:
        """Basis points, 0 to 10000."""
        return sum(criterion.points for criterion in self.criteria)


@dataclass(frozen=True, slots=True)
class Decision:
    """Who of the staff decided, when and why."""

    staff_id: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Sponsorship:
    """`accepted` are the sides that said yes, `meetings` the days of evidence for funders."""

    id: str
    household_id: str
    sponsor_id: str
    score: int
    reasons: Reasons
    proposed_at: datetime
    status: SponsorshipStatus = SponsorshipStatus.PROPOSED
    decision: Decision | None = None
    accepted: tuple[Side, ...] = ()
    started_on: date | None = None
    meetings: tuple[date, ...] = ()
    ended_on: date | None = None
    outcome: Outcome | None = None

    @property
    def open(self) -> bool:
        """Whether it may still come to a sponsorship."""
        return self.status in OPEN

    @property
    def undecided(self) -> bool:
        """Whether staff have still to decide."""
        return self.status is SponsorshipStatus.PROPOSED

    @property
    def silent_sides(self) -> tuple[Side, ...]:
        """The sides that have not accepted."""
        return tuple(side for side in Side if side not in self.accepted)

    def why_not(self, step: Step) -> str | None:
        """Why the step is not allowed now, in words; None if it is."""
        return None if self.status is _ALLOWED_IN[step] else _PRESENT[self.status]
