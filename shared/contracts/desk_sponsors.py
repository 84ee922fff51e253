"""What staff enter about a sponsor's way, from the application to the farewell."""

from datetime import date
from typing import Annotated

from pydantic import Field

from shared.contracts.base import Classification, Exchange, message
from shared.contracts.codes import Slot
from shared.contracts.desk import Command, RegisterSponsor
from shared.contracts.people import Contact, District, Gender, Id, LanguageSkill, Topic

HandbookVersion = Annotated[
    str, Field(max_length=8, pattern=r"^\d{1,4}(\.\d{1,3})?$", examples=["2017.1"])
]
"""A version of the handbook for volunteers, counted up."""


class SponsorCommand(Command):
    """Base of what staff enter about a sponsor who is known."""

    sponsor_id: Id


@message(
    "sponsor.apply",
    1,
    Exchange.COMMANDS,
    subject="reference",
    classification=Classification.PERSONAL,
)
class ApplySponsor(RegisterSponsor):
    """A volunteer applied and is to be interviewed. The sponsor's id follows from the reference."""


@message("sponsor.record-interview", 1, Exchange.COMMANDS, subject="sponsor_id")
class RecordInterview(SponsorCommand):
    """The interview with an applicant was held."""

    held_on: date
    suitable: bool


@message("sponsor.acknowledge-handbook", 1, Exchange.COMMANDS, subject="sponsor_id")
class AcknowledgeHandbook(SponsorCommand):
    """A sponsor read a version of the handbook and agrees to work by it."""

    version: HandbookVersion
    acknowledged_on: date


@message(
    "sponsor.change",
    1,
    Exchange.COMMANDS,
    subject="sponsor_id",
    classification=Classification.PERSONAL,
)
class ChangeSponsor(SponsorCommand):
    """Something about a sponsor changed; what is left out stays as it is."""

    contact: Contact | None = None
    languages: Annotated[list[LanguageSkill], Field(max_length=20)] | None = None
    topics: Annotated[list[Topic], Field(max_length=6)] | None = None
    availability: Annotated[list[Slot], Field(max_length=21)] | None = None
    district: District | None = None
    capacity: Annotated[int, Field(ge=0, le=50)] | None = None
    household_gender: Gender | None = None
    any_household_gender: bool = False
    """The sponsor has no wish about the gender any more."""


@message("sponsor.pause", 1, Exchange.COMMANDS, subject="sponsor_id")
class PauseSponsor(SponsorCommand):
    """A sponsor takes no new household for a while; until when may be open."""

    until: date | None = None


@message("sponsor.resume", 1, Exchange.COMMANDS, subject="sponsor_id")
class ResumeSponsor(SponsorCommand):
    """A sponsor who paused is back."""


@message("sponsor.leave", 1, Exchange.COMMANDS, subject="sponsor_id")
class LeaveSponsor(SponsorCommand):
    """A sponsor leaves the programme; the households wait for somebody else."""


@message("sponsor.readmit", 1, Exchange.COMMANDS, subject="sponsor_id")
class ReadmitSponsor(SponsorCommand):
    """A sponsor who had left is back."""
