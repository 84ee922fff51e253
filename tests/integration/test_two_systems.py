"""Two systems share a broker: each has users, passwords and rights of its own."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiormq.exceptions import AMQPError, ProbableAuthenticationError

from local.servers import Servers
from tests.support.books import books
from tests.support.builders import referral
from tests.support.client import connected, connection_to
from tests.support.system import System, prepared


@pytest.fixture
async def other(servers: Servers, tmp_path: Path) -> AsyncIterator[System]:
    """A system whose users nobody else has."""
    async with prepared(servers, tmp_path, [books()], own_users=True) as ready:
        yield ready


async def test_a_partner_of_the_same_name_is_served_in_both(system: System, other: System) -> None:
    for here in (system, other):
        async with here.running(books()), connected(here, "zeytin") as zeytin:
            await zeytin.tell(referral("r-1"))
            [reply] = await zeytin.replies(1)
            assert (reply["partner"], reply["reference"]) == ("zeytin", "r-1")
            await zeytin.tell(referral("r-2"), user_id=None)
            [refusal] = await zeytin.refusals(1)
            assert "user_id must be 'zeytin'" in refusal.errors[0]


async def test_a_password_of_one_system_opens_nothing_in_the_other(
    system: System, other: System
) -> None:
    mine, theirs = (here.access.password("zeytin") for here in (system, other))
    address = other.access.amqp("zeytin")
    assert mine != theirs
    with pytest.raises(ProbableAuthenticationError):
        async with connection_to(address.replace(theirs, mine)):
            pass
    elsewhere = f"{address.rpartition('/')[0]}/{system.access.vhost}"
    with pytest.raises(AMQPError):
        async with connection_to(elsewhere):
            pass


async def test_its_users_go_when_the_system_goes(servers: Servers, tmp_path: Path) -> None:
    async with prepared(servers, tmp_path, [books()], own_users=True) as brief:
        user = f"{brief.access.user_prefix}zeytin"
        assert user in {each["name"] for each in await brief.manage("GET", "/api/users")}
    assert user not in {each["name"] for each in await brief.manage("GET", "/api/users")}
