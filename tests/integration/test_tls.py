"""Broker, database and HTTP over TLS alone: a real service works, or says what is wrong."""

import asyncio
import json
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import aiormq
import httpx
import pytest
from pymongo.errors import ConnectionFailure

from shared.messaging.topology import Topology
from shared.setup import Access, prepare_broker, prepare_databases
from shared.storage.driver import connect
from tests.support.builders import referral
from tests.support.client import Client, connection_to
from tests.support.probes import eventually
from tests.support.processes import Process
from tests.support.system import PARTNERS
from tests.support.tls import Certificates, TlsServers, tls_servers
from willkommen.system import SERVICES

pytestmark = pytest.mark.slow
MATCHING = "matching"


@dataclass(frozen=True)
class Encrypted:
    """Servers, the way in, and how an instance of matching is started there."""

    servers: TlsServers
    access: Access
    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        files = self.servers.certificates
        return {
            "AMQP_URL": self.access.amqp(MATCHING),
            "MONGODB_URL": self.access.mongodb(MATCHING),
            "TLS_CA_FILE": str(files.ca),
            "TLS_CLIENT_FILE": str(files.client),
            "HTTP_CERTIFICATE_FILE": str(files.server),
        }

    def partner(self, certificates: Certificates | None = None) -> str:
        """The address with which a partner connects who trusts these certificates."""
        trusted = certificates or self.servers.certificates
        files = {"cafile": trusted.ca, "certfile": trusted.client}
        return f"{self.access.amqp('zeytin')}?{urlencode(files)}"

    async def says(self, **changed: str) -> str:
        """The last line of a service that cannot start, when its settings are changed so."""
        environment = {**self.environment, "CONNECT_SECONDS": "10", **changed}
        given = {name: value for name, value in environment.items() if value}
        process = Process(MATCHING, given, self.folder / "logs", number=2)
        process.log.unlink(missing_ok=True)
        process.start()
        try:
            await eventually("the service ends", process.has_died)
        finally:
            process.kill()
        assert process.exit_status == 1
        text = process.log.read_text()
        assert "Traceback" not in text
        last = text.strip().splitlines()[-1]
        return str(json.loads(last)["reason"]) if last.startswith("{") else last


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TlsServers]:
    """Private ones, also where the other tests have containers."""
    with tls_servers(tmp_path_factory.mktemp("tls")) as running:
        yield running


@pytest.fixture(scope="module")
async def encrypted(servers: TlsServers, tmp_path_factory: pytest.TempPathFactory) -> Encrypted:
    access = Access(
        servers.amqp_admin_url,
        servers.management_url,
        servers.mongodb_admin_url,
        ca_file=servers.certificates.ca,
    )
    parts = SERVICES[MATCHING]
    await prepare_broker(access, Topology([parts.rights], PARTNERS))
    await prepare_databases(access, {MATCHING: parts.collections})
    return Encrypted(servers, access, tmp_path_factory.mktemp("service"))


@pytest.fixture
async def strangers(tmp_path: Path) -> Certificates:
    """Certificates of an authority that nobody here knows."""
    return await asyncio.to_thread(Certificates.made, tmp_path)


async def is_ready(process: Process, trusted: Certificates) -> bool:
    assert process.running, process.log.read_text()
    try:
        async with httpx.AsyncClient(verify=trusted.context) as web:
            return (await web.get(f"https://127.0.0.1:{process.port}/ready")).is_success
    except httpx.TransportError:
        return False


async def test_a_service_works_over_tls_from_the_partner_to_the_probe(encrypted: Encrypted) -> None:
    process = Process(MATCHING, encrypted.environment, encrypted.folder / "logs")
    trusted = encrypted.servers.certificates
    process.start()
    try:
        await eventually("the service is ready", lambda: is_ready(process, trusted))
        async with connection_to(encrypted.partner()) as connection:
            zeytin = Client("zeytin", await connection.channel(on_return_raises=True))
            await zeytin.tell(referral("r-1"))
            assert {each["reference"] for each in await zeytin.replies(1)} == {"r-1"}
        probe = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "shared.observability.probe",
            env={**encrypted.environment, "HTTP_PORT": str(process.port)},
        )
        assert await probe.wait() == 0
        with pytest.raises(httpx.TransportError):
            await asyncio.to_thread(httpx.get, f"http://127.0.0.1:{process.port}/ready")
    finally:
        await asyncio.to_thread(process.stop)
    assert process.exit_status == 0


async def test_nothing_is_said_without_tls(encrypted: Encrypted) -> None:
    with pytest.raises((aiormq.exceptions.AMQPError, ConnectionError)):
        await aiormq.connect(encrypted.access.amqp("zeytin").replace("amqps://", "amqp://"))
    plain = encrypted.access.management_url.replace("https://", "http://")
    with pytest.raises(httpx.TransportError):
        await asyncio.to_thread(httpx.get, plain)
    client = connect(encrypted.access.mongodb(MATCHING).replace("tls=true", "tls=false"), name="x")
    with pytest.raises(ConnectionFailure):
        await client.admin.command("ping")
    client.close()


async def test_a_partner_notices_a_broker_that_is_not_ours(
    encrypted: Encrypted, strangers: Certificates
) -> None:
    with pytest.raises(aiormq.exceptions.AMQPConnectionError, match="certificate verify failed"):
        async with connection_to(encrypted.partner(strangers)):
            pass


WRONG: Mapping[str, tuple[str, str]] = {
    "AMQP_URL": ("the broker at localhost:", "Hostname mismatch"),
    "MONGODB_URL": ("the database at localhost:", "Hostname mismatch"),
}


@pytest.mark.parametrize("address", WRONG)
async def test_a_certificate_for_another_host_is_told(encrypted: Encrypted, address: str) -> None:
    elsewhere = encrypted.environment[address].replace("127.0.0.1", "localhost")
    said = await encrypted.says(**{address: elsewhere})
    for part in (*WRONG[address], "the address must name one of the hosts in it"):
        assert part in said


async def test_an_authority_that_did_not_sign_is_told(
    encrypted: Encrypted, strangers: Certificates
) -> None:
    said = await encrypted.says(TLS_CA_FILE=str(strangers.ca))
    assert re.match(r"the database at 127\.0\.0\.1:\d+: its certificate is not accepted", said)
    assert "is TLS_CA_FILE the authority that signed it?" in said


async def test_a_broker_that_wants_a_certificate_says_so(encrypted: Encrypted) -> None:
    said = await encrypted.says(TLS_CLIENT_FILE="")
    assert said.startswith("the broker at 127.0.0.1:")
    assert "is TLS_CLIENT_FILE set and the right one?" in said


async def test_a_certificate_of_a_stranger_opens_nothing(
    encrypted: Encrypted, strangers: Certificates
) -> None:
    said = await encrypted.says(TLS_CLIENT_FILE=str(strangers.client))
    assert said.startswith("the database at 127.0.0.1:")


async def test_a_file_that_holds_no_certificate_is_told(
    encrypted: Encrypted, tmp_path: Path
) -> None:
    empty = tmp_path / "empty.pem"
    empty.touch()
    assert "TLS_CA_FILE" in await encrypted.says(TLS_CA_FILE=str(empty))
    assert "TLS_CA_FILE" in await encrypted.says(TLS_CA_FILE=str(tmp_path / "missing.pem"))
    assert "HTTP" in await encrypted.says(HTTP_CERTIFICATE_FILE=str(empty))


async def test_an_authority_without_tls_is_a_mistake(encrypted: Encrypted) -> None:
    plain = encrypted.environment["AMQP_URL"].replace("amqps://", "amqp://")
    assert "amqps://" in await encrypted.says(AMQP_URL=plain)


async def test_a_broker_without_tls_at_that_port_is_told(encrypted: Encrypted) -> None:
    port = f"127.0.0.1:{encrypted.servers.mongodb.port('mongodb')}"
    plain = encrypted.environment["MONGODB_URL"].replace("tls=true", "tls=false")
    said = await encrypted.says(MONGODB_URL=plain, TLS_CA_FILE="", TLS_CLIENT_FILE="")
    assert said.startswith(f"the database at {port}: ")
