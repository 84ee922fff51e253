"""Partners, staff and the network as the matching service meets them in its tests."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from local.servers import Servers
from services.matching.app import PARTS
from services.matching.domain.run import Run
from services.matching.domain.sponsorship import SponsorshipStatus
from services.matching.store import MatchingStore
from services.network.app import PARTS as NETWORK
from services.notifications.app import PARTS as NOTIFICATIONS
from shared.clock import FileClock
from shared.contracts.base import Contract
from shared.contracts.desk import AnswerMatch, DecideMatch, RecordCertificate, Side, TrainingKind
from shared.contracts.ids import household_id, sponsor_id
from shared.contracts.network import TrainingCompleted
from shared.contracts.partners import RecruitReported
from shared.messaging.topology import DESK
from shared.runtime import App
from shared.storage.records import Ledger, Outbox
from tests.support.client import connected
from tests.support.probes import eventually
from tests.support.system import LISTENER, System, prepared
from tests.unit.matching.builders import application, details, referral

STAFF = "staff-01"


@dataclass(frozen=True)
class Bench:
    """The service alone: network and notifications have their users and queues, but do not run."""

    system: System

    @property
    def clock(self) -> FileClock:
        return self.system.clock

    @asynccontextmanager
    async def running(self, instance: str = "one") -> AsyncIterator[App[MatchingStore]]:
        async with self.system.running(PARTS, instance) as app:
            yield app

    async def refer(self, *told: Contract) -> None:
        """Publish as the partner that the kind of message belongs to, each under its own id."""
        for each in told:
            referral = each.wire.type.startswith("willkommen.referral.")
            await self._tell("zeytin" if referral else "klinikum", each)

    async def decide(self, *told: Contract) -> None:
        """Publish commands as staff."""
        await self._tell(DESK, *told)

    async def train(self, *references: str) -> None:
        """Publish as the network that sponsors completed the basic training."""
        training = TrainingCompleted(
            training_id="t-1",
            kind=TrainingKind.SPONSOR_BASICS,
            held_on=date(2016, 4, 29),
            sponsor_ids=[sponsor_id(reference) for reference in references],
            actor_ids=[],
        )
        await self._tell(NETWORK.name, training)

    async def bring_sponsor(self, reference: str = "s-1") -> None:
        """A sponsor who is trained and certified."""
        certificate = RecordCertificate(
            staff_id=STAFF,
            sponsor_id=sponsor_id(reference),
            issued_on=date(2016, 4, 1),
            inspected_on=date(2016, 5, 2),
        )
        await self.decide(application(reference), certificate)
        await self.train(reference)

    async def facts(self) -> list[dict[str, Any]]:
        """What everybody heard since the last call."""
        return await self._take(LISTENER, LISTENER)

    async def mails(self) -> list[dict[str, Any]]:
        """What was asked of notifications since the last call."""
        return await self._take(NOTIFICATIONS.name, NOTIFICATIONS.name)

    async def replies(self, partner: str = "zeytin") -> list[tuple[str, str | None]]:
        """What the partner was told since the last call: status and reason."""
        told = await self._take(partner, f"replies.{partner}")
        return [(each["status"], each["reason"]) for each in told]

    async def _tell(self, user: str, *told: Contract) -> None:
        async with connected(self.system, user) as client:
            for each in told:
                await client.tell(each)

    async def _take(self, user: str, queue: str) -> list[dict[str, Any]]:
        async with connected(self.system, user) as client:
            taken = await client.take(queue)
        return [{**json.loads(each.body), "kind": _kind(each.headers)} for each in taken]


def _kind(headers: Mapping[str, Any]) -> str:
    """`match.proposed` for `willkommen.match.proposed.v1`."""
    return str(headers["ce-type"]).removeprefix("willkommen.").rpartition(".")[0]


@asynccontextmanager
async def matching_bench(servers: Servers, folder: Path) -> AsyncIterator[Bench]:
    """A new system of its own."""
    async with prepared(servers, folder, [PARTS, NETWORK, NOTIFICATIONS]) as system:
        yield Bench(system)


async def figures_of(app: App[MatchingStore]) -> Mapping[str, Any]:
    """The service's figures for the council report."""
    return await PARTS.figures(app.read())


async def quiet(app: App[MatchingStore], *, messages: int) -> Mapping[str, int]:
    """Wait until so many messages had their effect and nothing is left to do; gives the counts."""

    async def done() -> bool:
        taken = await app.database.driver["inbox"].count_documents({})
        due = await app.timers.queue.count_due(app.clock.now())
        unpublished = app.relay.backlog + await Outbox(app.database).count()
        to_do = await app.read().to_do()
        return taken >= messages and not app.group_commit.in_flight + due + unpublished + to_do

    await eventually(f"{messages} messages have had their effect", done)
    return await Ledger(app.database).totals()


async def sponsorship_of(app: App[MatchingStore], reference: str, status: SponsorshipStatus) -> str:
    """Wait for a sponsorship of the household to have a status; gives its id."""
    key = household_id("zeytin", reference)

    async def found() -> str:
        query = {"household_id": key, "status": status.value}
        return next((each.id for each in await app.read().sponsorships.find(query)), "")

    return await eventually(f"{reference} is {status}", found)


async def sessions_held(app: App[MatchingStore], number: int = 1) -> list[Run]:
    """Wait until so many sessions that proposed something are over; the latest comes first."""

    async def over() -> list[Run]:
        runs = await app.read().latest_runs(10)
        return runs if len(runs) >= number else []

    return await eventually(f"{number} sessions are over", over)


async def started(bench: Bench, app: App[MatchingStore]) -> str:
    """A sponsorship that began today; seven messages led to it."""
    await bench.bring_sponsor()
    await bench.refer(referral())
    match = await sponsorship_of(app, "r-1", SponsorshipStatus.PROPOSED)
    await bench.decide(approve(match), *(answer(match, side) for side in Side))
    return await sponsorship_of(app, "r-1", SponsorshipStatus.RUNNING)


def approve(sponsorship_id: str, *, approved: bool = True) -> DecideMatch:
    return DecideMatch(staff_id=STAFF, sponsorship_id=sponsorship_id, approved=approved)


def answer(sponsorship_id: str, side: Side, *, accepted: bool = True) -> AnswerMatch:
    return AnswerMatch(staff_id=STAFF, sponsorship_id=sponsorship_id, side=side, accepted=accepted)


def recruit(arrival_on: date) -> RecruitReported:
    return RecruitReported(reference="kl-1", arrival_on=arrival_on, household=details())
