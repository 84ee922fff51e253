"""Sends below the usual client, which mends what a faulty one sends: a missing id, broken text."""

from collections.abc import Mapping
from typing import Any

from aiormq import spec
from aiormq.abc import ChannelFrame
from pamqp.body import ContentBody
from pamqp.frame import marshal
from pamqp.header import ContentHeader


def as_frames(properties: spec.Basic.Properties, body: bytes, exchange: str, key: str) -> list[Any]:
    """The frames of one short message, with exactly these properties."""
    publish = spec.Basic.Publish(exchange=exchange, routing_key=key)
    return [publish, ContentHeader(properties=properties, body_size=len(body)), ContentBody(body)]


async def send_frames(
    channel: Any, frames: list[Any], damage: Mapping[bytes, bytes] | None = None
) -> None:
    """Return when the broker has confirmed; `damage` replaces bytes by as many others."""
    payload = b"".join(marshal(frame, channel.number) for frame in frames)
    for whole, broken in (damage or {}).items():
        payload = payload.replace(whole, broken)
    async with channel.lock:
        channel.delivery_tag += 1
        confirmed = channel.confirmations[channel.delivery_tag] = channel.create_future()
        await channel.write_queue.put(ChannelFrame(payload, should_close=False))
    await confirmed
