"""What the integration office's staff decide: commands, each with the staff member's id.

Commands are verb-noun, facts noun-past. They go to the one service that owns the aggregate.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from shared.contracts.base import Classification, Contract, Exchange, message
from shared.contracts.codes import LanguageCode, Slot
from shared.contracts.people import Contact, District, Gender, Id, LanguageSkill, Reference, Topic


class Side(StrEnum):
    SPONSOR = "sponsor"
    HOUSEHOLD = "household"


class Outcome(StrEnum):
    """How a sponsorship ended."""

    GOALS_REACHED = "goals_reached"
    CONTACT_LOST = "contact_lost"
    MOVED_AWAY = "moved_away"
    SPONSOR_LEFT = "sponsor_left"
    NOT_A_FIT = "not_a_fit"


class ActorCategory(StrEnum):
    """The six categories of the network."""

    WORK = "work"
    COUNSELLING = "counselling"
    EMERGENCY = "emergency"
    ENGAGEMENT = "engagement"
    LANGUAGE_EDUCATION = "language_education"
    ARTS_CULTURE = "arts_culture"


class TrainingKind(StrEnum):
    SPONSOR_BASICS = "sponsor_basics"
    INTERCULTURAL_COMPETENCE = "intercultural_competence"
    ISLAM_IN_EVERYDAY_LIFE = "islam_in_everyday_life"
    RECOGNITION_OF_QUALIFICATIONS = "recognition_of_qualifications"


class Programme(StrEnum):
    """The two programmes of the council paper."""

    WILLKOMMEN = "willkommen"
    NETWORK = "network"


class PlannedMeasure(StrEnum):
    SPONSORS = "sponsors"
    NEWCOMERS = "newcomers"


class Command(Contract):
    """Base of what staff decide."""

    staff_id: Id


# --- to matching -------------------------------------------------------------------------------


@message(
    "sponsor.register",
    1,
    Exchange.COMMANDS,
    subject="reference",
    classification=Classification.PERSONAL,
)
class RegisterSponsor(Command):
    """A volunteer applied and was interviewed. The sponsor's id follows from the reference."""

    reference: Reference
    contact: Contact
    migration_experience: bool
    languages: Annotated[list[LanguageSkill], Field(max_length=20)]
    topics: Annotated[list[Topic], Field(max_length=6)] = []
    availability: Annotated[list[Slot], Field(max_length=21)] = []
    district: District
    capacity: Annotated[int, Field(ge=0, le=50)] = 1
    household_gender: Gender | None = None
    applied_on: date


@message("sponsor.record-certificate", 1, Exchange.COMMANDS, subject="sponsor_id")
class RecordCertificate(Command):
    """A certificate of conduct was inspected. Its age is checked; only the inspection is kept."""

    sponsor_id: Id
    issued_on: date
    inspected_on: date


@message(
    "match.decide",
    1,
    Exchange.COMMANDS,
    subject="sponsorship_id",
    classification=Classification.PERSONAL,
)
class DecideMatch(Command):
    """Staff approve a proposed match or reject it with a reason."""

    sponsorship_id: Id
    approved: bool
    reason: Annotated[str, Field(max_length=500)] = ""


@message("match.answer", 1, Exchange.COMMANDS, subject="sponsorship_id")
class AnswerMatch(Command):
    """The sponsor or the household accepts or declines an approved match."""

    sponsorship_id: Id
    side: Side
    accepted: bool


@message("sponsorship.log-meeting", 1, Exchange.COMMANDS, subject="sponsorship_id")
class LogMeeting(Command):
    """Sponsor and household met."""

    sponsorship_id: Id
    held_on: date


@message("sponsorship.end", 1, Exchange.COMMANDS, subject="sponsorship_id")
class EndSponsorship(Command):
    """A sponsorship ends with an outcome."""

    sponsorship_id: Id
    outcome: Outcome


@message("recruit.answer-offer", 1, Exchange.COMMANDS, subject="recruit_id")
class AnswerOffer(Command):
    """A recruit answers the offer of a place."""

    recruit_id: Id
    accepted: bool


# --- to network --------------------------------------------------------------------------------


@message(
    "actor.register",
    1,
    Exchange.COMMANDS,
    subject="reference",
    classification=Classification.PERSONAL,
)
class RegisterActor(Command):
    """An institution joins the network. The actor's id follows from the reference."""

    reference: Reference
    name: Annotated[str, Field(min_length=2, max_length=200)]
    category: ActorCategory
    contact: Contact
    street: Annotated[str, Field(max_length=200)] = ""
    postal_code: Annotated[str, Field(pattern=r"^(\d{5})?$")] = ""
    city: Annotated[str, Field(max_length=100)] = "Ludwigsburg"
    latitude: Annotated[float, Field(ge=-90, le=90)] | None = None
    longitude: Annotated[float, Field(ge=-180, le=180)] | None = None
    website: Annotated[str, Field(max_length=200, pattern=r"^(https?://\S+)?$")] = ""
    languages: Annotated[list[LanguageCode], Field(max_length=40)] = []
    joined_on: date


@message("training.complete", 1, Exchange.COMMANDS, subject="reference")
class CompleteTraining(Command):
    """A training was held; these sponsors and actors completed it."""

    reference: Reference
    kind: TrainingKind
    held_on: date
    sponsor_ids: Annotated[list[Id], Field(max_length=500)] = []
    actor_ids: Annotated[list[Id], Field(max_length=500)] = []


@message("network-meeting.record", 1, Exchange.COMMANDS, subject="reference")
class RecordMeeting(Command):
    """A network meeting was held, with the actors invited and those that attended."""

    reference: Reference
    title: Annotated[str, Field(min_length=1, max_length=200)]
    held_on: date
    invited: Annotated[list[Id], Field(max_length=1000)]
    attended: Annotated[list[Id], Field(max_length=1000)]


Count = Annotated[int, Field(ge=0, le=1_000_000_000)]
"""A number of people, or of euro."""

Answer = Annotated[int, Field(ge=1, le=6)]
"""1 fully agree ... 6 not at all."""


@message("evaluation.submit", 1, Exchange.COMMANDS, subject="meeting_reference")
class SubmitEvaluation(Command):
    """One anonymous evaluation form of a network meeting; `form` tells two forms apart."""

    meeting_reference: Reference
    form: Reference
    answers: Annotated[dict[Reference, Answer], Field(min_length=1, max_length=30)]


@message("plan.record", 1, Exchange.COMMANDS, subject="measure")
class RecordPlan(Command):
    """What was planned: from `low` to `high` (equal when one number was named)."""

    programme: Programme
    measure: PlannedMeasure
    low: Count
    high: Count
    source: Annotated[str, Field(max_length=200)] = ""


@message("cost.record", 1, Exchange.COMMANDS, subject="reference")
class RecordCost(Command):
    """Costs in euro over a period, and the share that a funder pays (0 to 1).

    Without a programme the costs are those of both together.
    """

    reference: Reference
    programme: Programme | None = None
    from_on: date
    to_on: date
    amount_eur: Count
    funded_share: Annotated[float, Field(ge=0, le=1)]
    funder: Annotated[str, Field(max_length=200)] = ""
