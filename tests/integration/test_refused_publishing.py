"""What the broker refuses to take is tried on every step of the ladder, then listed as a dead
letter that can be published again; it holds up nobody, not even if it closes the channel.
"""

import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import httpx
import pytest
from aiormq.exceptions import ChannelClosed

from shared.messaging import refusals
from shared.messaging.broker import Publisher
from shared.messaging.ladder import STEPS
from shared.messaging.topology import DESK
from shared.messaging.window import Result
from shared.runtime import App
from shared.setup import prepare_broker
from shared.storage.records import OutboxEntry
from tests.support.batches import decide_together
from tests.support.books import BOOKS, books
from tests.support.builders import cost, referral
from tests.support.client import connected, letter
from tests.support.letters import all_letters, discard, replay, states, waiting
from tests.support.probes import becomes
from tests.support.system import LISTENER, System

TRIES = len(STEPS) + 1


@pytest.fixture
async def quick(system: System, monkeypatch: pytest.MonkeyPatch) -> System:
    """The same ladder, with steps that are over at once."""

    def at_once(tries: int) -> timedelta | None:
        return timedelta(milliseconds=1) if tries < TRIES else None

    monkeypatch.setattr(refusals, "delay_after", at_once)
    return system


async def outbox_of(system: System) -> int:
    return await system.number(BOOKS, "outbox")


async def test_what_nobody_would_get_becomes_a_dead_letter_and_can_be_published_again(
    quick: System,
) -> None:
    await quick.remove_queue("replies.kifa")
    async with (
        quick.running(books()) as app,
        connected(quick, "kifa") as kifa,
        connected(quick, DESK) as desk,
    ):
        await kifa.tell(referral())
        [parked] = await waiting(app)
        assert (parked.kind, parked.attempts) == ("unroutable", TRIES)
        assert parked.reason == "no queue takes what goes to replies with the key kifa"
        assert parked.summary == parked.reason
        assert await outbox_of(quick) == 0
        await desk.tell(replay(parked.letter_id))  # too early: it comes back
        await becomes("tries", ["replayed"], lambda: decisions(app))
        [again] = await waiting(app)
        assert (again.letter_id, again.body) == (parked.letter_id, parked.body)
        await prepare_broker(quick.access, quick.topology)
        await desk.tell(replay(parked.letter_id))
        assert [each["status"] for each in await kifa.replies(1)] == ["received"]
        await becomes("states", ["replayed"], lambda: states(app))
        await becomes("entries in the outbox", 0, lambda: outbox_of(quick))


async def decisions(app: App[Any]) -> list[str]:
    [letter_] = await all_letters(app)
    return [each["what"] for each in letter_.record]


async def test_what_cannot_be_published_can_be_given_up(quick: System) -> None:
    await quick.remove_queue("replies.kifa")
    async with (
        quick.running(books()) as app,
        connected(quick, "kifa") as kifa,
        connected(quick, DESK) as desk,
    ):
        await kifa.tell(referral())
        [parked] = await waiting(app)
        await desk.tell(discard(parked.letter_id))
        await becomes("states", ["discarded"], lambda: states(app))
        await becomes("entries in the outbox", 0, lambda: outbox_of(quick))


async def forbid_replies(system: System) -> None:
    """Take from the service the right to write to its partners."""
    vhost = system.access.vhost
    rights = {"configure": "^$", "write": "^(events|retry)$", "read": f"^{BOOKS}"}
    await system.manage("PUT", f"/api/permissions/{vhost}/{BOOKS}", json=rights)


@pytest.mark.parametrize("what", ["no right", "no exchange"])
async def test_one_that_closes_the_channel_does_not_take_its_window_with_it(
    quick: System, what: str
) -> None:
    if what == "no right":
        await forbid_replies(quick)
    else:
        await quick.manage("DELETE", f"/api/exchanges/{quick.access.vhost}/replies")
    async with quick.running(books()) as app, connected(quick, LISTENER) as listener:
        await decide_together(
            app,
            *(letter(DESK, cost(f"c-{number}")) for number in range(20)),
            letter("zeytin", referral("r-1")),
            *(letter(DESK, cost(f"c-{number}")) for number in range(20, 40)),
            letter("zeytin", referral("r-2")),
        )
        heard: set[str | None] = set()

        async def distinct() -> int:  # those before the guilty one may come once more
            heard.update(fact.message_id for fact in await listener.take(LISTENER))
            return len(heard)

        await becomes("distinct facts", 40, distinct)
        parked = await waiting(app, 2)
        await becomes("entries in the outbox", 0, lambda: outbox_of(quick))
    assert {each.exchange for each in parked} == {"replies"}
    reason = {"no right": "may not publish", "no exchange": "there is no exchange replies"}[what]
    assert all(reason in each.reason for each in parked)


async def test_those_that_close_the_channel_do_not_close_it_for_each_other_for_ever(
    quick: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It takes a moment until the channel is open again; all of them wait together for that."""
    publish = Publisher.publish
    open_again = 0.0

    async def reopening_slowly(self: Publisher, entries: Sequence[OutboxEntry]) -> list[Result]:
        nonlocal open_again
        if time.monotonic() < open_again:
            return [ConnectionError("the channel is not open yet")] * len(entries)
        results = await publish(self, entries)
        if any(isinstance(result, ChannelClosed) for result in results):
            open_again = time.monotonic() + 0.1
        return results

    monkeypatch.setattr(Publisher, "publish", reopening_slowly)
    await quick.manage("DELETE", f"/api/exchanges/{quick.access.vhost}/replies")
    async with quick.running(books()) as app:
        await decide_together(app, *(letter("zeytin", referral(f"r-{n}")) for n in range(5)))
        parked = await waiting(app, 5)
    assert all(each.kind == "unroutable" for each in parked)


async def test_it_shows_while_it_is_tried_and_when_it_is_given_up(system: System) -> None:
    await system.remove_queue("replies.kifa")
    async with (
        system.running(books()) as app,
        connected(system, "kifa") as kifa,
        httpx.AsyncClient(base_url=app.http.address) as web,
    ):
        await kifa.tell(referral())

        async def notes() -> list[str]:
            return list((await web.get("/ready")).json().get("notes", []))

        wanted = ["the broker refuses 1 messages; they will be tried again"]
        await becomes("notes", wanted, notes)
        assert "willkommen_refused_entries 1.0" in (await web.get("/metrics")).text
        assert (await web.get("/status")).json()["refused"] == 1


async def test_a_dead_letter_shows_in_readiness_and_metrics(system: System) -> None:
    async with (
        system.running(books()) as app,
        connected(system, DESK) as desk,
        httpx.AsyncClient(base_url=app.http.address) as web,
    ):
        await desk.send(letter(DESK, cost(), body=b"not JSON"))
        await waiting(app)
        answer = await web.get("/ready")
        assert answer.status_code == httpx.codes.OK
        assert answer.json()["notes"] == ["1 dead letters wait for a decision"]
        gauge = f'willkommen_dead_letters{{kind="poison",service="{BOOKS}"}} 1.0'
        assert gauge in (await web.get("/metrics")).text
        assert (await web.get("/status")).json()["dead_letters"] == 1
