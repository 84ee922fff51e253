"""The city is kept alive beside the heart: fed by all instances, stored, verified when loaded,
taken over; staff see what a session would propose now, and what changed it.
"""

import asyncio
import json
from collections.abc import AsyncIterator, MutableMapping
from contextlib import AsyncExitStack
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from structlog.testing import capture_logs

from local.servers import Servers
from services.matching.domain.city import City
from services.matching.domain.household import Household
from services.matching.domain.inputs import pack, unpack
from services.matching.domain.tentative import Difference
from shared.contracts.desk_sponsors import PauseSponsor
from shared.contracts.ids import household_id, sponsor_id
from shared.contracts.partners import ReferralWithdrawn, WithdrawalReason
from tests.integration.city_bench import asked, counts, pairs, shown, weekly, would_get
from tests.integration.matching_bench import STAFF, Bench, matching_bench, quiet
from tests.support.probes import PATIENCE_SECONDS, becomes, eventually
from tests.unit.matching.builders import referral

UKRAINIAN = [{"code": "uk", "level": "native"}]
Logs = list[MutableMapping[str, Any]]


@pytest.fixture
async def bench(servers: Servers, tmp_path: Path) -> AsyncIterator[Bench]:
    async with matching_bench(servers, tmp_path) as ready:
        yield ready


def loaded(logs: Logs) -> list[str]:
    """How the city was loaded, each time."""
    return [each["how"] for each in logs if each["event"] == "the city is alive"]


async def stored(bench: Bench) -> Any:
    [city] = await bench.system.documents("matching", "stored_cities")
    return city


async def change_stored(bench: Bench, **fields: Any) -> None:
    there = bench.system.admin[bench.system.access.database("matching")]["stored_cities"]
    await there.update_one({"_id": "city"}, {"$set": fields})


async def a_city(bench: Bench) -> None:
    """One instance has seen a pair, and stopped in an orderly way."""
    async with weekly(bench) as app:
        await bench.bring_sponsor()
        await bench.refer(referral())
        await would_get(app, {"r-1": "s-1"})


async def test_what_any_instance_does_is_in_the_optimum(bench: Bench) -> None:
    async with weekly(bench, "one") as one, weekly(bench, "two") as two:
        await bench.bring_sponsor("s-1")
        await bench.bring_sponsor("s-2")
        await bench.refer(*(referral(f"r-{n}") for n in range(8)))
        await becomes("counts", (8, 2, 2), lambda: counts(one))
        taken = await bench.system.documents("matching", "ledger")
        assert {each["_id"] for each in taken} >= {"one", "two"}
        assert await pairs(one) == await pairs(two)


async def test_each_difference_names_its_cause_and_no_person(bench: Bench) -> None:
    async with weekly(bench) as app:
        await bench.bring_sponsor()
        await becomes("counts", (0, 1, 0), lambda: counts(app))
        await bench.refer(referral())
        await would_get(app, {"r-1": "s-1"})
        first = await shown(app)
        [one] = first["households"]
        household, sponsor = household_id("zeytin", "r-1"), sponsor_id("s-1")
        assert (one["id"], one["before"], one["cause"], one["about"]) == (
            household, None, "household_waits", household,
        )  # fmt: skip
        assert one["after"]["sponsor_id"] == sponsor
        assert 0 < one["after"]["score"] <= 10_000
        await bench.decide(PauseSponsor(staff_id=STAFF, sponsor_id=sponsor, until=None))
        await would_get(app, {})
        later = await shown(app, since=str(first["number"]))
        [two] = later["households"]
        assert (two["before"], two["after"]) == (one["after"], None)
        assert (two["cause"], two["about"]) == ("sponsor_left", sponsor)
        assert (await shown(app, since=str(later["number"])))["households"] == []
        text = (await asked(app, since="0")).text
        assert "Amal" not in text
        assert "mail.example" not in text


async def test_a_withdrawn_household_gives_its_place_to_the_next(bench: Bench) -> None:
    async with weekly(bench) as app:
        await bench.bring_sponsor()
        await bench.refer(referral("r-1"))
        await would_get(app, {"r-1": "s-1"})
        bench.clock.set(bench.clock.now() + timedelta(days=1))
        await bench.refer(referral("r-2"))
        await becomes("counts", (2, 1, 1), lambda: counts(app))
        await bench.refer(ReferralWithdrawn(reference="r-1", reason=WithdrawalReason.MOVED_AWAY))
        await would_get(app, {"r-2": "s-1"})


async def test_a_restart_restores_what_was_stored_and_solves_nothing(bench: Bench) -> None:
    await a_city(bench)
    with capture_logs() as logs:
        async with weekly(bench, "two") as app:
            before = await eventually("it is loaded", lambda: _loaded(logs))
            await would_get(app, {"r-1": "s-1"})
            number = (await shown(app))["number"]
    assert before == ["restored"]
    async with weekly(bench, "three") as app:
        await would_get(app, {"r-1": "s-1"})
        assert (await shown(app))["number"] == number


async def _loaded(logs: Logs) -> list[str]:
    return loaded(logs)


@pytest.mark.parametrize("harm", ["packed", "digest", "text"])
async def test_a_damaged_city_is_noticed_and_solved_anew(bench: Bench, harm: str) -> None:
    await a_city(bench)
    kept = await stored(bench)
    broken = {
        "packed": {"packed": kept["packed"][:-9]},
        "digest": {"digest": "0" * 64},
        "text": {"packed": pack(unpack(kept["packed"])[:-9])},
    }[harm]
    await change_stored(bench, **broken)
    with capture_logs() as logs:
        async with weekly(bench, "two") as app:
            assert await eventually("it is loaded", lambda: _loaded(logs)) == ["damaged"]
            await would_get(app, {"r-1": "s-1"})


async def test_a_city_that_changed_meanwhile_is_noticed_and_solved_anew(bench: Bench) -> None:
    await a_city(bench)
    kept = await stored(bench)
    async with weekly(bench, "two") as app:
        await would_get(app, {"r-1": "s-1"})
        await bench.bring_sponsor("s-2")
        await becomes("counts", (1, 2, 1), lambda: counts(app))
    await change_stored(bench, packed=kept["packed"], digest=kept["digest"])
    with capture_logs() as logs:
        async with weekly(bench, "three") as app:
            assert await eventually("it is loaded", lambda: _loaded(logs)) == ["stale"]
            await becomes("counts", (1, 2, 1), lambda: counts(app))


async def test_a_stored_city_that_claims_too_much_is_not_believed(bench: Bench) -> None:
    """Intact by its hash, but somebody changed a price: only the certificate can tell."""
    await a_city(bench)
    kept = await stored(bench)
    text = json.loads(unpack(kept["packed"]))
    text["pairs"] = {}
    changed = json.dumps(text)
    digest = sha256(changed.encode()).hexdigest()
    await change_stored(bench, packed=pack(changed), digest=digest)
    with capture_logs() as logs:
        async with weekly(bench, "two") as app:
            assert await eventually("it is loaded", lambda: _loaded(logs)) == ["stale"]
            await would_get(app, {"r-1": "s-1"})


async def test_one_instance_holds_the_city_and_another_takes_it_over(bench: Bench) -> None:
    with capture_logs() as logs:
        async with AsyncExitStack() as first:
            one = await first.enter_async_context(weekly(bench, "one"))
            await bench.bring_sponsor()
            await bench.refer(referral())
            await would_get(one, {"r-1": "s-1"})
            async with weekly(bench, "two") as two:
                assert await pairs(two) == await pairs(one)
                await first.aclose()
                await bench.refer(referral("r-2"))
                await becomes("counts", (2, 1, 1), lambda: counts(two))
    assert loaded(logs) == ["solved", "restored"]


async def test_ordinary_messages_do_not_wait_for_the_engine(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, reached, household_is = Event(), Event(), City.household_is

    def slowly(city: City, household: Household, version: int) -> list[Difference]:
        reached.set()
        assert gate.wait(PATIENCE_SECONDS)
        return household_is(city, household, version)

    monkeypatch.setattr(City, "household_is", slowly)
    async with weekly(bench) as app:
        await bench.bring_sponsor()
        await becomes("counts", (0, 1, 0), lambda: counts(app))
        await bench.refer(referral("r-1"))
        assert await asyncio.to_thread(reached.wait, PATIENCE_SECONDS)
        try:
            await bench.refer(referral("r-2"))
            await quiet(app, messages=5)
            assert [status for status, _ in await bench.replies()] == 2 * ["received", "accepted"]
            assert await counts(app) == (0, 1, 0)
        finally:
            gate.set()
        await becomes("counts", (2, 1, 1), lambda: counts(app))


@pytest.mark.parametrize(
    "question",
    [{"since": "x"}, {"since": "-1"}, {"limit": "1e9"}, {"since": "9" * 99}, {"since": "٣"}],
)
async def test_odd_questions_are_answered_in_words(bench: Bench, question: dict[str, str]) -> None:
    async with weekly(bench) as app:
        answer = await asked(app, **question)
        assert answer.status_code == 400
        assert "is a whole number" in answer.json()["error"]


async def test_long_answers_say_that_there_is_more(bench: Bench) -> None:
    async with weekly(bench) as app:
        for n in range(3):
            await bench.bring_sponsor(f"s-{n}")
        await bench.refer(*(referral(f"r-{n}") for n in range(3)))
        await becomes("counts", (3, 3, 3), lambda: counts(app))
        assert (await shown(app))["more"] is False
        part = await shown(app, since="0", limit="2")
        assert (len(part["households"]), part["more"]) == (2, True)
