"""The same household from two partners, on a real broker and a real database."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from local.servers import Servers
from services.matching.domain.household import HouseholdStatus
from services.matching.domain.sponsorship import SponsorshipStatus
from shared.contracts.desk import Side
from shared.contracts.desk_duplicates import DecideDuplicate, UndoDuplicate
from shared.contracts.ids import household_id
from shared.contracts.partners import ReferralWithdrawn, WithdrawalReason
from shared.contracts.people import Contact
from tests.integration.matching_bench import (
    STAFF,
    Bench,
    answer,
    approve,
    figures_of,
    matching_bench,
    quiet,
    sponsorship_of,
)
from tests.support.client import connected
from tests.unit.matching.builders import referral

OTHER = "kifa"
FIRST, SECOND = household_id("zeytin", "r-1"), household_id(OTHER, "r-9")
SAME_PEOPLE = referral("r-9", contact=Contact(name="TESTARI, Amal", phone="07141 999999"))


@pytest.fixture
async def bench(servers: Servers, tmp_path: Path) -> AsyncIterator[Bench]:
    async with matching_bench(servers, tmp_path) as ready:
        yield ready


async def referred_twice(bench: Bench) -> None:
    await bench.refer(referral())
    async with connected(bench.system, OTHER) as partner:
        await partner.tell(SAME_PEOPLE)


async def found(bench: Bench) -> str:
    """The one case that was put to staff."""
    [fact] = [each for each in await bench.facts() if each["kind"] == "duplicate.found"]
    assert {fact["first_id"], fact["second_id"]} == {FIRST, SECOND}
    assert fact["signs"] == ["name_and_children"]
    return str(fact["duplicate_id"])


def decide(case: str, *, same: bool = True) -> DecideDuplicate:
    return DecideDuplicate(staff_id=STAFF, duplicate_id=case, same=same)


async def test_the_same_household_from_two_partners_is_put_to_staff_and_both_go_on(
    bench: Bench,
) -> None:
    async with bench.running() as app:
        await referred_twice(bench)
        await quiet(app, messages=2)
        await found(bench)
        assert (await figures_of(app))["households"]["registered"] == 2
    for partner in ("zeytin", OTHER):
        assert await bench.replies(partner) == [("received", None), ("accepted", None)]


async def test_two_instances_at_once_find_it_once(bench: Bench) -> None:
    async with bench.running("one") as app, bench.running("two"):
        await referred_twice(bench)
        await quiet(app, messages=2)
        await found(bench)


async def test_made_one_it_gets_one_sponsor_and_both_partners_hear_it(bench: Bench) -> None:
    async with bench.running() as app:
        await referred_twice(bench)
        await quiet(app, messages=2)
        await bench.decide(decide(await found(bench)))
        await quiet(app, messages=3)
        await bench.bring_sponsor("s-1")
        await bench.bring_sponsor("s-2")
        match = await sponsorship_of(app, "r-1", SponsorshipStatus.PROPOSED)
        await bench.decide(approve(match), *(answer(match, side) for side in Side))
        await sponsorship_of(app, "r-1", SponsorshipStatus.RUNNING)
        await quiet(app, messages=12)
        assert await app.read().sponsorships.count({}) == 1
        assert (await figures_of(app))["households"]["registered"] == 1
    for partner in ("zeytin", OTHER):
        told = [status for status, _ in await bench.replies(partner)]
        assert told == ["received", "accepted", "matched"]


async def test_undone_both_wait_again(bench: Bench) -> None:
    async with bench.running() as app:
        await referred_twice(bench)
        await quiet(app, messages=2)
        case = await found(bench)
        await bench.decide(decide(case))
        await bench.decide(decide(case, same=False))
        await bench.decide(UndoDuplicate(staff_id=STAFF, duplicate_id=case))
        await bench.decide(UndoDuplicate(staff_id=STAFF, duplicate_id="nobody"))
        await quiet(app, messages=6)
        waiting = {each.id for each in await app.read().households.find({"status": "waiting"})}
        first = await app.read().households.get(FIRST)
    assert waiting == {FIRST, SECOND}
    assert first is not None
    assert first.also == ()
    facts = [each for each in await bench.facts() if each["kind"].startswith("duplicate.")]
    assert [each["kind"] for each in facts] == [
        "duplicate.decided",
        "duplicate.refused",
        "duplicate.undone",
        "duplicate.refused",
    ]


async def test_a_partner_that_takes_its_referral_back_leaves_the_other_alone(
    bench: Bench,
) -> None:
    async with bench.running() as app:
        await referred_twice(bench)
        await quiet(app, messages=2)
        await bench.decide(decide(await found(bench)))
        async with connected(bench.system, OTHER) as partner:
            await partner.tell(SAME_PEOPLE)
            gone = ReferralWithdrawn(reference="r-9", reason=WithdrawalReason.MOVED_AWAY)
            await partner.tell(gone)
        await quiet(app, messages=5)
        first = await app.read().households.get(FIRST)
    assert first is not None
    assert (first.status, first.also) == (HouseholdStatus.WAITING, ())
    assert await bench.replies(OTHER) == [
        ("received", None),
        ("accepted", None),
        ("accepted", None),
        ("closed", "withdrawn"),
    ]
    assert await bench.replies("zeytin") == [("received", None), ("accepted", None)]
