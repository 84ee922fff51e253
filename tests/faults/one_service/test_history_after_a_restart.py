"""A broker that has just started confirms before its stream can be written to; nothing may be
missing from the history for that.
"""

import asyncio
from datetime import UTC, datetime
from functools import partial
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from aio_pika.exceptions import AMQPException
from aiormq.exceptions import AMQPError

from local.probes import amqp_answers
from local.servers import Servers
from shared.messaging.broker import Publisher
from shared.messaging.envelope import write
from shared.messaging.message import Message
from shared.storage.records import OutboxEntry
from tests.faults.driver import Driver
from tests.support.books import BOOKS, recorded
from tests.support.client import history
from tests.support.probes import eventually
from tests.support.system import System

pytestmark = pytest.mark.fault


def fact() -> OutboxEntry:
    """A fact as the books would publish it, each of a cause of its own."""
    key, now = str(uuid4()), datetime.now(UTC)
    cause = Message(key, key, "", "", "", key, 1, now, None)
    return write(recorded("c-1", 5), source=f"/services/{BOOKS}", cause=cause, position=0, at=now)


async def published_by_somebody_new(system: System, entry: OutboxEntry) -> bool:
    """Connect as soon as the broker lets anybody in, and publish at once."""
    address = urlsplit(system.access.amqp_url)
    if not await asyncio.to_thread(amqp_answers, address.hostname or "", address.port or 0):
        return False
    publisher = Publisher(system.access.amqp(BOOKS))
    try:
        await publisher.start()
        return await publisher.publish([entry]) == [None]
    except (AMQPException, AMQPError, OSError):
        return False
    finally:
        await publisher.stop()


async def test_what_is_published_as_soon_as_the_broker_is_back_is_in_the_history(
    system: System, servers: Servers, seed: int
) -> None:
    driver = Driver(seed, servers, {})
    quorum = [name for name, kind in system.topology.queues.items() if kind == "quorum"]
    await driver.broker_is_settled(*quorum)
    sent = [fact()]
    assert await published_by_somebody_new(system, sent[0])
    for _ in range(seed % 2 + 1):
        await asyncio.to_thread(servers.rabbitmq.stop)
        starting = asyncio.create_task(asyncio.to_thread(servers.rabbitmq.start))
        early = fact()
        await eventually(
            "the first fact is confirmed", partial(published_by_somebody_new, system, early)
        )
        sent.append(early)
        await starting
    kept = {message.message_id for message in await history(system, len(sent))}
    assert kept == {entry.message_id for entry in sent}
