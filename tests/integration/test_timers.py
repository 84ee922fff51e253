"""A timer fires once and not early: with two instances, after a pause, moved, cancelled."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from shared.messaging import Facts, Message, RetryLater
from shared.messaging.ladder import STEPS
from shared.messaging.topology import DESK
from shared.parts import Parts
from shared.storage.timers import Timer
from tests.support.batches import counts_of, decide_together
from tests.support.books import BOOKS, REMINDER, Shelf, books, enter, remind
from tests.support.builders import cost
from tests.support.client import Client, connected, letter
from tests.support.letters import waiting
from tests.support.probes import becomes
from tests.support.system import START, System

PARTS = books(remind)
MILLISECOND = timedelta(milliseconds=1)


async def set_timer(system: System, desk: Client, key: str, seconds: int) -> None:
    """Set, move or (0) cancel a timer, and wait until that is committed."""
    before = await system.number(BOOKS, "inbox")
    await desk.tell(cost(key, seconds))

    async def taken() -> int:
        return await system.number(BOOKS, "inbox")

    await becomes("messages taken", before + 1, taken)


async def fired(system: System, *keys: str) -> None:
    """Wait until exactly these have fired, each once."""
    await becomes("timers fired", dict.fromkeys(keys, (1, 0)), system.figures)


async def test_a_timer_fires_once_and_not_early(system: System) -> None:
    async with system.running(PARTS) as app, connected(system, DESK) as desk:
        await set_timer(system, desk, "sooner", 59)
        await set_timer(system, desk, "later", 60)
        system.clock.set(START + timedelta(seconds=60) - MILLISECOND)
        await fired(system, "sooner")
        system.clock.set(START + timedelta(seconds=60))
        await fired(system, "sooner", "later")
        assert await counts_of(app) == {"handled": 4}


async def test_with_two_instances_each_timer_fires_once(system: System) -> None:
    keys = [f"t-{number}" for number in range(100)]
    async with (
        system.running(PARTS, "one") as app,
        system.running(PARTS, "two"),
        connected(system, DESK) as desk,
    ):
        for key in keys:
            await desk.tell(cost(key, 60))
        await becomes("timers set", {"handled": 100}, lambda: counts_of(app))
        system.clock.set(START + timedelta(seconds=60))
        await fired(system, *keys)
        assert await counts_of(app) == {"handled": 200}


async def test_a_moved_timer_fires_at_its_new_time_only(system: System) -> None:
    async with system.running(PARTS), connected(system, DESK) as desk:
        await set_timer(system, desk, "moved", 60)
        await set_timer(system, desk, "moved", 120)
        await set_timer(system, desk, "witness", 100)
        system.clock.set(START + timedelta(seconds=119))
        await fired(system, "witness")
        system.clock.set(START + timedelta(seconds=120))
        await fired(system, "witness", "moved")


async def test_a_cancelled_timer_never_fires(system: System) -> None:
    async with system.running(PARTS), connected(system, DESK) as desk:
        await set_timer(system, desk, "cancelled", 60)
        await set_timer(system, desk, "cancelled", 0)
        await set_timer(system, desk, "witness", 61)
        system.clock.set(START + timedelta(seconds=61))
        await fired(system, "witness")
        assert await system.documents(BOOKS, "timers") == []


async def test_a_timer_that_was_moved_after_it_was_claimed_does_not_act(system: System) -> None:
    async with system.running(PARTS) as app, connected(system, DESK) as desk:
        await set_timer(system, desk, "moved", 120)
        await app.group_commit.fire(Timer(REMINDER, "moved", START + timedelta(seconds=60)))
        assert await system.figures() == {}
        assert await counts_of(app) == {"handled": 1, "stale": 1}
        system.clock.set(START + timedelta(seconds=120))
        await fired(system, "moved")


async def test_a_timer_that_was_due_while_the_service_was_down_fires_once_when_it_is_back(
    system: System,
) -> None:
    async with system.running(PARTS) as app, connected(system, DESK) as desk:
        await set_timer(system, desk, "due", 60)
    system.clock.set(START + timedelta(days=3))
    async with system.running(PARTS) as app:
        await fired(system, "due")
    async with system.running(PARTS) as app:
        await becomes("timers left", 0, lambda: app.timers.queue.count_due(app.clock.now()))
        assert await counts_of(app) == {"handled": 2}
    assert await system.figures() == {"due": (1, 0)}


async def test_a_clock_that_goes_back_and_forth_over_a_timer_fires_it_once(
    system: System,
) -> None:
    async with system.running(PARTS) as app, connected(system, DESK) as desk:
        await set_timer(system, desk, "once", 60)
        system.clock.set(START + timedelta(seconds=61))
        await fired(system, "once")
        system.clock.set(START)
        await set_timer(system, desk, "witness", 62)
        system.clock.set(START + timedelta(days=1))
        await fired(system, "once", "witness")
        assert await counts_of(app) == {"handled": 4}


async def test_a_timer_that_must_wait_climbs_the_ladder_and_still_knows_when_it_was_due(
    system: System,
) -> None:
    tries: list[tuple[int, timedelta]] = []

    async def third_time_lucky(message: Message[Timer], shelf: Shelf) -> Facts:
        tries.append((message.attempt, message.now - message.data.due))
        await enter(shelf, message.data.key)
        if message.attempt < 3:
            raise RetryLater("not yet")
        return []

    async with system.running(reminding(third_time_lucky)) as app, connected(system, DESK) as desk:
        await set_timer(system, desk, "t-1", 60)
        for seconds, outcomes in ((60, 1), (61, 2)):
            system.clock.set(START + timedelta(seconds=seconds))
            wanted = {"handled": 1, "retried": outcomes}
            await becomes("outcomes", wanted, lambda: counts_of(app))
        system.clock.set(START + timedelta(seconds=71))
        await fired(system, "t-1")
    assert tries == [(1, timedelta()), (2, timedelta(seconds=1)), (3, timedelta(seconds=11))]


async def test_a_timer_that_must_wait_for_ever_is_parked_with_the_last_error(
    system: System,
) -> None:
    async def never(message: Message[Timer], _: Shelf) -> Facts:
        raise RetryLater(f"try number {message.attempt} was in vain")

    async with system.running(reminding(never)) as app, connected(system, DESK) as desk:
        await set_timer(system, desk, "t-1", 60)
        due = START + timedelta(seconds=60)
        for number, delay in enumerate(STEPS.values(), start=1):
            system.clock.set(due)
            wanted = {"handled": 1, "retried": number}
            await becomes("outcomes", wanted, lambda: counts_of(app))
            due += timedelta(milliseconds=delay)
        system.clock.set(due - MILLISECOND)
        assert await app.timers.queue.count_due(app.clock.now()) == 0
        system.clock.set(due)
        [parked] = await waiting(app)
        assert await system.documents(BOOKS, "timers") == []
    assert (parked.kind, parked.attempts) == ("retries used up", len(STEPS) + 1)
    assert parked.reason == f"try number {len(STEPS) + 1} was in vain"


async def test_a_timer_that_waits_on_the_ladder_can_be_moved(system: System) -> None:
    async def once(message: Message[Timer], shelf: Shelf) -> Facts:
        if message.now < START + timedelta(seconds=100):
            raise RetryLater("not yet")
        await enter(shelf, message.data.key)
        return []

    async with system.running(reminding(once)) as app, connected(system, DESK) as desk:
        await set_timer(system, desk, "t-1", 60)
        system.clock.set(START + timedelta(seconds=60))
        await becomes("outcomes", {"handled": 1, "retried": 1}, lambda: counts_of(app))
        await set_timer(system, desk, "t-1", 140)
        system.clock.set(START + timedelta(seconds=199))
        assert await app.timers.queue.count_due(app.clock.now()) == 0
        system.clock.set(START + timedelta(seconds=200))
        await fired(system, "t-1")


async def test_a_timer_that_is_moved_in_the_batch_in_which_it_is_due_does_not_act(
    system: System,
) -> None:
    async with system.running(PARTS) as app, connected(system, DESK) as desk:
        await set_timer(system, desk, "t-1", 60)
        [claimed] = await app.timers.queue.claim(
            START + timedelta(seconds=60), datetime.now(UTC), 1
        )
        await asyncio.gather(
            decide_together(app, letter(DESK, cost("t-1", 90))), app.group_commit.fire(claimed)
        )
        assert await system.figures() == {}
        assert await counts_of(app) == {"handled": 2, "stale": 1}


def reminding(fire: Callable[[Message[Timer], Shelf], Awaitable[Facts]]) -> Parts[Shelf]:
    """The books with another idea of what happens when a timer is due."""
    parts = books(remind)
    parts.subscriptions.by_timer.clear()
    parts.subscriptions.at(REMINDER)(fire)
    return parts
