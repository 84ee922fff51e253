"""What was committed is published, though processes die and the broker refuses."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from shared.messaging.broker import Publisher
from shared.messaging.topology import DESK
from shared.messaging.window import Result
from shared.setup import prepare_broker
from shared.storage.records import OutboxEntry
from tests.support.books import BOOKS, books
from tests.support.builders import cost, referral
from tests.support.client import connected
from tests.support.probes import becomes, eventually
from tests.support.processes import BooksProcess
from tests.support.system import LISTENER, System


async def outbox_of(system: System) -> int:
    return len(await system.documents(BOOKS, "outbox"))


@pytest.mark.parametrize("moment", ["before-publish", "before-clear"])
async def test_facts_are_published_though_the_process_dies_after_the_commit(
    system: System, tmp_path: Path, moment: str
) -> None:
    dying = BooksProcess(system, tmp_path, crash=moment)
    dying.start()
    async with connected(system, DESK) as desk, connected(system, LISTENER) as listener:
        await desk.tell(cost("c-1", 5))
        await eventually("the process dies", dying.has_died)
        assert await system.figures() == {"c-1": (1, 5)}
        assert await outbox_of(system) == 1
        async with BooksProcess(system, tmp_path).up():
            facts = await listener.collect(LISTENER, 1 if moment == "before-publish" else 2)
            await becomes("entries in the outbox", 0, lambda: outbox_of(system))
    assert {fact["cost_id"] for fact in facts} == {"c-1"}
    assert await system.figures() == {"c-1": (1, 5)}


async def test_an_entry_is_cleared_only_after_the_broker_confirmed(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, confirm = asyncio.Event(), asyncio.Event()
    publish = Publisher.publish

    async def slowly(self: Publisher, entries: Sequence[OutboxEntry]) -> list[Result]:
        asked.set()
        await confirm.wait()
        return await publish(self, entries)

    monkeypatch.setattr(Publisher, "publish", slowly)
    async with system.running(books()), connected(system, DESK) as desk:
        await desk.tell(cost())
        await asked.wait()
        assert await outbox_of(system) == 1
        confirm.set()
        await becomes("entries in the outbox", 0, lambda: outbox_of(system))
    async with connected(system, LISTENER) as listener:
        assert len(await listener.collect(LISTENER, 1)) == 1


async def test_a_message_that_nobody_would_get_is_tried_again_and_stops_no_other(
    system: System,
) -> None:
    await system.remove_queue("replies.kifa")
    async with (
        system.running(books()) as app,
        connected(system, "kifa") as kifa,
        connected(system, "zeytin") as zeytin,
    ):
        await kifa.tell(referral())

        async def seen() -> bool:
            text = app.metrics.text().decode()
            return "willkommen_publish_failures_total 0.0" not in text

        await eventually("the failure to publish shows in the metrics", seen)
        await zeytin.tell(referral())
        assert len(await zeytin.replies(1)) == 1
        await becomes("entries in the outbox", 1, lambda: outbox_of(system))
        await prepare_broker(system.access, system.topology)
        assert [each["partner"] for each in await kifa.replies(1)] == ["kifa"]
        await becomes("entries in the outbox", 0, lambda: outbox_of(system))
