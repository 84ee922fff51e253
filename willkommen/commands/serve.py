"""`willkommen serve`: one service in the foreground, as a container does."""

import os
import sys
from enum import StrEnum
from typing import Annotated

import typer

ServiceName = StrEnum("ServiceName", ["matching", "network", "notifications"])


def serve(service: Annotated[ServiceName, typer.Argument(help="Which service to run.")]) -> None:
    """Run one service until it is told to stop; AMQP_URL and MONGODB_URL say where to connect."""
    os.execv(sys.executable, [sys.executable, "-m", f"services.{service.value}"])  # noqa: S606
