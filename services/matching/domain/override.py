"""Staff choose a pair themselves: what can be overridden is put on record, the rest is refused."""

from collections.abc import Iterator
from datetime import date, datetime

from shared.contracts.desk_matches import OverrideMatch
from shared.contracts.matching_sponsorships import MatchOverridden, OverriddenRule

from .calendar import local_day
from .household import Household, HouseholdStatus
from .match import Match, Outcomes, approve, propose
from .safeguarding import obstacle
from .sponsor import Sponsor
from .sponsorship import Decision, Reasons, SponsorshipStatus


def why_not(
    household: Household, sponsor: Sponsor, present: Match | None, until: date
) -> str | None:
    """Why staff cannot have this pair, in words; None if they can."""
    if household.status not in {HouseholdStatus.WAITING, HouseholdStatus.PROPOSED}:
        return "the household does not wait for a sponsor"
    if present and present.sponsorship.status is SponsorshipStatus.APPROVED:
        return "both sides of another match were asked; wait for their answers"
    if present and present.sponsor.id == sponsor.id:
        return "this pair is proposed already; approve it"
    return obstacle(household, sponsor.hold("this"), until)


def choose(
    household: Household, sponsor: Sponsor, told: OverrideMatch, now: datetime
) -> tuple[Match, Outcomes]:
    """The pair as proposed, and approved by whoever chose it."""
    proposed, _ = propose(household, sponsor, _reasons(household, sponsor, now), now)
    rules = tuple(overridden(household, sponsor))
    approved, facts = approve(proposed, Decision(told.staff_id, now, told.reason, rules))
    fact = MatchOverridden(**proposed.ids, rules=list(rules))
    return proposed, (approved, (fact, *facts))


def overridden(household: Household, sponsor: Sponsor) -> Iterator[OverriddenRule]:
    """The rules that stand against a pair and may be overridden."""
    details = household.details
    if not _languages(household, sponsor):
        yield OverriddenRule.NO_COMMON_LANGUAGE
    if not set(details.availability) & set(sponsor.availability):
        yield OverriddenRule.NO_COMMON_TIME
    if details.sponsor_gender not in {None, sponsor.contact.gender}:
        yield OverriddenRule.WISH_OF_HOUSEHOLD
    if sponsor.household_gender not in {None, details.contact.gender}:
        yield OverriddenRule.WISH_OF_SPONSOR


def _languages(household: Household, sponsor: Sponsor) -> list[str]:
    spoken = {skill.code for skill in sponsor.languages}
    return [skill.code for skill in household.details.languages if skill.code in spoken]


def _reasons(household: Household, sponsor: Sponsor, now: datetime) -> Reasons:
    """No points: people chose. What the two have in common is noted all the same."""
    return Reasons(
        criteria=(),
        language=next(iter(_languages(household, sponsor)), ""),
        slots=tuple(
            slot for slot in household.details.availability if slot in sponsor.availability
        ),
        waited_days=max(0, (local_day(now) - local_day(household.waiting_since)).days),
        candidates=0,
    )
