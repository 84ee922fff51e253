"""What happens to a sponsorship together with its two sides; each function gives the match after
it and the facts. What is not allowed changes nothing and says why.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TypeAlias

from shared.contracts.desk import DecideMatch, Outcome, Side
from shared.contracts.desk_households import ClosingCause
from shared.contracts.ids import stable_id
from shared.contracts.matching import (
    DecisionRefused,
    MatchApproved,
    MatchDeclined,
    MatchProposed,
    MatchRejected,
    MatchWithdrawn,
    SponsorshipEnded,
    SponsorshipStarted,
)
from shared.contracts.matching_sponsorships import MatchHeld, MatchHoldEnded, MatchReminded
from shared.contracts.notifications import Template
from shared.contracts.people import Contact
from shared.messaging import Facts

from . import household as households
from .calendar import local_day
from .household import Household, HouseholdStatus
from .log import Stamp
from .mails import Occasion, mail
from .safeguarding import obstacle
from .sponsor import Sponsor
from .sponsorship import Decision, Hold, Reasons, Sponsorship, SponsorshipStatus, Step


@dataclass(frozen=True, slots=True)
class Match:
    """A sponsorship with its household and its sponsor."""

    sponsorship: Sponsorship
    household: Household
    sponsor: Sponsor

    @property
    def ids(self) -> dict[str, str]:
        """The three ids, as most facts carry them."""
        return {
            "sponsorship_id": self.sponsorship.id,
            "household_id": self.household.id,
            "sponsor_id": self.sponsor.id,
        }

    @property
    def contacts(self) -> dict[Side, Contact]:
        """Whom to speak to on each side."""
        return {
            Side.SPONSOR: self.sponsor.contact,
            Side.HOUSEHOLD: self.household.details.contact,
        }


Outcomes: TypeAlias = tuple[Match, Facts]


def changed(match: Match, **changes: object) -> Match:
    """The match with another state of its sponsorship."""
    sponsorship = replace(match.sponsorship, **changes)  # type: ignore[arg-type]
    return replace(match, sponsorship=sponsorship)


def propose(household: Household, sponsor: Sponsor, reasons: Reasons, now: datetime) -> Outcomes:
    """The pair is put to staff; it holds the household and one place of the sponsor."""
    number = household.proposals + 1
    sponsorship_id = stable_id("sponsorship", household.id, str(number))
    sponsorship = Sponsorship(
        sponsorship_id, household.id, sponsor.id, reasons.score, reasons, proposed_at=now
    )
    held = replace(
        household,
        status=HouseholdStatus.PROPOSED,
        sponsorship_id=sponsorship_id,
        proposals=number,
    )
    match = Match(sponsorship, held, sponsor.hold(sponsorship_id))
    return match, (MatchProposed(**match.ids, score=reasons.score),)


def hold(match: Match, until: date, stamp: Stamp, reason: str) -> Outcomes:
    """Staff keep the proposal for some days; once more moves the day."""
    if refused := match.sponsorship.why_not(Step.HOLD):
        return match, (refusal(match.sponsorship.id, refused),)
    held = changed(match, status=SponsorshipStatus.HELD, hold=Hold(until, stamp, reason))
    return held, (MatchHeld(**match.ids, until=until),)


def end_hold(match: Match) -> Outcomes:
    """The days are over: the proposal waits for a decision as before."""
    if match.sponsorship.status is not SponsorshipStatus.HELD:
        return match, ()
    fact = MatchHoldEnded(sponsorship_id=match.sponsorship.id)
    return changed(match, status=SponsorshipStatus.PROPOSED, urged=0), (fact,)


def approve(match: Match, decision: Decision) -> Outcomes:
    """Staff want this pair: both sides are asked."""
    approved = changed(match, decision=decision, status=SponsorshipStatus.APPROVED)
    return approved, (MatchApproved(**match.ids), *_ask_both(approved))


def decide(
    match: Match, told: DecideMatch, now: datetime, lasting: timedelta = timedelta(0)
) -> Outcomes:
    """Staff approve, and both sides are asked; or they reject, and the household waits on.

    What protects people must hold for as long as both may think.
    """
    reason = match.sponsorship.why_not(Step.DECIDE)
    if told.approved and not reason:
        reason = obstacle(match.household, match.sponsor, local_day(now) + lasting)
    if reason:
        return match, (refusal(match.sponsorship.id, reason),)
    decision = Decision(told.staff_id, now, told.reason)
    if told.approved:
        return approve(match, decision)
    rejected = _failed(changed(match, decision=decision), SponsorshipStatus.REJECTED)
    return rejected, (MatchRejected(**match.ids),)


def answer(match: Match, side: Side, *, accepted: bool, today: date) -> Outcomes:
    """One side accepts or declines; with both acceptances the sponsorship starts."""
    sponsorship = match.sponsorship
    if reason := sponsorship.why_not(Step.ANSWER):
        return match, (refusal(sponsorship.id, reason),)
    if side in sponsorship.accepted:
        return match, (refusal(sponsorship.id, f"the {side.value} accepted this match already"),)
    if not accepted:
        return _declined(match, side)
    agreed = changed(match, accepted=(*sponsorship.accepted, side))
    return (agreed, ()) if agreed.sponsorship.silent_sides else _started(agreed, today)


def remind(match: Match, until: date) -> Outcomes:
    """Who has not answered is asked once more."""
    sponsorship = match.sponsorship
    if sponsorship.why_not(Step.ANSWER):
        return match, ()
    sides = sponsorship.silent_sides
    fact = MatchReminded(sponsorship_id=sponsorship.id, sides=list(sides))
    asked = tell(match, Occasion.MATCH_REMINDER, sides, until=until.isoformat())
    return changed(match, reminded=sponsorship.reminded + 1), (fact, *asked)


def expire(match: Match) -> Outcomes:
    """Not everybody answered in time: as if the silent side had declined."""
    if match.sponsorship.why_not(Step.ANSWER):
        return match, ()
    return _declined(match, match.sponsorship.silent_sides[0])


def withdraw(match: Match) -> Outcomes:
    """The partner takes the household back while the match is open; a running one goes on."""
    if not match.sponsorship.open:
        return match, ()
    withdrawn = _failed(match, SponsorshipStatus.WITHDRAWN)
    return withdrawn, (MatchWithdrawn(**match.ids), *call_off(match, Side.SPONSOR))


def end(match: Match, outcome: Outcome, today: date) -> Outcomes:
    """The sponsorship ends: the household is closed, the place is free."""
    if reason := match.sponsorship.why_not(Step.END):
        return match, (refusal(match.sponsorship.id, reason),)
    ended = changed(match, status=SponsorshipStatus.ENDED, ended_on=today, outcome=outcome)
    household, closed = households.close(ended.household, ClosingCause.SPONSORSHIP_ENDED)
    after = Match(ended.sponsorship, household, ended.sponsor.retire(match.sponsorship.id, today))
    fact = SponsorshipEnded(**match.ids, outcome=outcome, ended_on=today)
    return after, (fact, *closed, *tell(match, Template.SPONSORSHIP_ENDED, Side))


def call_off(match: Match, *sides: Side) -> Facts:
    """Sides that were asked hear that it comes to nothing."""
    if match.sponsorship.status is not SponsorshipStatus.APPROVED:
        return ()
    return tell(match, Occasion.MATCH_NOT_POSSIBLE, sides)


def tell(
    match: Match, template: Template | Occasion, sides: Iterable[Side], **values: str
) -> Facts:
    """Mails to sides about their match."""
    contacts = match.contacts
    return [
        request
        for side in sides
        for request in mail(template, match.sponsorship.id, contacts[side], **values)
    ]


def refusal(sponsorship_id: str, reason: str) -> DecisionRefused:
    """Nothing was changed, and why."""
    return DecisionRefused(sponsorship_id=sponsorship_id, reason=reason)


def _failed(match: Match, status: SponsorshipStatus) -> Match:
    """The household waits again from its original time; the pair is not proposed again."""
    household = replace(
        match.household,
        status=HouseholdStatus.WAITING,
        sponsorship_id=None,
        excluded=(*match.household.excluded, match.sponsor.id),
    )
    sponsor = match.sponsor.release(match.sponsorship.id)
    return Match(replace(match.sponsorship, status=status), household, sponsor)


def _declined(match: Match, side: Side) -> Outcomes:
    fact = MatchDeclined(**match.ids, side=side)
    others = [other for other in Side if other is not side]
    return _failed(match, SponsorshipStatus.DECLINED), (fact, *call_off(match, *others))


def _started(match: Match, today: date) -> Outcomes:
    household = replace(
        match.household,
        status=HouseholdStatus.MATCHED,
        first_matched_on=match.household.first_matched_on or today,
    )
    running = changed(match, status=SponsorshipStatus.RUNNING, started_on=today)
    after = replace(running, household=household)
    fact = SponsorshipStarted(**match.ids, people=household.people, started_on=today)
    return after, (fact, *household.told(), *_introduce_both(match))


def _ask_both(match: Match) -> Facts:
    """Before both have accepted, neither learns who the other is."""
    return (
        *tell(match, Template.MATCH_PROPOSED_TO_SPONSOR, [Side.SPONSOR]),
        *tell(match, Template.MATCH_PROPOSED_TO_HOUSEHOLD, [Side.HOUSEHOLD]),
    )


def _introduce_both(match: Match) -> Facts:
    """Each side learns the other's name and how to reach them."""
    sides = (match.sponsor.contact, match.household.details.contact)
    return [
        request
        for contact, other in (sides, sides[::-1])
        for request in mail(
            Template.SPONSORSHIP_STARTED,
            match.sponsorship.id,
            contact,
            other=other.name,
            other_contact=", ".join(filter(None, (other.email, other.phone))),
        )
    ]
