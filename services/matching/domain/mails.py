"""Requests for mails, only to people who have an address, each in their language."""

from shared.contracts.notifications import RequestMessage, Template
from shared.contracts.people import Contact


def mail(
    template: Template, about: str, contact: Contact, **values: str
) -> tuple[RequestMessage, ...]:
    """One request, or none without an address."""
    if contact.email is None:
        return ()
    return (
        RequestMessage(
            about=about,
            template=template,
            name=contact.name,
            email=contact.email,
            language=contact.language,
            values=values,
        ),
    )
