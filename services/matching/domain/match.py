"""What happens to a sponsorship together with its two sides; each function gives the match after
it and the facts. What is not allowed changes nothing and says why.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TypeAlias

from shared.contracts.desk import DecideMatch, Outcome, Side
from shared.contracts.ids import stable_id
from shared.contracts.matching import (
    DecisionRefused,
    MatchApproved,
    MatchDeclined,
    MatchProposed,
    MatchRejected,
    MatchWithdrawn,
    MeetingLogged,
    SponsorshipEnded,
    SponsorshipStarted,
)
from shared.contracts.notifications import Template
from shared.contracts.people import Contact
from shared.messaging import Facts

from . import household as households
from .household import Household, HouseholdStatus
from .mails import mail
from .sponsor import Sponsor
from .sponsorship import Decision, Reasons, Sponsorship, SponsorshipStatus, Step


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


Outcomes: TypeAlias = tuple[Match, Facts]


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


def decide(match: Match, told: DecideMatch, now: datetime) -> Outcomes:
    """Staff approve, and both sides are asked; or they reject, and the household waits on."""
    if reason := match.sponsorship.why_not(Step.DECIDE):
        return match, (refusal(match.sponsorship.id, reason),)
    decision = Decision(told.staff_id, now, told.reason)
    decided = _with(match, decision=decision, status=SponsorshipStatus.APPROVED)
    if told.approved:
        return decided, (MatchApproved(**match.ids), *_ask_both(decided))
    return _failed(decided, SponsorshipStatus.REJECTED), (MatchRejected(**match.ids),)


def answer(match: Match, side: Side, *, accepted: bool, today: date) -> Outcomes:
    """One side accepts or declines; with both acceptances the sponsorship starts."""
    sponsorship = match.sponsorship
    if reason := sponsorship.why_not(Step.ANSWER):
        return match, (refusal(sponsorship.id, reason),)
    if side in sponsorship.accepted:
        return match, (refusal(sponsorship.id, f"the {side.value} accepted this match already"),)
    if not accepted:
        return _declined(match, side)
    agreed = _with(match, accepted=(*sponsorship.accepted, side))
    return (agreed, ()) if agreed.sponsorship.silent_sides else _started(agreed, today)


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
    return withdrawn, (MatchWithdrawn(**match.ids),)


def log_meeting(match: Match, held_on: date, today: date) -> Outcomes:
    """Sponsor and household met; a day counts once."""
    sponsorship = match.sponsorship
    reason = sponsorship.why_not(Step.LOG_MEETING) or _implausible(sponsorship, held_on, today)
    if reason:
        return match, (refusal(sponsorship.id, reason),)
    if held_on in sponsorship.meetings:
        return match, ()
    fact = MeetingLogged(sponsorship_id=sponsorship.id, held_on=held_on)
    return _with(match, meetings=tuple(sorted((*sponsorship.meetings, held_on)))), (fact,)


def end(match: Match, outcome: Outcome, today: date) -> Outcomes:
    """The sponsorship ends: the household is closed, the place is free."""
    if reason := match.sponsorship.why_not(Step.END):
        return match, (refusal(match.sponsorship.id, reason),)
    ended = _with(match, status=SponsorshipStatus.ENDED, ended_on=today, outcome=outcome)
    household, closed = households.close(ended.household)
    after = Match(ended.sponsorship, household, ended.sponsor.retire(match.sponsorship.id, today))
    fact = SponsorshipEnded(**match.ids, outcome=outcome, ended_on=today)
    thanks = (*thank(match, match.sponsor.contact), *thank(match, household.details.contact))
    return after, (fact, *closed, *thanks)


def refusal(sponsorship_id: str, reason: str) -> DecisionRefused:
    """Nothing was changed, and why."""
    return DecisionRefused(sponsorship_id=sponsorship_id, reason=reason)


def _with(match: Match, **changes: object) -> Match:
    sponsorship = replace(match.sponsorship, **changes)  # type: ignore[arg-type]
    return replace(match, sponsorship=sponsorship)


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
    return _failed(match, SponsorshipStatus.DECLINED), (fact,)


def _started(match: Match, today: date) -> Outcomes:
    household = replace(
        match.household,
        status=HouseholdStatus.MATCHED,
        first_matched_on=match.household.first_matched_on or today,
    )
    running = _with(match, status=SponsorshipStatus.RUNNING, started_on=today)
    after = replace(running, household=household)
    fact = SponsorshipStarted(**match.ids, people=household.people, started_on=today)
    return after, (fact, household.answer(), *_introduce_both(match))


def _implausible(sponsorship: Sponsorship, held_on: date, today: date) -> str | None:
    if held_on > today:
        return "a meeting in the future cannot be logged"
    if sponsorship.started_on and held_on < sponsorship.started_on:
        return "the sponsorship had not started on that day"
    return None


def _ask_both(match: Match) -> Facts:
    """Before both have accepted, neither learns who the other is."""
    about = match.sponsorship.id
    return (
        *mail(Template.MATCH_PROPOSED_TO_SPONSOR, about, match.sponsor.contact),
        *mail(Template.MATCH_PROPOSED_TO_HOUSEHOLD, about, match.household.details.contact),
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


def thank(match: Match, contact: Contact) -> Facts:
    """One side is told that the sponsorship is over."""
    return mail(Template.SPONSORSHIP_ENDED, match.sponsorship.id, contact)
