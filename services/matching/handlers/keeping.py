"""What follows from every change: the session that is wanted, the deadline of the answers."""

from datetime import timedelta
from typing import Any

from shared.messaging import Message
from shared.storage.timers import Timer

from ..domain.household import HouseholdStatus
from ..domain.match import Match
from ..domain.session import next_session
from ..domain.sponsorship import SponsorshipStatus
from ..store import MatchingStore

SESSION = "matching-session"
NEXT = "next"
ANSWERS_DUE = "answers-due"


def want_session(store: MatchingStore, message: Message[Any]) -> None:
    """Something may be matched now: have the next session, unless it is set already."""
    due = next_session(store.policy.rhythm, message.now)
    store.timers.schedule(Timer(SESSION, NEXT, due, moves=False))


def keep_match(store: MatchingStore, message: Message[Any], before: Match, after: Match) -> None:
    """Save a match after a step, and set or cancel what depends on it."""
    store.save_match(after)
    _keep_deadline(store, message, before, after)
    waits_again = after.household.status is HouseholdStatus.WAITING
    if waits_again or len(after.sponsor.holds) < len(before.sponsor.holds):
        want_session(store, message)


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
