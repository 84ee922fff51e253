"""Writes a delivery as a mail: the same delivery always gives the same bytes."""

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from shared.clock import LOCAL_ZONE

from .domain.delivery import Delivery, Letter
from .settings import NotificationsSettings


def mail_of(delivery: Delivery, letter: Letter, settings: NotificationsSettings) -> bytes:
    """The mail's bytes; the Message-ID follows from the delivery, the date from the request."""
    mail = EmailMessage(policy=SMTP)
    mail.set_content(letter.text, charset="utf-8", cte="quoted-printable")
    mail["From"] = Address(settings.sender_name, addr_spec=settings.sender_address)
    mail["To"] = Address(letter.name, addr_spec=letter.address)
    mail["Subject"] = letter.subject
    mail["Date"] = format_datetime(delivery.requested_at.astimezone(LOCAL_ZONE))
    mail["Message-ID"] = f"<{delivery.id}@{settings.mail_domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["Content-Language"] = delivery.language
    return mail.as_bytes()
