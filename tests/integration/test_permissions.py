"""Everybody reaches what is theirs and nothing else, on the broker and in the database."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from typing import Any

import pytest
from aiormq.exceptions import (
    AMQPError,
    ChannelAccessRefused,
    ChannelPreconditionFailed,
    ProbableAuthenticationError,
    PublishError,
)
from pymongo.errors import OperationFailure

from local.servers import Servers
from shared.contracts.base import Contract, Exchange
from shared.contracts.network import CostRecorded
from shared.messaging.ladder import STEPS
from shared.messaging.topology import DESK, HISTORY
from shared.storage.driver import connect
from tests.support.books import BOOKS, books
from tests.support.builders import cost, recruit, referral
from tests.support.client import Letter, connected, connection_to, letter
from tests.support.system import LISTENER, System, prepared

FACT = CostRecorded.wire.type

ALLOWED = [
    ("zeytin", Exchange.INTAKE, "referral.zeytin.submitted"),
    ("zeytin", Exchange.INTAKE, "referral.zeytin.withdrawn"),
    ("klinikum", Exchange.INTAKE, "recruit.klinikum.reported"),
    (DESK, Exchange.COMMANDS, "willkommen.cost.record.v1"),
    (BOOKS, Exchange.EVENTS, FACT),
    (BOOKS, Exchange.REPLIES, "zeytin"),
    (BOOKS, Exchange.RETRY, f"{next(iter(STEPS))}.{BOOKS}"),
]
REFUSED = [
    ("zeytin", Exchange.INTAKE, "referral.kifa.submitted"),
    ("zeytin", Exchange.INTAKE, "recruit.zeytin.reported"),
    ("zeytin", Exchange.INTAKE, "referral.zeytin.submitted.more"),
    ("zeytin", Exchange.INTAKE, "referral.#"),
    ("zeytin", Exchange.INTAKE, "anything"),
    ("zeytin", Exchange.EVENTS, FACT),
    ("zeytin", Exchange.COMMANDS, "willkommen.cost.record.v1"),
    ("zeytin", Exchange.REPLIES, "kifa"),
    ("zeytin", Exchange.PRIVATE, "notifications"),
    ("zeytin", Exchange.RETRY, f"1s.{BOOKS}"),
    ("zeytin", Exchange.RETURN, f"1s.{BOOKS}"),
    ("zeytin", Exchange.DEAD_LETTERS, BOOKS),
    ("zeytin", "", BOOKS),
    ("zeytin", "amq.topic", "anything"),
    (DESK, Exchange.EVENTS, FACT),
    (DESK, Exchange.INTAKE, "referral.zeytin.submitted"),
    (DESK, "", BOOKS),
    (LISTENER, Exchange.EVENTS, FACT),
    (LISTENER, Exchange.COMMANDS, "willkommen.cost.record.v1"),
    (BOOKS, Exchange.EVENTS, "willkommen.household.registered.v1"),
    (BOOKS, Exchange.COMMANDS, "willkommen.cost.record.v1"),
    (BOOKS, Exchange.INTAKE, "referral.zeytin.submitted"),
    (BOOKS, Exchange.RETRY, f"1s.{LISTENER}"),
    (BOOKS, "", LISTENER),
]
EVERYBODY = [BOOKS, LISTENER, DESK, "zeytin", "klinikum"]
OWN_QUEUES = {
    BOOKS: {BOOKS, f"{BOOKS}.dead-letters"},
    LISTENER: {LISTENER, f"{LISTENER}.dead-letters"},
    DESK: {HISTORY},
    "zeytin": {"replies.zeytin"},
    "klinikum": {"replies.klinikum"},
}


@pytest.fixture(scope="module")
async def system(
    servers: Servers, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[System]:
    """One system for all: nothing here changes it."""
    async with prepared(servers, tmp_path_factory.mktemp("clock"), [books()]) as ready:
        yield ready


def to(user: str, exchange: str, key: str) -> Letter:
    """Something harmless with this address."""
    return Letter(b"{}", "test", str(exchange), key, user_id=user)


@pytest.mark.parametrize(("user", "exchange", "key"), ALLOWED)
async def test_everybody_may_write_what_is_theirs(
    system: System, user: str, exchange: str, key: str
) -> None:
    async with connected(system, user) as client:
        with suppress(PublishError):  # nobody listens here: that is not a refusal
            await client.send(to(user, exchange, key))


@pytest.mark.parametrize(("user", "exchange", "key"), REFUSED)
async def test_nobody_writes_elsewhere(system: System, user: str, exchange: str, key: str) -> None:
    async with connected(system, user) as client:
        with pytest.raises(ChannelAccessRefused):
            await client.send(to(user, exchange, key))


@pytest.mark.parametrize("user", EVERYBODY)
async def test_everybody_reads_only_their_own_queues(system: System, user: str) -> None:
    readable = set()
    for queue in system.topology.queues:
        async with connected(system, user) as client:
            try:
                channel = await client.channel.get_underlay_channel()
                await channel.basic_qos(prefetch_count=1)
                await channel.basic_consume(queue, _ignore)
            except ChannelAccessRefused:
                continue
            readable.add(queue)
    assert readable == OWN_QUEUES[user]


async def _ignore(_: object) -> None:
    """Only whether consuming is allowed matters."""


@pytest.mark.parametrize("user", EVERYBODY)
async def test_nobody_may_configure_anything(system: System, user: str) -> None:
    attempts: tuple[Callable[[Any], Awaitable[Any]], ...] = (
        lambda channel: channel.queue_declare("own", durable=True),
        lambda channel: channel.queue_declare("", exclusive=True),
        lambda channel: channel.exchange_declare("own", exchange_type="topic"),
        lambda channel: channel.queue_delete(BOOKS),
        lambda channel: channel.exchange_delete(Exchange.EVENTS.value),
        lambda channel: channel.queue_bind(f"replies.{user}", Exchange.EVENTS.value, "#"),
        lambda channel: channel.queue_purge("replies.kifa"),
    )
    async with connected(system, user) as client:
        for attempt in attempts:
            channel = await (await client.channel.get_underlay_channel()).connection.channel()
            with pytest.raises(ChannelAccessRefused):
                await attempt(channel)


async def test_a_partner_cannot_write_in_the_name_of_another(system: System) -> None:
    async with connected(system, "zeytin") as zeytin:
        with pytest.raises(ChannelPreconditionFailed, match="user_id"):
            await zeytin.tell(referral(), user_id="kifa")


@pytest.mark.parametrize(
    ("user", "told"), [("zeytin", recruit()), ("klinikum", referral()), ("zeytin", cost())]
)
async def test_a_partner_sends_only_what_it_is_there_for(
    system: System, user: str, told: Contract
) -> None:
    async with connected(system, user) as client:
        with pytest.raises(ChannelAccessRefused):
            await client.send(letter(user, told))


async def test_a_wrong_password_opens_nothing(system: System) -> None:
    address = system.access.amqp("zeytin").replace(system.access.password("zeytin"), "guess")
    with pytest.raises(ProbableAuthenticationError):
        async with connection_to(address):
            pass


async def test_a_user_of_one_system_has_no_way_into_another(system: System) -> None:
    address = system.access.amqp("zeytin").rpartition("/")[0] + "/%2F"
    with pytest.raises(AMQPError):
        async with connection_to(address):
            pass


async def test_a_service_reaches_its_own_database_only(system: System) -> None:
    other = system.admin[f"{system.access.prefix}other"]["people"]
    await other.insert_one({"name": "somebody"})
    client = connect(system.access.mongodb(BOOKS), name="test")
    try:
        own = client[system.access.database(BOOKS)]
        await own["books"].insert_one({"_id": "own"})
        for attempt in (
            lambda: client[other.database.name]["people"].find_one({}),
            lambda: client[other.database.name]["people"].insert_one({}),
            lambda: client["admin"]["system.users"].find_one({}),
            lambda: own["books"].create_index("entries"),
            own["books"].drop,
            lambda: own.command("dropDatabase"),
            lambda: own.command("createUser", "more", pwd="pwd", roles=[]),
        ):
            with pytest.raises(OperationFailure, match="not authorized"):
                await attempt()
        assert await client.list_database_names() == [own.name]
    finally:
        client.close()
        await system.admin.drop_database(other.database.name)
