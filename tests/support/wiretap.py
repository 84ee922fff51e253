"""Hears all that services publish during a test, and holds it against the AsyncAPI documents.

What tests send themselves, in whoever's name, is marked and left out: it may be wrong on purpose.
"""

import json
import re
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

import aio_pika
import httpx
import pytest
from aio_pika.abc import AbstractIncomingMessage
from cloudevents.core.bindings.rabbitmq import RabbitMQMessage, from_rabbitmq_event
from cloudevents.core.exceptions import CloudEventValidationError
from yarl import URL

from shared.contracts.base import Exchange
from shared.messaging.topology import Topology
from shared.parts import Parts
from shared.setup import Access
from tests.support.documents import PLACE, Document, Sending
from tests.support.probes import eventually
from willkommen.commands.contracts import upkeep
from willkommen.contracts.asyncapi import applications, document
from willkommen.contracts.asyncapi.applications import service
from willkommen.contracts.published import published
from willkommen.system import SERVICES

SENT_BY_A_TEST = "test"
"""The `app_id` of what tests send themselves."""

WIRETAP = "wiretap"
HEARD = (Exchange.EVENTS, Exchange.REPLIES, Exchange.PRIVATE)
MOST_HEARD = 10_000
MOST_TOLD = 10


@dataclass(frozen=True)
class Said:
    """A message as it was on the wire."""

    exchange: str
    key: str
    message_id: str
    content_type: str
    delivery_mode: int
    headers: Mapping[str, Any]
    body: bytes

    @property
    def type(self) -> str:
        return str(self.headers.get("ce-type"))

    @property
    def source(self) -> str:
        return str(self.headers.get("ce-source"))


class Listener:
    """Compares messages with the document of their publisher."""

    def __init__(self, services: Sequence[Parts[Any]]) -> None:
        self._documents = {f"/services/{parts.name}": _document(parts) for parts in services}

    def complaints(self, said: Said) -> Iterator[str]:
        """Why a message is not what its publisher's document promises."""
        if said.source not in self._documents:
            yield f"nobody of the name {said.source} has a document"
            return
        promised = self._documents[said.source]
        sent = promised.sends.get((said.exchange, said.type))
        if sent is None:
            yield f"{said.source} does not say that it sends {said.type} to {said.exchange}"
            return
        yield from _travelling(said, sent)
        if said.content_type != promised.messages[said.type]["contentType"]:
            yield f"the content type is {said.content_type}"
        yield from promised.complaints(said.type, "headers", dict(said.headers))
        yield from promised.complaints(said.type, "payload", json.loads(said.body))
        yield from _to_the_sdk(said)


def _travelling(said: Said, sent: Sending) -> Iterator[str]:
    """Whether address and properties are those of the channel and its operation."""
    if not re.fullmatch(PLACE.sub("[^.]+", sent.address), said.key):
        yield f"the routing key {said.key} is not {sent.address}"
    if said.delivery_mode != sent.delivery_mode:
        yield f"the delivery mode is {said.delivery_mode}, not {sent.delivery_mode}"
    if said.message_id != said.headers.get("ce-id"):
        yield f"message_id is {said.message_id}, not ce-id"


def _document(parts: Parts[Any]) -> Document:
    """The committed document of a service of the system, one made now for a service of a test."""
    if parts.name in SERVICES:
        return Document.read(upkeep().asyncapi_folder / f"{parts.name}.json")
    one = service(parts)
    return Document(document(one, [*applications(published(), SERVICES), one], upkeep().examples))


def _to_the_sdk(said: Said) -> Iterator[str]:
    """Whether the CloudEvents SDK reads the same out of it."""
    headers = {name: str(value) for name, value in said.headers.items()}
    try:
        event = from_rabbitmq_event(RabbitMQMessage(headers, said.content_type, said.body))
    except (CloudEventValidationError, ValueError) as error:
        yield f"the CloudEvents SDK cannot read it: {error}"
        return
    read = (event.get_type(), event.get_source(), event.get_id(), event.get_data())
    if read != (said.type, said.source, said.message_id, json.loads(said.body)):
        yield f"the CloudEvents SDK reads something else: {read}"


@asynccontextmanager
async def wiretapped(
    access: Access, topology: Topology, services: Sequence[Parts[Any]]
) -> AsyncIterator[None]:
    """Listen until the end of the test; fail it when a service said what it had not promised."""
    await _install(access, topology)
    yield
    listener, wrong = Listener(services), []
    for said in await overheard(access):
        found = list(listener.complaints(said))
        wrong += [f"{said.type} from {said.source}: {each}" for each in found]
    if wrong:
        told = "\n".join(sorted(set(wrong))[:MOST_TOLD])
        pytest.fail(f"published, but not as contracts/asyncapi promises:\n{told}")


async def _install(access: Access, topology: Topology) -> None:
    """A queue that gets a copy of what the services' queues get; it changes no routing."""
    url = urlsplit(access.management_url)
    vhost = quote(access.vhost, "")
    login = (url.username or "", url.password or "")
    base = f"{url.scheme}://{url.hostname}:{url.port}/api"
    everything = {"configure": ".*", "write": ".*", "read": ".*"}
    limit = {"durable": True, "arguments": {"x-max-length": MOST_HEARD}}
    async with httpx.AsyncClient(base_url=base, auth=login, timeout=60) as client:
        (await client.put(f"/permissions/{vhost}/{login[0]}", json=everything)).raise_for_status()
        (await client.put(f"/queues/{vhost}/{WIRETAP}", json=limit)).raise_for_status()
        for binding in topology.bindings:
            if binding.exchange in HEARD:
                path = f"/bindings/{vhost}/e/{binding.exchange}/q/{WIRETAP}"
                answer = await client.post(path, json={"routing_key": binding.key})
                answer.raise_for_status()


async def overheard(access: Access) -> list[Said]:
    """Everything that was published since the last call, the tests' own left out."""
    heard: list[AbstractIncomingMessage] = []

    async def keep(message: AbstractIncomingMessage) -> None:
        heard.append(message)

    async def complete() -> bool:
        return len(heard) >= waiting

    admin = URL(access.amqp_url).with_path(f"/{quote(access.vhost, '')}", encoded=True)
    async with await aio_pika.connect(admin) as connection:
        channel = await connection.channel()
        queue = await channel.declare_queue(WIRETAP, passive=True)
        waiting = queue.declaration_result.message_count or 0
        if waiting:
            await queue.consume(keep, no_ack=True)
            await eventually(f"{waiting} messages overheard", complete)
    return [_said(message) for message in heard if message.app_id != SENT_BY_A_TEST]


def _said(message: AbstractIncomingMessage) -> Said:
    return Said(
        exchange=message.exchange or "",
        key=message.routing_key or "",
        message_id=message.message_id or "",
        content_type=message.content_type or "",
        delivery_mode=int(message.delivery_mode or 0),
        headers=dict(message.headers),
        body=message.body,
    )
