"""Certificates made on the spot, and private servers that speak TLS and nothing else."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import trustme

from local.mongodb import MongoDB
from local.probes import AMQP_GREETING, AMQP_METHOD_FRAME
from local.rabbitmq import RabbitMQ

HOST = "127.0.0.1"
SECONDS = 2.0

_BROKER = """
listeners.tcp = none
listeners.ssl.1 = 127.0.0.1:{amqp}
ssl_options.cacertfile = {ca}
ssl_options.certfile = {server}
ssl_options.keyfile = {server}
ssl_options.verify = verify_peer
ssl_options.fail_if_no_peer_cert = true
management.ssl.ip = 127.0.0.1
management.ssl.port = {management}
management.ssl.cacertfile = {ca}
management.ssl.certfile = {server}
management.ssl.keyfile = {server}
"""


@dataclass(frozen=True)
class Certificates:
    """PEM files of an authority: `server` is for 127.0.0.1 alone, `client` for a service."""

    ca: Path
    server: Path
    client: Path

    @classmethod
    def made(cls, folder: Path) -> Self:
        """A new authority and what it signed."""
        folder.mkdir(parents=True, exist_ok=True)
        authority = trustme.CA()
        files = cls(folder / "ca.pem", folder / "server.pem", folder / "client.pem")
        authority.cert_pem.write_to_path(files.ca)
        for file, name in ((files.server, HOST), (files.client, "service.example")):
            authority.issue_cert(name).private_key_and_cert_chain_pem.write_to_path(file)
        return files

    @property
    def context(self) -> ssl.SSLContext:
        """For a client that trusts the authority and has a certificate of it."""
        context = ssl.create_default_context(cafile=self.ca)
        context.load_cert_chain(self.client)
        return context


class TlsRabbitMQ(RabbitMQ):
    """The broker; for AMQP it wants a certificate of every client."""

    def __init__(self, root: Path, certificates: Certificates) -> None:
        super().__init__(root)
        self._certificates = certificates

    @property
    def url(self) -> str:
        return super().url.replace("amqp://", "amqps://")

    @property
    def management_url(self) -> str:
        return super().management_url.replace("http://", "https://")

    def _prepare(self) -> None:
        super()._prepare()
        conf = self.folder / "rabbitmq.conf"
        plain = ("listeners.tcp", "management.tcp")
        kept = [line for line in conf.read_text().splitlines() if not line.startswith(plain)]
        encrypted = _BROKER.format(
            ca=self._certificates.ca, server=self._certificates.server, **self.values["ports"]
        )
        conf.write_text("\n".join(kept) + encrypted)

    def _answers(self) -> bool:
        context = self._certificates.context
        try:
            with (
                socket.create_connection((HOST, self.port("amqp")), SECONDS) as plain,
                context.wrap_socket(plain, server_hostname=HOST) as encrypted,
            ):
                encrypted.sendall(AMQP_GREETING)
                return encrypted.recv(1) == AMQP_METHOD_FRAME
        except OSError:
            return False


class TlsMongoDB(MongoDB):
    """The database; a client may do without a certificate of its own."""

    def __init__(self, root: Path, certificates: Certificates) -> None:
        super().__init__(root)
        self._certificates = certificates

    @property
    def url(self) -> str:
        return f"{super().url}&{self._options}"

    @property
    def _anonymous_url(self) -> str:
        return f"{super()._anonymous_url}?{self._options}"

    @property
    def _options(self) -> str:
        return f"tls=true&tlsCAFile={self._certificates.ca}"

    def _command(self) -> list[str]:
        tls = {
            "--tlsMode": "requireTLS",
            "--tlsCertificateKeyFile": str(self._certificates.server),
            "--tlsCAFile": str(self._certificates.ca),
        }
        words = [word for option in tls.items() for word in option]
        return [*super()._command(), *words, "--tlsAllowConnectionsWithoutCertificates"]


@dataclass(frozen=True)
class TlsServers:
    """Both, running, and the certificates that they are known by."""

    rabbitmq: TlsRabbitMQ
    mongodb: TlsMongoDB
    certificates: Certificates

    @property
    def amqp_admin_url(self) -> str:
        return self.rabbitmq.url

    @property
    def management_url(self) -> str:
        return self.rabbitmq.management_url

    @property
    def mongodb_admin_url(self) -> str:
        return self.mongodb.url


@contextmanager
def tls_servers(folder: Path) -> Iterator[TlsServers]:
    """Start both side by side and stop them at the end."""
    certificates = Certificates.made(folder / "certificates")
    servers = TlsServers(
        TlsRabbitMQ(folder, certificates), TlsMongoDB(folder, certificates), certificates
    )
    with ExitStack() as stack:
        for node in (servers.rabbitmq, servers.mongodb):
            stack.callback(node.stop)
            node.launch()
        for node in (servers.rabbitmq, servers.mongodb):
            node.wait_ready()
        yield servers
