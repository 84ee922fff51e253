"""Meetings are attended by those invited; a form counts once."""

from datetime import date

from services.network.meetings.domain import Form, Meeting, form_of, hand_in, hold, meeting_of
from shared.contracts.desk import RecordMeeting, SubmitEvaluation
from shared.contracts.ids import meeting_id
from shared.contracts.network import EvaluationSubmitted, NetworkMeetingHeld, RequestRefused


def a_meeting(**other: object) -> Meeting:
    command: dict[str, object] = {
        "staff_id": "staff-01",
        "reference": "nt-2015",
        "title": "Erstes Netzwerktreffen",
        "held_on": date(2015, 10, 15),
        "invited": ["a-1", "a-2", "a-3", "a-1"],
        "attended": ["a-2", "a-1"],
    }
    return meeting_of(RecordMeeting.model_validate(command | other))


def a_form(form: str = "2015-12", **answers: int) -> Form:
    answers = answers or {"need_for_network_in_future": 2}
    return form_of(
        SubmitEvaluation(
            staff_id="staff-01", meeting_reference="nt-2015", form=form, answers=answers
        )
    )


def test_a_meeting_counts_each_actor_once() -> None:
    assert hold(None, a_meeting()).facts == [
        NetworkMeetingHeld(
            meeting_id=meeting_id("nt-2015"), held_on=date(2015, 10, 15), invited=3, attended=2
        )
    ]


def test_who_was_not_invited_cannot_have_attended() -> None:
    decision = hold(None, a_meeting(attended=["a-1", "a-8", "a-9"]))
    [refusal] = decision.facts
    assert isinstance(refusal, RequestRefused)
    assert refusal.reason.startswith("2 of those who attended")
    assert decision.keep is None


def test_a_form_counts_once() -> None:
    submitted = EvaluationSubmitted(
        meeting_id=meeting_id("nt-2015"), answers={"need_for_network_in_future": 2}
    )
    assert hand_in(None, a_form()).facts == [submitted]
    assert not hand_in(a_form(), a_form()).facts


def test_a_form_that_says_something_else_later_is_refused() -> None:
    [refusal] = hand_in(a_form(), a_form(need_for_network_in_future=6)).facts
    assert isinstance(refusal, RequestRefused)


def test_two_forms_of_one_meeting_are_two() -> None:
    assert a_form("2015-12").id != a_form("2015-13").id
