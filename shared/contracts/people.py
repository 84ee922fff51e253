"""Parts that several contracts share: contact persons, language skills, topics, households."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from shared.contracts.codes import CountryCode, LanguageCode, Slot

Reference = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[\w.:/-]+$")]
"""A sender's own reference: letters, digits and . : / - _"""

Id = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[\w.:-]+$")]
"""An opaque id given by one of the services."""


class Part(BaseModel):
    """Base of the parts of a message."""

    model_config = ConfigDict(
        frozen=True, extra="ignore", str_strip_whitespace=True, use_attribute_docstrings=True
    )


class Gender(StrEnum):
    FEMALE = "female"
    MALE = "male"
    DIVERSE = "diverse"


class Level(StrEnum):
    """Level of a language after the Common European Framework of Reference."""

    A1 = "A1"
    A2 = "A2"
    B1 = "B1"
    B2 = "B2"
    C1 = "C1"
    C2 = "C2"
    NATIVE = "native"


class Topic(StrEnum):
    """What a sponsorship may be about."""

    GERMAN_LANGUAGE = "german_language"
    STRUCTURES = "structures"
    EVERYDAY_QUESTIONS = "everyday_questions"
    GETTING_TO_KNOW_PEOPLE = "getting_to_know_people"
    CULTURAL_PARTICIPATION = "cultural_participation"
    CIVIC_ENGAGEMENT = "civic_engagement"


class District(StrEnum):
    """The districts of Ludwigsburg."""

    MITTE = "mitte"
    WEST = "west"
    OST = "ost"
    SUED = "sued"
    NORD = "nord"
    EGLOSHEIM = "eglosheim"
    GRUENBUEHL = "gruenbuehl"
    HOHENECK = "hoheneck"
    NECKARWEIHINGEN = "neckarweihingen"
    OSSWEIL = "ossweil"
    PFLUGFELDEN = "pflugfelden"
    POPPENWEILER = "poppenweiler"


class History(StrEnum):
    """Whether a household has a refugee history."""

    NONE = "none"
    REFUGEE = "refugee"


class Housing(StrEnum):
    PRIVATE = "private"
    SHARED_ACCOMMODATION = "shared_accommodation"


class LanguageSkill(Part):
    """A language somebody speaks, with its level."""

    code: LanguageCode
    level: Level


class Contact(Part):
    """Personal data: the person to speak to. Messages reach them in `language`."""

    name: Annotated[str, Field(min_length=1, max_length=120)]
    """How the person is addressed."""
    email: Annotated[str, Field(max_length=254, pattern=r"^[^@\s,;<>]+@[^@\s,;<>]+$")] | None = None
    phone: Annotated[str, Field(max_length=32, pattern=r"^[0-9+ ()/-]+$")] | None = None
    gender: Gender | None = None
    language: LanguageCode = "de"
    """The language in which they want to be written to, ISO 639-1."""


class HouseholdDetails(Part):
    """A household as a unit; children by their dates of birth, because their ages decide."""

    contact: Contact
    adults: Annotated[int, Field(ge=1, le=20)]
    """How many adults belong to the household."""
    children: Annotated[list[date], Field(max_length=20)] = []
    """The dates of birth of the children."""
    countries: Annotated[list[CountryCode], Field(min_length=1, max_length=10)]
    """Where the household comes from, ISO 3166-1 alpha-2."""
    languages: Annotated[list[LanguageSkill], Field(max_length=20)] = []
    """What is spoken in the household, with the level."""
    topics: Annotated[list[Topic], Field(max_length=6)] = []
    """What they wish help with."""
    availability: Annotated[list[Slot], Field(max_length=21)] = []
    """When they have time in a usual week."""
    district: District
    """Where in Ludwigsburg they live."""
    sponsor_gender: Gender | None = None
    """Only a sponsor of this gender, where that is a condition."""
    history: History
    """Whether they came as refugees; it decides who may take part."""
    housing: Housing
    """Where they live now; it decides who may take part."""
    has_social_worker: bool
    """Whether a social worker for refugees looks after them."""
    arrived_on: date
    """The day on which they arrived."""
    consent_on: date
    """The day on which they agreed that you give us their data."""
