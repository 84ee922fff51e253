"""One side is no longer there: an open match is given up, a running sponsorship ends, and the
household waits for somebody else.
"""

from dataclasses import replace
from datetime import date

from shared.contracts.desk import Outcome, Side
from shared.contracts.matching import SponsorshipEnded
from shared.contracts.matching_sponsorships import MatchReleased, ReleaseCause
from shared.contracts.notifications import Template

from . import household as households
from .household import HouseholdStatus
from .match import Match, Outcomes, call_off, refusal, tell
from .sponsorship import SponsorshipStatus, Step

OF_THE_SPONSOR = frozenset(
    {ReleaseCause.SPONSOR_PAUSED, ReleaseCause.SPONSOR_LEFT, ReleaseCause.SPONSOR_CHANGED}
)
"""Causes that lie with the sponsor; the household is told. Otherwise the sponsor is."""
NEVER_AGAIN = frozenset({Outcome.NOT_A_FIT, Outcome.CONTACT_LOST})
"""Outcomes after which the pair is not proposed once more."""


def release(match: Match, cause: ReleaseCause) -> Outcomes:
    """An open match is given up; the household keeps its place in time and may meet them again."""
    if not match.sponsorship.open:
        return match, ()
    household = replace(match.household, status=HouseholdStatus.WAITING, sponsorship_id=None)
    after = Match(
        replace(match.sponsorship, status=SponsorshipStatus.RELEASED),
        household,
        match.sponsor.release(match.sponsorship.id),
    )
    other = Side.HOUSEHOLD if cause in OF_THE_SPONSOR else Side.SPONSOR
    return after, (MatchReleased(**match.ids, cause=cause), *call_off(match, other))


def end_and_rematch(match: Match, outcome: Outcome, today: date) -> Outcomes:
    """The sponsorship ends, and the household waits for another sponsor."""
    if reason := match.sponsorship.why_not(Step.END):
        return match, (refusal(match.sponsorship.id, reason),)
    ended = replace(
        match.sponsorship, status=SponsorshipStatus.ENDED, ended_on=today, outcome=outcome
    )
    helped = today - (match.sponsorship.started_on or today)
    household, waits = households.wait_again(match.household, helped, today)
    if outcome in NEVER_AGAIN:
        household = replace(household, excluded=(*household.excluded, match.sponsor.id))
    after = Match(ended, household, match.sponsor.retire(match.sponsorship.id, today))
    fact = SponsorshipEnded(**match.ids, outcome=outcome, ended_on=today)
    return after, (fact, *waits, *tell(match, Template.SPONSORSHIP_ENDED, Side))


def lose_sponsor(match: Match, today: date) -> Outcomes:
    """The sponsor leaves the programme."""
    if match.sponsorship.open:
        return release(match, ReleaseCause.SPONSOR_LEFT)
    return end_and_rematch(match, Outcome.SPONSOR_LEFT, today)
