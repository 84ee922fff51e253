"""Households while they wait: corrected, on hold, asked for a sign of life, taken off the list.

Each step gives the household after it and the facts. An open match that rests on what is no longer
so is given up before, in `rematch`.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final, TypeAlias

from shared.contracts.desk_households import ClosingCause
from shared.contracts.matching import DeclineReason
from shared.contracts.matching_households import (
    HouseholdAsked,
    HouseholdConfirmed,
    HouseholdCorrected,
    HouseholdHeld,
    HouseholdRefused,
    HouseholdResumed,
    ReferralAsked,
)
from shared.contracts.matching_sponsorships import HouseholdWaitsAgain
from shared.contracts.people import HouseholdDetails
from shared.messaging import Facts

from . import household as households
from .calendar import local_day, years_after
from .household import Household, HouseholdStatus
from .mails import Occasion, mail
from .policy import Policy

LONGEST_HOLD: Final = timedelta(days=366)
OLDEST_CHILD: Final = -30
"""Years; who is grown up and lives with the parents may be reported as their child."""
EARLIEST: Final = date(1930, 1, 1)
WAITS: Final = frozenset(
    {HouseholdStatus.WAITING, HouseholdStatus.PROPOSED, HouseholdStatus.ON_HOLD}
)

Stepped: TypeAlias = tuple[Household, Facts]


def implausible(
    details: HouseholdDetails, today: date, latest_arrival: date | None = None
) -> list[str]:
    """The dates that cannot be meant, in words for the partner; a recruit may be yet to arrive."""
    oldest = years_after(today, OLDEST_CHILD)
    reasons = [
        f"data.household.children: {born} does not lie between {oldest} and {today}"
        for born in details.children
        if not oldest <= born <= today
    ]
    days = {
        "arrived_on": (details.arrived_on, latest_arrival or today),
        "consent_on": (details.consent_on, today),
    }
    reasons += [
        f"data.household.{name}: {day} does not lie between {EARLIEST} and {latest}"
        for name, (day, latest) in days.items()
        if not EARLIEST <= day <= latest
    ]
    return reasons


def unsettles(household: Household, details: HouseholdDetails) -> bool:
    """Whether an open match rests on what is no longer so; an address does not matter."""
    before, after = household.details, details
    same_person = before.contact.gender is after.contact.gender
    contact = after.contact
    return not same_person or before.model_copy(update={"contact": contact}) != after


def correct(
    household: Household, details: HouseholdDetails, reason: DeclineReason | None, now: datetime
) -> Stepped:
    """How it is now decides, by the rule of today, whether the household takes part."""
    if household.status is HouseholdStatus.CLOSED or household.details == details:
        return household, (household.answer(),)
    corrected = replace(household, details=details)
    fact = HouseholdCorrected(
        household_id=household.id,
        adults=details.adults,
        children=len(details.children),
        languages=[skill.code for skill in details.languages],
    )
    if household.status is HouseholdStatus.DECLINED:
        return _reconsider(corrected, fact, reason, now)
    if reason and household.status in WAITS:
        declined, facts = households.decline(corrected, reason)
        return declined, (fact, *facts)
    return corrected, (fact, corrected.answer())


def reconsider(household: Household, now: datetime) -> Stepped:
    """A household that was declined may take part after all, and waits from now on."""
    waits = replace(household, status=HouseholdStatus.WAITING, reason=None, waiting_since=now)
    return households.register(waits)


def can_end(until: date | None, today: date) -> bool:
    """Whether a household may be on hold until that day; it may be open."""
    return until is None or today < until <= today + LONGEST_HOLD


def hold(household: Household, until: date | None, today: date) -> Stepped:
    """Not to be matched for a while; the place in time is kept."""
    if reason := _not_waiting(household):
        return _refused(household, reason)
    if not can_end(until, today):
        return _refused(household, "a household is on hold until a day within the next year")
    if household.status is HouseholdStatus.PROPOSED:
        return _refused(household, "both sides of a match were asked; wait for their answers")
    if household.status is HouseholdStatus.ON_HOLD and household.held_until == until:
        return household, ()
    held = replace(household, status=HouseholdStatus.ON_HOLD, held_until=until)
    return held, (HouseholdHeld(household_id=household.id, until=until),)


def resume(household: Household, today: date) -> Stepped:
    """To be matched again; that is a sign of life."""
    if household.status is not HouseholdStatus.ON_HOLD:
        return _refused(household, "the household is not on hold")
    waiting = replace(
        household,
        status=HouseholdStatus.WAITING,
        held_until=None,
        confirmed_on=today,
        asked_on=None,
    )
    return waiting, (HouseholdResumed(household_id=household.id),)


def confirm(household: Household, today: date) -> Stepped:
    """A sponsor is still wanted; who was closed for want of an answer is back in the old place."""
    confirmed = replace(household, confirmed_on=today, asked_on=None)
    fact = HouseholdConfirmed(household_id=household.id)
    if household.status in WAITS:
        return confirmed, (fact,)
    if household.closed is not ClosingCause.NO_ANSWER:
        return _refused(household, "the household does not wait for a sponsor")
    back = replace(confirmed, status=HouseholdStatus.WAITING, closed=None)
    return back, (fact, HouseholdWaitsAgain(household_id=household.id), *back.told())


def take_off(household: Household, cause: ClosingCause) -> Stepped:
    """Staff take a household off the list."""
    if reason := _not_waiting(household):
        return _refused(household, reason)
    return households.close(household, cause)


def due_on(household: Household, policy: Policy) -> date:
    """When a waiting household is to be asked for a sign of life, or closed without one."""
    if household.asked_on:
        return household.asked_on + timedelta(days=policy.sign_of_life_answer_days)
    last = household.confirmed_on or local_day(household.waiting_since)
    return last + timedelta(days=policy.sign_of_life_days)


def look_after(household: Household, policy: Policy, today: date) -> Stepped:
    """Ask, or close who did not answer; nothing if neither is due."""
    if household.status is not HouseholdStatus.WAITING or today < due_on(household, policy):
        return household, ()
    contact = household.details.contact
    if household.asked_on:
        closed, facts = households.close(household, ClosingCause.NO_ANSWER)
        return closed, (*facts, *mail(Occasion.HOUSEHOLD_CLOSED, household.id, contact))
    asked = replace(household, asked_on=today)
    until = due_on(asked, policy)
    partners = [
        ReferralAsked(partner=origin.partner, reference=origin.reference, answer_by=until)
        for origin in household.origins
    ]
    return asked, (
        HouseholdAsked(household_id=household.id, answer_by=until),
        *partners,
        *mail(Occasion.STILL_INTERESTED, household.id, contact, until=until.isoformat()),
    )


def _reconsider(
    household: Household, fact: HouseholdCorrected, reason: DeclineReason | None, now: datetime
) -> Stepped:
    """A declined household may take part after all, from now on."""
    if reason:
        declined = replace(household, reason=reason)
        return declined, (fact, declined.answer())
    waiting, facts = reconsider(household, now)
    return waiting, (fact, *facts)


def _not_waiting(household: Household) -> str | None:
    return None if household.status in WAITS else "the household does not wait for a sponsor"


def _refused(household: Household, reason: str) -> Stepped:
    return household, (HouseholdRefused(household_id=household.id, reason=reason),)
