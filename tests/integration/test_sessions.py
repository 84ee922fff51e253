"""Sessions leave records, and follow the weights and the ladder of the day."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path

import httpx
import pytest

from local.servers import Servers
from services.matching.domain.run import KEEP_INPUTS
from services.matching.domain.sponsorship import SponsorshipStatus
from shared.contracts.desk_sessions import ReplaySession, Rung, SetLadder, SetWeights, Weighed
from tests.integration.matching_bench import (
    STAFF,
    Bench,
    matching_bench,
    quiet,
    sessions_held,
    sponsorship_of,
    started,
)
from tests.support.probes import becomes
from tests.support.system import START
from tests.unit.matching.builders import referral

PROPOSED = SponsorshipStatus.PROPOSED


@pytest.fixture
async def bench(servers: Servers, tmp_path: Path) -> AsyncIterator[Bench]:
    async with matching_bench(servers, tmp_path) as ready:
        yield ready


def strict(effective_on: date) -> SetLadder:
    """Only the best pairs, however long somebody waits."""
    rungs = [Rung(after_days=0, minimum_score=10_000)]
    return SetLadder(staff_id=STAFF, effective_on=effective_on, rungs=rungs, note="a trial")


def lenient(effective_on: date) -> SetLadder:
    rungs = [Rung(after_days=0, minimum_score=0)]
    return SetLadder(staff_id=STAFF, effective_on=effective_on, rungs=rungs, note="it was too much")


def weights(effective_on: date) -> SetWeights:
    return SetWeights(
        staff_id=STAFF,
        effective_on=effective_on,
        criteria=dict.fromkeys(Weighed, 2_000),
        per_day=20,
        load=[0],
        match_worth=1_000_000,
        note="Petra Beispiel asked for it",
    )


async def runs(bench: Bench) -> int:
    return await bench.system.number("matching", "runs")


async def kept_inputs(bench: Bench) -> int:
    return await bench.system.number("matching", "run_inputs")


async def test_a_session_leaves_a_record_that_replays_to_the_same_pairs(bench: Bench) -> None:
    async with bench.running() as app:
        await bench.bring_sponsor("s-1")
        await bench.refer(referral())
        sponsorship = await sponsorship_of(app, "r-1", PROPOSED)
        [run] = await sessions_held(app)
        await bench.decide(ReplaySession(staff_id=STAFF, run_id=run.id))
        await quiet(app, messages=5)
        [household] = await app.read().households.find({})
        [sponsor] = await app.read().sponsors.find({})
        [told] = await app.read().run_inputs.find({})
    facts = {fact["kind"]: fact for fact in await bench.facts()}
    held, replayed = facts["session.held"], facts["session.replayed"]
    [pair] = run.pairs
    ids = (pair.sponsorship_id, pair.household_id, pair.sponsor_id)
    assert ids == (sponsorship, household.id, sponsor.id)
    assert (held["inputs_hash"], held["proposed"]) == (run.inputs_hash, 1)
    assert (held["weights_version"], held["ladder_version"]) == ("1", "1")
    assert (replayed["run_id"], replayed["same"]) == (run.id, True)
    assert set(told.versions) == {household.id, sponsor.id}
    assert min(told.versions.values()) > 0


async def test_a_session_that_proposes_nothing_leaves_no_record(bench: Bench) -> None:
    async with bench.running() as app:
        await bench.bring_sponsor("s-1")
        await bench.refer(referral(availability=["wed-morning"]))
        await quiet(app, messages=4)
        assert await runs(bench) == 0
    assert "session.held" not in {fact["kind"] for fact in await bench.facts()}


async def test_pages_answer_odd_questions_in_words(bench: Bench) -> None:
    async with bench.running() as app, httpx.AsyncClient(base_url=app.http.address) as web:
        for path, status in {
            "/runs?limit=all": 400,
            "/runs?limit=0": 200,
            "/runs/none": 404,
            "/rules?on=tomorrow": 400,
            "/rules?on=1016-01-01": 200,
        }.items():
            answer = await web.get(path)
            assert answer.status_code == status, path
            assert status == 200 or len(answer.json()["error"].split()) > 3


async def test_staff_set_a_ladder_and_what_it_allows_is_proposed_on_its_day(bench: Bench) -> None:
    today = START.date()
    async with bench.running() as app:
        await bench.decide(strict(today), lenient(today + timedelta(days=3)))
        await quiet(app, messages=2)
        await bench.bring_sponsor("s-1")
        await bench.refer(referral(topics=["structures"], district="eglosheim"))
        await quiet(app, messages=6)
        assert await runs(bench) == 0
        bench.clock.set(START + timedelta(days=3))
        await sponsorship_of(app, "r-1", PROPOSED)
        [run] = await sessions_held(app)
        assert (run.ladder, run.weights, run.day) == ("3", "1", today + timedelta(days=3))


async def test_weights_are_set_from_a_day_on_with_who_and_why(bench: Bench) -> None:
    async with bench.running() as app:
        await bench.decide(weights(START.date()), weights(START.date() - timedelta(days=1)))
        await quiet(app, messages=2)
        rules = await app.read().rules_of_matching()
        await bench.bring_sponsor("s-1")
        await bench.refer(referral())
        await sponsorship_of(app, "r-1", PROPOSED)
        [run] = await sessions_held(app)
    assert run.weights == "2"
    [change] = rules.record
    assert (change.entered.staff_id, change.why) == (STAFF, "Petra Beispiel asked for it")
    facts = await bench.facts()
    told = [fact for fact in facts if fact["kind"].startswith("matching.")]
    assert {fact["kind"] for fact in told} == {"matching.weights-set", "matching.refused"}
    assert "Petra" not in str(facts)


async def test_two_of_the_staff_set_weights_at_once_and_both_are_on_record(bench: Bench) -> None:
    async with bench.running("one"), bench.running("two") as app:
        await asyncio.gather(*(bench.decide(weights(START.date())) for _ in range(6)))
        await quiet(app, messages=6)
        rules = await app.read().rules_of_matching()
    assert [each.version for each in rules.weights] == [str(n) for n in range(1, 8)]
    assert len(rules.record) == 6


async def test_what_a_session_was_told_is_deleted_in_time_and_the_record_stays(
    bench: Bench,
) -> None:
    async with bench.running() as app:
        await started(bench, app)
        [run] = await sessions_held(app)
        ends = START + KEEP_INPUTS
        bench.clock.set(ends.replace(hour=5))
        await quiet(app, messages=7)
        assert await kept_inputs(bench) == 1
        bench.clock.set(ends)
        await becomes("kept inputs", 0, lambda: kept_inputs(bench))
        await bench.decide(ReplaySession(staff_id=STAFF, run_id=run.id))
        await quiet(app, messages=8)
        assert await runs(bench) == 1
    refused = [fact for fact in await bench.facts() if fact["kind"] == "session.refused"]
    assert ["deleted after 90 days" in fact["reason"] for fact in refused] == [True]
