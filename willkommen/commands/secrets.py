"""`willkommen secrets`: random passwords for the servers' administrators, made once."""

import base64
import secrets as random
from pathlib import Path
from typing import Annotated

import typer

from willkommen.secrets_folder import ADMIN, SecretsFolder


def secrets(
    folder: Annotated[Path, typer.Argument(help="Where servers and services find them.")],
) -> None:
    """Write what broker and database need to start; what is there already stays as it is."""
    place = SecretsFolder(folder)
    broker = f"default_user = {ADMIN}\ndefault_pass = {random.token_urlsafe(24)}\n"
    limits = "max_message_size = 1048576\n"
    place.write_once("rabbitmq/admin.conf", broker + limits, mode=0o644)
    place.write_once("mongodb/password", random.token_urlsafe(24), mode=0o644)
    place.write_once("mongodb/key", base64.b64encode(random.token_bytes(512)).decode(), mode=0o600)
