"""The services as processes of this machine: started, waited for, stopped, killed in tests."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import httpx

START_SECONDS = 60.0
STOP_SECONDS = 30.0
PROBE_SECONDS = 0.05
ALLOCATOR = {"MALLOC_ARENA_MAX": "1"}
"""One reserve of memory for the whole process. The C library would keep one for every thread of the
database's driver, about two megabytes each and nearly empty; the interpreter lets only one thread
run at a time, so that they need none of their own.
"""


class ServiceFailedError(Exception):
    """A service did not start or stopped by itself; its log says why."""


class ServiceProcess:
    """One instance of a service."""

    def __init__(
        self, name: str, environment: Mapping[str, str], logs: Path, *, number: int = 1
    ) -> None:
        self.name = name
        self.instance = f"{name}-{number}"
        self.log = logs / f"{self.instance}.log"
        self.port = free_port()
        self._environment = {
            **environment,
            "HTTP_PORT": str(self.port),
            "INSTANCE": self.instance,
            "STOP_WITH_PARENT": "1",
        }
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where its health, metrics and figures are."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def _words(self) -> tuple[str, ...]:
        """The module that is run, with its arguments."""
        return (f"services.{self.name}",)

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        """Its process id; raises when it was not started."""
        if self._process is None:
            raise ServiceFailedError(f"{self.instance} was not started")
        return self._process.pid

    def start(self) -> None:
        """Start it; `wait_until_ready` says when it works."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", *self._words],
                env={**ALLOCATOR, **os.environ, **self._environment},
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )

    def wait_until_ready(self, seconds: float = START_SECONDS) -> None:
        """Return when it answers that it is ready; raises `ServiceFailedError` otherwise."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if not self.running:
                raise ServiceFailedError(f"{self.instance} stopped; its log is {self.log}")
            if self._is_ready():
                return
            time.sleep(PROBE_SECONDS)
        raise ServiceFailedError(f"{self.instance} is not ready; its log is {self.log}")

    def stop(self, seconds: float = STOP_SECONDS) -> None:
        """Ask it to finish, and wait."""
        if self._process is None:
            return
        if self.running:
            self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """End it without any chance to tidy up, as a power cut would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def send_signal(self, number: signal.Signals) -> None:
        """Freeze or wake it, for instance."""
        os.kill(self.pid, number)

    def _is_ready(self) -> bool:
        try:
            return httpx.get(f"{self.url}/ready", timeout=2).status_code == httpx.codes.OK
        except httpx.HTTPError:
            return False


def free_port() -> int:
    """A TCP port that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
