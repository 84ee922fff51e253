"""Whatever a partner sends is answered with the reason or parked, never shows a stack trace, and
never stops the good message behind it.
"""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from secrets import token_hex
from typing import Any

import pytest
from aio_pika.abc import AbstractIncomingMessage
from aiormq.exceptions import AMQPError

from local.servers import Servers
from services.matching.app import PARTS
from shared.contracts.matching import MessageRefused
from shared.runtime import App
from shared.storage.records import Parked
from tests.support.bad_messages import BODIES, DAMAGED, HEADERS, LETTERS, changed
from tests.support.batches import counts_of
from tests.support.builders import referral
from tests.support.client import Client, Letter, connected, letter
from tests.support.frames import as_frames, send_frames
from tests.support.probes import becomes, eventually
from tests.support.system import LISTENER, START, System, prepared

TWENTY_MEGABYTES = 20 * 1024 * 1024


@pytest.fixture(scope="module")
async def system(
    servers: Servers, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[System]:
    """Matching alone, for all tests: whatever came before must not matter."""
    async with prepared(servers, tmp_path_factory.mktemp("clock"), [PARTS]) as ready:
        await add_mailbox(ready)
        yield ready


@pytest.fixture(scope="module")
async def app(system: System) -> AsyncIterator[App[Any]]:
    async with system.running(PARTS) as running:
        yield running


@pytest.fixture
async def zeytin(system: System, app: App[Any]) -> AsyncIterator[Client]:  # noqa: ARG001 - runs
    """A partner whose good message is answered after each test: nothing was stopped."""
    async with connected(system, "zeytin") as partner:
        yield partner
    async with connected(system, "zeytin") as partner:
        await partner.tell(referral("good"))
        assert (await partner.replies(1))[0]["status"]
        await partner.take("replies.zeytin")


async def add_mailbox(system: System) -> None:
    """Somewhere for letters to people to go."""
    binding = f"/api/bindings/{system.access.vhost}/e/private/q/{LISTENER}"
    await system.manage("POST", binding, json={"routing_key": "notifications"})


async def refused(partner: Client, sent: Letter) -> list[str]:
    """The reasons with which the letter comes back."""
    await partner.send(sent)
    [refusal] = await partner.refusals(1)
    if sent.message_id and len(sent.message_id) <= 200:
        assert refusal.message_id in {sent.message_id, sent.headers.get("ce-id")}
    for reason in refusal.errors:
        assert "Traceback" not in reason
        assert "File " not in reason
        assert ".py" not in reason
    return refusal.errors


async def heard_before_the_next(partner: Client) -> list[MessageRefused]:
    """The refusals that came before the answer to one more message. A service answers in the order
    in which it decides: after that answer nothing comes about what was decided before.
    """
    told = await partner.tell(referral("next"))
    heard: list[AbstractIncomingMessage] = []

    async def answered() -> bool:
        heard.extend(await partner.take("replies.zeytin"))
        return any(each.headers["ce-causationid"] == told for each in heard)

    await eventually("the next message is answered", answered)
    before = [each for each in heard if each.headers["ce-causationid"] != told]
    return [MessageRefused.model_validate_json(each.body) for each in before]


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
async def test_content_that_is_wrong_is_answered_with_the_reason(
    zeytin: Client, body: tuple[bytes, str]
) -> None:
    content, reason = body
    errors = await refused(zeytin, letter("zeytin", referral(), body=content))
    assert any(reason in error for error in errors)


@pytest.mark.parametrize("case", LETTERS.values(), ids=LETTERS)
async def test_an_envelope_that_is_wrong_is_answered_with_the_reason(
    zeytin: Client, case: tuple[dict[str, Any], str]
) -> None:
    fields, reason = case
    errors = await refused(zeytin, letter("zeytin", referral(token_hex(4)), **fields))
    assert any(reason in error for error in errors)


async def test_unknown_fields_that_resemble_none_are_taken(zeytin: Client) -> None:
    await zeytin.send(letter("zeytin", referral(), body=changed(zzz={"anything": [1, 2]})))
    assert "status" in (await zeytin.replies(1))[0]


async def test_twenty_megabytes_are_refused_by_the_broker(zeytin: Client) -> None:
    with pytest.raises(AMQPError, match="larger than"):
        await zeytin.tell(referral(), body=b"x" * TWENTY_MEGABYTES)


async def test_a_cloud_event_in_structured_mode_is_understood(zeytin: Client) -> None:
    event = {
        "specversion": "1.0",
        "id": "event-1",
        "source": "/partners/zeytin",
        "type": referral().wire.type,
        "data": referral("structured").model_dump(mode="json"),
    }
    sent = letter("zeytin", referral(), message_id="event-1", body=json.dumps(event).encode())
    await zeytin.send(replace(sent, content_type="application/cloudevents+json; charset=utf-8"))
    assert (await zeytin.replies(1))[0]["reference"] == "structured"


async def test_the_same_bad_message_a_thousand_times_is_answered_once(
    zeytin: Client, app: App[Any]
) -> None:
    before = (await counts_of(app)).get("duplicates", 0)
    same = letter("zeytin", referral(), body=b"again", message_id="again")
    await zeytin.send(*[same] * 1_000)

    async def duplicates() -> int:
        return (await counts_of(app)).get("duplicates", 0) - before

    await becomes("duplicates", 999, duplicates)
    assert [each.message_id for each in await heard_before_the_next(zeytin)] == ["again"]


async def test_what_has_no_known_sender_is_parked_and_answered_to_nobody(
    system: System, app: App[Any], zeytin: Client
) -> None:
    """Only an administrator can get past the permissions of intake."""
    before = {each.id for each in await Parked(app.database).all()}
    body = {"properties": {}, "routing_key": "", "payload": "?", "payload_encoding": "string"}
    path = f"/api/exchanges/{system.access.vhost}/amq.default/publish"
    await system.manage("POST", path, json={**body, "routing_key": "matching"})

    async def new() -> list[str]:
        return [each.reason for each in await Parked(app.database).all() if each.id not in before]

    await becomes("parked", 1, lambda: _length(new()))
    assert "not JSON" in (await new())[0]
    assert await heard_before_the_next(zeytin) == []


async def _length(found: Any) -> int:
    return len(await found)


@pytest.mark.parametrize("headers", HEADERS.values(), ids=HEADERS)
async def test_strange_headers_do_no_harm_though_the_content_is_wrong(
    zeytin: Client, headers: dict[str, Any]
) -> None:
    sent = letter("zeytin", referral(), body=b"bad", headers=headers)
    assert "not JSON" in (await refused(zeytin, sent))[0]


@pytest.mark.parametrize("fields", DAMAGED.values(), ids=DAMAGED)
async def test_bytes_that_are_no_text_do_no_harm_wherever_they_stand(
    zeytin: Client, fields: dict[str, Any]
) -> None:
    sent = letter("zeytin", referral(token_hex(4)), **fields)
    channel = await zeytin.channel.get_underlay_channel()
    frames = as_frames(sent.properties, sent.body, sent.exchange, sent.key)
    await send_frames(channel, frames, {b"DAMAGED!": b"\xff\xfe\xfd\xfc\xc0\xc1\xf5\x80"})
    [refusal] = await zeytin.refusals(1)
    assert refusal.errors[0].startswith(("the message cannot be understood", "the body is not"))


async def test_a_time_beyond_all_calendars_does_no_harm(zeytin: Client) -> None:
    sent = letter("zeytin", referral(token_hex(4)))
    properties = sent.properties
    properties.timestamp = START
    marshalled = int(START.timestamp()).to_bytes(8, "big")
    channel = await zeytin.channel.get_underlay_channel()
    frames = as_frames(properties, sent.body, sent.exchange, sent.key)
    await send_frames(channel, frames, {marshalled: b"\xff" * 8})
    assert "cannot be read" in (await zeytin.refusals(1))[0].errors[0]
