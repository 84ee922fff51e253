"""Whoever is no longer in the table of rights has none at the next set-up, and is disconnected."""

from collections.abc import AsyncIterator
from pathlib import Path

import aiormq
import pytest
from aiormq.exceptions import AMQPError

from local.servers import Servers
from shared.messaging.topology import Topology
from shared.setup import prepare_broker
from tests.support.books import books
from tests.support.client import connected, connection_to
from tests.support.probes import eventually
from tests.support.system import System, prepared


@pytest.fixture
async def system(servers: Servers, tmp_path: Path) -> AsyncIterator[System]:
    """Users of its own: taking a right away concerns nobody else."""
    async with prepared(servers, tmp_path, [books()], own_users=True) as ready:
        yield ready


async def test_a_partner_that_left_is_put_out(system: System) -> None:
    remaining = [each for each in system.topology.partners if each.id != "zeytin"]
    smaller = Topology(system.topology.services, remaining)
    zeytin = await aiormq.connect(system.access.amqp("zeytin"))

    async def is_put_out() -> bool:
        """The broker's management hears of a connection a moment later than the broker."""
        await prepare_broker(system.access, smaller)
        return zeytin.is_closed

    assert not zeytin.is_closed
    await eventually("the connection is closed", is_put_out)
    with pytest.raises(AMQPError):
        async with connection_to(system.access.amqp("zeytin")):
            pass
    async with connected(system, "kifa"):
        pass  # who stays is not concerned
