"""What `notifications` accepts from the services (private, personal) and what it publishes.

Since version 2 a template is a code that `notifications` knows or parks the request for, so that a
new message needs no new version.
"""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from shared.contracts.base import Classification, Contract, Exchange, message
from shared.contracts.codes import LanguageCode
from shared.contracts.people import Id

TemplateCode = Annotated[
    str, Field(max_length=64, pattern=r"^[a-z]+(_[a-z]+)*$", examples=["sponsor_welcome"])
]
"""Which message it is: a folder of texts in `notifications`."""


class Template(StrEnum):
    """The messages of version 1; the later ones are codes."""

    SPONSOR_WELCOME = "sponsor_welcome"
    HOUSEHOLD_WELCOME = "household_welcome"
    HOUSEHOLD_DECLINED = "household_declined"
    RECRUIT_OFFER = "recruit_offer"
    MATCH_PROPOSED_TO_SPONSOR = "match_proposed_to_sponsor"
    MATCH_PROPOSED_TO_HOUSEHOLD = "match_proposed_to_household"
    SPONSORSHIP_STARTED = "sponsorship_started"
    SPONSORSHIP_ENDED = "sponsorship_ended"
    ACTOR_WELCOME = "actor_welcome"


@message(
    "message.request",
    1,
    Exchange.PRIVATE,
    subject="about",
    classification=Classification.PERSONAL,
)
class RequestMessageV1(Contract):
    """Send one message to one person, once. `about` is the id of what it is about."""

    about: Id
    template: Template
    name: Annotated[str, Field(min_length=1, max_length=120)]
    email: Annotated[str, Field(max_length=254)]
    language: LanguageCode
    values: dict[str, str] = {}


@message(
    "message.request",
    2,
    Exchange.PRIVATE,
    subject="about",
    classification=Classification.PERSONAL,
)
class RequestMessage(Contract):
    """Send one message to one person, once. `about` is the id of what it is about."""

    about: Id
    template: TemplateCode
    name: Annotated[str, Field(min_length=1, max_length=120)]
    email: Annotated[str, Field(max_length=254)]
    language: LanguageCode
    values: dict[str, str] = {}


@message("message.sent", 1, Exchange.EVENTS, subject="delivery_id")
class MessageSentV1(Contract):
    """A mail was taken over by the recipient's mail server; version 2 says so since."""

    delivery_id: Id
    about: Id
    template: Template
    language: LanguageCode


@message("message.sent", 2, Exchange.EVENTS, subject="delivery_id")
class MessageSent(Contract):
    """A mail was taken over by the recipient's mail server."""

    delivery_id: Id
    about: Id
    template: TemplateCode
    language: LanguageCode


@message("message.failed", 1, Exchange.EVENTS, subject="delivery_id")
class MessageFailedV1(Contract):
    """A mail could not be delivered, for good; version 2 says so since."""

    delivery_id: Id
    about: Id
    template: Template
    reason: str


@message("message.failed", 2, Exchange.EVENTS, subject="delivery_id")
class MessageFailed(Contract):
    """A mail could not be delivered, for good."""

    delivery_id: Id
    about: Id
    template: TemplateCode
    reason: str
