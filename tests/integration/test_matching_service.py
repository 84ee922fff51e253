"""The matching service on a real broker and a real database, as partners and staff meet it."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from local.servers import Servers
from services.matching.domain.sponsorship import SponsorshipStatus
from shared.contracts.desk import AnswerOffer, EndSponsorship, LogMeeting, Outcome, Side
from shared.contracts.ids import recruit_id, sponsor_id
from shared.contracts.partners import (
    RecruitCorrected,
    RecruitWithdrawn,
    ReferralWithdrawn,
    WithdrawalReason,
)
from shared.contracts.people import History, Housing
from tests.integration.matching_bench import (
    STAFF,
    Bench,
    answer,
    approve,
    figures_of,
    matching_bench,
    quiet,
    recruit,
    sponsorship_of,
    started,
)
from tests.support.client import connected
from tests.support.system import START
from tests.unit.matching.builders import referral

PROPOSED, APPROVED = SponsorshipStatus.PROPOSED, SponsorshipStatus.APPROVED
RUNNING, DECLINED = SponsorshipStatus.RUNNING, SponsorshipStatus.DECLINED
RECRUIT = recruit_id("klinikum", "kl-1")


@pytest.fixture
async def bench(servers: Servers, tmp_path: Path) -> AsyncIterator[Bench]:
    async with matching_bench(servers, tmp_path) as ready:
        yield ready


def kinds(facts: list[dict[str, Any]]) -> list[str]:
    return [fact["kind"] for fact in facts]


async def test_a_household_is_matched_accompanied_and_seen_off(bench: Bench) -> None:
    async with bench.running() as app:
        await bench.bring_sponsor()
        await bench.refer(referral())
        match = await sponsorship_of(app, "r-1", PROPOSED)
        await bench.decide(approve(match))
        await bench.decide(*(answer(match, side) for side in Side))
        await sponsorship_of(app, "r-1", RUNNING)
        met = LogMeeting(staff_id=STAFF, sponsorship_id=match, held_on=START.date())
        ended = EndSponsorship(staff_id=STAFF, sponsorship_id=match, outcome=Outcome.GOALS_REACHED)
        await bench.decide(met, ended)
        await sponsorship_of(app, "r-1", SponsorshipStatus.ENDED)
        await quiet(app, messages=9)
        figures = await figures_of(app)
    assert [status for status, _ in await bench.replies()] == [
        "received",
        "accepted",
        "matched",
        "closed",
    ]
    assert figures["newcomers"] == {"people": 3, "children": 1, "countries": 1, "households": 1}
    assert figures["sponsorships"] == {
        "started": 1,
        "running": 0,
        "ended": 1,
        "outcomes": {"goals_reached": 1},
    }
    assert figures["sponsors"] == {"actual": 1, "registered": 1, "migration_experience": 1}


async def test_facts_hold_nothing_personal_and_mails_go_to_notifications_alone(
    bench: Bench,
) -> None:
    async with bench.running() as app:
        await started(bench, app)
        await quiet(app, messages=7)
    facts = await bench.facts()
    mails = await bench.mails()
    assert "sponsorship.started" in kinds(facts)
    assert not [fact for fact in facts if "mail.example" in str(fact) or "Amal" in str(fact)]
    assert [mail["template"] for mail in mails] == [
        "sponsor_welcome",
        "household_welcome",
        "match_proposed_to_sponsor",
        "match_proposed_to_household",
        "sponsorship_started",
        "sponsorship_started",
    ]


async def test_the_same_referral_under_many_message_ids_is_one_household(bench: Bench) -> None:
    async with bench.running() as app:
        await bench.refer(*[referral()] * 20)
        await bench.refer(referral(adults=1))
        await quiet(app, messages=21)
        figures = await figures_of(app)
    told = await bench.replies()
    assert figures["households"]["registered"] == 1
    assert told.count(("accepted", None)) == 20
    assert told.count(("received", None)) == 1
    assert told.count(("declined", "reference_reused")) == 1


async def test_a_withdrawal_that_overtakes_its_referral_closes_the_household(
    bench: Bench,
) -> None:
    withdrawn = ReferralWithdrawn(reference="r-1", reason=WithdrawalReason.MOVED_AWAY)
    async with bench.running() as app:
        await bench.refer(withdrawn)
        await bench.refer(referral())
        counts = await quiet(app, messages=2)
    assert counts["retried"] == 1
    assert await bench.replies() == [
        ("received", None),
        ("accepted", None),
        ("closed", "withdrawn"),
    ]


async def test_a_withdrawn_household_frees_its_sponsor_for_the_next(bench: Bench) -> None:
    withdrawn = ReferralWithdrawn(reference="r-1", reason=WithdrawalReason.MOVED_AWAY)
    async with bench.running() as app:
        await bench.bring_sponsor()
        await bench.refer(referral("r-1"))
        await sponsorship_of(app, "r-1", PROPOSED)
        await bench.refer(referral("r-2"), withdrawn)
        await sponsorship_of(app, "r-2", PROPOSED)
        await sponsorship_of(app, "r-1", SponsorshipStatus.WITHDRAWN)


async def test_the_rule_of_the_day_decides_who_may_join(bench: Bench) -> None:
    alone = {"history": History.REFUGEE, "housing": Housing.SHARED_ACCOMMODATION}
    async with bench.running() as app:
        bench.clock.set(datetime(2018, 3, 31, 21, 59, tzinfo=UTC))
        await bench.refer(referral("r-1", **alone))
        await quiet(app, messages=1)
        bench.clock.set(datetime(2018, 3, 31, 22, 0, tzinfo=UTC))
        await bench.refer(referral("r-2", **alone))
        await quiet(app, messages=2)
        figures = await figures_of(app)
    assert figures["households"] == {
        "registered": 1,
        "waiting": 1,
        "declined": {"not_in_private_housing": 1},
    }


async def test_a_declined_household_goes_to_the_next_sponsor(bench: Bench) -> None:
    async with bench.running() as app:
        await bench.bring_sponsor("s-1")
        await bench.refer(referral())
        first = await sponsorship_of(app, "r-1", PROPOSED)
        await bench.bring_sponsor("s-2")
        await bench.decide(approve(first), answer(first, Side.SPONSOR, accepted=False))
        await sponsorship_of(app, "r-1", DECLINED)
        second = await sponsorship_of(app, "r-1", PROPOSED)
        proposed = await app.read().sponsorships.get(second)
    assert proposed is not None
    assert proposed.sponsor_id == sponsor_id("s-2")


async def test_staff_who_decide_at_once_get_one_result_and_one_clear_message(
    bench: Bench,
) -> None:
    async with bench.running() as app:
        await bench.bring_sponsor()
        await bench.refer(referral())
        match = await sponsorship_of(app, "r-1", PROPOSED)
        await asyncio.gather(
            bench.decide(approve(match)), bench.decide(approve(match, approved=False))
        )
        await bench.decide(approve("gone"))
        await quiet(app, messages=7)
    facts = await bench.facts()
    decided = [kind for kind in kinds(facts) if kind in {"match.approved", "match.rejected"}]
    reasons = [fact["reason"] for fact in facts if fact["kind"] == "match.refused"]
    assert len(decided) == 1
    assert len(reasons) == 2
    assert reasons[1] == "there is no such match"


async def test_a_match_that_nobody_answers_expires_after_fourteen_days(bench: Bench) -> None:
    async with bench.running() as app:
        await bench.bring_sponsor()
        await bench.refer(referral())
        match = await sponsorship_of(app, "r-1", PROPOSED)
        await bench.decide(approve(match), answer(match, Side.SPONSOR))
        await sponsorship_of(app, "r-1", APPROVED)
        await quiet(app, messages=6)
        bench.clock.set(START + timedelta(days=14))
        await sponsorship_of(app, "r-1", DECLINED)
        await quiet(app, messages=6)
    facts = await bench.facts()
    assert [fact["side"] for fact in facts if fact["kind"] == "match.declined"] == ["household"]


async def test_a_session_is_held_once_more_for_what_was_being_committed_meanwhile(
    bench: Bench,
) -> None:
    async with bench.running() as app:
        await bench.refer(referral())
        await quiet(app, messages=1)
        assert await app.timers.queue.next_due() == START + timedelta(minutes=1)
        bench.clock.set(START + timedelta(minutes=1))
        await quiet(app, messages=1)
        left = await app.database.driver["timers"].count_documents({"name": "matching-session"})
        assert left == 0


async def test_a_training_that_overtakes_the_application_counts_when_that_is_there(
    bench: Bench,
) -> None:
    async with bench.running() as app:
        await bench.train("s-1")
        await bench.bring_sponsor("s-1")
        counts = await quiet(app, messages=4)
        figures = await figures_of(app)
    assert counts["retried"] >= 1
    assert figures["sponsors"]["actual"] == 1


async def test_an_offer_is_made_once_and_not_early_though_the_service_was_away(
    bench: Bench,
) -> None:
    async with bench.running() as app:
        await bench.refer(recruit(date(2016, 5, 31)))
        await quiet(app, messages=1)
        assert await app.timers.queue.next_due() == datetime(2016, 8, 31, 6, tzinfo=UTC)
    bench.clock.set(datetime(2016, 9, 3, 10, 0, tzinfo=UTC))
    async with bench.running("one") as app, bench.running("two"):
        await quiet(app, messages=1)
        await bench.decide(AnswerOffer(staff_id=STAFF, recruit_id=RECRUIT, accepted=True))
        await quiet(app, messages=2)
        figures = await figures_of(app)
    facts = await bench.facts()
    assert kinds(facts).count("recruit.offered") == 1
    assert figures["recruits"] == {
        "reported": 1,
        "offered": 1,
        "joined": 1,
        "declined": 0,
        "withdrawn": 0,
        "offered_early": 0,
        "waiting": 0,
    }
    assert figures["households"]["waiting"] == 1


async def test_a_correction_that_makes_the_offer_due_brings_it_at_once(bench: Bench) -> None:
    async with bench.running() as app:
        await bench.refer(recruit(date(2016, 5, 31)))
        await bench.refer(RecruitCorrected(reference="kl-1", arrival_on=date(2016, 1, 31)))
        await quiet(app, messages=2)
        figures = await figures_of(app)
    assert (figures["recruits"]["offered"], figures["recruits"]["offered_early"]) == (1, 0)


async def test_who_was_withdrawn_is_never_offered_a_place(bench: Bench) -> None:
    left = RecruitWithdrawn(reference="kl-1", reason=WithdrawalReason.LEFT_EMPLOYMENT)
    async with bench.running() as app:
        await bench.refer(recruit(date(2016, 2, 3)))
        await bench.refer(left)
        await quiet(app, messages=2)
        figures = await figures_of(app)
        assert await app.timers.queue.next_due() is None
    assert (figures["recruits"]["offered"], figures["recruits"]["withdrawn"]) == (0, 1)
    assert await bench.replies("klinikum") == [("received", None), ("closed", "withdrawn")]


async def test_an_arrival_in_the_wrong_century_is_refused_with_the_reason(bench: Bench) -> None:
    async with bench.running() as app:
        await bench.refer(recruit(date(9999, 12, 31)), recruit(date(2016, 5, 31)))
        await quiet(app, messages=2)
    async with connected(bench.system, "klinikum") as hospital:
        refused, received = await hospital.replies(2)
    assert "9999-12-31 does not lie between" in refused["errors"][0]
    assert received["status"] == "received"
