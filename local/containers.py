"""The same servers from the official images, through testcontainers, where Docker is there.

with ContainerServers("test") as servers: ...
"""

import os
import secrets
from abc import ABC, abstractmethod
from pathlib import Path
from typing import ClassVar

import docker
from docker.errors import DockerException
from docker.models.containers import Container
from testcontainers.core.config import testcontainers_config as settings
from testcontainers.core.container import DockerContainer

from local.errors import LocalServerError
from local.mongodb import TRANSACTION_SECONDS
from local.probes import (
    Client,
    amqp_answers,
    initiate_replica_set,
    management_answers,
    mongod_answers,
    wait_primary,
)
from local.processes import wait_until
from local.rabbitmq import ADMIN, KEPT_SECONDS, MAX_MESSAGE_BYTES
from local.servers import Broker, Server, Servers
from local.state import free_ports

RABBITMQ_IMAGE = "rabbitmq:4-management"
MONGODB_IMAGE = "mongo:8.0"
ENGINE_SOCKET = Path("/var/run/docker.sock")
READY_SECONDS = 120
# The image's entry point makes the first user; the key must belong to the server's own user.
MONGOD = """\
echo {key} > /tmp/key && chmod 400 /tmp/key && chown mongodb:mongodb /tmp/key
exec docker-entrypoint.sh mongod --replSet rs0 --keyFile /tmp/key --bind_ip_all \
    --slowOpSampleRate 0 --setParameter transactionLifetimeLimitSeconds={seconds}
"""


def obstacle() -> str | None:
    """Return why the images cannot be used here, None when they can; pulls them when missing."""
    if "DOCKER_HOST" not in os.environ and not ENGINE_SOCKET.exists():
        return "no Docker engine is there"
    try:
        client = docker.from_env()
    except (DockerException, OSError):
        return "no Docker engine answers"
    try:
        missing = [image for image in (RABBITMQ_IMAGE, MONGODB_IMAGE) if not _have(client, image)]
        # Ryuk removes containers after kill -9 of this program; without it the rest still works.
        settings.ryuk_disabled = settings.ryuk_disabled or not _have(client, settings.ryuk_image)
    finally:
        client.close()
    return f"Docker cannot pull {' and '.join(missing)}" if missing else None


def docker_answers() -> bool:
    """Return whether the official images can be used here."""
    return obstacle() is None


def _have(client: docker.DockerClient, image: str) -> bool:
    try:
        client.images.get(image)
    except DockerException:
        return _pull(client, image)
    return True


def _pull(client: docker.DockerClient, image: str) -> bool:
    try:
        client.images.pull(image)
    except (DockerException, OSError):
        return False
    return True


class ContainerNode(ABC):
    """A server in a container on fixed ports, so that it comes back where it was."""

    title: ClassVar[str]
    inner_ports: ClassVar[tuple[int, ...]]

    def __init__(self) -> None:
        self.owned = False
        self.password = secrets.token_urlsafe(24)
        self._ports = dict(zip(self.inner_ports, free_ports(len(self.inner_ports)), strict=True))
        self._wrapper: DockerContainer | None = None

    def start(self) -> None:
        self.launch()
        self.wait_ready()

    def launch(self) -> None:
        """Create the container, or start it again with its data."""
        self.owned = True
        if self._wrapper is not None:
            self._container.start()
            return
        self._wrapper = self._describe()
        for inner, outer in self._ports.items():
            self._wrapper.with_bind_ports(inner, outer)
        try:
            self._wrapper.start()
        except DockerException as error:
            message = f"{self.title} cannot be started with Docker: {error}"
            raise LocalServerError(message) from error

    def wait_ready(self) -> None:
        wait_until(self._answers, f"{self.title} in its container", READY_SECONDS)
        self._after_ready()

    def running(self) -> bool:
        if self._wrapper is None:
            return False
        self._container.reload()
        return bool(self._container.status == "running")

    def stop(self) -> None:
        self._container.stop()

    def request_stop(self) -> None:
        """`release` ends the container at once."""
        return

    def wait_stopped(self) -> None:
        """`release` ends the container at once."""
        return

    def release(self) -> None:
        """Remove the container with its data."""
        if self._wrapper is not None:
            self._wrapper.stop()
            self._wrapper = None

    def kill(self) -> None:
        """End the server as a power cut would (SIGKILL)."""
        self._container.kill()
        self._container.wait()

    def freeze(self) -> None:
        """Stop the server in the middle of whatever it does, until `thaw`."""
        self._container.pause()

    def thaw(self) -> None:
        self._container.unpause()

    def erase(self) -> None:
        self.release()

    @property
    def _container(self) -> Container:
        if self._wrapper is None:
            message = f"{self.title} was not started."
            raise LocalServerError(message)
        return self._wrapper.get_wrapped_container()

    @property
    def host(self) -> str:
        if self._wrapper is None:
            return "127.0.0.1"
        return self._wrapper.get_container_host_ip().replace("localhost", "127.0.0.1")

    def _after_ready(self) -> None:
        return

    @abstractmethod
    def _describe(self) -> DockerContainer: ...

    @abstractmethod
    def _answers(self) -> bool: ...


class RabbitMQContainer(ContainerNode):
    """The broker; the host name stays because the data belongs to it."""

    title = "RabbitMQ"
    inner_ports = (5672, 15672)

    @property
    def url(self) -> str:
        return f"amqp://{ADMIN}:{self.password}@{self.host}:{self._ports[5672]}/"

    @property
    def management_url(self) -> str:
        return f"http://{ADMIN}:{self.password}@{self.host}:{self._ports[15672]}"

    def wait_kept(self, *queues: str) -> None:
        """Return when the names of these quorum queues are on the disk; see `RabbitMQ`."""

        def kept(queue: str) -> bool:
            search = ["grep", "-rqs", "--include=names.dets", queue, "/var/lib/rabbitmq"]
            return bool(self._container.exec_run(search).exit_code == 0)

        what = f"the queues {', '.join(queues)} to be written"
        wait_until(lambda: all(map(kept, queues)), what, KEPT_SECONDS)

    def control(self, *words: str) -> None:
        """Run `rabbitmqctl`; raises with what it says when it fails."""
        code, output = self._container.exec_run(["rabbitmqctl", "-q", *words])
        if code:
            raise LocalServerError(f"rabbitmqctl {' '.join(words)}: {output.decode()}")

    def _describe(self) -> DockerContainer:
        limit = f"max_message_size = {MAX_MESSAGE_BYTES}\n".encode()
        return (
            DockerContainer(RABBITMQ_IMAGE, hostname="willkommen")
            .with_envs(RABBITMQ_DEFAULT_USER=ADMIN, RABBITMQ_DEFAULT_PASS=self.password)
            .with_copy_into_container(limit, "/etc/rabbitmq/conf.d/90-willkommen.conf")
        )

    def _answers(self) -> bool:
        return amqp_answers(self.host, self._ports[5672]) and management_answers(
            self.host, self._ports[15672], ADMIN, self.password
        )


class MongoDBContainer(ContainerNode):
    """The database as a replica set of one member."""

    title = "MongoDB"
    inner_ports = (27017,)

    @property
    def url(self) -> str:
        return (
            f"mongodb://{ADMIN}:{self.password}@{self.host}:{self._ports[27017]}/"
            "?directConnection=true&authSource=admin"
        )

    def _describe(self) -> DockerContainer:
        script = MONGOD.format(key=secrets.token_hex(256), seconds=TRANSACTION_SECONDS)
        return (
            DockerContainer(MONGODB_IMAGE)
            .with_envs(MONGO_INITDB_ROOT_USERNAME=ADMIN, MONGO_INITDB_ROOT_PASSWORD=self.password)
            .with_command(["bash", "-c", script])
        )

    def _answers(self) -> bool:
        return mongod_answers(self.url)

    def _after_ready(self) -> None:
        with Client(self.url) as client:
            initiate_replica_set(client, "rs0", "127.0.0.1:27017")
            wait_primary(client)


class ContainerServers(Servers):
    """Broker and database from images; the mailbox is the private one."""

    def _make_broker(self) -> Broker:
        return RabbitMQContainer()

    def _make_database(self) -> Server:
        return MongoDBContainer()
