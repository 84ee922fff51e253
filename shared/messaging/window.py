"""Publishes a window of messages with one write and one wait for all confirmations.

The client library publishes one message at a time: a lock, a time-out, a queue and a task switch
for each. A relay has a whole window in hand; this does the same work once per window, on the
library's own channel, so that confirmations and closing are handled where they always are.
"""

import asyncio
from collections.abc import Sequence
from io import BytesIO
from typing import Any

import pamqp.frame
from aio_pika import DeliveryMode
from aiormq import spec
from aiormq.abc import ChannelFrame
from pamqp.body import ContentBody
from pamqp.header import ContentHeader

from shared.storage.records import OutboxEntry

Result = BaseException | None
"""None when the broker confirmed, else why not."""


async def publish_window(
    channel: Any,
    entries: Sequence[OutboxEntry],
    seconds: float,
) -> list[Result]:
    """Publish persistent, mandatory messages; returns how each came out, in order.

    Raises what the channel raises when it is closed before anything was written.
    """
    confirmations: list[asyncio.Future[Any]] = []
    payload = BytesIO()
    async with channel.lock:
        for entry in entries:
            channel.delivery_tag += 1
            confirmation = channel.create_future()
            channel.confirmations[channel.delivery_tag] = confirmation
            channel.message_id_delivery_tag[entry.message_id] = channel.delivery_tag
            confirmations.append(confirmation)
            _marshal(payload, channel, entry)
        await channel.write_queue.put(ChannelFrame(payload.getvalue(), should_close=False))
    await asyncio.wait(confirmations, timeout=seconds)
    for entry in entries:
        channel.message_id_delivery_tag.pop(entry.message_id, None)
    return [_result(confirmation) for confirmation in confirmations]


def _marshal(payload: BytesIO, channel: Any, entry: OutboxEntry) -> None:
    method = spec.Basic.Publish(
        exchange=entry.exchange, routing_key=entry.routing_key, mandatory=True
    )
    properties = spec.Basic.Properties(
        headers=dict(entry.headers),
        content_type=entry.content_type,
        delivery_mode=DeliveryMode.PERSISTENT,
        message_id=entry.message_id,
        correlation_id=entry.headers.get("ce-correlationid"),
        message_type=entry.headers.get("ce-type"),
    )
    header = ContentHeader(properties=properties, body_size=len(entry.body))
    size = channel.max_content_size
    bodies = [
        ContentBody(entry.body[start : start + size]) for start in range(0, len(entry.body), size)
    ]
    frames: list[Any] = [method, header, *bodies]
    payload.writelines(pamqp.frame.marshal(frame, channel.number) for frame in frames)


def _result(confirmation: asyncio.Future[Any]) -> Result:
    if not confirmation.done():
        confirmation.cancel()
        return TimeoutError("the broker did not confirm in time")
    if confirmation.cancelled():
        return ConnectionError("the channel was closed")
    return confirmation.exception()
