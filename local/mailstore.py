"""The mails of the development mailbox: a Maildir on disk and an index of it in memory."""

import mailbox
import threading
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from pathlib import Path
from typing import Any

SENDER, RECIPIENT, RECEIVED = "X-Envelope-From", "X-Envelope-To", "X-Received-At"
SHOWN_ABOVE = {"from", "to", "subject", SENDER.lower(), RECIPIENT.lower(), RECEIVED.lower()}


@dataclass(frozen=True)
class Summary:
    """One line of the list of mails; `to` are the recipients of the envelope."""

    key: str
    received: str
    sender: str
    to: tuple[str, ...]
    subject: str
    message_id: str


@dataclass(frozen=True)
class Mail(Summary):
    """A whole mail as plain text."""

    language: str
    headers: tuple[tuple[str, str], ...]
    text: str


class MailStore:
    """Keeps every mail for ever; what `add` has returned for is on the disk."""

    def __init__(self, folder: Path) -> None:
        self._maildir = mailbox.Maildir(folder, create=True)
        self._alone = threading.Lock()  # Maildir keeps a table of files that threads would disturb
        summaries = [self._summary(key, self._content(key)) for key in self._maildir.iterkeys()]
        self._index = {mail.key: mail for mail in sorted(summaries, key=lambda mail: mail.received)}

    def add(self, sender: str, recipients: list[str], content: bytes) -> None:
        """Store one mail as it came, with its envelope in three header lines before it."""
        received = datetime.now(UTC).isoformat(timespec="milliseconds")
        lines = [(SENDER, sender), (RECEIVED, received), *((RECIPIENT, to) for to in recipients)]
        envelope = "".join(f"{name}: {value}\r\n" for name, value in lines)
        with self._alone:
            mail = envelope.encode() + content
            key = self._maildir.add(mail)
            self._index[key] = self._summary(key, mail)

    def summaries(self, to: str = "") -> list[Summary]:
        """Return the mails whose recipients contain `to`, newest first."""
        newest_first = reversed(list(self._index.values()))
        return [mail for mail in newest_first if not to or any(to in one for one in mail.to)]

    def mail(self, key: str) -> Mail | None:
        """Return one mail, or None when there is none of that key."""
        summary = self._index.get(key)
        if summary is None:
            return None
        with self._alone:
            message = _parsed(self._content(key))
        return Mail(
            **asdict(summary),
            language=_header(message, "Content-Language"),
            headers=tuple(
                (name, _header(message, name))
                for name in dict.fromkeys(message.keys())
                if name.lower() not in SHOWN_ABOVE
            ),
            text=_plain_text(message),
        )

    def counts(self) -> dict[str, Any]:
        """Return how many mails there are, and how many repeat an earlier Message-ID."""
        mails = list(self._index.values())
        unique = {(mail.message_id or mail.key, mail.to) for mail in mails}
        return {"mails": len(mails), "duplicates": len(mails) - len(unique)}

    def _summary(self, key: str, content: bytes) -> Summary:
        message = _parsed(content)
        return Summary(
            key=key,
            received=_header(message, RECEIVED),
            sender=_header(message, SENDER),
            to=tuple(str(one) for one in message.get_all(RECIPIENT, [])),
            subject=_header(message, "Subject"),
            message_id=_header(message, "Message-ID"),
        )

    def _content(self, key: str) -> bytes:
        return self._maildir.get_bytes(key)


def _parsed(content: bytes) -> EmailMessage:
    return BytesParser(EmailMessage, policy=default).parsebytes(content)


def _header(message: EmailMessage, name: str) -> str:
    try:
        return str(message.get(name, "")).strip()
    except (LookupError, TypeError, ValueError):  # the parser's answer to some broken headers
        raw = next(value for key, value in message.raw_items() if key.lower() == name.lower())
        return str(raw).strip()


def _plain_text(message: EmailMessage) -> str:
    part = message.get_body(("plain", "html"))
    if part is None:
        return "(This mail has no text.)"
    try:
        return str(part.get_content())
    except (LookupError, UnicodeError):
        content = part.get_payload(decode=True)
        return content.decode(errors="replace") if isinstance(content, bytes) else str(content)
