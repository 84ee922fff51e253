"""Asks whether the history stream can be written to. RabbitMQ 3.10 that has just started confirms
what is published before the stream has its leader, and drops it from the stream (measured, nearly
every start); until then it answers that there is no such queue.
"""

from typing import Any

from aiormq.exceptions import ChannelNotFoundEntity

from shared.messaging.topology import HISTORY


class NoLeader(ConnectionError):
    """Nothing can be published yet: the history would miss it."""


async def require_leader(connection: Any) -> None:
    """Raise `NoLeader` while the stream cannot be written to; `connection` is the library's lower
    one, on which the question has a channel of its own, because a refusal closes it.
    """
    channel = await connection.channel()
    try:
        await channel.queue_declare(HISTORY, passive=True)
    except ChannelNotFoundEntity as error:
        raise NoLeader("the history stream has no leader yet") from error
    finally:
        if not channel.is_closed:
            await channel.close()
