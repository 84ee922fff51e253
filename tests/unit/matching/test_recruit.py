"""Hospital recruits: never early, never twice, never after they left."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from services.matching.domain import recruit as recruits
from services.matching.domain.recruit import RecruitStatus
from shared.contracts.matching import ReferralAnswered

from .builders import NOW, TODAY, life, names, offered, recruit


def test_a_place_is_offered_as_the_office_opens_on_the_first_eligible_day() -> None:
    assert recruit(date(2015, 11, 30)).life.due == datetime(2016, 2, 29, 7, tzinfo=UTC)
    assert recruit(date(2016, 5, 31)).life.due == datetime(2016, 8, 31, 6, tzinfo=UTC)


def test_an_offer_before_its_time_is_not_made() -> None:
    waiting = recruit()
    early = waiting.life.due - timedelta(milliseconds=1)
    assert recruits.offer(waiting, early, early.date()) == (waiting, ())


def test_an_offer_is_made_once() -> None:
    waiting = recruit()
    due = waiting.life.due
    once, facts = recruits.offer(waiting, due, due.date())
    assert names(facts) == ["RecruitOffered", "RequestMessage"]
    assert recruits.offer(once, due, due.date()) == (once, ())


def test_a_correction_moves_the_offer() -> None:
    corrected, facts = recruits.correct(recruit(), date(2016, 6, 30), 3)
    assert corrected.life.eligible_on == date(2016, 9, 30)
    assert names(facts) == ["RecruitRescheduled", "ReferralAnswered"]


def test_a_correction_to_the_known_date_changes_nothing() -> None:
    corrected, facts = recruits.correct(recruit(), date(2016, 5, 31), 3)
    assert corrected == recruit()
    assert names(facts) == ["ReferralAnswered"]


def test_a_correction_after_the_offer_is_recorded_and_changes_nothing_else() -> None:
    before = offered()
    once, facts = recruits.correct(before, date(2016, 6, 30), 3)
    twice, _ = recruits.correct(once, date(2016, 6, 30), 3)
    assert once.life == replace(before.life, corrected_late=(date(2016, 6, 30),))
    assert twice == once
    assert names(facts) == ["ReferralAnswered"]


def test_a_withdrawn_recruit_gets_no_offer() -> None:
    withdrawn, facts = recruits.withdraw(recruit())
    assert names(facts) == ["RecruitRemoved", "ReferralAnswered"]
    due = withdrawn.life.due
    assert recruits.offer(withdrawn, due, due.date()) == (withdrawn, ())


def test_a_withdrawn_recruit_cannot_accept_an_old_offer() -> None:
    withdrawn, _ = recruits.withdraw(offered())
    refused = recruits.refuse_answer(withdrawn)
    assert refused is not None
    assert refused.reason == "the hospital withdrew the recruit"


def test_a_yes_brings_a_household_that_waits() -> None:
    assert recruits.refuse_answer(offered()) is None
    joined, household, facts = recruits.join(offered(), NOW)
    assert joined.life.household_id == household.id
    assert household.waiting_since == NOW
    assert names(facts)[:2] == ["RecruitJoined", "HouseholdRegistered"]


def test_a_second_answer_is_refused() -> None:
    joined, _, _ = recruits.join(offered(), NOW)
    declined, _ = recruits.decline(offered())
    assert recruits.refuse_answer(joined) is not None
    assert recruits.refuse_answer(declined) is not None


def test_a_withdrawn_recruit_reported_with_another_arrival_begins_a_new_life() -> None:
    withdrawn, _ = recruits.withdraw(recruit())
    hired_again, facts = recruits.report_again(withdrawn, life(date(2016, 10, 1)))
    assert hired_again.waits
    assert [each.status for each in hired_again.lives] == ["withdrawn", "waiting"]
    assert names(facts) == ["RecruitRegistered", "ReferralAnswered"]


def test_each_life_brings_a_household_of_its_own() -> None:
    _, first, _ = recruits.join(offered(), NOW)
    withdrawn, _ = recruits.withdraw(offered())
    hired_again, _ = recruits.report_again(withdrawn, life(date(2016, 10, 1)))
    _, second, _ = recruits.join(hired_again.change(status=RecruitStatus.OFFERED), NOW)
    assert first.id != second.id


def test_an_old_report_that_comes_late_does_not_wake_a_withdrawn_recruit() -> None:
    withdrawn, _ = recruits.withdraw(recruit())
    again, facts = recruits.report_again(withdrawn, life())
    assert again == withdrawn
    assert isinstance(facts[0], ReferralAnswered)
    assert (facts[0].status, facts[0].reason) == ("closed", "withdrawn")


def test_another_person_under_the_reference_of_a_waiting_recruit_is_refused() -> None:
    waiting, facts = recruits.report_again(recruit(), life(date(2016, 10, 1)))
    assert waiting == recruit()
    assert isinstance(facts[0], ReferralAnswered)
    assert (facts[0].status, facts[0].reason) == ("declined", "reference_reused")


def test_an_arrival_in_the_wrong_century_cannot_be_meant() -> None:
    assert recruits.implausible(date(1016, 5, 31), TODAY) is not None
    assert recruits.implausible(date(9999, 12, 31), TODAY) is not None
    assert recruits.implausible(date(2015, 5, 31), TODAY) is None


def test_a_report_that_comes_a_year_late_is_due_at_once() -> None:
    late = recruit(date(2015, 5, 2))
    offered_late, facts = recruits.offer(late, NOW, TODAY)
    assert offered_late.life.offered_on == TODAY
    assert names(facts)[0] == "RecruitOffered"


def test_a_correction_to_the_last_of_a_long_month_clamps() -> None:
    corrected, _ = recruits.correct(recruit(), date(2016, 11, 30), 3)
    assert corrected.life.eligible_on == date(2017, 2, 28)


def test_a_rehired_recruit_waits_three_months_anew() -> None:
    gone, _ = recruits.withdraw(recruit())
    back, facts = recruits.report_again(gone, life(date(2017, 1, 31)))
    assert back.life.eligible_on == date(2017, 4, 30)
    assert back.waits
    assert names(facts) == ["RecruitRegistered", "ReferralAnswered"]
