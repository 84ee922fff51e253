"""How commands find a running system: what `./run` wrote down, or the environment."""

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, ValidationError

if TYPE_CHECKING:
    from willkommen.local_system import LocalSystem

PROJECT = Path(__file__).resolve().parent.parent
WRITTEN_DOWN = PROJECT / ".local" / "run" / "connection.json"


class NotRunningError(Exception):
    """No running system was found; the message says how to start or name one."""


class Connection(BaseModel):
    """Addresses of a running system; those of the broker by user."""

    services: dict[str, str]
    amqp: dict[str, str]

    def user(self, name: str) -> str:
        """The broker address of a user; raises `NotRunningError` for one that is not known."""
        if name not in self.amqp:
            known = ", ".join(sorted(self.amqp))
            raise NotRunningError(f"there is no user {name!r}; there are: {known}")
        return self.amqp[name]


def write_down(system: "LocalSystem") -> None:
    """Let other commands on this machine find the system; readable by the owner alone."""
    users = {user: system.access.amqp(user) for user in system.topology.users}
    connection = Connection(services=system.urls, amqp=users)
    WRITTEN_DOWN.parent.mkdir(parents=True, exist_ok=True)
    WRITTEN_DOWN.touch(mode=0o600)
    WRITTEN_DOWN.write_text(connection.model_dump_json(indent=2))


def forget() -> None:
    """The system was stopped."""
    WRITTEN_DOWN.unlink(missing_ok=True)


def find() -> Connection:
    """The running system; `WILLKOMMEN_CONNECTION` may name another file."""
    path = Path(os.environ.get("WILLKOMMEN_CONNECTION", WRITTEN_DOWN))
    try:
        return Connection.model_validate(json.loads(path.read_text()))
    except FileNotFoundError:
        raise NotRunningError("no running system was found; start one with ./run") from None
    except (ValueError, ValidationError) as error:
        raise NotRunningError(f"{path} cannot be read: {error}") from None
