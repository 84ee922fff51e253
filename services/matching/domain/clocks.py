"""When a sponsorship wants attention next: one function per clock, of its state and the policy.

A clock that gives another time after a step than before is a timer to be moved.
"""

from datetime import date, datetime, timedelta
from typing import Final

from .calendar import moment
from .log import day_after
from .policy import Policy
from .recruit import OFFICE_OPENS
from .sponsorship import Sponsorship, SponsorshipStatus

SILENCES: Final = (14, 30)
"""Days without a real contact after which a silence is noticed, and noticed again."""


def answers_due(sponsorship: Sponsorship, policy: Policy) -> datetime | None:
    """When the time to answer is over."""
    if sponsorship.status is not SponsorshipStatus.APPROVED or sponsorship.decision is None:
        return None
    return sponsorship.decision.at + timedelta(days=policy.answer_days)


def reminder_due(sponsorship: Sponsorship, policy: Policy) -> datetime | None:
    """When the silent sides are reminded; never after the time to answer."""
    until, decision = answers_due(sponsorship, policy), sponsorship.decision
    left = policy.reminder_days[sponsorship.reminded :]
    if until is None or decision is None or not left:
        return None
    due = decision.at + timedelta(days=left[0])
    return due if due < until else None


def lapses(sponsorship: Sponsorship, policy: Policy) -> datetime | None:
    """When a proposal that nobody decides is given up; days on hold do not count."""
    since = _undecided_since(sponsorship)
    return since + timedelta(days=policy.decision_days) if since else None


def decision_due(sponsorship: Sponsorship, policy: Policy) -> datetime | None:
    """When staff are reminded to decide, first or again; never after the proposal lapses."""
    since, until = _undecided_since(sponsorship), lapses(sponsorship, policy)
    left = policy.decision_reminder_days[sponsorship.urged :]
    if since is None or until is None or not left:
        return None
    due = since + timedelta(days=left[0])
    return due if due < until else None


def hold_ends(sponsorship: Sponsorship, _: Policy) -> datetime | None:
    """When a proposal that staff keep waits for a decision again."""
    if sponsorship.status is not SponsorshipStatus.HELD or sponsorship.hold is None:
        return None
    return _opening(sponsorship.hold.until)


def check_in_due(sponsorship: Sponsorship, policy: Policy) -> datetime | None:
    """When both sides are asked how it is going, for the first time or again."""
    if sponsorship.status is not SponsorshipStatus.RUNNING or sponsorship.started_on is None:
        return None
    days = policy.first_check_in_days + sponsorship.asked * policy.check_in_days
    return _opening(day_after(sponsorship.started_on, sponsorship.pauses, days))


def silence_due(sponsorship: Sponsorship, _: Policy) -> datetime | None:
    """When the present silence will be noticed, first or again."""
    since, noticed = sponsorship.last_contact, sponsorship.silence
    if sponsorship.status is not SponsorshipStatus.RUNNING or since is None:
        return None
    told = noticed.days if noticed and noticed.since == since else 0
    left = [days for days in SILENCES if days > told]
    return _opening(day_after(since, sponsorship.pauses, left[0])) if left else None


def pause_ends(sponsorship: Sponsorship, _: Policy) -> datetime | None:
    """When a pause is over by itself."""
    if sponsorship.status is not SponsorshipStatus.PAUSED:
        return None
    until = sponsorship.pauses[-1].until
    return _opening(until) if until else None


def _undecided_since(sponsorship: Sponsorship) -> datetime | None:
    if sponsorship.status is not SponsorshipStatus.PROPOSED:
        return None
    return _opening(sponsorship.hold.until) if sponsorship.hold else sponsorship.proposed_at


def _opening(day: date) -> datetime:
    return moment(day, OFFICE_OPENS)
