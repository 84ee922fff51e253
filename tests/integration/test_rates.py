"""A partner that sends faster than agreed is told so and may send the same again; nobody else feels
anything of it.
"""

import asyncio
import json
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from shared.contracts.matching import RateExceeded, ReferralAnswered
from shared.contracts.partners import ReferralSubmitted
from shared.messaging import Facts, Message, RetryLater
from shared.messaging.gate import Rate
from shared.storage.records import Ledger
from tests.support.batches import counts_of
from tests.support.books import BOOKS, Shelf, answer, books
from tests.support.builders import referral
from tests.support.client import Client, Letter, connected, letter
from tests.support.probes import becomes, eventually
from tests.support.system import System

SLOW: dict[str, Any] = {"intake_per_minute": 1, "intake_burst": 10}
"""Ten at once; in the time of a test hardly another one."""
AN_HOUR = timedelta(hours=1)


class Answers:
    """What a partner heard, by kind."""

    def __init__(self, partner: Client) -> None:
        self._partner = partner
        self.taken: Counter[str] = Counter()
        self.turned_away: Counter[str] = Counter()
        self.exceeded: list[RateExceeded] = []

    @property
    def number(self) -> int:
        return self.taken.total() + self.turned_away.total()

    async def hear(self, number: int) -> None:
        """Wait until so many messages are answered in all."""

        async def heard() -> int:
            for message in await self._partner.take(f"replies.{self._partner.user}"):
                self._enter(str(message.headers["ce-type"]), json.loads(message.body))
            return self.number

        await becomes("answered messages", number, heard)

    def _enter(self, kind: str, said: Any) -> None:
        if kind == RateExceeded.wire.type:
            self.exceeded.append(RateExceeded.model_validate(said))
            self.turned_away.update(self.exceeded[-1].message_ids)
        else:
            assert kind == ReferralAnswered.wire.type
            self.taken.update([said["reference"]])


def referrals(first: int, last: int, user: str = "zeytin") -> list[Letter]:
    """Letters whose ids are their references."""
    names = [f"r-{number}" for number in range(first, last)]
    return [letter(user, referral(name), message_id=name) for name in names]


def named(letters: Sequence[Letter]) -> set[str]:
    return {str(each.message_id) for each in letters}


async def time_passes(system: System, partner: str) -> None:
    """Let the partner's bucket be as full as in an hour from now."""
    buckets = system.admin[system.access.database(BOOKS)]["buckets"]
    past = datetime.now(UTC) - AN_HOUR
    await buckets.update_one({"_id": partner}, {"$set": {"at": past}})


async def test_what_comes_too_fast_is_turned_away_with_the_rate_and_the_time(
    system: System,
) -> None:
    sent = referrals(0, 15)
    async with system.running(books(), **SLOW), connected(system, "zeytin") as zeytin:
        answers = Answers(zeytin)
        await zeytin.send(*sent)
        await answers.hear(15)
    assert (answers.taken.total(), answers.turned_away.total()) == (10, 5)
    assert set(answers.taken) | set(answers.turned_away) == named(sent)
    for told in answers.exceeded:
        assert (told.per_minute, told.burst) == (1, 10)
        assert told.retry_after_seconds == 60 * len(told.message_ids)
    assert await system.number(BOOKS, "inbox") == 10
    assert await system.number(BOOKS, "parked") == 0


async def test_a_message_turned_away_is_taken_when_it_comes_again_with_the_same_id(
    system: System,
) -> None:
    sent = referrals(0, 15)
    async with system.running(books(), **SLOW), connected(system, "zeytin") as zeytin:
        answers = Answers(zeytin)
        await zeytin.send(*sent)
        await answers.hear(15)
        await time_passes(system, "zeytin")
        away = [each for each in sent if each.message_id in answers.turned_away]
        await zeytin.send(*away)
        await answers.hear(20)
    assert answers.taken == Counter(named(sent))
    assert await system.figures() == {f"zeytin/{name}": (1, 0) for name in named(sent)}


async def test_who_does_as_told_gets_everything_in(system: System) -> None:
    rate: dict[str, Any] = {"intake_per_minute": 600, "intake_burst": 5}
    left = referrals(0, 20)
    async with system.running(books(), **rate), connected(system, "zeytin") as zeytin:
        answers = Answers(zeytin)
        while left:
            before = answers.number
            await zeytin.send(*left)
            await answers.hear(before + len(left))
            left = [each for each in left if str(each.message_id) not in answers.taken]
            if left:
                await asyncio.sleep(answers.exceeded[-1].retry_after_seconds)
    assert answers.taken == Counter(named(referrals(0, 20)))


async def test_other_partners_feel_nothing_of_a_flood(system: System) -> None:
    flood, others = referrals(0, 2_000), referrals(0, 10, "kifa")
    async with connected(system, "zeytin") as zeytin, connected(system, "kifa") as kifa:
        await zeytin.send(*flood)
        await kifa.send(*others)
        async with system.running(books(), **SLOW) as app:
            loud, quiet = Answers(zeytin), Answers(kifa)
            await quiet.hear(10)
            await loud.hear(2_000)
            counts = await Ledger(app.database).totals()
    assert quiet.taken == Counter(named(others))
    assert set(loud.taken) | set(loud.turned_away) == named(flood)
    assert max(loud.turned_away.values()) == 1
    assert len(loud.exceeded) < 100, "one answer for all of a batch"
    assert counts["turned_away"] == loud.turned_away.total()
    assert counts["received"] == loud.taken.total() + 10


async def test_a_message_that_was_taken_is_never_turned_away(system: System) -> None:
    *sent, following = referrals(0, 11)
    async with system.running(books(), **SLOW) as app, connected(system, "zeytin") as zeytin:
        answers = Answers(zeytin)
        await zeytin.send(*sent)
        await answers.hear(10)
        await zeytin.send(*sent, *sent)

        async def duplicates() -> int:
            return (await counts_of(app)).get("duplicates", 0)

        await becomes("duplicates", 20, duplicates)
        await zeytin.send(following)
        await answers.hear(11)
    assert answers.taken == Counter(named(sent))
    assert answers.turned_away == Counter(named([following])), "the next one heard of, none before"


async def test_bad_messages_count_and_are_not_parked_without_end(system: System) -> None:
    bad = [letter("zeytin", referral(), body=b"no", message_id=f"m-{n}") for n in range(50)]
    async with system.running(books(), **SLOW) as app, connected(system, "zeytin") as zeytin:
        await zeytin.send(*bad)

        async def decided() -> bool:
            counts = await counts_of(app)
            return counts.get("parked", 0) + counts.get("turned_away", 0) == 50

        await eventually("each is parked or turned away", decided)
    assert 10 <= await system.number(BOOKS, "parked") <= 12


async def test_all_instances_count_together(system: System) -> None:
    sent = referrals(0, 60)
    async with (
        connected(system, "zeytin") as zeytin,
        system.running(books(), "one", **SLOW),
        system.running(books(), "two", **SLOW),
    ):
        answers = Answers(zeytin)
        for each in sent:
            await zeytin.send(each)
        await answers.hear(60)
    assert 10 <= answers.taken.total() <= 12


async def test_another_rate_may_be_agreed_with_a_partner(system: System) -> None:
    agreed = {"zeytin": Rate(1, 20), "kifa": Rate(0, 1)}
    async with (
        system.running(books(), **SLOW, intake_rates=agreed),
        connected(system, "zeytin") as zeytin,
        connected(system, "kifa") as kifa,
    ):
        some, any_number = Answers(zeytin), Answers(kifa)
        await zeytin.send(*referrals(0, 25))
        await kifa.send(*referrals(0, 100, "kifa"))
        await some.hear(25)
        await any_number.hear(100)
    assert 20 <= some.taken.total() <= 22
    assert any_number.taken.total() == 100


async def test_what_comes_back_from_the_ladder_counts_once(system: System) -> None:
    await system.shorten_ladder(50)

    async def at_the_third_try(message: Message[ReferralSubmitted], shelf: Shelf) -> Facts:
        if message.attempt < 3:
            raise RetryLater("not yet")
        return await answer(message, shelf)

    parts = books(on_referral=at_the_third_try)
    async with system.running(parts, **SLOW), connected(system, "zeytin") as zeytin:
        answers = Answers(zeytin)
        await zeytin.send(*referrals(0, 15))
        await answers.hear(15)
    assert (answers.taken.total(), answers.turned_away.total()) == (10, 5)
