"""A proposal that staff do not decide: they are reminded, then it is given up, and household and
sponsor are as free as before.
"""

from dataclasses import replace
from datetime import datetime

from shared.contracts.matching_sponsorships import MatchDecisionDue, MatchLapsed

from . import clocks
from .calendar import local_day
from .household import HouseholdStatus
from .match import Match, Outcomes, changed
from .policy import Policy
from .sponsorship import SponsorshipStatus


def urge(match: Match, policy: Policy, now: datetime) -> Outcomes:
    """Staff are reminded, unless the reminder comes so late that the proposal lapses anyway."""
    until = clocks.lapses(match.sponsorship, policy)
    if until is None or until <= now:
        return match, ()
    urged = match.sponsorship.urged + 1
    fact = MatchDecisionDue(**match.ids, number=urged, until=local_day(until))
    return changed(match, urged=urged), (fact,)


def lapse(match: Match, policy: Policy, now: datetime) -> Outcomes:
    """Nobody decided: the household waits in its old place, and the two may be proposed again."""
    until = clocks.lapses(match.sponsorship, policy)
    if until is None or until > now:
        return match, ()
    after = Match(
        replace(match.sponsorship, status=SponsorshipStatus.LAPSED),
        replace(match.household, status=HouseholdStatus.WAITING, sponsorship_id=None),
        match.sponsor.release(match.sponsorship.id),
    )
    return after, (MatchLapsed(**match.ids),)
