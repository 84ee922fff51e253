"""The notifications service on a real broker, a real database and a real SMTP dialogue."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP

from local.servers import Servers
from services.notifications import worker
from services.notifications.domain.delivery import State
from services.notifications.store import NotificationsStore
from shared.contracts.notifications import Template
from shared.runtime import App
from shared.storage.records import Ledger, Parked
from tests.integration.notifications_bench import (
    START,
    Bench,
    a_request,
    counted,
    in_state,
    prepared,
    published,
)
from tests.support.probes import eventually


@pytest.fixture
async def bench(servers: Servers, tmp_path: Path) -> AsyncIterator[Bench]:
    async with prepared(servers, tmp_path) as bench:
        yield bench


async def test_a_request_becomes_one_mail_in_the_persons_language(bench: Bench) -> None:
    async with bench.running() as app:
        await bench.request(("m-1", a_request()))
        await counted(app, sent=1, pending=0)
    [mail] = bench.receiver.mails
    assert mail["To"] == "Leyla Öztürk <leyla@mail.example>"
    assert mail["Subject"] == "Willkommen in Ludwigsburg"
    assert mail["Date"].datetime == START
    assert mail["Content-Language"] == "de"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Message-ID"].endswith("@willkommen.example>")
    assert "Guten Tag Leyla Öztürk," in mail.get_content()


async def test_what_is_personal_goes_once_the_mail_is_sent(bench: Bench) -> None:
    async with bench.running() as app:
        await bench.request(("m-1", a_request()))
        await counted(app, sent=1)
        [delivery] = await app.read().deliveries.find({})
        assert delivery.letter is None
        assert "leyla" not in repr(delivery).lower()
        await published(app)
    assert await bench.heard() == ["sent"]


async def test_the_same_request_delivered_five_times_is_one_mail(bench: Bench) -> None:
    async with bench.running() as app:
        await bench.request(*[("m-1", a_request())] * 5)
        await bench.request(("m-2", a_request(about="h-2")))
        await counted(app, sent=2, pending=0)
        counts = await Ledger(app.database).totals()
    assert counts["duplicates"] == 4
    assert sorted(bench.receiver.ids.values()) == [1, 1]


async def test_two_instances_send_each_mail_once_over_few_connections(bench: Bench) -> None:
    requests = [
        (f"m-{i}", a_request(about=f"h-{i}", email=f"p{i}@mail.example")) for i in range(200)
    ]
    async with bench.running(instance="one") as app, bench.running(instance="two"):
        await bench.request(*requests)
        await counted(app, sent=200, pending=0, duplicates=0)
    assert len(bench.receiver.ids) == len(bench.receiver.mails) == 200
    assert len(bench.receiver.peers) <= 16


async def test_a_temporary_refusal_is_tried_again_when_the_clock_says_so(bench: Bench) -> None:
    bench.receiver.refusals = ["451 4.7.1 later, leyla@mail.example"]
    async with bench.running() as app:
        await bench.request(("m-1", a_request()))
        await in_state(app, State.DEFERRED)
        [delivery] = await app.read().deliveries.find({})
        assert delivery.attempts[0].reason == "the mail server refused the recipient (451 4.7.1)"
        assert bench.receiver.mails == []
        bench.clock.set(START + timedelta(minutes=1))
        await counted(app, sent=1, duplicates=0)
    assert len(bench.receiver.mails) == 1


async def test_a_refusal_for_good_is_told_without_the_address(bench: Bench) -> None:
    bench.receiver.refusals = ["550 5.1.1 <leyla@mail.example> is unknown"]
    async with bench.running() as app:
        await bench.request(("m-1", a_request()))
        await counted(app, failed=1, pending=0)
        [delivery] = await app.read().deliveries.find({})
        assert "leyla" not in repr(delivery).lower()
        await published(app)
    assert await bench.heard() == ["failed"]


async def test_while_the_mail_server_is_away_mails_wait_and_no_try_is_used_up(
    bench: Bench,
) -> None:
    bench.close_smtp()
    async with bench.running() as app:
        await bench.request(("m-1", a_request()), ("m-2", a_request(about="h-2")))
        await counted(app, pending=2)
        await bench.open_smtp()
        await counted(app, sent=2)
        deliveries = await app.read().deliveries.find({})
    assert [len(delivery.attempts) for delivery in deliveries] == [1, 1]


async def test_mails_of_an_instance_that_is_gone_do_not_wait_for_a_pause_of_the_others(
    bench: Bench,
) -> None:
    numbers = count(100)

    def it_came() -> bool:
        return any("gone@mail.example" in str(mail["To"]) for mail in bench.receiver.mails)

    async def came() -> bool:
        return it_came()

    async def ask_for_more(_: object) -> None:
        """So that there is more and more work of its own."""
        if not it_came():
            more = [next(numbers) for _ in range(3)]
            await bench.request(*[(f"m-{i}", a_request(about=f"h-{i}")) for i in more])

    bench.receiver.before_answer = ask_for_more
    bench.close_smtp()
    async with bench.running("busy") as app:
        await bench.request(*[(f"m-{i}", a_request(about=f"h-{i}")) for i in range(80)])
        await bench.request(("m-gone", a_request(about="h-gone", email="gone@mail.example")))
        await counted(app, pending=81)
        await app.database.driver["deliveries"].update_one(
            {"about": "h-gone"}, {"$set": {"taken_in_by": "gone"}, "$inc": {"version": 1}}
        )
        await bench.open_smtp()
        await eventually("the mail of the one that is gone", came)
        await counted(app, pending=0, duplicates=0)
    assert set(bench.receiver.ids.values()) == {1}


async def test_a_worker_killed_after_handing_over_causes_no_second_mail(bench: Bench) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "services.notifications", env=bench.environment(lease=1)
    )

    async def kill(_: SMTP) -> None:
        os.kill(process.pid, signal.SIGKILL)

    bench.receiver.before_answer = kill
    await bench.request(("m-1", a_request()))
    assert await process.wait() == -signal.SIGKILL
    bench.receiver.before_answer = None
    async with bench.running(lease=1) as app:
        await counted(app, uncertain=1, pending=0)
        await bench.request(("m-2", a_request(about="h-2")))
        await counted(app, sent=1, uncertain=1)
    assert sorted(bench.receiver.ids.values()) == [1, 1]


async def test_a_line_that_breaks_before_the_answer_leaves_it_to_a_person(bench: Bench) -> None:
    async def hang_up(server: SMTP) -> None:
        assert isinstance(server.transport, asyncio.WriteTransport)
        server.transport.abort()

    bench.receiver.before_answer = hang_up
    async with bench.running() as app:
        await bench.request(("m-1", a_request()))
        await counted(app, uncertain=1, pending=0)
        [delivery] = await app.read().deliveries.find({})
    assert delivery.letter
    assert delivery.attempts[0].reason == "the line broke: SMTPServerDisconnected"
    assert len(bench.receiver.mails) == 1


async def test_an_orderly_stop_finishes_the_mails_in_hand(bench: Bench) -> None:
    first = asyncio.Event()

    async def slowly(_: object) -> None:
        first.set()
        await asyncio.sleep(0.5)  # a mail server that takes its time to answer

    bench.receiver.before_answer = slowly
    async with bench.running():
        await bench.request(*[(f"m-{i}", a_request(about=f"h-{i}")) for i in range(30)])
        await first.wait()
    bench.receiver.before_answer = None
    async with bench.running() as app:
        await counted(app, sent=30, uncertain=0, duplicates=0)
    assert sorted(bench.receiver.ids.values()) == [1] * 30


async def test_a_missing_value_is_parked_and_named(bench: Bench) -> None:
    async with bench.running() as app:
        await bench.request(("m-1", a_request(template=Template.ACTOR_WELCOME)))
        await eventually("it is parked", lambda: _parked(app))
        [parked] = await Parked(app.database).all()
    assert parked.reason == "data.values.actor: actor_welcome needs it"
    assert bench.receiver.mails == []


async def test_an_address_that_is_none_fails_at_once(bench: Bench) -> None:
    async with bench.running() as app:
        await bench.request(("m-1", a_request(email="a@b\r\nBcc: x@y.example")))
        await counted(app, failed=1, pending=0)
        await published(app)
    assert bench.receiver.mails == []
    assert await bench.heard() == ["failed"]


async def test_an_idle_system_sends_at_once(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the commit that wakes the senders: they would look by themselves only in an hour."""
    monkeypatch.setattr(worker, "LOOK_SECONDS", 3_600.0)
    async with bench.running() as app:
        for i in range(20):
            await bench.request((f"m-{i}", a_request(about=f"h-{i}")))
            await counted(app, sent=i + 1)


async def _parked(app: App[NotificationsStore]) -> bool:
    return bool(await Parked(app.database).all())
