"""Households that wait in the running service: what partners and staff tell, and what they hear."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from local.servers import Servers
from services.matching.domain.sponsorship import SponsorshipStatus
from shared.contracts.desk_households import CloseHousehold, ClosingCause, HoldHousehold
from shared.contracts.desk_rules import Ground, SetParticipationRule
from shared.contracts.ids import household_id
from shared.contracts.partners import ReferralConfirmed, ReferralCorrected
from tests.integration.matching_bench import (
    STAFF,
    Bench,
    figures_of,
    matching_bench,
    quiet,
    sponsorship_of,
)
from tests.support.client import connected
from tests.support.system import START
from tests.unit.matching.builders import details, referral

PROPOSED, RELEASED = SponsorshipStatus.PROPOSED, SponsorshipStatus.RELEASED
TODAY = START.date()
ASKED = date(2016, 8, 1)
"""The Monday after ninety days."""
CLOSED = date(2016, 8, 29)


@pytest.fixture
async def bench(servers: Servers, tmp_path: Path) -> AsyncIterator[Bench]:
    async with matching_bench(servers, tmp_path) as ready:
        yield ready


def corrected(**other: object) -> ReferralCorrected:
    return ReferralCorrected(reference="r-1", household=details(**other))


async def go_to(bench: Bench, day: date) -> None:
    bench.clock.set(START + (day - TODAY))


async def test_who_gives_no_sign_of_life_is_closed_and_the_partner_hears_why(
    bench: Bench,
) -> None:
    async with bench.running() as app:
        await bench.refer(referral())
        await quiet(app, messages=1)
        await go_to(bench, ASKED)
        await quiet(app, messages=1)
        await go_to(bench, CLOSED)
        await quiet(app, messages=1)
        assert (await figures_of(app))["households"]["waiting"] == 0
        assert await app.timers.queue.next_due() is None
    async with connected(bench.system, "zeytin") as partner:
        told = await partner.replies(5)
    assert [each.get("status") or each.get("cause") or each["answer_by"] for each in told] == [
        "received",
        "accepted",
        str(CLOSED),
        "closed",
        "no_answer",
    ]
    mails = [mail["template"] for mail in await bench.mails()]
    assert mails == ["household_welcome", "still_interested", "household_closed"]


async def test_a_partner_that_answers_keeps_the_place(bench: Bench) -> None:
    async with bench.running() as app:
        await bench.refer(referral())
        await quiet(app, messages=1)
        await go_to(bench, ASKED)
        await quiet(app, messages=1)
        await bench.refer(ReferralConfirmed(reference="r-1"))
        await quiet(app, messages=2)
        await go_to(bench, CLOSED)
        await quiet(app, messages=2)
        assert (await figures_of(app))["households"]["waiting"] == 1
    kinds = [fact["kind"] for fact in await bench.facts()]
    assert "household.confirmed" in kinds
    assert "household.closed" not in kinds


async def test_an_open_proposal_is_given_up_when_the_household_changes(bench: Bench) -> None:
    async with bench.running() as app:
        await bench.bring_sponsor()
        await bench.refer(referral())
        await sponsorship_of(app, "r-1", PROPOSED)
        await bench.refer(corrected(availability=["wed-morning"]))
        await sponsorship_of(app, "r-1", RELEASED)
        await quiet(app, messages=5)
        assert await app.read().sponsorships.count({"status": PROPOSED.value}) == 0
        await bench.refer(corrected(availability=["mon-evening", "tue-evening"]))
        await sponsorship_of(app, "r-1", PROPOSED)


async def test_a_correction_may_decide_who_takes_part(bench: Bench) -> None:
    refugee = {"history": "refugee", "housing": "shared_accommodation", "has_social_worker": True}
    async with bench.running() as app:
        await bench.refer(referral())
        await bench.refer(corrected(**refugee))
        await bench.refer(corrected())
        await quiet(app, messages=3)
    assert await bench.replies() == [
        ("received", None),
        ("accepted", None),
        ("declined", "has_social_worker"),
        ("accepted", None),
    ]


async def test_a_correction_that_overtakes_its_referral_waits_for_it(bench: Bench) -> None:
    async with bench.running() as app:
        await bench.refer(corrected(adults=1))
        await bench.refer(referral())
        counts = await quiet(app, messages=2)
        household = await app.read().households.get(household_id("zeytin", "r-1"))
    assert counts["retried"] >= 1
    assert household is not None
    assert household.details.adults == 1


async def test_a_child_of_another_century_is_refused_with_the_reason(bench: Bench) -> None:
    async with bench.running() as app:
        await bench.refer(referral(children=[date(1016, 3, 4)]))
        await quiet(app, messages=1)
    async with connected(bench.system, "zeytin") as partner:
        [refusal] = await partner.refusals(1)
    assert "data.household.children: 1016-03-04 does not lie between" in refusal.errors[0]


async def test_who_is_on_hold_is_not_matched_until_the_day(bench: Bench) -> None:
    key = household_id("zeytin", "r-1")
    async with bench.running() as app:
        await bench.bring_sponsor()
        await bench.refer(referral())
        await sponsorship_of(app, "r-1", PROPOSED)
        until = TODAY + timedelta(days=10)
        await bench.decide(HoldHousehold(staff_id=STAFF, household_id=key, until=until))
        await sponsorship_of(app, "r-1", RELEASED)
        await quiet(app, messages=5)
        assert await app.read().sponsorships.count({"status": PROPOSED.value}) == 0
        await go_to(bench, until)
        await sponsorship_of(app, "r-1", PROPOSED)
    kinds = [fact["kind"] for fact in await bench.facts()]
    assert [kind for kind in kinds if kind in {"household.held", "household.resumed"}] == [
        "household.held",
        "household.resumed",
    ]


async def test_a_partner_hears_only_of_its_own_when_staff_close_a_household(
    bench: Bench,
) -> None:
    key = household_id("zeytin", "r-1")
    async with bench.running() as app:
        await bench.refer(referral())
        await quiet(app, messages=1)
        gone = ClosingCause.MOVED_AWAY
        await bench.decide(CloseHousehold(staff_id=STAFF, household_id=key, cause=gone))
        await bench.decide(CloseHousehold(staff_id=STAFF, household_id="nobody", cause=gone))
        await quiet(app, messages=3)
    async with connected(bench.system, "kifa") as other:
        assert await other.waiting("replies.kifa") == 0
    async with connected(bench.system, "zeytin") as partner:
        told = await partner.replies(4)
    assert told[3]["cause"] == "moved_away"
    reasons = [f["reason"] for f in await bench.facts() if f["kind"] == "household.refused"]
    assert reasons == ["there is no such household"]


async def test_staff_open_the_programme_from_a_day_on_and_who_was_declined_may_come(
    bench: Bench,
) -> None:
    alone = {"history": "refugee", "housing": "shared_accommodation"}
    opened = SetParticipationRule(
        staff_id=STAFF, effective_on=TODAY + timedelta(days=1), grounds=list(Ground)
    )
    async with bench.running() as app:
        await bench.refer(referral(**alone))
        await bench.decide(opened)
        await bench.refer(referral(**alone))
        await quiet(app, messages=3)
        await go_to(bench, TODAY + timedelta(days=1))
        await bench.refer(referral(**alone), referral("r-2", **alone))
        await quiet(app, messages=5)
    declined = ("declined", "not_in_private_housing")
    assert await bench.replies() == [
        ("received", None),
        declined,
        declined,
        ("accepted", None),
        ("received", None),
        ("accepted", None),
    ]
