"""Hospital recruits: reported, corrected, withdrawn; offered a place months after arrival.

A recruit reported anew after a withdrawal begins a new life under the same reference.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from shared.contracts.ids import household_id as first_household_id
from shared.contracts.ids import stable_id
from shared.contracts.matching import (
    DeclineReason,
    OfferAnswerRefused,
    RecruitDeclined,
    RecruitJoined,
    RecruitOffered,
    RecruitRegistered,
    RecruitRemoved,
    RecruitRescheduled,
    ReferralAnswered,
    ReferralStatus,
)
from shared.contracts.notifications import Template
from shared.contracts.people import HouseholdDetails
from shared.messaging import Facts

from . import household as households
from .calendar import moment, months_after
from .household import Household, HouseholdStatus, Origin
from .mails import mail

OFFICE_OPENS: Final = time(8)
EARLIEST_ARRIVAL: Final = date(2000, 1, 1)
LATEST_ARRIVAL: Final = timedelta(days=5 * 366)
"""Counted from the day on which the arrival is told."""


class RecruitStatus(StrEnum):
    WAITING = "waiting"
    OFFERED = "offered"
    JOINED = "joined"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


_TOLD = {
    RecruitStatus.WAITING: ReferralStatus.RECEIVED,
    RecruitStatus.OFFERED: ReferralStatus.RECEIVED,
    RecruitStatus.JOINED: ReferralStatus.ACCEPTED,
    RecruitStatus.DECLINED: ReferralStatus.CLOSED,
    RecruitStatus.WITHDRAWN: ReferralStatus.CLOSED,
}

_NO_OPEN_OFFER = {
    RecruitStatus.WAITING: "the recruit has not been offered a place yet",
    RecruitStatus.JOINED: "the recruit said yes already",
    RecruitStatus.DECLINED: "the recruit said no already",
    RecruitStatus.WITHDRAWN: "the hospital withdrew the recruit",
}


@dataclass(frozen=True, slots=True)
class Life:
    """One stay with the hospital, from the report on.

    `corrected_late` are dates of arrival that came after the offer and changed nothing.
    """

    fingerprint: str
    details: HouseholdDetails
    arrival_on: date
    eligible_on: date
    reported_on: date
    status: RecruitStatus = RecruitStatus.WAITING
    offered_on: date | None = None
    household_id: str | None = None
    corrected_late: tuple[date, ...] = ()

    @property
    def due(self) -> datetime:
        """When the place is offered: as the office opens on the first eligible day."""
        return moment(self.eligible_on, OFFICE_OPENS)


@dataclass(frozen=True, slots=True)
class Recruit:
    """A recruit under the hospital's reference; the last life is the present one."""

    id: str
    partner: str
    reference: str
    lives: tuple[Life, ...]

    @property
    def life(self) -> Life:
        """The present life."""
        return self.lives[-1]

    @property
    def waits(self) -> bool:
        """Whether the offer is still to come."""
        return self.life.status is RecruitStatus.WAITING

    def change(self, **changes: object) -> "Recruit":
        """The recruit with another present life."""
        return replace(self, lives=(*self.lives[:-1], replace(self.life, **changes)))  # type: ignore[arg-type]

    @property
    def origin(self) -> Origin:
        """Where the household comes from that the recruit will bring."""
        return Origin(self.partner, self.reference, self.life.fingerprint)

    def answer(self) -> ReferralAnswered:
        """A reply to the hospital with the present status."""
        withdrawn = self.life.status is RecruitStatus.WITHDRAWN
        reason = DeclineReason.WITHDRAWN if withdrawn else None
        return self.origin.answer(_TOLD[self.life.status], reason)


def implausible(arrival_on: date, today: date) -> str | None:
    """Why a date of arrival cannot be meant, in words for the hospital; None if it can."""
    latest = today + LATEST_ARRIVAL
    if EARLIEST_ARRIVAL <= arrival_on <= latest:
        return None
    return f"arrival_on: {arrival_on} does not lie between {EARLIEST_ARRIVAL} and {latest}"


def report(recruit: Recruit) -> tuple[Recruit, Facts]:
    """The hospital reports a recruit for the first time, or anew after a withdrawal."""
    life = recruit.life
    fact = RecruitRegistered(
        recruit_id=recruit.id, arrival_on=life.arrival_on, eligible_on=life.eligible_on
    )
    return recruit, (fact, recruit.answer())


def report_again(recruit: Recruit, life: Life) -> tuple[Recruit, Facts]:
    """The reference came again: repeated, a new life after a withdrawal, or refused.

    A report that was seen before never wakes a withdrawn recruit: it may only be late.
    """
    if life.fingerprint in {each.fingerprint for each in recruit.lives}:
        return recruit, (recruit.answer(),)
    if recruit.life.status is RecruitStatus.WITHDRAWN:
        return report(replace(recruit, lives=(*recruit.lives, life)))
    refused = recruit.origin.answer(ReferralStatus.DECLINED, DeclineReason.REFERENCE_REUSED)
    return recruit, (refused,)


def correct(recruit: Recruit, arrival_on: date, months: int) -> tuple[Recruit, Facts]:
    """The hospital corrects the date of arrival; after the offer it is only recorded."""
    life = recruit.life
    if arrival_on in (life.arrival_on, *life.corrected_late):
        return recruit, (recruit.answer(),)
    if not recruit.waits:
        late = (*life.corrected_late, arrival_on)
        return recruit.change(corrected_late=late), (recruit.answer(),)
    eligible_on = months_after(arrival_on, months)
    fact = RecruitRescheduled(recruit_id=recruit.id, arrival_on=arrival_on, eligible_on=eligible_on)
    corrected = recruit.change(arrival_on=arrival_on, eligible_on=eligible_on)
    return corrected, (fact, recruit.answer())


def withdraw(recruit: Recruit) -> tuple[Recruit, Facts]:
    """The recruit left or was reported by mistake; whoever said no stays so."""
    if recruit.life.status in {RecruitStatus.WITHDRAWN, RecruitStatus.DECLINED}:
        return recruit, (recruit.answer(),)
    withdrawn = recruit.change(status=RecruitStatus.WITHDRAWN)
    told = () if recruit.life.household_id else (withdrawn.answer(),)
    return withdrawn, (RecruitRemoved(recruit_id=recruit.id), *told)


def offer(recruit: Recruit, now: datetime, today: date) -> tuple[Recruit, Facts]:
    """The time has come: a place is offered, once, and never before the eligible day."""
    life = recruit.life
    if not recruit.waits or now < life.due:
        return recruit, ()
    fact = RecruitOffered(recruit_id=recruit.id, eligible_on=life.eligible_on, offered_on=today)
    asked = mail(Template.RECRUIT_OFFER, recruit.id, life.details.contact)
    return recruit.change(status=RecruitStatus.OFFERED, offered_on=today), (fact, *asked)


def refuse_answer(recruit: Recruit) -> OfferAnswerRefused | None:
    """Why the recruit cannot answer now, or None if there is an open offer."""
    if recruit.life.status is RecruitStatus.OFFERED:
        return None
    return OfferAnswerRefused(recruit_id=recruit.id, reason=_NO_OPEN_OFFER[recruit.life.status])


def join(recruit: Recruit, now: datetime) -> tuple[Recruit, Household, Facts]:
    """The recruit says yes: the household is registered and waits."""
    household = Household(
        id=_household_id(recruit),
        origin=recruit.origin,
        details=recruit.life.details,
        status=HouseholdStatus.WAITING,
        waiting_since=now,
        recruited=True,
    )
    household, registered = households.register(household)
    fact = RecruitJoined(recruit_id=recruit.id, household_id=household.id)
    joined = recruit.change(status=RecruitStatus.JOINED, household_id=household.id)
    return joined, household, (fact, *registered)


def decline(recruit: Recruit) -> tuple[Recruit, Facts]:
    """The recruit says no."""
    declined = recruit.change(status=RecruitStatus.DECLINED)
    return declined, (RecruitDeclined(recruit_id=recruit.id), declined.answer())


def _household_id(recruit: Recruit) -> str:
    """Each life brings a household of its own."""
    if len(recruit.lives) == 1:
        return first_household_id(recruit.partner, recruit.reference)
    return stable_id("household", recruit.partner, recruit.reference, str(len(recruit.lives)))
