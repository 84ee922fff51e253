"""Sessions and replays are solved beside the heart: no message waits for one, and who changes while
it is solved is left to the next.
"""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from threading import Event

import pytest

from local.servers import Servers
from services.matching.domain import run, session
from services.matching.domain.city import City
from services.matching.domain.run import Run, RunInputs
from services.matching.domain.session import SessionPart, Solution
from services.matching.domain.sponsorship import SponsorshipStatus
from shared.contracts.desk_households import HoldHousehold
from shared.contracts.desk_sessions import ReplaySession
from shared.contracts.ids import household_id
from shared.contracts.matching_sessions import SessionRefused, SessionReplayed
from tests.integration.city_bench import counts, replies, weekly
from tests.integration.matching_bench import (
    STAFF,
    Bench,
    matching_bench,
    quiet,
    sessions_held,
    sponsorship_of,
    started,
)
from tests.support.probes import PATIENCE_SECONDS, becomes
from tests.support.system import START
from tests.unit.matching.builders import referral

MONDAY = START.replace(day=9, hour=4)


@pytest.fixture
async def bench(servers: Servers, tmp_path: Path) -> AsyncIterator[Bench]:
    async with matching_bench(servers, tmp_path) as ready:
        yield ready


async def test_ordinary_messages_do_not_wait_for_a_session(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, reached, solve = Event(), Event(), session.solve

    def slowly(city: City, run_id: str, now: datetime) -> tuple[Solution, list[SessionPart]]:
        reached.set()
        assert gate.wait(PATIENCE_SECONDS)
        return solve(city, run_id, now)

    monkeypatch.setattr(session, "solve", slowly)
    async with bench.running() as app:
        await bench.bring_sponsor()
        assert await asyncio.to_thread(reached.wait, PATIENCE_SECONDS)
        try:
            await bench.refer(referral("r-1"))
            assert await replies(bench, 2) == ["received", "accepted"]
            assert await app.read().sponsorships.count({}) == 0
        finally:
            gate.set()
        await sponsorship_of(app, "r-1", SponsorshipStatus.PROPOSED)
        await quiet(app, messages=4)
        assert await app.read().sessions.count({}) == 0


async def test_a_pair_of_which_one_changes_while_it_is_solved_is_left_to_the_next_session(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, reached, solve = Event(), Event(), session.solve

    def slowly(city: City, run_id: str, now: datetime) -> tuple[Solution, list[SessionPart]]:
        solution = solve(city, run_id, now)
        reached.set()
        assert gate.wait(PATIENCE_SECONDS)
        return solution

    async with weekly(bench) as app:
        for n in (1, 2):
            await bench.bring_sponsor(f"s-{n}")
            await bench.refer(referral(f"r-{n}"))
        await becomes("counts", (2, 2, 2), lambda: counts(app))
        monkeypatch.setattr(session, "solve", slowly)
        bench.clock.set(MONDAY)
        assert await asyncio.to_thread(reached.wait, PATIENCE_SECONDS)
        try:
            left = household_id("zeytin", "r-1")
            await bench.decide(HoldHousehold(staff_id=STAFF, household_id=left, until=None))
            await becomes("messages taken", 9, lambda: bench.system.number("matching", "inbox"))
        finally:
            gate.set()
        await sponsorship_of(app, "r-2", SponsorshipStatus.PROPOSED)
        [run] = await sessions_held(app)
        assert [each.household_id for each in run.left] == [left]
        assert await app.read().sponsorships.count({}) == 1
        await bench.decide(ReplaySession(staff_id=STAFF, run_id=run.id))
        await quiet(app, messages=10)
        echo = await bench.system.documents("matching", "timers", {"key": "echo"})
        assert len(echo) == 1
    replayed = [fact["same"] for fact in await bench.facts() if fact["kind"] == "session.replayed"]
    assert replayed == [True]


async def test_ordinary_messages_do_not_wait_for_a_replay(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, reached, replay = Event(), Event(), run.replay

    def slowly(
        run_id: str, entry: Run | None, kept: RunInputs | None
    ) -> SessionReplayed | SessionRefused:
        reached.set()
        assert gate.wait(PATIENCE_SECONDS)
        return replay(run_id, entry, kept)

    monkeypatch.setattr(run, "replay", slowly)
    async with bench.running() as app:
        await started(bench, app)
        await replies(bench, 3)
        [entry] = await sessions_held(app)
        await bench.decide(*(ReplaySession(staff_id=STAFF, run_id=entry.id) for _ in range(2)))
        assert await asyncio.to_thread(reached.wait, PATIENCE_SECONDS)
        try:
            await bench.refer(referral("r-2"))
            assert await replies(bench, 2) == ["received", "accepted"]
        finally:
            gate.set()
        await quiet(app, messages=10)
        assert await app.read().replays.count({}) == 0
    replayed = [fact for fact in await bench.facts() if fact["kind"] == "session.replayed"]
    assert [fact["same"] for fact in replayed] == [True, True]
