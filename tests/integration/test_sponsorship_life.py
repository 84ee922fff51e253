"""The life of a sponsorship in the running service: its timers, and staff who act at once."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from local.servers import Servers
from services.matching.domain.sponsorship import SponsorshipStatus
from shared.contracts.base import Contract
from shared.contracts.desk import Outcome, Side
from shared.contracts.desk_sponsorships import (
    AnswerQuestion,
    ContactKind,
    EndAndRematch,
    Going,
    LogContact,
    OpenQuestion,
    PauseSponsorship,
    QuestionKind,
    RecordCheckIn,
    TakeQuestion,
)
from shared.contracts.ids import question_id
from tests.integration.matching_bench import (
    STAFF,
    Bench,
    answer,
    approve,
    matching_bench,
    quiet,
    sponsorship_of,
    started,
)
from tests.support.probes import eventually
from tests.support.system import START
from tests.unit.matching.builders import application, referral

PROPOSED, RUNNING = SponsorshipStatus.PROPOSED, SponsorshipStatus.RUNNING
TODAY = START.date()
FAMILIES = 8


@pytest.fixture
async def bench(servers: Servers, tmp_path: Path) -> AsyncIterator[Bench]:
    async with matching_bench(servers, tmp_path) as ready:
        yield ready


def about(kind: type[Contract], match: str, /, **other: object) -> Contract:
    return kind.model_validate({"staff_id": STAFF, "sponsorship_id": match} | other)


def morning(days: int) -> datetime:
    """Nine o'clock so many days later: after the hour of all timers."""
    return START + timedelta(days=days)


async def told(bench: Bench, *kinds: str) -> list[dict[str, Any]]:
    return [fact for fact in await bench.facts() if fact["kind"] in kinds]


async def test_who_does_not_answer_is_reminded_twice_and_then_the_next_is_asked(
    bench: Bench,
) -> None:
    async with bench.running() as app:
        await bench.bring_sponsor("s-1")
        await bench.refer(referral())
        match = await sponsorship_of(app, "r-1", PROPOSED)
        await bench.decide(approve(match), answer(match, Side.HOUSEHOLD))
        await bench.bring_sponsor("s-2")
        await quiet(app, messages=9)
        for days in (5, 10, 14):
            bench.clock.set(morning(days))
            await quiet(app, messages=9)
        await sponsorship_of(app, "r-1", PROPOSED)
    facts = await told(bench, "match.reminded", "match.declined")
    assert [(fact["kind"], fact.get("sides")) for fact in facts] == [
        ("match.reminded", ["sponsor"]),
        ("match.reminded", ["sponsor"]),
        ("match.declined", None),
    ]
    reminders = [m for m in await bench.mails() if m["template"] == "match_reminder"]
    assert [(m["name"], m["values"]["until"]) for m in reminders] == [
        ("Petra Beispiel", "2016-05-16"),
        ("Petra Beispiel", "2016-05-16"),
    ]


async def test_silence_is_counted_from_the_last_real_contact_without_pauses(
    bench: Bench,
) -> None:
    async with bench.running() as app:
        match = await started(bench, app)
        bench.clock.set(morning(10))
        await bench.decide(
            about(LogContact, match, kind=ContactKind.CALL, held_on=TODAY + timedelta(days=4)),
            about(LogContact, match, kind=ContactKind.MISSED, held_on=TODAY + timedelta(days=9)),
            about(PauseSponsorship, match, until=TODAY + timedelta(days=15)),
        )
        await quiet(app, messages=10)
        for days in (15, 22, 23, 39):
            bench.clock.set(morning(days))
            await quiet(app, messages=10)
    facts = await told(bench, "sponsorship.silent", "sponsorship.resumed")
    since = str(TODAY + timedelta(days=4))
    assert [(fact.get("since"), fact.get("days")) for fact in facts] == [
        (None, None),
        (since, 14),
        (since, 30),
    ]
    assert facts[1]["sponsorship_id"] == match


async def test_both_sides_are_asked_how_it_is_going_and_a_bad_word_opens_a_worry(
    bench: Bench,
) -> None:
    async with bench.running() as app:
        match = await started(bench, app)
        bench.clock.set(morning(28))
        await quiet(app, messages=7)
        await bench.decide(about(RecordCheckIn, match, side=Side.HOUSEHOLD, going=Going.BADLY))
        await quiet(app, messages=8)
        bench.clock.set(morning(29))
        await quiet(app, messages=8)
    facts = await told(
        bench,
        "sponsorship.check-in-due",
        "sponsorship.checked-in",
        "question.opened",
        "question.overdue",
    )
    assert [fact["kind"] for fact in facts] == [
        "sponsorship.check-in-due",
        "sponsorship.checked-in",
        "question.opened",
        "question.overdue",
    ]
    asked = [m for m in await bench.mails() if m["template"] == "check_in"]
    assert {(m["name"], m["values"]["other"]) for m in asked} == {
        ("Petra Beispiel", "Amal Testari"),
        ("Amal Testari", "Petra Beispiel"),
    }


async def test_a_worry_is_taken_by_one_and_answered_to_who_asked(bench: Bench) -> None:
    worry, text = question_id("f-1"), "We do not find a day that suits us."
    async with bench.running() as app:
        match = await started(bench, app)
        opened = about(
            OpenQuestion, match, reference="f-1", side=Side.SPONSOR, kind=QuestionKind.WORRY,
            text=text,
        )  # fmt: skip
        await bench.decide(opened)
        await quiet(app, messages=8)
        takers = [TakeQuestion(staff_id=f"staff-0{n}", question_id=worry) for n in (1, 2)]
        await asyncio.gather(*(bench.decide(each) for each in takers))
        await quiet(app, messages=10)
        kept = await app.read().questions.get(worry)
        assert kept is not None
        assert kept.taken is not None
        reply = AnswerQuestion(
            staff_id=kept.taken.staff_id, question_id=worry, text="Let us talk on Monday."
        )
        await bench.decide(reply)
        await quiet(app, messages=11)
    facts = await bench.facts()
    kinds = [fact["kind"] for fact in facts if fact["kind"].startswith("question.")]
    assert sorted(kinds) == [
        "question.answered", "question.opened", "question.refused", "question.taken"
    ]  # fmt: skip
    assert text not in str(facts)
    [answered] = [m for m in await bench.mails() if m["template"] == "question_answered"]
    assert answered["name"] == "Petra Beispiel"


async def test_after_a_rematch_the_household_gets_somebody_else(bench: Bench) -> None:
    async with bench.running() as app:
        match = await started(bench, app)
        await bench.bring_sponsor("s-2")
        await bench.decide(about(EndAndRematch, match, outcome=Outcome.NOT_A_FIT))
        second = await sponsorship_of(app, "r-1", PROPOSED)
        household = await app.read().sponsorships.get(second)
    assert household is not None
    statuses = [status for status, _ in await bench.replies()]
    assert statuses == ["received", "accepted", "matched", "accepted"]


async def test_many_staff_deciding_at_once_on_two_instances_get_one_result_each(
    bench: Bench,
) -> None:
    async with bench.running("one") as app, bench.running("two"):
        await bench.bring_sponsor()
        for number in range(2, FAMILIES + 1):
            await bench.decide(application(f"s-{number}"))
        await bench.train(*(f"s-{number}" for number in range(1, FAMILIES + 1)))
        await bench.refer(*(referral(f"r-{n}", children=[]) for n in range(1, FAMILIES + 1)))

        async def proposed() -> list[str]:
            found = await app.read().sponsorships.find({"status": PROPOSED.value})
            return [each.id for each in found] if len(found) == FAMILIES else []

        matches = await eventually("everybody is proposed to somebody", proposed)
        decisions = [approve(match, approved=yes) for match in matches for yes in (True, False)]
        await asyncio.gather(*(bench.decide(each) for each in decisions))

        async def decided() -> bool:
            return await app.database.driver["inbox"].count_documents(
                {}
            ) >= 2 + FAMILIES * 4 and not await app.read().sponsorships.count(
                {"_id": {"$in": matches}, "status": PROPOSED.value}
            )

        await eventually("every decision had its effect", decided)
        await quiet(app, messages=FAMILIES * 4)
    facts = await told(bench, "match.approved", "match.rejected", "match.refused")
    for match in matches:
        about_it = [fact for fact in facts if fact["sponsorship_id"] == match]
        refused = [fact for fact in about_it if fact["kind"] == "match.refused"]
        assert len(about_it) == 2
        assert len(refused) == 1
        assert "this match" in refused[0]["reason"]


async def test_evidence_of_the_wrong_century_is_refused_in_words(bench: Bench) -> None:
    async with bench.running() as app:
        match = await started(bench, app)
        for held_on in (date(1016, 5, 2), date(9999, 12, 31)):
            await bench.decide(about(LogContact, match, kind=ContactKind.MEETING, held_on=held_on))
        await quiet(app, messages=9)
    refused = await told(bench, "match.refused")
    assert [fact["reason"] for fact in refused] == [
        "the sponsorship had not started on that day",
        "a contact in the future cannot be logged",
    ]
