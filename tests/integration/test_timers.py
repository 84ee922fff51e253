"""A timer fires once and not early: with two instances, after a pause, moved, cancelled."""

from datetime import timedelta

from shared.messaging.topology import DESK
from shared.storage.timers import Timer
from tests.support.batches import counts_of
from tests.support.books import BOOKS, REMINDER, books, remind
from tests.support.builders import cost
from tests.support.client import Client, connected
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
