"""Accompanying a sponsorship: evidence and its corrections, check-ins, silence, pauses."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from services.matching.domain import accompaniment, clocks
from services.matching.domain import match as matches
from services.matching.domain.log import Stamp
from services.matching.domain.match import Match, Outcomes
from services.matching.domain.policy import Policy
from services.matching.domain.sponsorship import SponsorshipStatus
from shared.contracts.desk import Outcome, Side
from shared.contracts.desk_sponsorships import ContactKind, Going, LoggedContact
from shared.contracts.matching import DecisionRefused
from shared.contracts.matching_sponsorships import CheckInDue, FirstMet, SponsorshipSilent
from shared.contracts.notifications import RequestMessage

from .builders import NOW, TODAY, approved, names, proposed, running

POLICY = Policy()
MEETING, CALL, MISSED = ContactKind.MEETING, ContactKind.CALL, ContactKind.MISSED


def stamp(days: int) -> Stamp:
    return Stamp("staff-01", NOW + timedelta(days=days))


def day(number: int) -> date:
    return TODAY + timedelta(days=number)


def contact(kind: ContactKind, number: int) -> LoggedContact:
    return LoggedContact(kind=kind, held_on=day(number))


def log(match: Match, kind: ContactKind = MEETING, number: int = 0, today: int = 90) -> Outcomes:
    return accompaniment.log(match, contact(kind, number), stamp(today))


def paused(number: int = 0, until: date | None = None) -> Match:
    return accompaniment.pause(running(), until, day(number))[0]


def ended(number: int = 30) -> Match:
    return matches.end(running(), Outcome.GOALS_REACHED, day(number))[0]


def reason(outcomes: Outcomes) -> str:
    [refused] = outcomes[1]
    assert isinstance(refused, DecisionRefused)
    return refused.reason


def test_a_meeting_is_evidence_once() -> None:
    once, facts = log(running())
    assert names(facts) == ["MeetingLogged", "FirstMet"]
    assert log(once) == (once, ())
    assert once.sponsorship.meetings == (TODAY,)


def test_the_first_meeting_is_told_once() -> None:
    once, _ = log(running(), number=9)
    _, facts = log(once, number=4)
    assert names(facts) == ["MeetingLogged"]


def test_a_call_or_a_missed_meeting_is_no_evidence() -> None:
    called, facts = log(running(), CALL)
    missed, _ = log(called, MISSED)
    assert names(facts) == ["ContactLogged"]
    assert missed.sponsorship.meetings == ()


@pytest.mark.parametrize(
    ("match", "number", "said"),
    [
        (running, 91, "a contact in the future cannot be logged"),
        (running, -36500, "the sponsorship had not started on that day"),
        (ended, 31, "the sponsorship had ended before that day"),
    ],
)
def test_a_contact_that_cannot_have_been_is_refused(
    match: Callable[[], Match], number: int, said: str
) -> None:
    outcomes = log(match(), number=number)
    assert outcomes[0] == match()
    assert reason(outcomes) == said


def test_evidence_may_come_in_when_the_sponsorship_is_over() -> None:
    assert log(ended(), number=29)[0].sponsorship.meetings == (day(29),)


@pytest.mark.parametrize("match", [proposed, approved])
def test_nothing_is_logged_before_the_start(match: Callable[[], Match]) -> None:
    assert len(reason(log(match())).split()) > 3


def test_a_correction_replaces_the_entry_and_keeps_it_readable() -> None:
    wrong, _ = log(running(), MISSED, 3)
    right, facts = accompaniment.correct(wrong, contact(MISSED, 3), contact(MEETING, 4), stamp(5))
    assert names(facts) == ["ContactCorrected", "FirstMet"]
    assert isinstance(facts[1], FirstMet)
    assert facts[1].met_on == day(4)
    assert right.sponsorship.meetings == (day(4),)
    assert [entry.counts for entry in right.sponsorship.log] == [False, True]
    assert right.sponsorship.log[0].struck == stamp(5)


def test_an_entry_may_be_struck_out_and_logged_again() -> None:
    logged, _ = log(running(), number=3)
    struck, _ = accompaniment.correct(logged, contact(MEETING, 3), None, stamp(5))
    assert struck.sponsorship.meetings == ()
    assert log(struck, number=3)[0].sponsorship.meetings == (day(3),)


def test_a_correction_towards_an_entry_that_is_there_makes_no_second_one() -> None:
    both = log(log(running(), number=3)[0], number=4)[0]
    right, _ = accompaniment.correct(both, contact(MEETING, 3), contact(MEETING, 4), stamp(5))
    assert right.sponsorship.meetings == (day(4),)


def test_what_is_not_in_the_log_cannot_be_corrected() -> None:
    outcomes = accompaniment.correct(running(), contact(MEETING, 3), None, stamp(5))
    assert reason(outcomes) == "the log has no entry of this kind on that day"


def test_both_sides_are_asked_how_it_is_going_after_four_weeks_and_every_three_months() -> None:
    match, days, numbers = running(), [], []
    for _ in range(3):
        due = clocks.check_in_due(match.sponsorship, POLICY)
        assert due is not None
        days.append((due.date() - TODAY).days)
        match, facts = accompaniment.ask(match)
        assert names(facts) == ["CheckInDue", "RequestMessage", "RequestMessage"]
        numbers += [fact.number for fact in facts if isinstance(fact, CheckInDue)]
    assert (days, numbers) == ([28, 118, 208], [1, 2, 3])


def test_what_a_side_says_is_kept() -> None:
    match, facts = accompaniment.check_in(running(), Side.SPONSOR, Going.MIXED, stamp(28))
    assert names(facts) == ["CheckedIn"]
    assert match.sponsorship.check_ins[0].going is Going.MIXED
    assert reason(accompaniment.check_in(ended(), Side.SPONSOR, Going.WELL, stamp(99)))


def test_silence_is_noticed_after_fourteen_and_after_thirty_days() -> None:
    match = running()
    told = []
    for number in range(1, 60):
        match, facts = accompaniment.notice_silence(match, day(number))
        told += [(number, fact) for fact in facts]
    silent = [(n, fact.days) for n, fact in told if isinstance(fact, SponsorshipSilent)]
    mails = [(n, fact.name) for n, fact in told if isinstance(fact, RequestMessage)]
    assert silent == [(14, 14), (30, 30)]
    assert mails == [(14, "Petra Beispiel")]


def test_a_silence_that_is_noticed_late_is_told_once_with_all_its_days() -> None:
    match, facts = accompaniment.notice_silence(running(), day(35))
    assert [fact.days for fact in facts if isinstance(fact, SponsorshipSilent)] == [30]
    assert accompaniment.notice_silence(match, day(36)) == (match, ())


def test_a_missed_meeting_does_not_end_a_silence_and_a_call_does() -> None:
    missed, _ = log(running(), MISSED, 10)
    called, _ = log(missed, CALL, 10)
    assert accompaniment.notice_silence(missed, day(14))[1]
    assert not accompaniment.notice_silence(called, day(23))[1]
    assert accompaniment.notice_silence(called, day(24))[1]


def test_the_silence_after_the_next_contact_is_a_new_one() -> None:
    noticed, _ = accompaniment.notice_silence(running(), day(14))
    again, _ = log(noticed, number=15)
    due = clocks.silence_due(again.sponsorship, POLICY)
    assert due is not None
    assert due.date() == day(29)


def test_the_days_of_a_pause_are_no_silence() -> None:
    match = paused(4)
    assert clocks.silence_due(match.sponsorship, POLICY) is None
    assert accompaniment.notice_silence(match, day(40)) == (match, ())
    back, _ = accompaniment.resume(match, day(40))
    due = clocks.silence_due(back.sponsorship, POLICY)
    assert due is not None
    assert due.date() == day(50)


def test_a_pause_that_is_made_longer_is_one_pause() -> None:
    longer, facts = accompaniment.pause(paused(1, day(9)), day(20), day(5))
    assert names(facts) == ["SponsorshipPaused"]
    assert [(each.from_on, each.until) for each in longer.sponsorship.pauses] == [(day(1), day(20))]
    assert accompaniment.pause(longer, day(20), day(6)) == (longer, ())


@pytest.mark.parametrize("until", [TODAY, date(1016, 1, 1), date(9999, 12, 31)])
def test_a_pause_ends_in_the_time_to_come(until: date) -> None:
    outcomes = accompaniment.pause(running(), until, TODAY)
    assert reason(outcomes) == "a pause ends after today and within a year"


def test_a_paused_sponsorship_may_end() -> None:
    match, _ = matches.end(paused(), Outcome.MOVED_AWAY, day(3))
    assert match.sponsorship.status is SponsorshipStatus.ENDED


def test_what_is_not_paused_is_not_resumed() -> None:
    assert reason(accompaniment.resume(running(), TODAY))


def test_silent_sides_are_reminded_twice_before_the_time_is_over() -> None:
    sponsorship, days = approved().sponsorship, []
    while due := clocks.reminder_due(sponsorship, POLICY):
        days.append((due - NOW).days)
        sponsorship = replace(sponsorship, reminded=sponsorship.reminded + 1)
    assert days == [5, 10]


def test_nobody_is_reminded_after_the_time_to_answer() -> None:
    assert clocks.reminder_due(approved().sponsorship, Policy(answer_days=5)) is None
