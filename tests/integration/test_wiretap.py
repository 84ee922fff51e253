"""Every message that a service publishes in these tests is held against its document: the listener
who does that hears everything, and finds what is not as promised.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from local.servers import Servers
from shared.contracts.matching import MessageRefused
from shared.contracts.network import CostRecorded
from shared.messaging.topology import DESK
from tests.support.books import books, recorded
from tests.support.builders import cost, referral
from tests.support.client import connected
from tests.support.system import LISTENER, System, prepared
from tests.support.wiretap import Listener, Said, overheard

FACT = CostRecorded.wire.type

Change = Callable[[Said], Said]


def with_header(name: str, value: str) -> Change:
    return lambda said: replace(said, headers={**said.headers, name: value})


def without_header(name: str) -> Change:
    return lambda said: replace(
        said, headers={key: value for key, value in said.headers.items() if key != name}
    )


CHANGES: dict[str, tuple[Change, str]] = {
    "another sender": (with_header("ce-source", "/services/x"), "nobody of the name /services/x"),
    "an unknown type": (with_header("ce-type", "kite.flown"), "does not say that it sends kite"),
    "another exchange": (lambda said: replace(said, exchange="private"), f"{FACT} to private"),
    "another key": (lambda said: replace(said, key="elsewhere"), "the routing key elsewhere"),
    "not to last": (lambda said: replace(said, delivery_mode=1), "the delivery mode is 1"),
    "plain text": (lambda said: replace(said, content_type="text/plain"), "text/plain"),
    "another id": (lambda said: replace(said, message_id="m-1"), "message_id is m-1"),
    "no time": (without_header("ce-time"), "'ce-time' is a required property"),
    "no cause": (without_header("ce-causationid"), "'ce-causationid' is a required property"),
    "a time that is none": (with_header("ce-time", "noon"), "the CloudEvents SDK cannot read it"),
    "too open": (with_header("ce-dataclassification", "public"), "'internal' was expected"),
    "a field too few": (lambda said: replace(said, body=b"{}"), "'cost_id' is a required"),
    "another kind": (
        lambda said: replace(said, body=said.body.replace(b"0.6", b'"most"')),
        "payload.funded_share: 'most' is not of type 'number'",
    ),
}


async def heard(system: System, costs: int) -> list[Said]:
    """What the books publish about so many costs; it is heard when it is confirmed."""
    async with (
        system.running(books()),
        connected(system, DESK) as desk,
        connected(system, LISTENER) as listener,
    ):
        for number in range(costs):
            await desk.tell(cost(f"c-{number}"))
        await listener.messages(LISTENER, costs)
    return await overheard(system.access)


async def test_everything_that_a_service_publishes_is_heard_and_as_promised(
    system: System,
) -> None:
    said = await heard(system, 3)
    assert [(each.type, each.source) for each in said] == [(FACT, "/services/books")] * 3
    listener = Listener([books()])
    assert [each for one in said for each in listener.complaints(one)] == []


async def test_what_is_not_as_promised_is_found(system: System) -> None:
    (good,) = await heard(system, 1)
    listener = Listener([books()])
    for name, (change, complaint) in CHANGES.items():
        found = list(listener.complaints(change(good)))
        assert any(complaint in each for each in found), (name, found)


async def test_a_test_fails_when_a_service_says_what_it_has_not_declared(
    servers: Servers, tmp_path: Path
) -> None:
    parts = replace(books(), publishes=(CostRecorded, MessageRefused))
    complaint = "/services/books does not say that it sends willkommen.referral.answered.v1"

    async def refer() -> None:
        async with (
            prepared(servers, tmp_path, [parts]) as system,
            system.running(parts),
            connected(system, "zeytin") as zeytin,
        ):
            await zeytin.tell(referral())
            await zeytin.replies(1)

    with pytest.raises(pytest.fail.Exception, match=complaint):
        await refer()


async def test_what_a_test_sends_itself_is_left_out(system: System) -> None:
    async with connected(system, "books") as impostor:
        await impostor.tell(recorded("c-1"), body=b"{}")
    assert await overheard(system.access) == []
