"""What all private servers have in common: start, stop, kill, start again with the data kept.
Subclasses say which command runs, what it needs on disk and when it is ready.
"""

import os
import shutil
import signal
import subprocess
import sys
from abc import ABC, abstractmethod
from contextlib import suppress
from pathlib import Path
from typing import Any, ClassVar

from local.errors import LocalServerError
from local.processes import MARK, kill_marked, marked, send, started_at, wait_until
from local.state import State, free_ports, port_is_free

PROJECT = Path(__file__).resolve().parent.parent
READY_SECONDS = 90
STOP_SECONDS = 30


class Node(ABC):
    """One server process in `<root>/<name>` whose ports and passwords are in `<root>/state.json`.

    `detached` lets the server outlive this process; otherwise it ends with it, however it ends.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    port_names: ClassVar[tuple[str, ...]]

    def __init__(self, root: Path, *, detached: bool = False) -> None:
        self.root = root.resolve()
        self.folder = self.root / self.name
        self.log = self.folder / "log" / "output.log"
        self.detached = detached
        self.owned = False
        self._state = State(self.root / "state.json")
        self._guard: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the server, or find it running, and return when it is ready for work."""
        self.launch()
        self.wait_ready()

    def launch(self) -> None:
        """Begin to start the server without waiting; does nothing when it runs already."""
        if self.running():
            return
        self.kill()
        self._settle()
        self._prepare()
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self.owned = True
        with self.log.open("ab") as log:
            self._guard = subprocess.Popen(
                self._guarded(),
                cwd=PROJECT,
                env=self._clean_environment() | self._environment() | {MARK: str(self.folder)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._remember(guard=self._guard.pid, owner=self._owner())

    def wait_ready(self) -> None:
        """Return when the server answers; raise with the end of its log when it died."""
        wait_until(self._ready_or_dead, f"{self.title} (log: {self.log})", READY_SECONDS)
        self._after_ready()

    def running(self) -> bool:
        """Return whether the server runs for a process that is still there, or for everybody."""
        owner = self.values.get("owner")
        wanted = owner is not None and owner[1] == (started_at(owner[0]) if owner[0] else 0)
        if marked(self.folder) and not wanted:
            self.wait_stopped()
        return bool(wanted and self.pids())

    def pids(self) -> list[int]:
        """Return the processes that belong to the server."""
        return marked(self.folder)

    def stop(self) -> None:
        """Stop the server in an orderly way; the data stays."""
        self.request_stop()
        self.wait_stopped()

    def request_stop(self) -> None:
        """Begin to stop the server without waiting."""
        guard = self.values.get("guard")
        self._remember(owner=None)
        if guard in self.pids():
            send(guard, signal.SIGTERM)

    def wait_stopped(self) -> None:
        """Return when no process of the server is left; after half a minute end them all."""
        with suppress(LocalServerError):
            wait_until(lambda: not self.pids(), f"{self.title} to stop", STOP_SECONDS)
        self.kill()

    def release(self) -> None:
        """Give back what outlives a stop: nothing, the data stays for the next start."""
        return

    def kill(self) -> None:
        """End the server as a power cut would (SIGKILL); the data stays as it is."""
        kill_marked(self.folder)
        self._reap()

    def freeze(self) -> None:
        """Stop the server in the middle of whatever it does (SIGSTOP), until `thaw`."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let a frozen server go on."""
        self._signal(signal.SIGCONT)

    def erase(self) -> None:
        """Throw the data, the ports and the passwords away; the server must not run."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self._state.write(self.name, {})

    @property
    def values(self) -> dict[str, Any]:
        """The remembered ports, passwords and process numbers."""
        return self._state.read(self.name)

    def port(self, name: str) -> int:
        """Return a port by its name."""
        return int(self.values["ports"][name])

    @abstractmethod
    def _prepare(self) -> None:
        """Write the files that the server needs before it starts."""

    @abstractmethod
    def _command(self) -> list[str]:
        """Return the command that runs the server in the foreground."""

    @abstractmethod
    def _answers(self) -> bool:
        """Return whether the server can work for clients."""

    def _environment(self) -> dict[str, str]:
        return {}

    def _secrets(self) -> dict[str, str]:
        return {}

    def _after_ready(self) -> None:
        return

    def _remember(self, **values: object) -> None:
        self._state.write(self.name, self.values | values)

    def _settle(self) -> None:
        """Choose ports and passwords once, ports again when somebody else took them."""
        values = self.values
        ports = values.get("ports")
        if ports is None or not all(port_is_free(port) for port in ports.values()):
            free = free_ports(len(self.port_names))
            ports = dict(zip(self.port_names, free, strict=True))
        secrets = values.get("secrets") or self._secrets()
        self._remember(ports=ports, secrets=secrets)

    def _owner(self) -> list[int | None]:
        return [0, 0] if self.detached else [os.getpid(), started_at(os.getpid())]

    def _guarded(self) -> list[str]:
        owner = "0" if self.detached else str(os.getpid())
        return [sys.executable, "-m", "local.guard", owner, *self._command()]

    @staticmethod
    def _clean_environment() -> dict[str, str]:
        foreign = ("RABBITMQ_", "ERL_", "PYTHON", "COVERAGE_")
        return {key: value for key, value in os.environ.items() if not key.startswith(foreign)}

    def _ready_or_dead(self) -> bool:
        if self._guard is not None and self._guard.poll() is not None:
            tail = " / ".join(self.log.read_text(errors="replace").split("\n")[-6:]).strip(" /")
            message = f"{self.title} ended while starting: {tail or 'no output'} (log: {self.log})"
            raise LocalServerError(message)
        return self._answers()

    def _signal(self, number: signal.Signals) -> None:
        """Send a signal to all of the server but its guard, who must be able to end it."""
        for pid in self.pids():
            if pid != self.values.get("guard"):
                send(pid, number)

    def _reap(self) -> None:
        if self._guard is not None:
            self._guard.wait()
            self._guard = None
