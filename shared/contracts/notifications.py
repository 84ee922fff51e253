"""What `notifications` accepts from the services (private, personal) and what it publishes."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from shared.contracts.base import Classification, Contract, Exchange, message
from shared.contracts.codes import LanguageCode
from shared.contracts.people import Id


class Template(StrEnum):
    """The messages that people get; each is written in every supported language."""

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
class RequestMessage(Contract):
    """Send one message to one person, once. `about` is the id of what it is about."""

    about: Id
    template: Template
    name: Annotated[str, Field(min_length=1, max_length=120)]
    email: Annotated[str, Field(max_length=254)]
    language: LanguageCode
    values: dict[str, str] = {}


@message("message.sent", 1, Exchange.EVENTS, subject="delivery_id")
class MessageSent(Contract):
    """A mail was taken over by the recipient's mail server."""

    delivery_id: Id
    about: Id
    template: Template
    language: LanguageCode


@message("message.failed", 1, Exchange.EVENTS, subject="delivery_id")
class MessageFailed(Contract):
    """A mail could not be delivered, for good."""

    delivery_id: Id
    about: Id
    template: Template
    reason: str
