"""All servers that the system needs, for the length of a `with` block:

    with Servers("run") as servers:
        servers.amqp_admin_url, servers.management_url, servers.mongodb_admin_url, servers.smtp_port

`AMQP_URL`, `MONGODB_URL` and `SMTP_URL` name servers that are there already; others are started.
"""

import fcntl
import os
import signal
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType, TracebackType
from typing import ClassVar, Protocol, Self
from urllib.parse import urlsplit

from local.errors import LocalServerError
from local.install import Say, say_on_stderr
from local.mailbox_node import Mailbox
from local.mongodb import MongoDB
from local.node import PROJECT
from local.rabbitmq import RabbitMQ

STATE_FOLDER = PROJECT / ".local"
SMTP_PORT = 25
EXIT_AFTER_SIGTERM = 128 + signal.SIGTERM


class Server(Protocol):
    """What can be done with each server; `stop` and `kill` keep its data for the next `start`."""

    title: ClassVar[str]
    owned: bool

    @property
    def url(self) -> str: ...
    def start(self) -> None: ...
    def launch(self) -> None: ...
    def wait_ready(self) -> None: ...
    def running(self) -> bool: ...
    def stop(self) -> None: ...
    def request_stop(self) -> None: ...
    def wait_stopped(self) -> None: ...
    def release(self) -> None: ...
    def kill(self) -> None: ...
    def freeze(self) -> None: ...
    def thaw(self) -> None: ...
    def erase(self) -> None: ...


class Broker(Server, Protocol):
    """A broker has a second address, an own command, and writes names of queues late."""

    @property
    def management_url(self) -> str: ...
    def wait_kept(self, *queues: str) -> None: ...
    def control(self, *words: str) -> None: ...


class Servers:
    """Broker, database and mailbox, private ones unless the environment names others.

    Private servers that already run for the same `name` are used and left running. `fresh` begins
    with empty ones; `detached` leaves the servers running at the end (`python -m local stop`).
    """

    def __init__(
        self,
        name: str = "run",
        *,
        fresh: bool = False,
        detached: bool = False,
        folder: Path = STATE_FOLDER,
        environment: Mapping[str, str] = os.environ,
        say: Say = say_on_stderr,
    ) -> None:
        self.folder = folder.resolve() / name
        self.fresh = fresh
        self.detached = detached
        self.rabbitmq: Broker = self._make_broker()
        self.mongodb: Server = self._make_database()
        self.mailbox = Mailbox(self.folder, detached=detached)
        self._environment = environment
        self._say = say

    def _make_broker(self) -> Broker:
        return RabbitMQ(self.folder, detached=self.detached)

    def _make_database(self) -> Server:
        return MongoDB(self.folder, detached=self.detached)

    @property
    def amqp_admin_url(self) -> str:
        """The address of a broker user who may configure everything."""
        return self._environment.get("AMQP_URL") or self.rabbitmq.url

    @property
    def management_url(self) -> str:
        """The address of the broker's management API, with the same user's name and password."""
        if not self._environment.get("AMQP_URL"):
            return self.rabbitmq.management_url
        return self._environment.get("RABBITMQ_API_URL") or management_beside(self.amqp_admin_url)

    @property
    def mongodb_admin_url(self) -> str:
        """The address of a database user who may do everything."""
        return self._environment.get("MONGODB_URL") or self.mongodb.url

    @property
    def smtp_host(self) -> str:
        """The host that takes mails."""
        return self._smtp[0]

    @property
    def smtp_port(self) -> int:
        """The port that takes mails."""
        return self._smtp[1]

    @property
    def _smtp(self) -> tuple[str, int]:
        parts = urlsplit(self._environment.get("SMTP_URL") or self.mailbox.url)
        return parts.hostname or "127.0.0.1", parts.port or SMTP_PORT

    @property
    def nodes(self) -> list[Server]:
        """The private servers that are needed."""
        named: dict[str, Server] = {
            "AMQP_URL": self.rabbitmq,
            "MONGODB_URL": self.mongodb,
            "SMTP_URL": self.mailbox,
        }
        return [node for name, node in named.items() if not self._environment.get(name)]

    def start(self) -> None:
        """Start what is needed, side by side, and return when all is ready."""
        began = time.monotonic()
        try:
            with self._locked():
                self._empty()
                self._begin()
                for node in self.nodes:
                    node.wait_ready()
        except BaseException:
            self.stop()
            raise
        if self.nodes:
            self._say(f"The servers are ready ({time.monotonic() - began:.1f} s).")

    def stop(self) -> None:
        """Stop what this object started."""
        started = [node for node in self.nodes if node.owned]
        for node in started:
            node.request_stop()
        for node in started:
            node.wait_stopped()
            node.release()

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread() and _sigterm_is_free():
            signal.signal(signal.SIGTERM, _exit)
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if not self.detached:
            self.stop()

    def _empty(self) -> None:
        for node in self.nodes if self.fresh else ():
            if node.running():
                message = f"{node.title} in {self.folder} is in use: stop the other program first."
                raise LocalServerError(message)
            node.erase()

    def _begin(self) -> None:
        for node in self.nodes:
            if not node.running():
                self._say(f"Starting {node.title} in {self.folder} ...")
            node.launch()

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Let one process at a time start servers in the folder."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self.folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def management_beside(amqp_url: str) -> str:
    """Return the address of the management API at its usual port on the broker's host."""
    parts = urlsplit(amqp_url)
    scheme, port = ("https", 15671) if parts.scheme == "amqps" else ("http", 15672)
    name = parts.netloc.rpartition("@")[0] or "guest:guest"
    return f"{scheme}://{name}@{parts.hostname}:{port}"


def _sigterm_is_free() -> bool:
    return signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def _exit(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(EXIT_AFTER_SIGTERM)
