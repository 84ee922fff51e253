"""Requests for mails, only to people who have an address, each in their language."""

from enum import StrEnum

from shared.contracts.notifications import RequestMessage, Template
from shared.contracts.people import Contact


class Occasion(StrEnum):
    """The messages that came after the first version of the request; `notifications` words them."""

    SPONSOR_APPLICATION = "sponsor_application"
    SPONSOR_FAREWELL = "sponsor_farewell"
    CERTIFICATE_DUE = "certificate_due"
    MATCH_REMINDER = "match_reminder"
    MATCH_NOT_POSSIBLE = "match_not_possible"
    CHECK_IN = "check_in"
    SILENCE = "silence"
    QUESTION_ANSWERED = "question_answered"
    STILL_INTERESTED = "still_interested"
    HOUSEHOLD_CLOSED = "household_closed"


def mail(
    template: Template | Occasion, about: str, contact: Contact, **values: str
) -> tuple[RequestMessage, ...]:
    """One request, or none without an address."""
    if contact.email is None:
        return ()
    return (
        RequestMessage(
            about=about,
            template=template.value,
            name=contact.name,
            email=contact.email,
            language=contact.language,
            values=values,
        ),
    )
