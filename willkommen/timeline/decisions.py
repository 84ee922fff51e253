"""What people decide about proposals and offers, as recorded with the sample data."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Final, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from shared.contracts.desk import Outcome
from shared.contracts.ids import household_id, recruit_id
from shared.contracts.people import Id
from willkommen.timeline.columns import Table, plain

ANY: Final = "*"
Days = Annotated[int, Field(ge=0, le=2000)]
Interval = Annotated[int, Field(ge=1, le=2000)]


class Verdict(StrEnum):
    APPROVE = "approve"
    REJECT = "reject"


class Answer(StrEnum):
    ACCEPT = "accept"
    DECLINE = "decline"


class Decision(BaseModel):
    """What becomes of the n-th proposal for a household.

    Staff decide days after the proposal; sponsor and household answer days after that; the
    sponsorship ends days after its start, or is still running when that is `None`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    partner: str
    reference: str
    proposal: Annotated[int, Field(ge=1)]
    staff_id: Id
    staff: Verdict
    staff_after_days: Days
    staff_reason: str = ""
    sponsor: Answer | None = None
    sponsor_after_days: Days | None = None
    household: Answer | None = None
    household_after_days: Days | None = None
    meeting_every_days: Interval | None = None
    ends_after_days: Days | None = None
    outcome: Outcome | None = None

    @property
    def starts(self) -> bool:
        """Whether the proposal becomes a sponsorship."""
        return self.sponsor is Answer.ACCEPT and self.household is Answer.ACCEPT

    @model_validator(mode="after")
    def _answers_follow_approval(self) -> Self:
        if self.staff is Verdict.REJECT and (self.sponsor or self.household):
            message = "nobody is asked after staff reject; leave the answers empty"
            raise ValueError(message)
        if (self.sponsor is None) != (self.sponsor_after_days is None):
            message = "sponsor and sponsor_after_days go together"
            raise ValueError(message)
        if (self.household is None) != (self.household_after_days is None):
            message = "household and household_after_days go together"
            raise ValueError(message)
        return self

    @model_validator(mode="after")
    def _end_follows_start(self) -> Self:
        if (self.ends_after_days is None) != (self.outcome is None):
            message = "ends_after_days and outcome go together"
            raise ValueError(message)
        if not self.starts and (self.meeting_every_days or self.ends_after_days):
            message = "only a sponsorship has meetings and an end; both sides must accept"
            raise ValueError(message)
        return self


class Offer(BaseModel):
    """A recruit's answer to the offer, days after it; who is not listed does not answer."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    partner: str
    reference: str
    after_days: Days
    accepted: bool
    staff_id: Id


DECISIONS: Final = Table(
    "decisions",
    Decision,
    plain(*Decision.model_fields),
    unique=("partner", "reference", "proposal"),
)
OFFERS: Final = Table("offers", Offer, plain(*Offer.model_fields), unique=("partner", "reference"))


@dataclass(frozen=True, slots=True)
class Decisions:
    """Decisions by household id, each household's in the order of its proposals."""

    default: Decision
    by_household: dict[str, tuple[Decision, ...]]

    @classmethod
    def of(cls, rows: Iterable[Decision]) -> Self:
        """Raises `ValueError` without a default row or when a household skips a number."""
        grouped: dict[tuple[str, str], list[Decision]] = {}
        for row in sorted(rows, key=lambda row: row.proposal):
            grouped.setdefault((row.partner, row.reference), []).append(row)
        for (partner, reference), listed in grouped.items():
            if [row.proposal for row in listed] != list(range(1, len(listed) + 1)):
                message = f"the proposals of {partner} {reference} are not numbered 1, 2, ..."
                raise ValueError(message)
        if (ANY, ANY) not in grouped:
            message = f"there is no default row, with {ANY!r} as partner and reference"
            raise ValueError(message)
        default = grouped.pop((ANY, ANY))[-1]
        return cls(default, {household_id(*key): tuple(rows) for key, rows in grouped.items()})

    def about(self, household: str, proposal: int) -> Decision:
        """The n-th (from 1) proposal's; a household's last row also holds for further ones."""
        listed = self.by_household.get(household, (self.default,))
        return listed[min(proposal, len(listed)) - 1]


@dataclass(frozen=True, slots=True)
class Offers:
    """Answers by recruit id."""

    by_recruit: dict[str, Offer]

    @classmethod
    def of(cls, rows: Iterable[Offer]) -> Self:
        return cls({recruit_id(row.partner, row.reference): row for row in rows})

    def answer(self, recruit: str) -> Offer | None:
        """The recruit's answer, `None` when there is none."""
        return self.by_recruit.get(recruit)
