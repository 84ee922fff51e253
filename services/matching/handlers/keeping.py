"""What follows from every change: the session that is wanted, deadlines, a sponsor's clocks."""

from datetime import date, timedelta
from typing import Any

from shared.messaging import Message
from shared.storage.timers import Timer

from ..domain import certificate_clock, clocks, waiting
from ..domain.calendar import moment, monday_from
from ..domain.household import HouseholdStatus
from ..domain.match import Match
from ..domain.recruit import OFFICE_OPENS
from ..domain.session import next_session
from ..domain.sponsor import Sponsor
from ..domain.sponsorship import Sponsorship
from ..store import MatchingStore

SESSION = "matching-session"
NEXT = "next"
ROUND = "waiting-round"
ANSWERS_DUE = "answers-due"
ANSWERS_REMINDER = "answers-reminder"
HOLD_ENDS = "hold-ends"
DECISION_DUE = "decision-due"
LAPSES = "proposal-lapses"
CHECK_IN = "check-in"
SILENCE = "silence"
PAUSE_ENDS = "sponsorship-pause-ends"
CLOCKS = {
    ANSWERS_DUE: clocks.answers_due,
    ANSWERS_REMINDER: clocks.reminder_due,
    HOLD_ENDS: clocks.hold_ends,
    DECISION_DUE: clocks.decision_due,
    LAPSES: clocks.lapses,
    CHECK_IN: clocks.check_in_due,
    SILENCE: clocks.silence_due,
    PAUSE_ENDS: clocks.pause_ends,
}
"""The timers of a sponsorship, each with the clock that says when it is due."""
CERTIFICATE = "certificate-clock"
GRACE = timedelta(days=30)
"""What a certificate still has when its last open match fails after its time."""


def want_session(store: MatchingStore, message: Message[Any]) -> None:
    """Something may be matched now: have the next session, unless it is set already."""
    due = next_session(store.policy.rhythm, message.now)
    store.timers.schedule(Timer(SESSION, NEXT, due, moves=False))


def want_round(
    store: MatchingStore, message: Message[Any], day: date, *, moves: bool = False
) -> None:
    """Have everybody who waits looked at on the Monday from this day on, if not sooner."""
    monday = monday_from(max(day, message.today + timedelta(days=1)))
    store.timers.schedule(Timer(ROUND, NEXT, moment(monday, OFFICE_OPENS), moves=moves))


def keep_match(store: MatchingStore, message: Message[Any], before: Match, after: Match) -> None:
    """Save a match after a step, and set or cancel what depends on it."""
    store.save_match(after)
    _move_timers(store, message, before.sponsorship, after.sponsorship)
    wind_certificate_clock(store, message, before.sponsor, after.sponsor)
    waits_again = after.household.status is HouseholdStatus.WAITING
    if waits_again:
        want_round(store, message, waiting.due_on(after.household, store.policy))
    if waits_again or len(after.sponsor.holds) < len(before.sponsor.holds):
        want_session(store, message)


def keep_proposal(store: MatchingStore, message: Message[Any], match: Match) -> None:
    """Save a new match, and set the timers that it begins with."""
    store.save_match(match)
    _move_timers(store, message, None, match.sponsorship)


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


def _move_timers(
    store: MatchingStore, message: Message[Any], before: Sponsorship | None, after: Sponsorship
) -> None:
    """Where a clock of the sponsorship gives another time than before, its timer moves."""
    data = {"correlation_id": message.correlation_id}
    for name, clock in CLOCKS.items():
        due = clock(after, store.policy)
        if due == (clock(before, store.policy) if before else None):
            continue
        if due is None:
            store.timers.cancel(name, after.id)
        else:
            store.timers.schedule(Timer(name, after.id, due, data))
