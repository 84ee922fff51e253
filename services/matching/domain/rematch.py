"""One side is no longer there: an open match is given up, a running sponsorship ends, and the
household waits for somebody else.
"""

from dataclasses import replace
from datetime import date

from shared.contracts.desk import Outcome
from shared.contracts.matching import SponsorshipEnded
from shared.contracts.matching_sponsorships import MatchReleased, ReleaseCause
from shared.messaging import Facts

from . import household as households
from .household import HouseholdStatus
from .match import Match, Outcomes, refusal, thank
from .sponsorship import SponsorshipStatus, Step

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
    return after, (MatchReleased(**match.ids, cause=cause),)


def end_and_rematch(match: Match, outcome: Outcome, today: date) -> Outcomes:
    """The sponsorship ends, and the household waits for another sponsor."""
    if reason := match.sponsorship.why_not(Step.END):
        return match, (refusal(match.sponsorship.id, reason),)
    ended = replace(
        match.sponsorship, status=SponsorshipStatus.ENDED, ended_on=today, outcome=outcome
    )
    helped = today - (match.sponsorship.started_on or today)
    household, waits = households.wait_again(match.household, helped)
    if outcome in NEVER_AGAIN:
        household = replace(household, excluded=(*household.excluded, match.sponsor.id))
    after = Match(ended, household, match.sponsor.retire(match.sponsorship.id, today))
    fact = SponsorshipEnded(**match.ids, outcome=outcome, ended_on=today)
    return after, (fact, *waits, *_farewell(match, outcome))


def lose_sponsor(match: Match, today: date) -> Outcomes:
    """The sponsor leaves the programme."""
    if match.sponsorship.open:
        return release(match, ReleaseCause.SPONSOR_LEFT)
    return end_and_rematch(match, Outcome.SPONSOR_LEFT, today)


def _farewell(match: Match, outcome: Outcome) -> Facts:
    """A sponsor who left the programme is thanked for all of it, not for each sponsorship."""
    household = thank(match, match.household.details.contact)
    if outcome is Outcome.SPONSOR_LEFT:
        return household
    return (*thank(match, match.sponsor.contact), *household)
