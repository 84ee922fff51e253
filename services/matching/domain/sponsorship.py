"""The match of a sponsor and a household, from the proposal to the end, with its evidence."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from shared.contracts.codes import Slot
from shared.contracts.desk import Outcome, Side
from shared.contracts.desk_sponsorships import ContactKind, Going
from shared.contracts.matching_sponsorships import OverriddenRule

from .log import Entry, Pause, Stamp, last_contact

MEETING: Final = ContactKind.MEETING


class SponsorshipStatus(StrEnum):
    PROPOSED = "proposed"
    HELD = "held"
    APPROVED = "approved"
    RUNNING = "running"
    PAUSED = "paused"
    ENDED = "ended"
    REJECTED = "rejected"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    RELEASED = "released"
    LAPSED = "lapsed"


class Step(StrEnum):
    """What may be done with a sponsorship."""

    DECIDE = "decide"
    HOLD = "hold"
    ANSWER = "answer"
    LOG = "log"
    CHECK_IN = "check_in"
    PAUSE = "pause"
    RESUME = "resume"
    END = "end"


UNDECIDED: Final = frozenset({SponsorshipStatus.PROPOSED, SponsorshipStatus.HELD})
OPEN: Final = UNDECIDED | {SponsorshipStatus.APPROVED}
LIVE: Final = frozenset({SponsorshipStatus.RUNNING, SponsorshipStatus.PAUSED})
_ALLOWED_IN: Final[Mapping[Step, frozenset[SponsorshipStatus]]] = {
    Step.DECIDE: UNDECIDED,
    Step.HOLD: UNDECIDED,
    Step.ANSWER: frozenset({SponsorshipStatus.APPROVED}),
    Step.LOG: LIVE | {SponsorshipStatus.ENDED},
    Step.CHECK_IN: LIVE,
    Step.PAUSE: LIVE,
    Step.RESUME: frozenset({SponsorshipStatus.PAUSED}),
    Step.END: LIVE,
}
_PRESENT: Final[Mapping[SponsorshipStatus, str]] = {
    SponsorshipStatus.PROPOSED: "staff have not approved this match yet",
    SponsorshipStatus.HELD: "staff keep this proposal and have not decided yet",
    SponsorshipStatus.APPROVED: "this match is approved and waits for the answers of both sides",
    SponsorshipStatus.RUNNING: "both sides accepted and the sponsorship has started",
    SponsorshipStatus.PAUSED: "both sides accepted and the sponsorship is paused",
    SponsorshipStatus.ENDED: "this sponsorship has ended",
    SponsorshipStatus.REJECTED: "staff rejected this match",
    SponsorshipStatus.DECLINED: "one side declined this match",
    SponsorshipStatus.WITHDRAWN: "the partner withdrew the household",
    SponsorshipStatus.RELEASED: "this match was given up because one side changed or is away",
    SponsorshipStatus.LAPSED: "nobody decided this proposal in time, and it was given up",
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
    """Who of the staff decided, when and why, and against which rules."""

    staff_id: str
    at: datetime
    reason: str
    overridden: tuple[OverriddenRule, ...] = ()


@dataclass(frozen=True, slots=True)
class Hold:
    """Until when staff keep a proposal, and why."""

    until: date
    stamp: Stamp
    reason: str


@dataclass(frozen=True, slots=True)
class CheckIn:
    """What a side said about how it is going."""

    side: Side
    going: Going
    heard: Stamp


@dataclass(frozen=True, slots=True)
class Silence:
    """A silence that was noticed: since when, and the most days that were told."""

    since: date
    days: int


@dataclass(frozen=True, slots=True)
class Sponsorship:
    """`accepted` are the sides that said yes; `reminded` and `asked` count how often both were
    reminded to answer and asked how it is going, `urged` how often staff were to decide.
    """

    id: str
    household_id: str
    sponsor_id: str
    score: int
    reasons: Reasons
    proposed_at: datetime
    status: SponsorshipStatus = SponsorshipStatus.PROPOSED
    hold: Hold | None = None
    urged: int = 0
    decision: Decision | None = None
    reminded: int = 0
    accepted: tuple[Side, ...] = ()
    started_on: date | None = None
    log: tuple[Entry, ...] = ()
    pauses: tuple[Pause, ...] = ()
    asked: int = 0
    check_ins: tuple[CheckIn, ...] = ()
    silence: Silence | None = None
    ended_on: date | None = None
    outcome: Outcome | None = None

    @property
    def open(self) -> bool:
        """Whether it may still come to a sponsorship."""
        return self.status in OPEN

    @property
    def undecided(self) -> bool:
        """Whether staff have still to decide."""
        return self.status in UNDECIDED

    @property
    def silent_sides(self) -> tuple[Side, ...]:
        """The sides that have not accepted."""
        return tuple(side for side in Side if side not in self.accepted)

    @property
    def meetings(self) -> tuple[date, ...]:
        """The days of evidence for funders."""
        met = (each.held_on for each in self.log if each.counts and each.kind is MEETING)
        return tuple(sorted(met))

    @property
    def last_contact(self) -> date | None:
        """The day of the last real contact or the start; None if it never started."""
        return last_contact(self.log, self.started_on) if self.started_on else None

    def why_not(self, step: Step) -> str | None:
        """Why the step is not allowed now, in words; None if it is."""
        return None if self.status in _ALLOWED_IN[step] else _PRESENT[self.status]
