"""`willkommen matching`, as a person uses it."""

import json
from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from local.servers import Servers
from services.matching.domain.inputs import pack, unpack
from services.matching.domain.run import Run, RunInputs
from services.matching.domain.sponsorship import SponsorshipStatus
from services.matching.domain.tentative import Cause, Place, Tentative
from services.matching.store import MatchingStore
from shared.storage import Repository, UnitOfWork
from tests.integration.matching_bench import Bench, sessions_held, sponsorship_of
from tests.support.office import Office, office_of
from tests.support.probes import eventually
from tests.support.system import START
from tests.unit.matching.builders import referral

WHO = ("--staff", "staff-07", "--note", "decided in the meeting")
TOMORROW = (START.date() + timedelta(days=1)).isoformat()
FROM = ("--from", TOMORROW)
WRONG_WEIGHTS = {
    f"language=3001|--from|{TOMORROW}": "must add up to 10,000",
    f"load=5|--from|{TOMORROW}": "the first household costs nothing",
    f"training=0|--from|{TOMORROW}": "there is no 'training'",
    f"language|--from|{TOMORROW}": "points are written language=3500",
    f"per-day=500|--from|{TOMORROW}": "per_day: Input should be less than or equal to 100",
    "per-day=5|--from|2015-01-01": "from today on or later",
    "per-day=5|--from|tomorrow": "a day is written",
}
WRONG_LADDERS = {
    '[{"after_days": 30, "minimum_score": 0}]': "starts at day 0",
    '[{"after_days": 0, "minimum_score": 0, "trained": false}]': "'trained' is nothing that",
    '[{"after_days": 0, "minimum_score": 0, "minimum_level": 9}]': "rung 1: minimum_level Input",
    '{"rungs": []}': "rungs: Input should be a valid list",
    "[]": "rungs: List should have at least 1 item",
    "no JSON": "cannot be read",
}


@pytest.fixture
async def office(servers: Servers, tmp_path: Path) -> AsyncIterator[Office]:
    async with office_of(servers, tmp_path) as ready:
        yield ready


async def hold_a_session(office: Office) -> Run:
    """A pair is proposed; gives the record."""
    bench = Bench(office.system)
    await bench.bring_sponsor("s-1")
    await bench.refer(referral())
    await sponsorship_of(office.matching, "r-1", SponsorshipStatus.PROPOSED)
    [run] = await sessions_held(office.matching)
    assert isinstance(run, Run)
    return run


async def test_sessions_are_listed_shown_and_replayed(office: Office) -> None:
    status, printed = await office.types("matching", "runs", "list")
    assert (status, printed.strip()) == (0, "No session has proposed anything yet.")
    run = await hold_a_session(office)
    _, table = await office.types("matching", "runs", "list")
    _, lines = await office.types("matching", "runs", "list", "--json")
    _, whole = await office.types("matching", "runs", "show", run.id[:8])
    assert run.id[:8] in table
    assert json.loads(lines)["pairs"] == 1
    shown = json.loads(whole)
    assert (shown["replayable"], shown["proof"]["gap"]) == (True, 0)
    assert shown["pairs"][0]["household_id"] == run.pairs[0].household_id
    for printed in (table, lines, whole):
        assert "Amal" not in printed
    status, printed = await office.types("matching", "runs", "replay", run.id[:8], *WHO[:2])
    assert "Traceback" not in printed
    assert (status, "the same pair" in printed) == (0, True), printed


async def test_a_replay_that_comes_out_differently_ends_with_status_1(office: Office) -> None:
    run = await hold_a_session(office)
    words = ("matching", "runs", "replay", run.id, *WHO[:2])
    changed = (await office.matching.read().run_inputs.find({}))[0]
    told = unpack(changed.packed).replace('"minors":1', '"minors":2')
    await change(office, RunInputs(run.id, run.day, changed.versions, pack(told)))
    status, printed = await office.types(*words)
    assert (status, "its inputs were changed since" in printed) == (1, True), printed
    there = office.system.admin[office.system.access.database("matching")]
    await there["run_inputs"].delete_many({})
    status, printed = await office.types(*words)
    assert (status, "deleted after 90 days" in printed) == (1, True), printed


async def change(office: Office, inputs: RunInputs) -> None:
    """What nobody does but a person who meddles with the database."""
    unit = UnitOfWork(office.matching.database, None, "meddler")
    kept = Repository(unit, "run_inputs", RunInputs)
    await kept.get(inputs.id)
    kept.save(inputs)
    unit.accept()
    await unit.flush()


async def test_what_is_tentative_is_shown_by_ids(office: Office) -> None:
    bench = Bench(office.system)
    await bench.refer(referral())
    waits = "1 wait, 0 sponsors have room, 0 would be proposed"

    async def shown() -> bool:
        return waits in (await office.types("matching", "tentative"))[1]

    await eventually("the household is counted", shown)
    status, printed = await office.types("matching", "tentative")
    assert (status, "Nobody would be proposed." in printed) == (0, True), printed
    place = Place("sponsor-1", 7_350)
    pair = Tentative("home-1", None, place, Cause.SPONSOR_READY, "sponsor-1", 10**6, START)
    await office.matching.write(lambda store: _kept(store, pair))
    status, printed = await office.types("matching", "tentative", "--since", str(10**6 - 1))
    assert status == 0
    for word in ("home-1", "nobody", "sponsor-1", "7350", "sponsor ready", "1000000"):
        assert word in printed
    _, printed = await office.types("matching", "tentative", "--since", str(10**6))
    assert "Nothing has changed since." in printed
    _, printed = await office.types("matching", "tentative", "--json")
    assert json.loads(printed)["households"][0]["after"] == {
        "sponsor_id": "sponsor-1",
        "score": 7_350,
    }
    for words in (("--since", "-1"), ("--since", "x"), ("--since", "9" * 40), ("--most", "0")):
        status, printed = await office.types("matching", "tentative", *words)
        assert status == 2, printed
        assert "Traceback" not in printed


async def _kept(store: MatchingStore, pair: Tentative) -> None:
    store.tentative.save(pair)


async def test_a_session_that_is_not_there_is_told(office: Office) -> None:
    for run_id, told in (("00000000", "there is no such thing"), (".", "an id has digits")):
        status, printed = await office.types("matching", "runs", "show", run_id)
        assert (status, told in printed) == (2, True), printed


async def test_weights_are_shown_and_set(office: Office) -> None:
    words = ("matching", "weights", "set", "language=3500", "topics=2000", "load=0,100", *FROM)
    status, printed = await office.types(*words, *WHO)
    assert (status, f"version 2 hold from {TOMORROW} on" in printed) == (0, True), printed
    _, today = await office.types("matching", "weights", "show")
    _, then = await office.types("matching", "weights", "show", "--on", TOMORROW)
    assert "up to 3,000" in today
    assert "up to 3,500" in then
    assert "* version 2" in then
    assert "set by staff-07" in then
    for printed in (today, then):
        assert "decided in the meeting" not in printed


async def test_weights_that_cannot_be_are_told_in_words(office: Office) -> None:
    for words, told in WRONG_WEIGHTS.items():
        status, printed = await office.types("matching", "weights", "set", *words.split("|"), *WHO)
        assert status
        assert told in plain(printed), printed
    assert len((await office.matching.read().rules_of_matching()).weights) == 1


async def test_a_ladder_is_printed_changed_and_set(office: Office) -> None:
    _, printed = await office.types("matching", "ladder", "show", "--json")
    rungs = json.loads(printed)
    rungs[0]["minimum_score"] = 6_000
    file = office.folder / "ladder.json"
    file.write_text(json.dumps(rungs))
    status, printed = await office.types("matching", "ladder", "set", str(file), *FROM, *WHO)
    assert (status, f"version 2 holds from {TOMORROW} on" in printed) == (0, True), printed
    _, shown = await office.types("matching", "ladder", "show", "--on", TOMORROW)
    assert "6,000" in shown
    assert "or an interpreter" in shown
    held = (await office.matching.read().rules_of_matching()).ladder_on(
        date.fromisoformat(TOMORROW)
    )
    assert [rung.after_days for rung in held.rungs] == [rung["after_days"] for rung in rungs]


async def test_a_ladder_that_cannot_be_is_told_in_words(office: Office) -> None:
    file = office.folder / "ladder.json"
    for content, told in WRONG_LADDERS.items():
        file.write_text(content)
        status, printed = await office.types("matching", "ladder", "set", str(file), *FROM, *WHO)
        assert status
        assert told in plain(printed), printed
    assert len((await office.matching.read().rules_of_matching()).ladders) == 1


def plain(printed: str) -> str:
    """Without the frame and the line breaks of a terminal."""
    return " ".join(printed.replace("│", " ").split())
