"""What partners and staff send to a whole town, and everything that must come of it, once each."""

import asyncio
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from shared.contracts.base import Contract
from shared.contracts.desk import (
    CompleteTraining,
    RecordCertificate,
    RecordMeeting,
    SubmitEvaluation,
    TrainingKind,
)
from shared.contracts.ids import actor_id, household_id, meeting_id, sponsor_id, training_id
from shared.contracts.partners import ReferralWithdrawn, WithdrawalReason
from shared.messaging.topology import DESK
from tests.faults.load import Load, send
from tests.support.builders import STAFF, actor, referral, sponsor
from tests.support.client import Letter, letter
from tests.support.system import System

PARTNER = "zeytin"
TRAINED_ON = date(2016, 4, 29)
INSPECTED_ON = date(2016, 5, 2)
IN_A_TRAINING = 10
FORMS = 6
DECLINED_SHARE = 0.2
DECLINED = {"history": "refugee", "housing": "shared_accommodation", "has_social_worker": True}


def contact(reference: str) -> dict[str, Any]:
    """Somebody with an address of their own."""
    return {"name": f"Kim {reference}", "email": f"{reference}@mail.example", "language": "de"}


@dataclass
class TownLoad:
    """Numbered messages under a mark of their own; the seed decides who is declined. `size` is how
    many were written so far.
    """

    mark: str
    seed: int
    size: int = 0
    unsent: dict[str, list[Letter]] = field(default_factory=lambda: {PARTNER: [], DESK: []})
    waiting: set[str] = field(default_factory=set)
    declined: set[str] = field(default_factory=set)
    closed: set[str] = field(default_factory=set)
    sponsors: set[str] = field(default_factory=set)
    actors: set[str] = field(default_factory=set)
    trainings: set[str] = field(default_factory=set)
    meetings: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)

    def take(self) -> list[Load]:
        """The messages that were written since the last call, by sender."""
        loads = [Load(user, tuple(letters), {}) for user, letters in self.unsent.items()]
        for letters in self.unsent.values():
            letters.clear()
        return loads

    @property
    def about(self) -> set[str]:
        """Who gets a mail: each one."""
        households = self.waiting | self.declined | self.closed
        return {
            *(household_id(PARTNER, each) for each in households),
            *(sponsor_id(each) for each in self.sponsors),
            *(actor_id(each) for each in self.actors),
        }

    def refer(self, number: int) -> None:
        """So many households, one in five of which cannot take part."""
        for reference in self._references("h", number):
            declined = self._random.random() < DECLINED_SHARE
            (self.declined if declined else self.waiting).add(reference)
            other = DECLINED if declined else {}
            self._write(PARTNER, referral(reference, contact=contact(reference), **other))

    def withdraw(self, number: int) -> None:
        """Take so many households back that would wait."""
        for reference in sorted(self.waiting)[:number]:
            self.waiting.remove(reference)
            self.closed.add(reference)
            self._write(PARTNER, withdrawal(reference))

    def bring_sponsors(self, number: int) -> None:
        """So many sponsors with a certificate each, and the trainings that they completed."""
        references = self._references("s", number)
        self.sponsors.update(references)
        for each in references:
            self._write(DESK, sponsor(each, contact=contact(each)))
            self._write(DESK, certificate(sponsor_id(each)))
        for start in range(0, number, IN_A_TRAINING):
            self._train(references[start : start + IN_A_TRAINING])

    def enter_actors(self, number: int) -> list[str]:
        """So many actors join the network."""
        references = self._references("a", number)
        self.actors.update(references)
        for each in references:
            self._write(DESK, actor(each, contact=contact(each)))
        return references

    def hold_meeting(self, actors: Sequence[str]) -> None:
        """A network meeting of actors, with the forms that came in after it."""
        [reference] = self._references("m", 1)
        self.meetings.add(reference)
        ids = [actor_id(each) for each in actors]
        meeting = {"staff_id": STAFF, "reference": reference, "title": "Netzwerktreffen"}
        told = {"held_on": TRAINED_ON, "invited": ids, "attended": ids}
        self._write(DESK, RecordMeeting.model_validate(meeting | told))
        for form in range(FORMS):
            self._write(DESK, evaluation(reference, str(form)))

    def expected(self) -> dict[str, int]:
        """What there must be in the end, in the words of `town_effects.observed`."""
        registered = len(self.waiting) + len(self.closed)
        return {
            "households waiting": len(self.waiting),
            "households declined": len(self.declined),
            "households closed": len(self.closed),
            "sponsors ready": len(self.sponsors),
            "actors": len(self.actors),
            "trainings": len(self.trainings),
            "meetings": len(self.meetings),
            "evaluation forms": FORMS * len(self.meetings),
            "answers received": registered + len(self.declined),
            "answers accepted": registered,
            "answers declined": len(self.declined),
            "answers closed": len(self.closed),
            "answers given twice": 0,
            **{f"facts {kind}": number for kind, number in self._facts().items()},
            "mails out or uncertain": len(self.about),
            "mails sent twice": 0,
            "mails said to be sent but lost": 0,
            "mails sent and not told": 0,
            "parked": 0,
        }

    def _facts(self) -> Counter[str]:
        return Counter(
            {
                "household.registered": len(self.waiting) + len(self.closed),
                "household.declined": len(self.declined),
                "household.closed": len(self.closed),
                "sponsor.registered": len(self.sponsors),
                "sponsor.certificate-recorded": len(self.sponsors),
                "sponsor.trained": len(self.sponsors),
                "actor.registered": len(self.actors),
                "training.completed": len(self.trainings),
                "network-meeting.held": len(self.meetings),
                "evaluation.submitted": FORMS * len(self.meetings),
            }
        )

    def _train(self, references: Sequence[str]) -> None:
        [reference] = self._references("t", 1)
        self.trainings.add(reference)
        told = CompleteTraining(
            staff_id=STAFF,
            reference=reference,
            kind=TrainingKind.SPONSOR_BASICS,
            held_on=TRAINED_ON,
            sponsor_ids=[sponsor_id(each) for each in references],
        )
        self._write(DESK, told)

    def _references(self, kind: str, number: int) -> list[str]:
        known = self.size
        return [f"{self.mark}-{kind}{known}-{each}" for each in range(number)]

    def _write(self, user: str, told: Contract) -> None:
        self.size += 1
        identity = f"{self.mark}-{self.size}"
        self.unsent[user].append(letter(user, told, message_id=identity))


async def send_all(system: System, load: TownLoad, *, per_second: float = 250) -> None:
    """Send what was written since the last time, partner and staff side by side."""
    async with asyncio.TaskGroup() as together:
        for each in load.take():
            together.create_task(send(system, each, per_second=per_second))


def withdrawal(reference: str) -> ReferralWithdrawn:
    return ReferralWithdrawn(reference=reference, reason=WithdrawalReason.MOVED_AWAY)


def certificate(sponsor: str) -> RecordCertificate:
    return RecordCertificate(
        staff_id=STAFF, sponsor_id=sponsor, issued_on=date(2016, 4, 1), inspected_on=INSPECTED_ON
    )


def evaluation(meeting: str, form: str) -> SubmitEvaluation:
    return SubmitEvaluation(
        staff_id=STAFF, meeting_reference=meeting, form=form, answers={"need": 2}
    )


def ids_of(load: TownLoad) -> dict[str, list[str]]:
    """The ids under which the services keep what a load brings, by collection."""
    return {
        "households": [
            household_id(PARTNER, each) for each in load.waiting | load.declined | load.closed
        ],
        "sponsors": [sponsor_id(each) for each in load.sponsors],
        "actors": [actor_id(each) for each in load.actors],
        "trainings": [training_id(each) for each in load.trainings],
        "meetings": [meeting_id(each) for each in load.meetings],
    }
