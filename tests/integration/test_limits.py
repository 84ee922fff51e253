"""A partner cannot take the broker for itself: connections, channels and sizes are limited."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from aiormq.exceptions import AMQPError

from local.servers import Servers
from tests.support.books import books
from tests.support.builders import referral
from tests.support.client import connected, connection_to
from tests.support.system import System, prepared

CONNECTIONS, CHANNELS = 20, 200


@pytest.fixture
async def system(servers: Servers, tmp_path: Path) -> AsyncIterator[System]:
    """Users of its own, because the broker counts their connections in all systems together."""
    async with prepared(servers, tmp_path, [books()], own_users=True) as ready:
        yield ready


@pytest.mark.parametrize("user", ["zeytin", "desk"])
async def test_the_connections_of_somebody_outside_are_limited(system: System, user: str) -> None:
    address = system.access.amqp(user)
    async with AsyncExitStack() as stack:
        for _ in range(CONNECTIONS):
            await stack.enter_async_context(connection_to(address))
        with pytest.raises(AMQPError):
            await stack.enter_async_context(connection_to(address))
        async with connected(system, "kifa"):
            pass  # the others are not concerned


async def test_the_channels_of_somebody_outside_are_limited(system: System) -> None:
    async with connection_to(system.access.amqp("zeytin")) as connection:
        for _ in range(CHANNELS):
            await connection.channel()
        with pytest.raises((AMQPError, ConnectionError)):
            await connection.channel()


async def test_the_size_of_a_message_is_limited_twice(system: System) -> None:
    """The broker takes a megabyte, so that the service can answer what is only somewhat large."""
    async with system.running(books()), connected(system, "zeytin") as zeytin:
        await zeytin.tell(referral("large"), body=b"x" * 1_000_000)
        [refusal] = await zeytin.refusals(1)
        assert "at most 262144" in refusal.errors[0]
        with pytest.raises(AMQPError, match="larger than"):
            await zeytin.tell(referral("huge"), body=b"x" * 1_100_000)
