"""A sponsor's way through the running service: clocks, pauses, and what the households then do."""

from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from local.servers import Servers
from services.matching.domain.sponsorship import SponsorshipStatus
from shared.contracts.base import Contract
from shared.contracts.desk import EndSponsorship, Outcome, RecordCertificate
from shared.contracts.desk_sponsors import (
    ApplySponsor,
    ChangeSponsor,
    LeaveSponsor,
    PauseSponsor,
    RecordInterview,
)
from shared.contracts.ids import sponsor_id
from tests.integration.matching_bench import (
    STAFF,
    Bench,
    matching_bench,
    quiet,
    sponsorship_of,
    started,
)
from tests.support.system import START
from tests.unit.matching.builders import application, referral

PROPOSED, RUNNING = SponsorshipStatus.PROPOSED, SponsorshipStatus.RUNNING
RELEASED, ENDED = SponsorshipStatus.RELEASED, SponsorshipStatus.ENDED
TODAY = START.date()


@pytest.fixture
async def bench(servers: Servers, tmp_path: Path) -> AsyncIterator[Bench]:
    async with matching_bench(servers, tmp_path) as ready:
        yield ready


def about(kind: type[Contract], reference: str = "s-1", **other: object) -> Contract:
    """A command about a sponsor."""
    told = {"staff_id": STAFF, "sponsor_id": sponsor_id(reference)} | other
    return kind.model_validate(told)


def at(day: date) -> datetime:
    """Nine o'clock of a day, in UTC: after the hour of all timers."""
    return datetime.combine(day, START.timetz())


async def of_sponsors(bench: Bench) -> list[dict[str, Any]]:
    return [fact for fact in await bench.facts() if fact["kind"].startswith("sponsor.")]


async def test_an_applicant_is_matched_only_after_the_interview(bench: Bench) -> None:
    applies = ApplySponsor.model_validate(application("s-1").model_dump())
    certificate = about(RecordCertificate, issued_on=date(2016, 4, 1), inspected_on=TODAY)
    async with bench.running() as app:
        await bench.decide(applies, certificate)
        await bench.train("s-1")
        await bench.refer(referral())
        await quiet(app, messages=4)
        assert await app.read().sponsorships.count({}) == 0
        await bench.decide(about(RecordInterview, held_on=TODAY, suitable=True))
        await sponsorship_of(app, "r-1", PROPOSED)
    assert [fact["kind"] for fact in await of_sponsors(bench)] == [
        "sponsor.applied",
        "sponsor.certificate-recorded",
        "sponsor.trained",
        "sponsor.interviewed",
        "sponsor.registered",
    ]


async def test_the_proposals_of_who_pauses_go_to_somebody_else(bench: Bench) -> None:
    async with bench.running() as app:
        await bench.bring_sponsor("s-1")
        await bench.refer(referral())
        await sponsorship_of(app, "r-1", PROPOSED)
        await bench.bring_sponsor("s-2")
        await bench.decide(about(PauseSponsor, until=TODAY + timedelta(days=7)))
        await sponsorship_of(app, "r-1", RELEASED)
        second = await sponsorship_of(app, "r-1", PROPOSED)
        found = await app.read().sponsorships.get(second)
    assert found is not None
    assert found.sponsor_id == sponsor_id("s-2")


async def test_who_pauses_is_back_on_the_day_and_may_meet_the_same_household(
    bench: Bench,
) -> None:
    async with bench.running() as app:
        await bench.bring_sponsor()
        await bench.decide(about(PauseSponsor, until=TODAY + timedelta(days=7)))
        await bench.refer(referral())
        await quiet(app, messages=5)
        assert await app.read().sponsorships.count({}) == 0
        bench.clock.set(at(TODAY + timedelta(days=7)))
        await sponsorship_of(app, "r-1", PROPOSED)
    facts = await of_sponsors(bench)
    assert [fact["kind"] for fact in facts][-2:] == ["sponsor.paused", "sponsor.resumed"]


async def test_a_household_whose_sponsor_leaves_waits_for_another_and_the_partner_hears_it(
    bench: Bench,
) -> None:
    async with bench.running() as app:
        await started(bench, app)
        await bench.decide(about(LeaveSponsor))
        await sponsorship_of(app, "r-1", ENDED)
        await bench.bring_sponsor("s-2")
        await sponsorship_of(app, "r-1", PROPOSED)
    told = [status for status, _ in await bench.replies()]
    assert told == ["received", "accepted", "matched", "accepted"]
    ended = next(fact for fact in await bench.facts() if fact["kind"] == "sponsorship.ended")
    assert ended["outcome"] == "sponsor_left"


async def test_a_certificate_is_deleted_three_months_after_the_activity_ended(
    bench: Bench,
) -> None:
    async with bench.running() as app:
        match = await started(bench, app)
        bench.clock.set(at(date(2016, 11, 30)))
        over = EndSponsorship(staff_id=STAFF, sponsorship_id=match, outcome=Outcome.GOALS_REACHED)
        await bench.decide(over)
        await sponsorship_of(app, "r-1", ENDED)
        bench.clock.set(at(date(2017, 2, 27)))
        await quiet(app, messages=8)
        kept = await app.read().sponsors.get(sponsor_id("s-1"))
        bench.clock.set(at(date(2017, 2, 28)))
        await quiet(app, messages=8)
        gone = await app.read().sponsors.get(sponsor_id("s-1"))
    assert kept is not None
    assert gone is not None
    assert (kept.certificate is None, gone.certificate is None) == (False, True)
    told = [fact for fact in await bench.facts() if fact["kind"] == "sponsor.certificate-deleted"]
    assert [fact["cause"] for fact in told] == ["activity_ended"]


async def test_an_undecided_proposal_is_given_up_when_the_sponsor_changes(bench: Bench) -> None:
    async with bench.running() as app:
        await bench.bring_sponsor()
        await bench.refer(referral())
        await sponsorship_of(app, "r-1", PROPOSED)
        await bench.decide(about(ChangeSponsor, availability=["wed-morning"]))
        await sponsorship_of(app, "r-1", RELEASED)
        await quiet(app, messages=5)
        assert await app.read().sponsorships.count({"status": PROPOSED.value}) == 0
        household = (await app.read().households.find({"status": "waiting"}))[0]
    assert household.excluded == ()


async def test_a_command_about_nobody_is_answered_in_words(bench: Bench) -> None:
    async with bench.running() as app:
        await bench.decide(about(LeaveSponsor, "nobody"))
        await quiet(app, messages=1)
    [refused] = await of_sponsors(bench)
    assert (refused["kind"], refused["reason"]) == ("sponsor.refused", "there is no such sponsor")
