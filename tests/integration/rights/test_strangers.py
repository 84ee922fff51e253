"""Who is not of this system gets in nowhere, and nobody of it gets into another's."""

from collections.abc import AsyncIterator

import aiormq
import httpx
import pytest
from aiormq.exceptions import AMQPError, ProbableAuthenticationError

from tests.integration.rights.table import DESK, USERS
from tests.support.system import System

STRANGERS_PASSWORD = "a password that is right"


@pytest.fixture
async def stranger(system: System) -> AsyncIterator[str]:
    """A user of the same broker that no line of the table names."""
    name = f"{system.access.vhost}-stranger"
    account = {"password": STRANGERS_PASSWORD, "tags": ""}
    await system.manage("PUT", f"/api/users/{name}", json=account)
    yield name
    await system.manage("DELETE", f"/api/users/{name}")


def address(system: System, user: str, password: str, vhost: str = "") -> str:
    """The broker's address with this login; the system's virtual host unless another is named."""
    own = system.access.amqp(DESK)
    place = own.rpartition("@")[2].partition("/")[0]
    return f"amqp://{user}:{password}@{place}/{vhost or own.rpartition('/')[2]}"


async def test_a_stranger_is_not_let_in(system: System, stranger: str) -> None:
    with pytest.raises(AMQPError, match=r"Connection\.Close"):
        await aiormq.connect(address(system, stranger, STRANGERS_PASSWORD))


@pytest.mark.parametrize("user", [*USERS, "guest", "nobody"])
async def test_a_wrong_password_opens_nothing(system: System, user: str) -> None:
    with pytest.raises(ProbableAuthenticationError):
        await aiormq.connect(address(system, user, "guess"))


@pytest.mark.parametrize("user", USERS)
async def test_a_user_of_one_system_has_no_way_into_another(system: System, user: str) -> None:
    password = system.access.password(user)
    with pytest.raises(AMQPError):
        await aiormq.connect(address(system, user, password, vhost="%2F"))


@pytest.mark.parametrize("user", USERS)
async def test_nobody_may_use_the_brokers_management(system: System, user: str) -> None:
    url = httpx.URL(system.access.management_url).copy_with(username=None, password=None)
    async with httpx.AsyncClient(base_url=url, auth=(user, system.access.password(user))) as client:
        for path in ("/api/whoami", "/api/queues", "/api/definitions", "/api/users"):
            assert (await client.get(path)).status_code == httpx.codes.UNAUTHORIZED
