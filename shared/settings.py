"""What every service can be told from outside, by environment variables or files."""

import os
import socket
from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.messaging.gate import Rate, Rates


class ServiceSettings(BaseSettings):
    """Settings common to all services. Each may also be a file in the folder `SECRETS_DIR`."""

    model_config = SettingsConfigDict(
        secrets_dir=os.environ.get("SECRETS_DIR"), extra="ignore", frozen=True
    )

    amqp_url: SecretStr = Field(description="Broker address with the service's own user")
    mongodb_url: SecretStr = Field(description="Database address with the service's own user")
    mongodb_database: str = Field(default="", description="The service's name if empty")
    instance: str = Field(
        default_factory=lambda: f"{socket.gethostname()}-{os.getpid()}",
        description="Tells several instances of a service apart",
    )
    http_host: str = "127.0.0.1"
    http_port: int = Field(default=0, description="For health and metrics; 0 takes a free one")
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
    drain_seconds: float = Field(default=20.0, description="How long an orderly stop may take")

    @property
    def rates(self) -> Rates:
        """How fast each partner may send."""
        return Rates(Rate(self.intake_per_minute, self.intake_burst), self.intake_rates)
