"""Mails are claimed in company, each by one, and a line does not wait for the books."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from local.servers import Servers
from services.notifications.app import PARTS
from services.notifications.claims import Claims
from services.notifications.domain.delivery import Delivery, State
from services.notifications.store import NotificationsStore
from shared.contracts.base import Contract
from shared.messaging.group_commit import GroupCommit
from shared.runtime import App
from tests.integration.notifications_bench import START, Bench, a_request, counted, prepared
from tests.support.probes import becomes

LEASE = timedelta(minutes=5)
MAIL = Delivery(
    id="m-0",
    about="h-0",
    template="household_welcome",
    language="de",
    requested_at=START,
    address_digest="",
    letter=None,
)


@pytest.fixture
async def bench(servers: Servers, tmp_path: Path) -> AsyncIterator[Bench]:
    async with prepared(servers, tmp_path) as bench:
        yield bench


@pytest.fixture
async def instances(bench: Bench) -> AsyncIterator[list[App[NotificationsStore]]]:
    """Two that do not run: only their databases are used."""
    instances = [App(PARTS, bench.settings(name)) for name in ("one", "two")]
    yield instances
    for each in instances:
        each.database.close()


async def keep_mails(app: App[NotificationsStore], ids: list[str]) -> None:
    """Have mails that wait."""

    async def fill(store: NotificationsStore) -> None:
        for each in ids:
            store.deliveries.save(replace(MAIL, id=each))

    await app.write(fill)


async def test_mails_that_are_reached_for_together_are_claimed_in_one_write(
    instances: list[App[NotificationsStore]], monkeypatch: pytest.MonkeyPatch
) -> None:
    ids, writes = [f"m-{number}" for number in range(20)], 0
    one, write = instances[0], instances[0].write
    await keep_mails(one, ids)

    async def counting(change: Any) -> Any:
        nonlocal writes
        writes += 1
        return await write(change)

    monkeypatch.setattr(one, "write", counting)
    claims = Claims(one, LEASE)
    claimed = await asyncio.gather(*(claims.claim(each, f"token of {each}") for each in ids))
    assert [each.token for each in claimed if each] == [f"token of {each}" for each in ids]
    kept = await one.read().these(ids)
    assert {(each.state, len(each.attempts)) for each in kept} == {(State.SENDING, 1)}
    assert writes == 1


async def test_of_two_instances_that_reach_for_the_same_mails_one_gets_each(
    instances: list[App[NotificationsStore]],
) -> None:
    ids = [f"m-{number}" for number in range(40)]
    await keep_mails(instances[0], ids)
    asked = [(app, mail) for app in instances for mail in ids]
    claims = {app: Claims(app, LEASE) for app in instances}
    found = await asyncio.gather(
        *(claims[app].claim(mail, f"{app.settings.instance}/{mail}") for app, mail in asked)
    )
    won = Counter(
        mail
        for (app, mail), delivery in zip(asked, found, strict=True)
        if delivery and delivery.token == f"{app.settings.instance}/{mail}"
    )
    assert won == dict.fromkeys(ids, 1)
    assert {len(each.attempts) for each in await instances[0].read().these(ids)} == {1}


async def test_a_mail_that_is_gone_is_nobodys(instances: list[App[NotificationsStore]]) -> None:
    await keep_mails(instances[0], ["m-1"])
    claims = Claims(instances[0], LEASE)
    gone, there = await asyncio.gather(claims.claim("m-0", "a"), claims.claim("m-1", "b"))
    assert gone is None
    assert there
    assert there.token == "b"


async def test_a_bug_while_claiming_is_told_to_everybody_who_waits(
    instances: list[App[NotificationsStore]], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(_: object) -> None:
        raise ValueError("a bug")

    monkeypatch.setattr(instances[0], "write", broken)
    claims = Claims(instances[0], LEASE)
    told = await asyncio.gather(
        claims.claim("m-1", "a"), claims.claim("m-2", "b"), return_exceptions=True
    )
    assert [str(each) for each in told] == ["a bug", "a bug"]


async def test_a_line_takes_the_next_mail_while_the_outcome_of_the_last_is_being_committed(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, tell = asyncio.Event(), GroupCommit.tell

    async def slowly(self: GroupCommit[Any], told: Contract, message_id: str) -> None:
        await gate.wait()
        await tell(self, told, message_id)

    async def mails() -> int:
        return len(bench.receiver.mails)

    monkeypatch.setattr(GroupCommit, "tell", slowly)
    app = App(PARTS, bench.settings(connections=1))
    await app.start()
    try:
        await bench.request(*[(f"m-{i}", a_request(about=f"h-{i}")) for i in range(5)])
        await becomes("mails over the one line", 2, mails)
        # No more are in hand until something is committed.
        assert await app.read().deliveries.count({"state": State.PENDING.value}) == 3
        gate.set()
        await counted(app, sent=5, pending=0, duplicates=0)
    finally:
        gate.set()
        await app.stop()
