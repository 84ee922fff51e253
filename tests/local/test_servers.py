"""The private servers answer, come back after a crash with their data, and are found again."""

import asyncio
import socketserver
import stat
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from http import HTTPStatus
from typing import Any

import aio_pika
import aiormq
import httpx
import pytest
from aio_pika.abc import AbstractChannel
from aiormq.abc import FieldTable
from pymongo import MongoClient
from pymongo.errors import OperationFailure
from pymongo.write_concern import WriteConcern

from local.rabbitmq import MAX_MESSAGE_BYTES
from local.servers import Servers
from shared.storage.driver import connect

QUORUM: FieldTable = {"x-queue-type": "quorum"}


@asynccontextmanager
async def channel_of(url: str) -> AsyncIterator[AbstractChannel]:
    connection = await aio_pika.connect(url)
    try:
        yield await connection.channel()
    finally:
        await connection.close()


@contextmanager
def a_stranger_at(address: tuple[str, int]) -> Iterator[None]:
    class HangUp(socketserver.BaseRequestHandler):
        """Says nothing and closes."""

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = True

    with Server(address, HangUp) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield
        server.shutdown()


def persistent(body: bytes) -> aio_pika.Message:
    return aio_pika.Message(body, delivery_mode=aio_pika.DeliveryMode.PERSISTENT)


async def test_the_management_api_knows_the_administrator(servers: Servers) -> None:
    async with httpx.AsyncClient() as client:
        answer = await client.get(f"{servers.management_url}/api/whoami")
    assert answer.json()["tags"] == ["administrator"]


async def test_the_broker_has_no_guest(servers: Servers) -> None:
    async with httpx.AsyncClient(auth=("guest", "guest")) as client:
        answer = await client.get(f"http://{servers.management_url.rpartition('@')[2]}/api/whoami")
    assert answer.status_code == HTTPStatus.UNAUTHORIZED


async def test_the_database_commits_transactions(servers: Servers) -> None:
    client = connect(servers.mongodb_admin_url, name="test")
    collection = client.local_tests.transactions
    async with await client.start_session() as session, session.start_transaction():
        await collection.insert_one({"_id": 1}, session=session)
    assert await collection.count_documents({}) == 1
    client.close()


async def test_the_database_refuses_the_nameless(servers: Servers) -> None:
    nameless = "mongodb://" + servers.mongodb_admin_url.rpartition("@")[2].split("?")[0]
    with (
        MongoClient[dict[str, Any]](nameless, directConnection=True) as client,
        pytest.raises(OperationFailure, match="requires authentication"),
    ):
        client.local_tests.anything.find_one()


async def test_a_message_above_the_limit_is_refused_with_the_reason(servers: Servers) -> None:
    async with channel_of(servers.amqp_admin_url) as channel:
        too_long = aio_pika.Message(b"x" * (MAX_MESSAGE_BYTES + 1))
        with pytest.raises(aiormq.exceptions.ChannelPreconditionFailed, match="max size"):
            await channel.default_exchange.publish(too_long, "anywhere", mandatory=False)


async def test_a_message_at_the_limit_is_taken(servers: Servers) -> None:
    async with channel_of(servers.amqp_admin_url) as channel:
        queue = await channel.declare_queue("long", exclusive=True)
        longest = aio_pika.Message(b"x" * MAX_MESSAGE_BYTES)
        await channel.default_exchange.publish(longest, queue.name)
        assert len((await queue.get(no_ack=True)).body) == MAX_MESSAGE_BYTES


async def test_a_killed_broker_comes_back_where_it_was_with_its_messages(servers: Servers) -> None:
    before = servers.amqp_admin_url
    async with channel_of(before) as channel:
        await channel.declare_queue("kept", durable=True, arguments=QUORUM)
        for number in range(20):
            await channel.default_exchange.publish(persistent(b"%d" % number), "kept")
        await asyncio.to_thread(servers.rabbitmq.wait_kept, "kept")
        await asyncio.to_thread(servers.rabbitmq.kill)
        assert not servers.rabbitmq.running()
    await asyncio.to_thread(servers.rabbitmq.start)
    assert servers.amqp_admin_url == before
    async with channel_of(before) as channel:
        queue = await channel.get_queue("kept")
        bodies = [(await queue.get(no_ack=True)).body for _ in range(20)]
    assert bodies == [b"%d" % number for number in range(20)]


def test_a_killed_database_comes_back_where_it_was_with_its_documents(servers: Servers) -> None:
    before = servers.mongodb_admin_url
    with MongoClient[dict[str, Any]](before) as client:
        kept = client.local_tests.get_collection("kept", write_concern=WriteConcern("majority"))
        kept.insert_many({"_id": number} for number in range(20))
        servers.mongodb.kill()
        servers.mongodb.start()
        assert servers.mongodb_admin_url == before
        assert kept.count_documents({}) == 20


def test_a_database_whose_port_was_taken_comes_back_on_another(servers: Servers) -> None:
    with MongoClient[dict[str, Any]](servers.mongodb_admin_url) as client:
        client.local_tests.moved.insert_one({"_id": 1})
        address = client.address
    assert address is not None
    servers.mongodb.stop()
    with a_stranger_at(address):
        servers.mongodb.start()
    with MongoClient[dict[str, Any]](servers.mongodb_admin_url) as client:
        assert client.address != address
        assert client.local_tests.moved.count_documents({}) == 1


def test_a_second_start_uses_the_running_servers(servers: Servers) -> None:
    lines: list[str] = []
    folder = servers.folder.parent
    with Servers("tests", folder=folder, environment={}, say=lines.append) as second:
        assert second.amqp_admin_url == servers.amqp_admin_url
        assert not any(line.startswith("Starting") for line in lines)
    assert all(node.running() for node in servers.nodes)


def test_passwords_are_for_the_owner_only(servers: Servers) -> None:
    state = servers.folder / "state.json"
    assert stat.S_IMODE(state.stat().st_mode) == 0o600
    assert servers.amqp_admin_url.split(":")[2].split("@")[0] in state.read_text()
