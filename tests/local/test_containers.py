"""The servers from the official images behave as the private ones do; needs a Docker engine."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aio_pika
import pytest
from pymongo import MongoClient

from local.containers import ContainerServers, obstacle

pytestmark = pytest.mark.containers


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ContainerServers]:
    if reason := obstacle():
        pytest.skip(reason)
    folder: Path = tmp_path_factory.mktemp("containers")
    with ContainerServers("containers", folder=folder, environment={}) as running:
        yield running


async def test_a_killed_broker_keeps_its_messages(servers: ContainerServers) -> None:
    connection = await aio_pika.connect(servers.amqp_admin_url)
    channel = await connection.channel()
    await channel.declare_queue("kept", durable=True, arguments={"x-queue-type": "quorum"})
    message = aio_pika.Message(b"kept", delivery_mode=aio_pika.DeliveryMode.PERSISTENT)
    await channel.default_exchange.publish(message, "kept")
    servers.rabbitmq.wait_kept("kept")
    servers.rabbitmq.kill()
    await connection.close()
    servers.rabbitmq.start()
    async with await aio_pika.connect(servers.amqp_admin_url) as again:
        queue = await (await again.channel()).get_queue("kept")
        assert (await queue.get(no_ack=True)).body == b"kept"


def test_a_killed_database_keeps_its_documents(servers: ContainerServers) -> None:
    with MongoClient[dict[str, Any]](servers.mongodb_admin_url) as client:
        with client.start_session() as session, session.start_transaction():
            client.containers.kept.insert_one({"_id": 1}, session=session)
        servers.mongodb.kill()
        servers.mongodb.start()
        assert client.containers.kept.count_documents({}) == 1
