"""A sponsor's way through the programme: applied, interviewed, changed, pausing, leaving, back.

Each step gives the sponsor after it and the facts. What is not allowed changes nothing and says
why. What becomes of the sponsor's matches is decided with them, in `match`.
"""

from dataclasses import replace
from datetime import date, timedelta
from typing import Final, TypeAlias

from shared.contracts.desk import RegisterSponsor
from shared.contracts.desk_sponsors import AcknowledgeHandbook, ChangeSponsor, RecordInterview
from shared.contracts.matching_sponsors import (
    HandbookAcknowledged,
    SponsorApplied,
    SponsorChanged,
    SponsorField,
    SponsorInterviewed,
    SponsorLeft,
    SponsorPaused,
    SponsorReadmitted,
    SponsorResumed,
)
from shared.messaging import Facts

from . import certificate_clock
from .mails import Occasion, mail
from .sponsor import Handbook, Sponsor, Stage, Step, admit, enter

LONGEST_PAUSE: Final = timedelta(days=2 * 366)
EARLIEST: Final = date(2000, 1, 1)

Taken: TypeAlias = tuple[Sponsor, Facts]
"""The sponsor after a step, and the facts."""


def apply(sponsor_id: str, told: RegisterSponsor, today: date) -> Taken:
    """A volunteer applied; the interview is next."""
    sponsor = enter(sponsor_id, told, today)
    fact = SponsorApplied(
        sponsor_id=sponsor.id,
        migration_experience=sponsor.migration_experience,
        languages=[skill.code for skill in sponsor.languages],
        capacity=sponsor.capacity,
    )
    return sponsor, (fact, *mail(Occasion.SPONSOR_APPLICATION, sponsor.id, sponsor.contact))


def interview(sponsor: Sponsor, told: RecordInterview, today: date) -> Taken:
    """Who is suitable is taken in; who is not may be interviewed once more later."""
    if reason := sponsor.why_not(Step.INTERVIEW):
        return sponsor.refused(reason)
    if told.held_on > today:
        return sponsor.refused("an interview in the future cannot be recorded")
    if told.held_on < sponsor.applied_on:
        return sponsor.refused("the interview cannot have been before the application")
    fact = SponsorInterviewed(sponsor_id=sponsor.id, held_on=told.held_on, suitable=told.suitable)
    if told.suitable:
        admitted, facts = admit(sponsor)
    else:
        admitted, facts = certificate_clock.tick(replace(sponsor, stage=Stage.REJECTED), today)
    return admitted, (fact, *facts)


def acknowledge(sponsor: Sponsor, told: AcknowledgeHandbook, today: date) -> Taken:
    """The newest version counts; an older one that comes late changes nothing."""
    if reason := sponsor.why_not(Step.ACKNOWLEDGE):
        return sponsor.refused(reason)
    if not EARLIEST <= told.acknowledged_on <= today:
        return sponsor.refused("the handbook cannot have been acknowledged on that day")
    known = sponsor.handbook
    if known and _number(known.version) >= _number(told.version):
        return sponsor, ()
    fact = HandbookAcknowledged(
        sponsor_id=sponsor.id, version=told.version, acknowledged_on=told.acknowledged_on
    )
    handbook = Handbook(told.version, told.acknowledged_on)
    return replace(sponsor, handbook=handbook), (fact,)


def change(sponsor: Sponsor, told: ChangeSponsor) -> Taken:
    """What is told replaces what was known; the same again is no news."""
    if reason := sponsor.why_not(Step.CHANGE):
        return sponsor.refused(reason)
    if told.any_household_gender and told.household_gender:
        return sponsor.refused("there is either a wish about the gender or none")
    changed = replace(sponsor, **_told(told))  # type: ignore[arg-type]
    fields = [field for field in SponsorField if _differs(sponsor, changed, field)]
    if not fields:
        return sponsor, ()
    fact = SponsorChanged(
        sponsor_id=sponsor.id,
        changed=fields,
        languages=[skill.code for skill in changed.languages],
        capacity=changed.capacity,
    )
    return changed, (fact,)


def unsettles(before: Sponsor, after: Sponsor) -> bool:
    """Whether proposals that nobody decided on yet rest on what is no longer so."""
    settled = {SponsorField.CONTACT, SponsorField.CAPACITY}
    differs = any(_differs(before, after, field) for field in set(SponsorField) - settled)
    other_gender = before.contact.gender is not after.contact.gender
    return differs or other_gender or after.capacity < len(after.holds)


def pause(sponsor: Sponsor, until: date | None, today: date) -> Taken:
    """No new household for a while; a pause may be made longer or shorter."""
    if reason := sponsor.why_not(Step.PAUSE):
        return sponsor.refused(reason)
    if until and not today < until <= today + LONGEST_PAUSE:
        return sponsor.refused("a pause ends after today and within two years")
    if sponsor.stage is Stage.PAUSED and sponsor.paused_until == until:
        return sponsor, ()
    paused = replace(sponsor, stage=Stage.PAUSED, paused_until=until)
    return paused, (SponsorPaused(sponsor_id=sponsor.id, until=until),)


def resume(sponsor: Sponsor) -> Taken:
    """Back from a pause."""
    if reason := sponsor.why_not(Step.RESUME):
        return sponsor.refused(reason)
    back = replace(sponsor, stage=Stage.ACTIVE, paused_until=None)
    return back, (SponsorResumed(sponsor_id=sponsor.id),)


def leave(sponsor: Sponsor, today: date) -> Taken:
    """The sponsor leaves; a certificate that nothing followed is deleted at once."""
    if reason := sponsor.why_not(Step.LEAVE):
        return sponsor.refused(reason)
    left = replace(sponsor, stage=Stage.LEFT, paused_until=None)
    left, facts = certificate_clock.tick(left, today)
    farewell = mail(Occasion.SPONSOR_FAREWELL, sponsor.id, sponsor.contact)
    return left, (SponsorLeft(sponsor_id=sponsor.id, left_on=today), *facts, *farewell)


def readmit(sponsor: Sponsor) -> Taken:
    """The training still counts; the certificate only if it is still on record."""
    if reason := sponsor.why_not(Step.READMIT):
        return sponsor.refused(reason)
    fact = SponsorReadmitted(sponsor_id=sponsor.id)
    return replace(sponsor, stage=Stage.ACTIVE), (fact,)


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def _told(told: ChangeSponsor) -> dict[str, object]:
    """The fields that were told, as a sponsor keeps them."""
    values = {
        "contact": told.contact,
        "languages": None if told.languages is None else tuple(told.languages),
        "topics": None if told.topics is None else tuple(told.topics),
        "availability": None if told.availability is None else tuple(told.availability),
        "district": told.district,
        "capacity": told.capacity,
        "household_gender": told.household_gender,
    }
    kept = {name: value for name, value in values.items() if value is not None}
    return kept | ({"household_gender": None} if told.any_household_gender else {})


def _differs(before: Sponsor, after: Sponsor, field: SponsorField) -> bool:
    return bool(getattr(before, field.value) != getattr(after, field.value))
