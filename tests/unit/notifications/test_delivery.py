"""The life of a delivery, and that no path leads from an open fate back to sending."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.notifications.contracts import Outcome
from services.notifications.domain.delivery import (
    BACK_OFF,
    Delivery,
    Letter,
    State,
    abandon,
    attempted,
    back_off,
    begin,
    digest_of,
    due_again,
)
from shared.contracts.notifications import Template

NOW = datetime(2016, 2, 29, 9, 30, tzinfo=UTC)
FIRST = "t-1"
LEASE = NOW + timedelta(minutes=5)


def a_delivery(state: State = State.PENDING) -> Delivery:
    return Delivery(
        id="d-1",
        about="h-1",
        template=Template.HOUSEHOLD_WELCOME,
        language="de",
        requested_at=NOW,
        address_digest=digest_of("leyla@mail.example", "d-1"),
        letter=Letter("Leyla", "leyla@mail.example", "Willkommen", "Guten Tag"),
        state=state,
    )


def begun(token: str = FIRST) -> Delivery:
    return begin(a_delivery(), token, NOW, LEASE)


def failed_for_now(times: int) -> Delivery:
    delivery = a_delivery()
    for number in range(times):
        sending = begin(due_again(delivery), f"t-{number}", NOW, LEASE)
        delivery = attempted(sending, f"t-{number}", Outcome.TEMPORARY, "451")
    return delivery


def test_the_first_worker_gets_the_delivery_and_the_second_does_not() -> None:
    first = begun("t-1")
    assert first.state is State.SENDING
    assert begin(first, "t-2", NOW, LEASE) is first


@pytest.mark.parametrize("state", [each for each in State if each is not State.PENDING])
def test_only_a_pending_delivery_is_begun(state: State) -> None:
    delivery = a_delivery(state)
    assert begin(delivery, "t-1", NOW, LEASE) is delivery


@pytest.mark.parametrize(
    ("outcome", "state"), [(Outcome.SENT, State.SENT), (Outcome.PERMANENT, State.FAILED)]
)
def test_a_finished_delivery_keeps_nothing_personal(outcome: Outcome, state: State) -> None:
    delivery = attempted(begun(), "t-1", outcome, "")
    assert (delivery.state, delivery.letter) == (state, None)


def test_temporary_failures_wait_longer_and_longer_and_then_end() -> None:
    waits = [back_off(failed_for_now(times)) for times in range(1, len(BACK_OFF) + 1)]
    assert waits == list(BACK_OFF)
    assert failed_for_now(len(BACK_OFF)).state is State.DEFERRED
    assert failed_for_now(len(BACK_OFF) + 1).state is State.FAILED


def test_a_broken_line_after_the_mail_leaves_it_to_a_person() -> None:
    delivery = attempted(begun(), "t-1", Outcome.UNKNOWN, "the line broke")
    assert delivery.state is State.UNCERTAIN
    assert delivery.letter
    assert due_again(delivery) is delivery


def test_a_silent_worker_leaves_it_to_a_person_too() -> None:
    assert abandon(begun(), "t-1").state is State.UNCERTAIN


def test_abandoning_an_earlier_attempt_changes_nothing() -> None:
    sending = begun("t-2")
    assert abandon(sending, "t-1") is sending


def test_a_late_word_settles_an_uncertain_delivery() -> None:
    uncertain = abandon(begun(), "t-1")
    assert attempted(uncertain, "t-1", Outcome.SENT, "").state is State.SENT
    assert attempted(uncertain, "t-1", Outcome.TEMPORARY, "").state is State.DEFERRED


def test_an_outcome_counts_once_and_only_from_a_known_worker() -> None:
    sent = attempted(begun(), "t-1", Outcome.SENT, "")
    assert attempted(sent, "t-1", Outcome.PERMANENT, "550") is sent
    assert attempted(sent, "t-9", Outcome.SENT, "") is sent


def test_two_accepted_attempts_are_both_on_record() -> None:
    twice = begin(replace(abandon(begun("t-1"), "t-1"), state=State.PENDING), "t-2", NOW, LEASE)
    sent = attempted(attempted(twice, "t-2", Outcome.SENT, ""), "t-1", Outcome.SENT, "")
    assert [each.outcome for each in sent.attempts] == [Outcome.SENT, Outcome.SENT]


def test_the_digest_neither_shows_the_address_nor_links_deliveries() -> None:
    digest = digest_of("Leyla@mail.example", "d-1")
    assert digest == digest_of("leyla@mail.example", "d-1")
    assert digest != digest_of("leyla@mail.example", "d-2")
    assert "leyla" not in digest
