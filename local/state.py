"""What is remembered between starts: ports, passwords and process numbers, for the owner only."""

import json
import os
import random
import socket
from pathlib import Path
from typing import Any

# Below the range that Linux takes outgoing ports from: a node that was killed finds its port free.
FIRST_PORT, LAST_PORT = 20_000, 32_000


class State:
    """The file `state.json` with one section per server; written at once, mode 600."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self, section: str) -> dict[str, Any]:
        """Return the section, empty when there is none."""
        values: dict[str, Any] = self._all().get(section, {})
        return values

    def write(self, section: str, values: dict[str, Any]) -> None:
        """Replace the section."""
        everything = self._all() | {section: values}
        self.path.parent.mkdir(parents=True, exist_ok=True)
        draft = self.path.with_suffix(f".{os.getpid()}.tmp")
        write_private(draft, json.dumps(everything, indent=2) + "\n")
        draft.replace(self.path)

    def _all(self) -> dict[str, Any]:
        try:
            everything: dict[str, Any] = json.loads(self.path.read_text())
        except (FileNotFoundError, json.JSONDecodeError):
            return {}
        return everything


def write_private(path: Path, text: str, mode: int = 0o600) -> None:
    """Write a file that only its owner can read."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w") as file:
        file.write(text)


def free_ports(number: int) -> list[int]:
    """Return different TCP ports of 127.0.0.1 that nobody listens on."""
    candidates = random.SystemRandom().sample(range(FIRST_PORT, LAST_PORT), 50 + number)
    free = [port for port in candidates if port_is_free(port)]
    return free[:number]


def port_is_free(port: int) -> bool:
    """Return whether a server could listen on the port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
