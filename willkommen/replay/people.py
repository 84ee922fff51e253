"""What people do when something happens: staff decide, sponsors and households answer and meet.

Everything follows from the recorded decisions; times are moved to office hours of working days.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from shared.clock import LOCAL_ZONE
from shared.contracts import matching
from shared.contracts.desk import (
    AnswerMatch,
    AnswerOffer,
    DecideMatch,
    EndSponsorship,
    LogMeeting,
    Side,
)
from willkommen.timeline import Answer, Decision, Decisions, Enter, Offers, Verdict

OPENING = time(10, 0)
SATURDAY = 5


class People:
    """Turns facts into what is entered later because of them."""

    def __init__(self, decisions: Decisions, offers: Offers, end: datetime) -> None:
        self._decisions = decisions
        self._offers = offers
        self._end = end.astimezone(LOCAL_ZONE).date()
        self._proposals: dict[str, int] = {}
        self._about: dict[str, Decision] = {}

    def react(self, kind: str, fact: Mapping[str, Any], now: datetime) -> Iterator[Enter]:
        """What follows from a fact, each with its time."""
        today = now.astimezone(LOCAL_ZONE).date()
        if kind == matching.MatchProposed.wire.type:
            yield from self._proposed(fact, today)
        elif kind == matching.MatchApproved.wire.type:
            yield from self._approved(fact, today)
        elif kind == matching.SponsorshipStarted.wire.type:
            yield from self._started(fact, today)
        elif kind == matching.RecruitOffered.wire.type:
            yield from self._offered(fact, today)

    def _proposed(self, fact: Mapping[str, Any], today: date) -> Iterator[Enter]:
        household = fact["household_id"]
        self._proposals[household] = number = self._proposals.get(household, 0) + 1
        decision = self._decisions.about(household, number)
        self._about[fact["sponsorship_id"]] = decision
        yield Enter(
            in_office_hours(today, decision.staff_after_days),
            DecideMatch(
                staff_id=decision.staff_id,
                sponsorship_id=fact["sponsorship_id"],
                approved=decision.staff is Verdict.APPROVE,
                reason=decision.staff_reason,
            ),
        )

    def _approved(self, fact: Mapping[str, Any], today: date) -> Iterator[Enter]:
        decision = self._about[fact["sponsorship_id"]]
        answers = (
            (Side.SPONSOR, decision.sponsor, decision.sponsor_after_days),
            (Side.HOUSEHOLD, decision.household, decision.household_after_days),
        )
        for side, answer, days in answers:
            if answer is not None:
                yield Enter(
                    in_office_hours(today, days or 0),
                    AnswerMatch(
                        staff_id=decision.staff_id,
                        sponsorship_id=fact["sponsorship_id"],
                        side=side,
                        accepted=answer is Answer.ACCEPT,
                    ),
                )

    def _started(self, fact: Mapping[str, Any], today: date) -> Iterator[Enter]:
        decision = self._about[fact["sponsorship_id"]]
        lasts = decision.ends_after_days or (self._end - today).days
        every = decision.meeting_every_days
        for days in range(every, lasts, every) if every else ():
            at = in_office_hours(today, days)
            yield Enter(
                at,
                LogMeeting(
                    staff_id=decision.staff_id,
                    sponsorship_id=fact["sponsorship_id"],
                    held_on=at.astimezone(LOCAL_ZONE).date(),
                ),
            )
        if decision.ends_after_days is not None and decision.outcome is not None:
            yield Enter(
                in_office_hours(today, lasts) + timedelta(hours=1),
                EndSponsorship(
                    staff_id=decision.staff_id,
                    sponsorship_id=fact["sponsorship_id"],
                    outcome=decision.outcome,
                ),
            )

    def _offered(self, fact: Mapping[str, Any], today: date) -> Iterator[Enter]:
        offer = self._offers.answer(fact["recruit_id"])
        if offer is not None:
            yield Enter(
                in_office_hours(today, offer.after_days),
                AnswerOffer(
                    staff_id=offer.staff_id,
                    recruit_id=fact["recruit_id"],
                    accepted=offer.accepted,
                ),
            )


def in_office_hours(day: date, days_later: int) -> datetime:
    """Ten o'clock local time, so many days later, moved past a weekend."""
    wanted = day + timedelta(days=days_later)
    while wanted.weekday() >= SATURDAY:
        wanted += timedelta(days=1)
    return datetime.combine(wanted, OPENING, LOCAL_ZONE).astimezone(UTC)
