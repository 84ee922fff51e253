"""The network service on a real broker and database, with staff at the desk."""

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest

from local.servers import Servers
from shared.contracts.desk import (
    CompleteTraining,
    PlannedMeasure,
    Programme,
    RecordPlan,
    TrainingKind,
)
from shared.contracts.ids import actor_id
from shared.contracts.network import (
    ActorRegistered,
    EvaluationSubmitted,
    NetworkMeetingHeld,
    RequestRefused,
    TrainingCompleted,
)
from shared.contracts.notifications import RequestMessage
from shared.storage.records import Ledger
from tests.integration.network_bench import (
    Bench,
    a_cost,
    a_meeting,
    an_actor,
    forms,
    handled,
    prepared,
    retried,
)


@pytest.fixture
async def bench(servers: Servers, tmp_path: Path) -> AsyncIterator[Bench]:
    async with prepared(servers, tmp_path) as bench:
        yield bench


async def test_an_actor_joins_once_however_often_it_is_entered(bench: Bench) -> None:
    async with bench.running() as app:
        await bench.enter(an_actor("a-1"), an_actor("a-1"), an_actor("a-1", name="Anderer Verein"))
        figures = await handled(app, 3)
        actor = await app.read().register.actors.get(actor_id("a-1"))
    assert figures["actors"]["total"] == figures["actors"]["engagement"] == 1
    assert actor
    assert (actor.name, actor.contact.name) == ("Verein a-1", "Kim Weber")
    assert [type(fact) for fact in await bench.heard()] == [ActorRegistered, RequestRefused]
    [welcome] = await bench.heard("notifications")
    assert isinstance(welcome, RequestMessage)
    assert (welcome.email, welcome.values) == ("kim@verein.example", {"actor": "Verein a-1"})


async def test_a_message_delivered_five_times_counts_once(bench: Bench) -> None:
    async with bench.running() as app:
        await bench.enter(*[an_actor("a-1")] * 5, ids="m-1")
        await bench.enter(an_actor("a-2"))
        await handled(app, 2)
        counts = await Ledger(app.database).totals()
    assert (counts["handled"], counts["duplicates"]) == (2, 4)


async def test_a_training_tells_who_completed_it(bench: Bench) -> None:
    training = CompleteTraining(
        staff_id="staff-01",
        reference="t-1",
        kind=TrainingKind.SPONSOR_BASICS,
        held_on=date(2015, 5, 22),
        sponsor_ids=["s-1", "s-2"],
        actor_ids=["a-1"],
    )
    async with bench.running() as app:
        await bench.enter(training, training)
        figures = await handled(app, 2)
    assert figures["trainings"] == {
        "held": 1,
        "by_kind": {"sponsor_basics": 1},
        "participants": 3,
    }
    [fact] = await bench.heard()
    assert isinstance(fact, TrainingCompleted)
    assert fact.sponsor_ids == ["s-1", "s-2"]


async def test_a_meeting_and_its_forms_wait_for_what_is_still_on_its_way(bench: Bench) -> None:
    async with bench.running() as app:
        await bench.enter(a_meeting(["a-1", "a-2"], ["a-1"]), *forms([1, 1, 2, 2, 2]))
        await retried(app, 6)
        await bench.enter(an_actor("a-1"), an_actor("a-2"))
        figures = await handled(app, 8)
    assert figures["evaluation"] == {
        "need_for_network_mean": 1.6,
        "forms": 5,
        "return_rate": 5.0,
        "meetings": 1,
    }
    kinds = [type(fact) for fact in await bench.heard()]
    assert (kinds.count(NetworkMeetingHeld), kinds.count(EvaluationSubmitted)) == (1, 5)


async def test_one_form_counts_once_and_few_answers_show_no_mean(bench: Bench) -> None:
    async with bench.running() as app:
        await bench.enter(an_actor("a-1"), a_meeting(["a-1"], ["a-1"]))
        await handled(app, 2)
        await bench.enter(*forms([1, 2, 3, 4]), *forms([1, 2, 3, 4]))
        figures = await handled(app, 10)
    assert figures["evaluation"]["forms"] == 4
    assert figures["evaluation"]["need_for_network_mean"] is None


async def test_who_was_not_invited_cannot_have_attended(bench: Bench) -> None:
    async with bench.running() as app:
        await bench.enter(a_meeting(["a-1"], ["a-1", "a-2"]))
        figures = await handled(app, 1)
    assert figures["evaluation"]["meetings"] == 0
    assert [type(fact) for fact in await bench.heard()] == [RequestRefused]


async def test_plan_and_money_add_up(bench: Bench) -> None:
    joint = a_cost("k-1", None, date(2015, 4, 1), date(2018, 3, 31), 200_400, 0.6)
    own = [
        a_cost(f"k-{each}", each, date(2018, 4, 1), date(2018, 12, 31), 4_000, 0)
        for each in Programme
    ]
    plan = RecordPlan(
        staff_id="staff-01",
        programme=Programme.WILLKOMMEN,
        measure=PlannedMeasure.NEWCOMERS,
        low=30,
        high=40,
    )
    async with bench.running() as app:
        await bench.enter(plan, joint, *own)
        figures = await handled(app, 4)
    assert figures["plan"] == {"willkommen/newcomers": [30, 40]}
    assert figures["money"] == {
        "total_eur": 200_400,
        "funded_eur": 120_240,
        "funded_share": 0.6,
        "per_programme_eur": {"willkommen": 4_000, "network": 4_000},
    }
