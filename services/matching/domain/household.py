"""A household as a unit: referred by a partner or brought by a recruit, never split."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from shared.contracts.desk_households import ClosingCause
from shared.contracts.matching import (
    DeclineReason,
    HouseholdDeclined,
    HouseholdRegistered,
    ReferralAnswered,
    ReferralStatus,
)
from shared.contracts.matching_households import HouseholdClosed, ReferralClosed
from shared.contracts.matching_sponsorships import HouseholdWaitsAgain
from shared.contracts.notifications import Template
from shared.contracts.people import HouseholdDetails
from shared.messaging import Facts

from .mails import mail


class HouseholdStatus(StrEnum):
    WAITING = "waiting"
    PROPOSED = "proposed"
    ON_HOLD = "on_hold"
    MATCHED = "matched"
    MERGED = "merged"
    CLOSED = "closed"
    DECLINED = "declined"


_TOLD = {
    HouseholdStatus.WAITING: ReferralStatus.ACCEPTED,
    HouseholdStatus.PROPOSED: ReferralStatus.ACCEPTED,
    HouseholdStatus.ON_HOLD: ReferralStatus.ACCEPTED,
    HouseholdStatus.MATCHED: ReferralStatus.MATCHED,
    HouseholdStatus.MERGED: ReferralStatus.ACCEPTED,
    HouseholdStatus.CLOSED: ReferralStatus.CLOSED,
    HouseholdStatus.DECLINED: ReferralStatus.DECLINED,
}
"""What the partner hears: proposals are none of its business."""
_KNOWN = frozenset({ClosingCause.WITHDRAWN, ClosingCause.SPONSORSHIP_ENDED})
"""Causes that the partner knows without being told once more."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a household comes from: the partner and its own reference."""

    partner: str
    reference: str
    fingerprint: str

    def answer(
        self, status: ReferralStatus, reason: DeclineReason | None = None
    ) -> ReferralAnswered:
        """A reply to the partner about its reference."""
        return ReferralAnswered(
            partner=self.partner, reference=self.reference, status=status, reason=reason
        )


@dataclass(frozen=True, slots=True)
class Household:
    """`sponsorship_id` is the open or running one, `excluded` are sponsors not to propose again.

    `waiting_since` stays when a match fails, so that nobody loses their place; `confirmed_on` is
    the last day on which somebody said that a sponsor is still wanted, `asked_on` stands while
    nobody has answered that question. `recruited` households come from the hospital's programme,
    to which the rule about who may take part does not apply; `also` are the origins of households
    that turned out to be this one.
    """

    id: str
    origin: Origin
    details: HouseholdDetails
    status: HouseholdStatus
    waiting_since: datetime
    reason: DeclineReason | None = None
    sponsorship_id: str | None = None
    proposals: int = 0
    excluded: tuple[str, ...] = ()
    first_matched_on: date | None = None
    held_until: date | None = None
    confirmed_on: date | None = None
    asked_on: date | None = None
    closed: ClosingCause | None = None
    recruited: bool = False
    also: tuple[Origin, ...] = ()
    merged_into: str | None = None

    @property
    def people(self) -> int:
        """Adults and children."""
        return self.details.adults + len(self.details.children)

    def answer(self) -> ReferralAnswered:
        """A reply with the present status."""
        return self.answer_to(self.origin)

    def answer_to(self, origin: Origin) -> ReferralAnswered:
        """The same to another partner that referred this household."""
        return origin.answer(_TOLD[self.status], self.reason)

    @property
    def origins(self) -> tuple[Origin, ...]:
        """Everybody who referred it."""
        return (self.origin, *self.also)

    def told(self) -> Facts:
        """Everybody who referred it hears the present status, each under its own reference."""
        return [self.answer_to(origin) for origin in self.origins]


def refer(household: Household, obstacle: DeclineReason | None) -> tuple[Household, Facts]:
    """A partner's referral is received, and accepted or declined at once."""
    received = household.origin.answer(ReferralStatus.RECEIVED)
    household, facts = decline(household, obstacle) if obstacle else register(household)
    return household, (received, *facts)


def register(household: Household) -> tuple[Household, Facts]:
    """The household waits for a sponsor from now on."""
    details = household.details
    fact = HouseholdRegistered(
        household_id=household.id,
        partner=household.origin.partner,
        adults=details.adults,
        children=len(details.children),
        countries=details.countries,
        languages=[skill.code for skill in details.languages],
        topics=details.topics,
    )
    welcome = mail(Template.HOUSEHOLD_WELCOME, household.id, details.contact)
    return household, (fact, *household.told(), *welcome)


def decline(household: Household, reason: DeclineReason) -> tuple[Household, Facts]:
    """The household cannot take part."""
    household = replace(household, status=HouseholdStatus.DECLINED, reason=reason)
    fact = HouseholdDeclined(
        household_id=household.id, partner=household.origin.partner, reason=reason
    )
    contact = household.details.contact
    told = mail(Template.HOUSEHOLD_DECLINED, household.id, contact, reason=reason.value)
    return household, (fact, *household.told(), *told)


def repeat(household: Household, fingerprint: str) -> Facts:
    """The reference came again: the present status, or a refusal if it means somebody else."""
    if household.origin.fingerprint == fingerprint:
        return (household.answer(),)
    origin = household.origin
    return (origin.answer(ReferralStatus.DECLINED, DeclineReason.REFERENCE_REUSED),)


def withdraw(household: Household) -> tuple[Household, Facts]:
    """The partner takes a waiting household back; otherwise it only hears the present status."""
    if household.status not in {HouseholdStatus.WAITING, HouseholdStatus.ON_HOLD}:
        return household, (household.answer(),)
    return close(household, ClosingCause.WITHDRAWN)


def wait_again(household: Household, helped: timedelta, today: date) -> tuple[Household, Facts]:
    """The household waits once more and keeps the days it had waited before it was helped."""
    waiting = replace(
        household,
        status=HouseholdStatus.WAITING,
        sponsorship_id=None,
        waiting_since=household.waiting_since + helped,
        confirmed_on=today,
    )
    return waiting, (HouseholdWaitsAgain(household_id=household.id), *waiting.told())


def close(household: Household, cause: ClosingCause) -> tuple[Household, Facts]:
    """The household waits no longer and has no sponsor; the partner hears why."""
    household = replace(
        household,
        status=HouseholdStatus.CLOSED,
        reason=DeclineReason.WITHDRAWN if cause is ClosingCause.WITHDRAWN else None,
        sponsorship_id=None,
        asked_on=None,
        closed=cause,
    )
    fact = HouseholdClosed(household_id=household.id, cause=cause)
    if cause in _KNOWN:
        return household, (fact, *household.told())
    whys = [
        ReferralClosed(partner=origin.partner, reference=origin.reference, cause=cause)
        for origin in household.origins
    ]
    return household, (fact, *household.told(), *whys)
