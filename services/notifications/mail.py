"""Writes a delivery as a mail: the same delivery always gives the same bytes.

Headers are encoded by `email.header`: the newer `EmailMessage` loses or adds spaces where it folds
long texts that are not ASCII.
"""

from email.charset import QP, Charset
from email.header import Header
from email.message import Message
from email.policy import compat32
from email.utils import format_datetime, quote

from shared.clock import LOCAL_ZONE

from .domain.delivery import Delivery, Letter
from .domain.recipient import on_one_line
from .settings import NotificationsSettings

LONGEST_LINE = 76
"""The most that RFC 2047 allows for a line with encoded words."""

_ON_THE_WIRE = compat32.clone(linesep="\r\n", max_line_length=LONGEST_LINE)
_UTF_8 = Charset("utf-8")
_UTF_8.body_encoding = QP


def mail_of(delivery: Delivery, letter: Letter, settings: NotificationsSettings) -> bytes:
    """The mail's bytes; the Message-ID follows from the delivery, the date from the request."""
    mail = Message(_ON_THE_WIRE)
    mail["From"] = _person("From", settings.sender_name, settings.sender_address)
    mail["To"] = _person("To", letter.name, letter.address)
    mail["Subject"] = _words("Subject", letter.subject)
    mail["Date"] = format_datetime(delivery.requested_at.astimezone(LOCAL_ZONE))
    mail["Message-ID"] = f"<{delivery.id}@{settings.mail_domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["Content-Language"] = delivery.language
    mail["MIME-Version"] = "1.0"
    mail.set_payload(letter.text, _UTF_8)
    return mail.as_bytes()


def _words(header: str, text: str) -> str:
    """A text in a header; what only looks like an encoded word is encoded too."""
    line = on_one_line(text)
    charset = "us-ascii" if _is_plain(line) else "utf-8"
    return Header(line, charset, LONGEST_LINE, header).encode()


def _person(header: str, name: str, address: str) -> str:
    """A name and an address; the name is quoted or encoded, so that it stays a name."""
    line = on_one_line(name)
    if _is_plain(line):
        return f'"{quote(line)}" <{address}>'
    return f"{_words(header, line)}\n <{address}>"


def _is_plain(line: str) -> bool:
    return line.isascii() and "=?" not in line
