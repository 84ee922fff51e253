"""What must wait goes up the ladder and comes back as it was; after the last step it is parked."""

import pytest

from shared.contracts.desk import RecordCost
from shared.contracts.partners import ReferralSubmitted
from shared.messaging import Facts, Message, RetryLater
from shared.messaging.ladder import STEPS
from shared.messaging.topology import DESK
from tests.support.batches import counts_of
from tests.support.books import BOOKS, Shelf, answer, books, count
from tests.support.builders import cost, referral
from tests.support.client import connected
from tests.support.probes import becomes
from tests.support.system import System

STEP_MS = 30
ALL_TRIES = len(STEPS) + 1


@pytest.fixture
async def quick(system: System) -> System:
    """The same system with a ladder whose steps take no time worth speaking of."""
    await system.shorten_ladder(STEP_MS)
    return system


async def test_a_message_that_must_wait_comes_again_with_its_original_routing(
    quick: System,
) -> None:
    tries: list[tuple[int, str, str, str]] = []

    async def third_time_lucky(message: Message[ReferralSubmitted], shelf: Shelf) -> Facts:
        tries.append((message.attempt, message.partner, message.id, message.correlation_id))
        facts = await answer(message, shelf)
        if message.attempt < 3:
            raise RetryLater("not yet")
        return facts

    async with (
        quick.running(books(on_referral=third_time_lucky)) as app,
        connected(quick, "zeytin") as zeytin,
    ):
        sent = await zeytin.tell(referral())
        assert [each["status"] for each in await zeytin.replies(1)] == ["received"]
        await becomes("outcomes", {"handled": 1, "retried": 2}, lambda: counts_of(app))
    assert tries == [(number, "zeytin", sent, sent) for number in (1, 2, 3)]
    assert await quick.figures() == {"zeytin/r-1": (1, 0)}


async def test_after_the_last_step_a_message_is_parked_with_the_last_error(
    quick: System,
) -> None:
    async def never(message: Message[RecordCost], shelf: Shelf) -> Facts:
        await count(message, shelf)
        raise RetryLater(f"try number {message.attempt} was in vain")

    async with quick.running(books(never)) as app, connected(quick, DESK) as desk:
        await desk.tell(cost("c-1"), message_id="m-1")
        wanted = {"retried": len(STEPS), "parked": 1}
        await becomes("outcomes", wanted, lambda: counts_of(app))
    [parked] = await quick.documents(BOOKS, "parked")
    assert parked["reason"] == f"try number {ALL_TRIES} was in vain"
    assert (parked["kind"], parked["attempts"]) == ("retries used up", ALL_TRIES)
    assert (parked["exchange"], parked["routing_key"]) == ("commands", RecordCost.wire.type)
    assert parked["message_id"] == "m-1"
    assert await quick.figures() == {}


async def test_a_message_on_the_ladder_holds_up_no_other(system: System) -> None:
    async def sometimes(message: Message[RecordCost], shelf: Shelf) -> Facts:
        if message.data.reference == "waits":
            raise RetryLater("something else must happen first")
        return await count(message, shelf)

    async with system.running(books(sometimes)) as app, connected(system, DESK) as desk:
        await desk.tell(cost("waits"))
        for number in range(20):
            await desk.tell(cost(f"c-{number}"))
        await becomes("outcomes", {"retried": 1, "handled": 20}, lambda: counts_of(app), seconds=30)
    assert len(await system.figures()) == 20


async def test_nobody_can_make_a_message_look_as_if_it_had_been_tried(quick: System) -> None:
    attempts: list[int] = []

    async def note(message: Message[RecordCost], _: Shelf) -> Facts:
        attempts.append(message.attempt)
        return []

    async with quick.running(books(note)) as app, connected(quick, DESK) as desk:
        await desk.tell(cost(), headers={"x-attempt": "5", "x-original-user": "kifa"})
        await becomes("outcomes", {"handled": 1}, lambda: counts_of(app))
    assert attempts == [1]
