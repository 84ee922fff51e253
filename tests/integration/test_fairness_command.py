"""`willkommen matching fairness`, as a person uses it."""

import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from local.servers import Servers
from services.matching.domain.sponsorship import SponsorshipStatus
from services.matching.store import MatchingStore
from tests.integration.matching_bench import Bench, sessions_held
from tests.support.office import Office, office_of
from tests.support.probes import becomes
from tests.unit.matching.builders import referral

FAIRNESS = ("matching", "fairness")


@pytest.fixture
async def office(servers: Servers, tmp_path: Path) -> AsyncIterator[Office]:
    async with office_of(servers, tmp_path) as ready:
        yield ready


async def hold_a_session(office: Office, households: int) -> None:
    """So many wait, then there is one sponsor with room for one."""
    bench = Bench(office.system)
    store: Callable[[], MatchingStore] = office.matching.read

    async def waiting() -> int:
        return await store().households.count({"status": "waiting"})

    async def proposed() -> int:
        status = SponsorshipStatus.PROPOSED.value
        return await store().sponsorships.count({"status": status})

    await bench.refer(*(referral(f"r-{number}") for number in range(households)))
    await becomes("households that wait", households, waiting)
    await bench.bring_sponsor("s-1")
    await becomes("proposals", 1, proposed)
    await sessions_held(office.matching)


async def test_a_session_is_audited_and_shown_in_two_languages(office: Office) -> None:
    status, printed = await office.types(*FAIRNESS)
    assert (status, printed.strip()) == (0, "No session has proposed anything yet.")
    await hold_a_session(office, 6)
    [run] = await office.matching.read().latest_runs(9)
    _, english = await office.types(*FAIRNESS)
    _, german = await office.types(*FAIRNESS, run.id[:8], "--language", "de")
    status, lines = await office.types(*FAIRNESS, run.id, "--json")
    assert "by language spoken best" in english
    assert "female" in english
    assert "nach dem Geschlecht der Ansprechperson" in german
    assert "weiblich" in german
    audit = json.loads(lines)
    assert (status, audit["id"]) == (0, run.id)
    assert (audit["everybody"]["waiting"], audit["everybody"]["matched"]) == (6, 1)
    assert audit["everybody"]["mean_score"] is None  # it would be that of one household
    assert [each["groups"][0]["name"] for each in audit["comparisons"]] == [
        *("ar", "female", "3-4", "zeytin")
    ]
    for printed in (english, german, lines):
        assert "Amal" not in printed


async def test_of_few_households_nothing_is_said(office: Office) -> None:
    await hold_a_session(office, 2)
    status, printed = await office.types(*FAIRNESS)
    assert (status, "nothing is said of them" in printed) == (0, True), printed
    _, lines = await office.types(*FAIRNESS, "--json")
    assert json.loads(lines)["comparisons"] == []


async def test_a_session_that_is_not_there_is_told(office: Office) -> None:
    for run_id, told in (("00000000", "there is no such thing"), ("../rules", "an id has digits")):
        status, printed = await office.types(*FAIRNESS, run_id)
        assert (status, told in printed) == (2, True), printed
    status, printed = await office.types(*FAIRNESS, "--language", "xx")
    assert (status, "'xx'" in printed) == (2, True), printed
