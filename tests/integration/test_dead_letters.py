"""A parked message is brought back or given up by a decision: with one effect, and on record."""

import asyncio

from shared.contracts.desk import RecordCost
from shared.contracts.partners import ReferralSubmitted
from shared.messaging import Facts, Message, Poison, RetryLater
from shared.messaging.topology import DESK, OPERATOR
from shared.storage.records import LetterState
from tests.support.batches import counts_of, decide_together
from tests.support.books import BOOKS, Shelf, answer, books, count
from tests.support.builders import STAFF, cost, referral
from tests.support.client import connected, letter
from tests.support.letters import (
    NOTE,
    all_letters,
    answers,
    discard,
    replay,
    replayed,
    states,
    waiting,
)
from tests.support.probes import becomes
from tests.support.system import LISTENER, START, System


class Mended:
    """A handler with a bug that somebody mends."""

    def __init__(self) -> None:
        self.good = False
        self.calls = 0

    async def on_cost(self, message: Message[RecordCost], shelf: Shelf) -> Facts:
        facts = await count(message, shelf)
        self._fail()
        return facts

    async def on_referral(self, message: Message[ReferralSubmitted], shelf: Shelf) -> Facts:
        facts = await answer(message, shelf)
        self._fail()
        return facts

    def _fail(self) -> None:
        self.calls += 1
        if not self.good:
            raise ZeroDivisionError(f"call number {self.calls} of Amal Testari")


async def test_a_replay_after_the_fix_has_the_effect_that_was_missing(system: System) -> None:
    handler = Mended()
    async with (
        system.running(books(handler.on_cost)) as app,
        connected(system, DESK) as desk,
        connected(system, LISTENER) as listener,
    ):
        await desk.tell(cost("c-1", 5))
        [parked] = await waiting(app)
        assert (parked.kind, parked.type) == ("error", RecordCost.wire.type)
        handler.good = True
        await desk.tell(replay(parked.letter_id))
        told, fact = await listener.collect(LISTENER, 2)
        assert told["dead_letter_id"] == parked.letter_id
        assert fact["cost_id"] == "c-1"
        assert await answers(system, 2) == [("replayed", "")]
        assert await states(app) == ["replayed"]
    assert await system.figures() == {"c-1": (1, 5)}


async def test_the_partner_is_answered_by_a_replay_as_it_would_have_been(system: System) -> None:
    handler = Mended()
    async with (
        system.running(books(on_referral=handler.on_referral)) as app,
        connected(system, "zeytin") as zeytin,
        connected(system, OPERATOR) as operator,
    ):
        await zeytin.tell(referral("r-1"))
        [parked] = await waiting(app)
        assert (parked.sender, parked.user_id, parked.exchange) == ("zeytin", "zeytin", "intake")
        handler.good = True
        await operator.tell(replay(parked.letter_id))
        assert [each["status"] for each in await zeytin.replies(1)] == ["received"]
    assert await system.figures() == {"zeytin/r-1": (1, 0)}


async def test_a_replay_asked_twice_has_one_effect_and_the_second_is_told_so(
    system: System,
) -> None:
    handler = Mended()
    async with system.running(books(handler.on_cost)) as app, connected(system, DESK) as desk:
        await desk.tell(cost("c-1", 5))
        [parked] = await waiting(app)
        handler.good = True
        again = replay(parked.letter_id)
        await asyncio.gather(*(desk.tell(again) for _ in range(3)))
        await becomes("outcomes", {"handled": 3, "parked": 1}, lambda: counts_of(app))
        assert sorted(await answers(system, 4)) == [
            ("refused", "replayed_already"),
            ("refused", "replayed_already"),
            ("replayed", ""),
        ]
    assert await system.figures() == {"c-1": (1, 5)}


async def test_three_replays_in_one_batch_have_one_effect(system: System) -> None:
    handler = Mended()
    async with system.running(books(handler.on_cost)) as app, connected(system, DESK) as desk:
        await desk.tell(cost("c-1", 5))
        [parked] = await waiting(app)
        handler.good = True
        decisions = [letter(DESK, replay(parked.letter_id)) for _ in range(3)]
        await decide_together(app, *decisions, letter(DESK, cost("c-1", 7)))
    assert await system.figures() == {"c-1": (2, 12)}


async def test_two_instances_that_replay_at_once_have_one_effect(system: System) -> None:
    handler = Mended()
    parts = books(handler.on_cost)
    async with system.running(parts) as one, system.running(parts, "two") as two:
        await decide_together(one, *(letter(DESK, cost(f"c-{n}", 5)) for n in range(20)))
        parked = await waiting(one, 20)
        handler.good = True
        await asyncio.gather(
            *(
                decide_together(app, *(letter(DESK, replay(p.letter_id)) for p in parked))
                for app in (one, two)
            )
        )
        assert (await counts_of(one))["handled"] == 40
    assert await system.figures() == {f"c-{n}": (1, 5) for n in range(20)}


async def test_a_late_redelivery_of_what_was_replayed_changes_nothing(system: System) -> None:
    handler = Mended()
    same = letter("zeytin", referral("r-1"))
    async with (
        system.running(books(on_referral=handler.on_referral)) as app,
        connected(system, "zeytin") as zeytin,
        connected(system, DESK) as desk,
    ):
        await zeytin.send(same)
        [parked] = await waiting(app)
        handler.good = True
        await zeytin.send(same)
        await desk.tell(replay(parked.letter_id))
        await zeytin.send(same)
        wanted = {"handled": 1, "parked": 1, "duplicates": 2}
        await becomes("outcomes", wanted, lambda: counts_of(app))
        assert len(await zeytin.replies(1)) == 1
        await zeytin.is_empty("replies.zeytin")
    assert await system.figures() == {"zeytin/r-1": (1, 0)}


async def test_a_replay_that_fails_again_waits_on_with_the_new_reason(system: System) -> None:
    handler = Mended()
    async with system.running(books(handler.on_cost)) as app, connected(system, DESK) as desk:
        await desk.tell(cost("c-1", 5))
        [before] = await waiting(app)
        await desk.tell(replay(before.letter_id))
        assert await answers(system, 1) == [("refused", "failed_again")]
        [after] = await waiting(app)
        assert (before.attempts, after.attempts) == (1, 2)
        assert after.reason.startswith("ZeroDivisionError in _fail (")
        assert after.summary == after.reason
        assert [each["what"] for each in after.record] == ["failed again"]
        handler.good = True
        await desk.tell(replay(before.letter_id))
        await replayed(app)
    assert await system.figures() == {"c-1": (1, 5)}


async def test_a_replay_that_must_wait_or_is_poison_waits_on(system: System) -> None:
    errors = [RetryLater("not yet"), Poison("never"), ZeroDivisionError("a bug")]

    async def fail(_: Message[RecordCost], __: Shelf) -> Facts:
        raise errors[0] if len(errors) == 1 else errors.pop()

    async with system.running(books(fail)) as app, connected(system, DESK) as desk:
        await desk.tell(cost("c-1"))
        [parked] = await waiting(app)
        kinds = [parked.kind]
        for number in (1, 2):
            await desk.tell(replay(parked.letter_id))
            await answers(system, number)
            kinds.append((await waiting(app))[0].kind)
    assert kinds == ["error", "poison", "retries used up"]


async def test_a_replay_that_the_database_refuses_stops_no_other_message(system: System) -> None:
    handler = Mended()
    async with system.running(books(handler.on_cost)) as app, connected(system, DESK) as desk:
        await desk.tell(cost("bad"))
        [parked] = await waiting(app)
        handler.good = True
        await system.command(BOOKS, "collMod", "books", validator={"_id": {"$ne": "bad"}})
        await decide_together(
            app, letter(DESK, cost("c-1")), letter(DESK, replay(parked.letter_id)),
            letter(DESK, cost("c-2")),
        )  # fmt: skip
        [after] = await waiting(app)
        assert after.id == parked.id
        assert "the database refused the change" in after.reason
        assert after.summary == "the database refused the change"
        assert ("refused", "failed_again") in await answers(system, 3)
        await system.command(BOOKS, "collMod", "books", validator={})
        await desk.tell(replay(parked.letter_id))
        await replayed(app)
    assert await system.figures() == {"c-1": (1, 1), "c-2": (1, 1), "bad": (1, 1)}


async def test_discarding_deletes_the_content_and_keeps_the_record(system: System) -> None:
    handler = Mended()
    async with (
        system.running(books(on_referral=handler.on_referral)) as app,
        connected(system, "zeytin") as zeytin,
        connected(system, OPERATOR) as operator,
    ):
        await zeytin.tell(referral("r-1"))
        [parked] = await waiting(app)
        assert b"Amal Testari" in parked.body
        await operator.tell(discard(parked.letter_id))
        assert await answers(system, 1) == [("discarded", "")]
        await operator.tell(replay(parked.letter_id))
        assert (await answers(system, 2))[1:] == [("refused", "discarded_already")]
        [left] = await all_letters(app)
    assert (left.state, left.body, left.headers) == (LetterState.DISCARDED, b"", {})
    assert "Amal" not in str(left)
    [entry] = left.record
    wanted = ("discarded", STAFF, NOTE, START)
    assert (entry["what"], entry["staff_id"], entry["note"], entry["at"]) == wanted
    assert await system.figures() == {}


async def test_what_is_gone_or_elsewhere_is_told_clearly(system: System) -> None:
    async with system.running(books()) as app, connected(system, DESK) as desk:
        await desk.tell(replay("no-such-letter"))
        await desk.tell(replay("no-such-letter", service="elsewhere"))
        await desk.tell(cost("c-1"))
        await becomes("handled", {"handled": 3}, lambda: counts_of(app))
        assert await answers(system, 2) == [("refused", "unknown")]
