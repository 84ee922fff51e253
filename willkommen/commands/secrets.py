"""`willkommen secrets`: random passwords for the servers' administrators, made once."""

import base64
import secrets as random
from pathlib import Path
from typing import Annotated

import typer

from willkommen.secrets_folder import (
    ADMIN,
    BROKER_ADMIN,
    BROKER_LIMITS,
    DATABASE_KEY,
    DATABASE_PASSWORD,
    SecretsFolder,
)

LIMITS = """\
max_message_size = 1048576
vm_memory_high_watermark.absolute = 1GiB
disk_free_limit.absolute = 500MB
# A service holds its messages while the database is away, at most a day here.
consumer_timeout = 86400000
"""


def secrets(
    folder: Annotated[Path, typer.Argument(help="Where servers and services find them.")],
) -> None:
    """Write what broker and database need to start; passwords that are there stay as they are."""
    place = SecretsFolder(folder)
    login = f"default_user = {ADMIN}\ndefault_pass = {random.token_urlsafe(24)}\n"
    place.write_once(BROKER_ADMIN, login)
    place.write(BROKER_LIMITS, LIMITS)
    place.write_once(DATABASE_PASSWORD, random.token_urlsafe(24))
    place.write_once(DATABASE_KEY, base64.b64encode(random.token_bytes(512)).decode())
