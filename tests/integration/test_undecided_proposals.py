"""A proposal that nobody decides: timers in time, late, and on two instances at once."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from local.servers import Servers
from services.matching.domain.sponsorship import SponsorshipStatus
from services.matching.store import MatchingStore
from shared.contracts.ids import household_id, sponsor_id
from shared.runtime import App
from tests.integration.matching_bench import (
    Bench,
    approve,
    matching_bench,
    quiet,
    sponsorship_of,
)
from tests.support.system import START
from tests.unit.matching.builders import referral

PROPOSED, LAPSED = SponsorshipStatus.PROPOSED, SponsorshipStatus.LAPSED
WATCHED = {"match.proposed", "match.decision-due", "match.lapsed", "match.refused"}


@pytest.fixture
async def bench(servers: Servers, tmp_path: Path) -> AsyncIterator[Bench]:
    async with matching_bench(servers, tmp_path) as ready:
        yield ready


async def propose(bench: Bench, app: App[MatchingStore]) -> str:
    """One household, one sponsor with one place; four messages led to it."""
    await bench.bring_sponsor("s-1")
    await bench.refer(referral())
    match = await sponsorship_of(app, "r-1", PROPOSED)
    await quiet(app, messages=4)
    return match


def pass_days(bench: Bench, days: int) -> None:
    bench.clock.set(START + timedelta(days=days, hours=1))


async def told(bench: Bench) -> list[str]:
    kinds = [fact["kind"] for fact in await bench.facts()]
    return [kind for kind in kinds if kind in WATCHED]


async def everybody_is_free_and_proposed_again(app: App[MatchingStore], lapsed: str) -> None:
    """A session at once gives the same two another proposal: nobody lost their place."""
    assert await sponsorship_of(app, "r-1", LAPSED) == lapsed
    again = await sponsorship_of(app, "r-1", PROPOSED)
    store = app.read()
    household = await store.households.get(household_id("zeytin", "r-1"))
    sponsor = await store.sponsors.get(sponsor_id("s-1"))
    assert household is not None
    assert sponsor is not None
    assert household.waiting_since.date() == START.date()
    assert household.excluded == ()
    assert sponsor.holds == (again,)
    assert again != lapsed


async def test_staff_are_reminded_twice_and_then_the_proposal_is_given_up(bench: Bench) -> None:
    async with bench.running() as app:
        match = await propose(bench, app)
        for days in (7, 21, 28):
            pass_days(bench, days)
            await quiet(app, messages=4)
        await everybody_is_free_and_proposed_again(app, match)
        await bench.decide(approve(match))
        await quiet(app, messages=5)
    assert await told(bench) == [
        "match.proposed",
        "match.decision-due",
        "match.decision-due",
        "match.lapsed",
        "match.proposed",
        "match.refused",
    ]


async def test_timers_that_come_months_late_give_up_once_and_remind_nobody(bench: Bench) -> None:
    async with bench.running() as app:
        match = await propose(bench, app)
    pass_days(bench, 80)
    async with bench.running("one") as app, bench.running("two"):
        await everybody_is_free_and_proposed_again(app, match)
        await quiet(app, messages=4)
    assert await told(bench) == ["match.proposed", "match.lapsed", "match.proposed"]


async def test_a_decision_stops_the_reminders(bench: Bench) -> None:
    async with bench.running() as app:
        await bench.decide(approve(await propose(bench, app), approved=False))
        await quiet(app, messages=5)
        pass_days(bench, 80)
        await quiet(app, messages=5)
    assert await told(bench) == ["match.proposed"]
