"""What every service can be told from outside, by environment variables or files."""

import os
import re
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Self

from pydantic import (
    Field,
    FilePath,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.messaging.gate import Rate, Rates
from shared.tls import Tls

_HOST = r"(\[[0-9a-fA-F:.]+\]|[^/?#@:,\[\]\s]+)(:\d{1,5})?"
_ADDRESS = re.compile(
    rf"(amqps?|mongodb|mongodb\+srv)://([^/?#@:\s]+(:[^/?#@:\s]*)?@)?{_HOST}(,{_HOST})*([/?][^@\s]*)?"
)


class ServiceSettings(BaseSettings):
    """Settings common to all services. Each may also be a file in the folder `SECRETS_DIR`."""

    model_config = SettingsConfigDict(
        secrets_dir=os.environ.get("SECRETS_DIR"),
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    amqp_url: SecretStr = Field(description="Broker address with the service's own user")
    mongodb_url: SecretStr = Field(description="Database address with the service's own user")
    tls_ca_file: FilePath | None = Field(
        default=None,
        description="The authority behind the certificates of broker and database",
    )
    tls_client_file: FilePath | None = Field(
        default=None, description="The service's certificate with its key, if these want one"
    )
    mongodb_database: str = Field(default="", description="The service's name if empty")
    instance: str = Field(
        default_factory=lambda: f"{socket.gethostname()}-{os.getpid()}",
        description="Tells several instances of a service apart",
    )
    http_host: str = "127.0.0.1"
    http_port: int = Field(default=0, description="For health and metrics; 0 takes a free one")
    http_certificate_file: FilePath | None = Field(default=None, description="Makes it HTTPS")
    http_key_file: FilePath | None = Field(
        default=None, description="If the key is not in the certificate's file"
    )
    log_level: str = "INFO"
    clock_file: Path | None = Field(default=None, description="A settable clock, for replays")
    intake_per_minute: int = Field(
        default=600, ge=0, description="What a partner may send in the long run; 0: any number"
    )
    intake_burst: int = Field(default=3_000, ge=1, description="What a partner may send at once")
    intake_rates: dict[str, Rate] = Field(
        default={}, description='Other agreements: {"<partner>": {"per_minute": 60, "burst": 100}}'
    )
    timer_seconds: float = Field(default=0.5, description="How often to look for due timers")
    stop_with_parent: bool = Field(default=False, description="End when the starter is gone")
    connect_seconds: float = Field(
        default=30.0, description="How long to wait for a server at start"
    )
    drain_seconds: float = Field(default=20.0, description="How long an orderly stop may take")

    @classmethod
    def from_outside(cls) -> Self:
        """What environment and files say; ends the process with a sentence for each mistake."""
        try:
            return cls()
        except ValidationError as error:
            raise SystemExit("\n".join(_sentences(error))) from None

    @field_validator("amqp_url", "mongodb_url")
    @classmethod
    def _an_address(cls, url: SecretStr) -> SecretStr:
        """So that nothing has to quote one that it cannot take apart."""
        if not _ADDRESS.fullmatch(url.get_secret_value()):
            raise ValueError(
                "not an address like scheme://user:password@host:port/name; special characters in"
                " a password are written as in %40"
            )
        return url

    @model_validator(mode="after")
    def _encrypted_as_a_whole(self) -> Self:
        if self.tls.options() and not self.amqp_url.get_secret_value().startswith("amqps://"):
            raise ValueError("TLS_CA_FILE and TLS_CLIENT_FILE need an AMQP_URL with amqps://")
        try:
            self.tls.context()
        except OSError as error:
            raise ValueError(f"TLS_CA_FILE or TLS_CLIENT_FILE is of no use: {error}") from None
        return self

    @property
    def tls(self) -> Tls:
        """How to speak TLS with broker and database."""
        return Tls(self.tls_ca_file, self.tls_client_file)

    @property
    def rates(self) -> Rates:
        """How fast each partner may send."""
        return Rates(Rate(self.intake_per_minute, self.intake_burst), self.intake_rates)


def _sentences(error: ValidationError) -> Iterator[str]:
    for each in error.errors(include_url=False, include_input=False, include_context=False):
        name = "/".join(map(str, each["loc"])).upper()
        yield f"{name}: {each['msg']}" if name else str(each["msg"])
