"""What each funder counts, as data: which records, by which day, and what evidence they need.

A new funder is a new entry of `DEFINITIONS`; nothing else changes.
"""

from enum import StrEnum
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, model_validator

from shared.contracts.desk import PlannedMeasure


class Counted(StrEnum):
    """What is counted, and the day by which it falls into a period."""

    SPONSORS_TRAINED = "sponsors by the day of their basic training"
    HOUSEHOLDS_REACHED = "households by the day on which their first sponsorship started"
    NEWCOMERS_REACHED = "people of those households"
    SPONSORSHIPS_STARTED = "sponsorships by the day of their start"
    SPONSORSHIPS_ENDED = "sponsorships by the day of their end"
    SPONSORSHIPS_RUNNING = "sponsorships that run on the last day"
    SPONSORSHIPS_REGULAR = "sponsorships that met often enough in every whole month"
    MEETINGS_HELD = "logged meetings by their day"


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Measure(_Record):
    """One figure; `meetings_a_month` is the evidence that a regular sponsorship needs."""

    figure: Annotated[str, Field(pattern=r"^[a-z]+\.[a-z]+$")]
    title: Annotated[str, Field(min_length=3, max_length=60)]
    counts: Counted
    meetings_a_month: Annotated[int, Field(ge=1, le=31)] | None = None
    planned: PlannedMeasure | None = None

    @model_validator(mode="after")
    def _evidence_where_it_is_asked_for(self) -> "Measure":
        if (self.counts is Counted.SPONSORSHIPS_REGULAR) != (self.meetings_a_month is not None):
            wrong = "meetings_a_month belongs to regular sponsorships, and they need it"
            raise ValueError(wrong)
        return self


class Definition(_Record):
    """What one funder wants to know."""

    name: Annotated[str, Field(pattern=r"^[a-z-]+$")]
    title: str
    measures: Annotated[tuple[Measure, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _each_figure_once(self) -> "Definition":
        names = [measure.figure for measure in self.measures]
        if len(set(names)) != len(names):
            wrong = f"{self.name} names a figure twice"
            raise ValueError(wrong)
        return self


_SPONSORS: Final = Measure(
    figure="sponsors.trained",
    title="Sponsors trained",
    counts=Counted.SPONSORS_TRAINED,
    planned=PlannedMeasure.SPONSORS,
)
_NEWCOMERS: Final = Measure(
    figure="newcomers.reached",
    title="Newcomers reached",
    counts=Counted.NEWCOMERS_REACHED,
    planned=PlannedMeasure.NEWCOMERS,
)
_HOUSEHOLDS: Final = Measure(
    figure="households.reached", title="Households reached", counts=Counted.HOUSEHOLDS_REACHED
)
_STARTED: Final = Measure(
    figure="sponsorships.started",
    title="Sponsorships started",
    counts=Counted.SPONSORSHIPS_STARTED,
)
_ENDED: Final = Measure(
    figure="sponsorships.ended", title="Sponsorships ended", counts=Counted.SPONSORSHIPS_ENDED
)
_RUNNING: Final = Measure(
    figure="sponsorships.running",
    title="Sponsorships running at the end",
    counts=Counted.SPONSORSHIPS_RUNNING,
)
_MEETINGS: Final = Measure(
    figure="meetings.held", title="Meetings logged", counts=Counted.MEETINGS_HELD
)
_REGULAR: Final = Measure(
    figure="sponsorships.regular",
    title="Sponsorships that met every month",
    counts=Counted.SPONSORSHIPS_REGULAR,
    meetings_a_month=1,
)

DEFINITIONS: Final = {
    each.name: each
    for each in (
        Definition(
            name="council",
            title="Council of the city",
            measures=(_SPONSORS, _NEWCOMERS, _HOUSEHOLDS, _STARTED, _RUNNING, _ENDED),
        ),
        Definition(
            name="ministry",
            title="Ministry: a sponsorship counts once, regular by its logged meetings",
            measures=(_SPONSORS, _STARTED, _RUNNING, _ENDED, _REGULAR, _MEETINGS),
        ),
    )
}
