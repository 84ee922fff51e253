"""Staff choose, keep and contradict each other, on a real broker and a real database."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from local.servers import Servers
from services.matching.domain.sponsorship import SponsorshipStatus
from shared.contracts.desk_matches import HoldMatch, OverrideMatch
from shared.contracts.ids import household_id, sponsor_id
from tests.integration.matching_bench import (
    STAFF,
    Bench,
    matching_bench,
    quiet,
    sponsorship_of,
)
from tests.support.system import START
from tests.unit.matching.builders import application, referral

PROPOSED, APPROVED = SponsorshipStatus.PROPOSED, SponsorshipStatus.APPROVED
HELD, RELEASED = SponsorshipStatus.HELD, SponsorshipStatus.RELEASED


@pytest.fixture
async def bench(servers: Servers, tmp_path: Path) -> AsyncIterator[Bench]:
    async with matching_bench(servers, tmp_path) as ready:
        yield ready


def choose(reference: str, sponsor: str, staff: str = STAFF) -> OverrideMatch:
    return OverrideMatch(
        staff_id=staff,
        household_id=household_id("zeytin", reference),
        sponsor_id=sponsor_id(sponsor),
        reason="the grandmother asked for it",
    )


async def test_staff_choose_another_pair_and_the_rules_are_on_record(bench: Bench) -> None:
    other = application("s-2", availability=["wed-morning"])
    async with bench.running() as app:
        await bench.bring_sponsor("s-1")
        await bench.refer(referral(children=[]))
        await sponsorship_of(app, "r-1", PROPOSED)
        await bench.decide(other)
        await bench.train("s-2")
        await quiet(app, messages=6)
        await bench.decide(choose("r-1", "s-2"))
        await sponsorship_of(app, "r-1", APPROVED)
        await sponsorship_of(app, "r-1", RELEASED)
        await quiet(app, messages=7)
    facts = await bench.facts()
    chosen = next(fact for fact in facts if fact["kind"] == "match.overridden")
    assert (chosen["sponsor_id"], chosen["rules"]) == (sponsor_id("s-2"), ["no_common_time"])
    assert "grandmother" not in str(facts)


async def test_two_who_choose_the_last_place_at_once_get_one_pair_and_one_refusal(
    bench: Bench,
) -> None:
    async with bench.running("one") as app, bench.running("two"):
        await bench.decide(application("s-1", availability=["wed-morning"]))
        await bench.train("s-1")
        await bench.refer(referral("r-1", children=[]), referral("r-2", children=[]))
        await quiet(app, messages=4)
        await asyncio.gather(
            *(bench.decide(choose(f"r-{n}", "s-1", f"staff-0{n}")) for n in (1, 2))
        )
        await quiet(app, messages=6)
    facts = await bench.facts()
    reasons = [fact["reason"] for fact in facts if fact["kind"] == "match.override-refused"]
    assert [fact["kind"] for fact in facts].count("match.overridden") == 1
    assert reasons == ["the sponsor has no place left"]


@pytest.mark.parametrize(
    ("household", "sponsor", "reason"),
    [
        ("nobody", "s-1", "there is no such household"),
        ("r-1", "nobody", "there is no such sponsor"),
        ("r-1", "s-1", "there are minors and no certificate of conduct is on record"),
    ],
)
async def test_a_pair_that_cannot_be_is_refused_in_words(
    bench: Bench, household: str, sponsor: str, reason: str
) -> None:
    async with bench.running() as app:
        await bench.decide(application("s-1"))
        await bench.train("s-1")
        await bench.refer(referral())
        await quiet(app, messages=3)
        await bench.decide(choose(household, sponsor))
        await quiet(app, messages=4)
    refused = [each for each in await bench.facts() if each["kind"] == "match.override-refused"]
    assert [each["reason"] for each in refused] == [reason]


async def test_what_staff_keep_is_not_proposed_anew_and_waits_again_after_the_days(
    bench: Bench,
) -> None:
    async with bench.running() as app:
        await bench.bring_sponsor("s-1")
        await bench.refer(referral())
        match = await sponsorship_of(app, "r-1", PROPOSED)
        hold = HoldMatch(staff_id=STAFF, sponsorship_id=match, days=5, reason="in hospital")
        await bench.decide(hold)
        await sponsorship_of(app, "r-1", HELD)
        await bench.bring_sponsor("s-2")
        await quiet(app, messages=8)
        assert await sponsorship_of(app, "r-1", HELD) == match
        bench.clock.set(START + timedelta(days=5))
        assert await sponsorship_of(app, "r-1", PROPOSED) == match
        await quiet(app, messages=8)
    kinds = [fact["kind"] for fact in await bench.facts()]
    assert kinds.count("match.proposed") == 1
    assert kinds.count("match.hold-ended") == 1
