"""What follows from every change: the session that is wanted, deadlines, a sponsor's clocks."""

from datetime import timedelta
from typing import Any

from shared.messaging import Message
from shared.storage.timers import Timer

from ..domain import certificate_clock
from ..domain.calendar import moment
from ..domain.household import HouseholdStatus
from ..domain.match import Match
from ..domain.recruit import OFFICE_OPENS
from ..domain.session import next_session
from ..domain.sponsor import Sponsor
from ..domain.sponsorship import SponsorshipStatus
from ..store import MatchingStore

SESSION = "matching-session"
NEXT = "next"
ANSWERS_DUE = "answers-due"
CERTIFICATE = "certificate-clock"
GRACE = timedelta(days=30)
"""What a certificate still has when its last open match fails after its time."""


def want_session(store: MatchingStore, message: Message[Any]) -> None:
    """Something may be matched now: have the next session, unless it is set already."""
    due = next_session(store.policy.rhythm, message.now)
    store.timers.schedule(Timer(SESSION, NEXT, due, moves=False))


def keep_match(store: MatchingStore, message: Message[Any], before: Match, after: Match) -> None:
    """Save a match after a step, and set or cancel what depends on it."""
    store.save_match(after)
    _keep_deadline(store, message, before, after)
    wind_certificate_clock(store, message, before.sponsor, after.sponsor)
    waits_again = after.household.status is HouseholdStatus.WAITING
    if waits_again or len(after.sponsor.holds) < len(before.sponsor.holds):
        want_session(store, message)


def keep_sponsor(
    store: MatchingStore, message: Message[Any], before: Sponsor, after: Sponsor
) -> None:
    """Save a sponsor after a step; what changed may make another match possible."""
    if after is before:
        return
    store.sponsors.save(after)
    wind_certificate_clock(store, message, before, after)
    want_session(store, message)


def wind_certificate_clock(
    store: MatchingStore, message: Message[Any], before: Sponsor | None, after: Sponsor
) -> None:
    """Set the timer where the next day changed; without a state before, where there is one."""
    due = certificate_clock.next_due(after)
    if before and certificate_clock.next_due(before) == due:
        return
    if due is None:
        store.timers.cancel(CERTIFICATE, after.id)
        return
    day = due if due > message.today else message.today + GRACE
    store.timers.schedule(Timer(CERTIFICATE, after.id, moment(day, OFFICE_OPENS)))


def _keep_deadline(
    store: MatchingStore, message: Message[Any], before: Match, after: Match
) -> None:
    asked = before.sponsorship.status is SponsorshipStatus.APPROVED
    asks = after.sponsorship.status is SponsorshipStatus.APPROVED
    if asks and not asked:
        due = message.now + timedelta(days=store.policy.answer_days)
        data = {"correlation_id": message.correlation_id}
        store.timers.schedule(Timer(ANSWERS_DUE, after.sponsorship.id, due, data))
    elif asked and not asks:
        store.timers.cancel(ANSWERS_DUE, after.sponsorship.id)
