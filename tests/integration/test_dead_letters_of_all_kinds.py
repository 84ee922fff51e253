"""Timers, ids that were used again and what the broker gave up are dead letters like any other."""

import json
from datetime import timedelta

from shared.messaging import Facts, Message
from shared.messaging.topology import DESK, dead_letters_of
from shared.storage.timers import Timer
from tests.support.batches import counts_of
from tests.support.books import BOOKS, REMINDER, Shelf, books, enter, remind
from tests.support.builders import cost, referral
from tests.support.client import connected, letter
from tests.support.letters import answers, replay, replayed, states, waiting
from tests.support.probes import becomes
from tests.support.system import START, System


async def test_a_timer_that_was_parked_is_replayed(system: System) -> None:
    broken = True

    async def fire(message: Message[Timer], shelf: Shelf) -> Facts:
        if broken:
            raise ZeroDivisionError
        return await count_reminder(message, shelf)

    parts = books(remind)
    parts.subscriptions.by_timer.clear()
    parts.subscriptions.at(REMINDER)(fire)
    async with system.running(parts) as app, connected(system, DESK) as desk:
        await desk.tell(cost("t-1", 60))
        await becomes("handled", {"handled": 1}, lambda: counts_of(app))
        system.clock.set(START + timedelta(seconds=60))
        [parked] = await waiting(app)
        assert (parked.kind, parked.type) == ("error", "timer.reminder")
        broken = False
        await desk.tell(replay(parked.letter_id))
        await replayed(app)
    assert await system.figures() == {"t-1": (1, 60)}


async def count_reminder(message: Message[Timer], shelf: Shelf) -> Facts:
    """Enters for how many seconds the timer was set: it still knows when it was due."""
    await enter(shelf, message.data.key, int((message.data.due - START).total_seconds()))
    return []


async def test_a_parked_timer_that_was_set_anew_is_left_to_fire_by_itself(system: System) -> None:
    async def fail(_: Message[Timer], __: Shelf) -> Facts:
        raise ZeroDivisionError

    parts = books(remind)
    parts.subscriptions.by_timer.clear()
    parts.subscriptions.at(REMINDER)(fail)
    async with system.running(parts) as app, connected(system, DESK) as desk:
        await desk.tell(cost("t-1", 60))
        await becomes("handled", {"handled": 1}, lambda: counts_of(app))
        system.clock.set(START + timedelta(seconds=60))
        [parked] = await waiting(app)
        await desk.tell(cost("t-1", 90))
        await desk.tell(replay(parked.letter_id))
        assert await answers(system, 1) == [("refused", "timer_set_anew")]
        assert await states(app) == ["waiting"]


async def test_an_id_used_again_keeps_its_own_effects_when_it_is_replayed(system: System) -> None:
    first, other = (letter("zeytin", referral(f"r-{n}"), message_id="m-1") for n in (1, 2))
    async with (
        system.running(books()) as app,
        connected(system, "zeytin") as zeytin,
        connected(system, DESK) as desk,
    ):
        await zeytin.send(first)
        await zeytin.send(other)
        [parked] = await waiting(app)
        await desk.tell(replay(parked.letter_id))
        replies = await zeytin.messages("replies.zeytin", 3)
    assert [json.loads(each.body).get("reference") for each in replies] == ["r-1", None, "r-2"]
    assert len({each.message_id for each in replies}) == 3
    assert await system.figures() == {"zeytin/r-1": (1, 0), "zeytin/r-2": (1, 0)}


async def test_what_the_broker_gave_up_is_listed_in_the_same_place_and_replayed(
    system: System,
) -> None:
    sent = letter("zeytin", referral("r-1"))
    async with connected(system, "zeytin") as zeytin:
        await zeytin.send(sent)
        await give_up(system, BOOKS)
    async with (
        system.running(books()) as app,
        connected(system, "zeytin") as zeytin,
        connected(system, DESK) as desk,
    ):
        [parked] = await waiting(app)
        assert (parked.kind, parked.sender, parked.user_id) == ("given up", "zeytin", "zeytin")
        assert (parked.exchange, parked.routing_key) == (sent.exchange, sent.key)
        assert parked.summary == "the broker gave it up"
        await desk.tell(replay(parked.letter_id))
        assert [each["status"] for each in await zeytin.replies(1)] == ["received"]
    assert await system.figures() == {"zeytin/r-1": (1, 0)}


async def give_up(system: System, queue: str) -> None:
    """Take a message and reject it, as the broker does at the delivery limit."""
    async with connected(system, queue) as service:

        async def dead() -> int:
            there = await service.channel.get_queue(queue, ensure=False)
            if message := await there.get(fail=False):
                await message.reject(requeue=False)
            return await service.waiting(dead_letters_of(queue))

        await becomes("messages that the broker gave up", 1, dead)
