"""What the service can be told from outside: the mail server, the sender, how fast to send."""

from typing import Final
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator

from shared.settings import ServiceSettings

from .domain.recipient import is_address

SMTP_PORTS: Final = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
"""The schemes of a mail server's address with their usual ports."""


class NotificationsSettings(ServiceSettings):
    """Settings of the notifications service."""

    smtp_url: SecretStr = Field(
        default=SecretStr("smtp://127.0.0.1:25"),
        description="smtp://, smtp+starttls:// or smtps://, with user:password@ where needed",
    )
    smtp_connections: int = Field(default=8, ge=1, description="How many mails go out at once")
    smtp_seconds: float = Field(default=30.0, gt=0, description="How long a server may be silent")
    sender_name: str = Field(default="Willkommen in Ludwigsburg", description="Name in From")
    sender_address: str = Field(
        default="willkommen@willkommen.example", description="Address in From and of bounces"
    )
    mail_domain: str = Field(
        default="willkommen.example", description="Right side of Message-ID, and our name in EHLO"
    )
    sending_lease_seconds: float = Field(
        default=300.0,
        gt=0,
        description="After so long without an outcome a mail counts as uncertain",
    )

    @field_validator("smtp_url")
    @classmethod
    def _names_a_mail_server(cls, url: SecretStr) -> SecretStr:
        parts = urlsplit(url.get_secret_value())
        if parts.scheme not in SMTP_PORTS or not parts.hostname:
            raise ValueError(f"must begin with one of {', '.join(SMTP_PORTS)} and name a host")
        return url

    @field_validator("sender_address")
    @classmethod
    def _is_an_address(cls, address: str) -> str:
        if not is_address(address):
            raise ValueError("must be a plain mail address")
        return address
