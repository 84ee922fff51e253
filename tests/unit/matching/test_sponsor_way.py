"""A sponsor's way from the application to the farewell and back, and what is refused on it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from services.matching.domain import sponsor_way as way
from services.matching.domain.sponsor import Sponsor, Stage
from shared.contracts.desk_sponsors import AcknowledgeHandbook, ChangeSponsor, RecordInterview
from shared.contracts.matching import SponsorRefused
from shared.contracts.matching_sponsors import SponsorChanged, SponsorField
from shared.contracts.people import Gender
from shared.messaging import Facts

from .builders import GERMAN, TODAY, application, names, sponsor

Step = Callable[[Sponsor], tuple[Sponsor, Facts]]
YESTERDAY = TODAY - timedelta(days=1)


def applied() -> Sponsor:
    return way.apply("sponsor-1", application(), TODAY)[0]


def told(**other: object) -> dict[str, object]:
    return {"staff_id": "staff-01", "sponsor_id": "sponsor-1"} | other


def interview(known: Sponsor, held_on: date = TODAY, *, suitable: bool = True) -> way.Taken:
    heard = RecordInterview.model_validate(told(held_on=held_on, suitable=suitable))
    return way.interview(known, heard, TODAY)


def acknowledge(known: Sponsor, version: str = "2016.1", on: date = TODAY) -> way.Taken:
    heard = AcknowledgeHandbook.model_validate(told(version=version, acknowledged_on=on))
    return way.acknowledge(known, heard, TODAY)


def change(known: Sponsor, **other: object) -> way.Taken:
    return way.change(known, ChangeSponsor.model_validate(told(**other)))


def change_something(known: Sponsor) -> way.Taken:
    return change(known, capacity=7)


def pause(known: Sponsor) -> way.Taken:
    return way.pause(known, None, TODAY)


def leave(known: Sponsor) -> way.Taken:
    return way.leave(known, TODAY)


def paused() -> Sponsor:
    return pause(sponsor())[0]


def left() -> Sponsor:
    return leave(sponsor())[0]


def rejected() -> Sponsor:
    return interview(applied(), suitable=False)[0]


def test_who_applied_is_no_sponsor_yet() -> None:
    known, facts = way.apply("sponsor-1", application(), TODAY)
    assert known.stage is Stage.APPLIED
    assert names(facts) == ["SponsorApplied", "RequestMessage"]


def test_who_is_suitable_is_registered_and_welcomed() -> None:
    known, facts = interview(applied())
    assert known.stage is Stage.ACTIVE
    assert names(facts) == ["SponsorInterviewed", "SponsorRegistered", "RequestMessage"]


def test_who_is_not_suitable_is_not_registered_and_loses_the_certificate() -> None:
    certified = replace(applied(), certificate=sponsor().certificate)
    known, facts = interview(certified, suitable=False)
    assert (known.stage, known.certificate) == (Stage.REJECTED, None)
    assert names(facts) == ["SponsorInterviewed", "CertificateDeleted"]


def test_who_was_not_suitable_may_be_interviewed_once_more() -> None:
    assert interview(rejected())[0].stage is Stage.ACTIVE


@pytest.mark.parametrize(
    ("held_on", "reason"),
    [
        (TODAY + timedelta(days=1), "an interview in the future cannot be recorded"),
        (date(1916, 5, 2), "the interview cannot have been before the application"),
    ],
)
def test_an_interview_that_cannot_have_been_is_refused(held_on: date, reason: str) -> None:
    refused = (SponsorRefused(sponsor_id="sponsor-1", reason=reason),)
    assert interview(applied(), held_on) == (applied(), refused)


def test_the_newest_handbook_counts_whatever_comes_late() -> None:
    known, facts = acknowledge(sponsor(), "2016.10")
    assert names(facts) == ["HandbookAcknowledged"]
    assert acknowledge(known, "2016.9") == (known, ())
    assert names(acknowledge(known, "2017")[1]) == ["HandbookAcknowledged"]


@pytest.mark.parametrize("on", [TODAY + timedelta(days=1), date(1016, 5, 2)])
def test_a_handbook_cannot_be_acknowledged_on_any_day(on: date) -> None:
    assert names(acknowledge(sponsor(), on=on)[1]) == ["SponsorRefused"]


def test_a_change_names_what_changed_and_keeps_the_rest() -> None:
    known, facts = change(sponsor(), capacity=3, languages=[GERMAN])
    assert facts == (
        SponsorChanged(
            sponsor_id=known.id,
            changed=[SponsorField.LANGUAGES, SponsorField.CAPACITY],
            languages=["de"],
            capacity=3,
        ),
    )
    assert known.availability == sponsor().availability


def test_the_same_again_is_no_news() -> None:
    assert change(sponsor(), capacity=1) == (sponsor(), ())
    assert change(sponsor()) == (sponsor(), ())


def test_a_wish_about_the_gender_may_be_given_up() -> None:
    wishing, _ = change(sponsor(), household_gender=Gender.FEMALE)
    free, facts = change(wishing, any_household_gender=True)
    assert free.household_gender is None
    assert names(facts) == ["SponsorChanged"]


def test_contradictory_wishes_are_refused() -> None:
    both = {"household_gender": Gender.FEMALE, "any_household_gender": True}
    assert names(change(sponsor(), **both)[1]) == ["SponsorRefused"]


@pytest.mark.parametrize(
    ("other", "unsettles"),
    [
        ({"capacity": 0}, True),
        ({"capacity": 3}, False),
        ({"languages": [GERMAN]}, True),
        ({"contact": application().contact.model_copy(update={"phone": "1"})}, False),
        ({"contact": application().contact.model_copy(update={"gender": Gender.MALE})}, True),
    ],
)
def test_a_proposal_is_given_up_where_it_rests_on_what_changed(
    other: dict[str, object], *, unsettles: bool
) -> None:
    known = sponsor().hold("match-1")
    assert way.unsettles(known, change(known, **other)[0]) is unsettles


def test_a_pause_may_become_longer_and_is_told_once() -> None:
    until = TODAY + timedelta(days=30)
    known, facts = way.pause(sponsor(), until, TODAY)
    assert names(facts) == ["SponsorPaused"]
    assert way.pause(known, until, TODAY) == (known, ())
    assert names(pause(known)[1]) == ["SponsorPaused"]


@pytest.mark.parametrize("until", [TODAY, YESTERDAY, date(9999, 12, 31), date(1, 1, 1)])
def test_a_pause_ends_in_the_time_to_come(until: date) -> None:
    assert names(way.pause(sponsor(), until, TODAY)[1]) == ["SponsorRefused"]


def test_who_leaves_without_an_activity_keeps_no_certificate() -> None:
    known, facts = leave(sponsor())
    assert known.certificate is None
    assert names(facts) == ["SponsorLeft", "CertificateDeleted", "RequestMessage"]


def test_who_leaves_after_an_activity_keeps_it_for_three_months() -> None:
    active = replace(sponsor(), active_until=TODAY)
    known, facts = leave(active)
    assert known.certificate is not None
    assert names(facts) == ["SponsorLeft", "RequestMessage"]


def test_who_comes_back_is_active_and_still_trained() -> None:
    known, facts = way.readmit(left())
    assert (known.stage, known.trained_on) == (Stage.ACTIVE, TODAY)
    assert names(facts) == ["SponsorReadmitted"]


_ACTIVE: list[Step] = [acknowledge, change_something, pause, leave]
FITTING: dict[Callable[[], Sponsor], list[Step]] = {
    applied: [interview, acknowledge, change_something, leave],
    rejected: [interview],
    sponsor: _ACTIVE,
    paused: [acknowledge, change_something, way.resume, leave],
    left: [way.readmit],
}


@pytest.mark.parametrize(
    "step", [interview, acknowledge, change_something, pause, way.resume, leave, way.readmit]
)
@pytest.mark.parametrize("state", FITTING)
def test_a_step_that_does_not_fit_changes_nothing_and_says_why(
    step: Step, state: Callable[[], Sponsor]
) -> None:
    before = state()
    after, facts = step(before)
    refused = [fact for fact in facts if isinstance(fact, SponsorRefused)]
    if step in FITTING[state]:
        assert not refused
        assert after != before
    elif not (step is pause and state is paused):
        assert after is before
        assert len(refused[0].reason.split()) > 2
