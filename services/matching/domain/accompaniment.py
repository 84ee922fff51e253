"""Accompanying a sponsorship: its log and corrections, check-ins, silence, pauses.

Each function gives the match after the step and the facts. What is not allowed changes nothing and
says why.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from shared.contracts.base import Contract
from shared.contracts.desk import Side
from shared.contracts.desk_sponsorships import ContactKind, Going, LoggedContact
from shared.contracts.matching import MeetingLogged
from shared.contracts.matching_sponsorships import (
    CheckedIn,
    CheckInDue,
    ContactCorrected,
    ContactLogged,
    FirstMet,
    SponsorshipPaused,
    SponsorshipResumed,
    SponsorshipSilent,
)
from shared.messaging import Facts

from .calendar import local_day
from .clocks import SILENCES
from .log import Entry, Pause, Stamp, days_between
from .mails import Occasion, mail
from .match import Match, Outcomes, changed, refusal
from .sponsorship import CheckIn, Silence, Sponsorship, SponsorshipStatus, Step

LONGEST_PAUSE: Final = timedelta(days=366)


def log(match: Match, contact: LoggedContact, stamp: Stamp) -> Outcomes:
    """Sponsor and household were in contact, or tried to be; of each kind a day counts once."""
    sponsorship = match.sponsorship
    reason = sponsorship.why_not(Step.LOG) or _implausible(sponsorship, contact, stamp)
    if reason:
        return match, (refusal(sponsorship.id, reason),)
    if any(entry.is_about(contact) for entry in sponsorship.log):
        return match, ()
    after = changed(match, log=_entered(sponsorship.log, contact, stamp))
    return after, (_logged(sponsorship.id, contact), *_first_met(sponsorship, after.sponsorship))


def correct(
    match: Match, wrong: LoggedContact, right: LoggedContact | None, stamp: Stamp
) -> Outcomes:
    """The wrong entry is struck out and stays readable; the right one, if any, is entered."""
    sponsorship = match.sponsorship
    reason = sponsorship.why_not(Step.LOG) or (right and _implausible(sponsorship, right, stamp))
    if not reason and not any(entry.is_about(wrong) for entry in sponsorship.log):
        reason = "the log has no entry of this kind on that day"
    if reason:
        return match, (refusal(sponsorship.id, reason),)
    if wrong == right:
        return match, ()
    entries = tuple(
        replace(entry, struck=stamp) if entry.is_about(wrong) else entry
        for entry in sponsorship.log
    )
    if right and not any(entry.is_about(right) for entry in entries):
        entries = _entered(entries, right, stamp)
    after = changed(match, log=entries)
    fact = ContactCorrected(sponsorship_id=sponsorship.id, wrong=wrong, right=right)
    return after, (fact, *_first_met(sponsorship, after.sponsorship))


def ask(match: Match) -> Outcomes:
    """Both sides are asked how it is going."""
    if match.sponsorship.status is not SponsorshipStatus.RUNNING:
        return match, ()
    number = match.sponsorship.asked + 1
    fact = CheckInDue(sponsorship_id=match.sponsorship.id, number=number)
    return changed(match, asked=number), (fact, *_tell(match, Occasion.CHECK_IN, Side))


def check_in(match: Match, side: Side, going: Going, stamp: Stamp) -> Outcomes:
    """A side said how it is going."""
    sponsorship = match.sponsorship
    if reason := sponsorship.why_not(Step.CHECK_IN):
        return match, (refusal(sponsorship.id, reason),)
    heard = (*sponsorship.check_ins, CheckIn(side, going, stamp))
    fact = CheckedIn(sponsorship_id=sponsorship.id, side=side, going=going)
    return changed(match, check_ins=heard), (fact,)


def notice_silence(match: Match, today: date) -> Outcomes:
    """Nobody told of a real contact for long; the sponsor is asked the first time."""
    sponsorship = match.sponsorship
    since, noticed = sponsorship.last_contact, sponsorship.silence
    if sponsorship.status is not SponsorshipStatus.RUNNING or since is None:
        return match, ()
    silent = days_between(since, sponsorship.pauses, today)
    days = max((each for each in SILENCES if each <= silent), default=0)
    if days <= (noticed.days if noticed and noticed.since == since else 0):
        return match, ()
    fact = SponsorshipSilent(sponsorship_id=sponsorship.id, since=since, days=days)
    asked = _tell(match, Occasion.SILENCE, [Side.SPONSOR]) if days == SILENCES[0] else ()
    return changed(match, silence=Silence(since, days)), (fact, *asked)


def pause(match: Match, until: date | None, today: date) -> Outcomes:
    """The two do not meet for a while; a pause may be made longer or shorter."""
    sponsorship = match.sponsorship
    reason = sponsorship.why_not(Step.PAUSE)
    if not reason and until and not today < until <= today + LONGEST_PAUSE:
        reason = "a pause ends after today and within a year"
    if reason:
        return match, (refusal(sponsorship.id, reason),)
    earlier, present = sponsorship.pauses, Pause(today, until)
    if sponsorship.status is SponsorshipStatus.PAUSED:
        if earlier[-1].until == until:
            return match, ()
        earlier, present = earlier[:-1], Pause(earlier[-1].from_on, until)
    paused = changed(match, status=SponsorshipStatus.PAUSED, pauses=(*earlier, present))
    return paused, (SponsorshipPaused(sponsorship_id=sponsorship.id, until=until),)


def resume(match: Match, today: date) -> Outcomes:
    """The two meet again."""
    sponsorship = match.sponsorship
    if reason := sponsorship.why_not(Step.RESUME):
        return match, (refusal(sponsorship.id, reason),)
    pauses = (*sponsorship.pauses[:-1], replace(sponsorship.pauses[-1], until=today))
    back = changed(match, status=SponsorshipStatus.RUNNING, pauses=pauses)
    return back, (SponsorshipResumed(sponsorship_id=sponsorship.id),)


def _entered(log: tuple[Entry, ...], contact: LoggedContact, stamp: Stamp) -> tuple[Entry, ...]:
    return (*log, Entry(contact.kind, contact.held_on, stamp))


def _logged(sponsorship_id: str, contact: LoggedContact) -> Contract:
    if contact.kind is ContactKind.MEETING:
        return MeetingLogged(sponsorship_id=sponsorship_id, held_on=contact.held_on)
    return ContactLogged(sponsorship_id=sponsorship_id, kind=contact.kind, held_on=contact.held_on)


def _first_met(before: Sponsorship, after: Sponsorship) -> Facts:
    """Told when the log has a meeting for the first time, whatever is corrected later."""
    if not after.meetings or any(entry.kind is ContactKind.MEETING for entry in before.log):
        return ()
    return (FirstMet(sponsorship_id=after.id, met_on=after.meetings[0]),)


def _implausible(sponsorship: Sponsorship, contact: LoggedContact, stamp: Stamp) -> str | None:
    if contact.held_on > local_day(stamp.at):
        return "a contact in the future cannot be logged"
    if sponsorship.started_on and contact.held_on < sponsorship.started_on:
        return "the sponsorship had not started on that day"
    if sponsorship.ended_on and contact.held_on > sponsorship.ended_on:
        return "the sponsorship had ended before that day"
    return None


def _tell(match: Match, occasion: Occasion, sides: Iterable[Side]) -> Facts:
    """Mails to sides that know each other."""
    contacts = match.contacts
    return [
        request
        for side in sides
        for other in Side
        if other is not side
        for request in mail(
            occasion, match.sponsorship.id, contacts[side], other=contacts[other].name
        )
    ]
