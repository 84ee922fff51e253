"""Whether a connection is held up is read from the client library's inside: it must be there."""

from types import SimpleNamespace
from typing import Any

import aiormq

from shared.messaging.alarm import is_blocked


def channel_over(transport: Any) -> Any:
    return SimpleNamespace(_connection=SimpleNamespace(transport=transport))


def test_nothing_is_blocked_where_nothing_is_connected() -> None:
    assert not is_blocked(channel_over(None))


async def test_a_connection_is_blocked_until_it_may_write() -> None:
    connection = aiormq.Connection("amqp://nobody@127.0.0.1/")
    channel = channel_over(SimpleNamespace(connection=connection))
    assert is_blocked(channel)  # before it is connected it may write nothing
    connection._Connection__connection_unblocked.set()  # type: ignore[attr-defined]  # noqa: SLF001
    assert not is_blocked(channel)
