"""A line to the mail server that stays open between mails, and what the server's answers mean."""

import re
from dataclasses import dataclass
from time import monotonic
from typing import Final
from urllib.parse import unquote, urlsplit

from aiosmtplib import (
    SMTP,
    SMTPDataError,
    SMTPException,
    SMTPRecipientRefused,
    SMTPResponseException,
    SMTPSenderRefused,
)

from .contracts import Outcome
from .settings import SMTP_PORTS, NotificationsSettings

IDLE_SECONDS: Final = 20.0
"""A line that was idle for longer is opened anew: servers close what is quiet."""

PERMANENT_FROM: Final = 500
_ENHANCED: Final = re.compile(r"^[245]\.\d{1,3}\.\d{1,3}\b")
_REFUSED: Final[dict[type[SMTPResponseException], str]] = {
    SMTPSenderRefused: "the sender",
    SMTPRecipientRefused: "the recipient",
    SMTPDataError: "the mail",
}
REFUSALS: Final = tuple(_REFUSED)
"""The server's own words about a mail; after them it is certain that it did not take it."""

LineError = (SMTPException, OSError)
"""What can go wrong on a line; time-outs are among them."""


@dataclass(frozen=True, slots=True)
class Result:
    """How sending came out; the reason holds codes only, since answers may quote addresses."""

    outcome: Outcome
    reason: str = ""


class Line:
    """One connection to the mail server, for one mail after the other."""

    def __init__(self, settings: NotificationsSettings) -> None:
        self._settings = settings
        self._client: SMTP | None = None
        self._used_at = 0.0

    async def open(self) -> None:
        """Return when the server answers; raises one of `LineError` when it cannot be reached."""
        if self._client and monotonic() - self._used_at < IDLE_SECONDS:
            try:
                await self._client.rset()
            except LineError:
                self.close()
            else:
                return
        self.close()
        client = client_for(self._settings)
        await client.connect()
        self._client = client

    async def send(self, address: str, mail: bytes) -> Result:
        """Hand one mail over; the line must be open."""
        client = self._client
        if client is None:
            return Result(Outcome.TEMPORARY, "the line is closed")
        result = await self._hand_over(client, address, mail)
        self._used_at = monotonic()
        if result.outcome is not Outcome.SENT:
            self.close()
        return result

    def close(self) -> None:
        """Hang up."""
        if self._client:
            self._client.close()
        self._client = None

    async def _hand_over(self, client: SMTP, address: str, mail: bytes) -> Result:
        after_data = False
        try:
            await client.mail(self._settings.sender_address)
            await client.rcpt(address)
            after_data = True
            await client.data(mail)
        except REFUSALS as answer:
            return meaning_of(answer)
        except LineError as error:
            reason = f"the line broke: {type(error).__name__}"
            return Result(Outcome.UNKNOWN if after_data else Outcome.TEMPORARY, reason)
        return Result(Outcome.SENT)


def meaning_of(answer: SMTPResponseException) -> Result:
    """Whether a refusal is for now or for good, and the reason without anything personal."""
    outcome = Outcome.PERMANENT if answer.code >= PERMANENT_FROM else Outcome.TEMPORARY
    enhanced = _ENHANCED.match(answer.message)
    codes = f"{answer.code} {enhanced.group()}" if enhanced else str(answer.code)
    return Result(outcome, f"the mail server refused {_REFUSED[type(answer)]} ({codes})")


def client_for(settings: NotificationsSettings) -> SMTP:
    """A client for the server that the settings name."""
    url = urlsplit(settings.smtp_url.get_secret_value())
    return SMTP(
        hostname=url.hostname,
        port=url.port or SMTP_PORTS[url.scheme],
        username=unquote(url.username) if url.username else None,
        password=unquote(url.password) if url.password else None,
        use_tls=url.scheme == "smtps",
        start_tls=url.scheme == "smtp+starttls",
        local_hostname=settings.mail_domain,
        timeout=settings.smtp_seconds,
    )
