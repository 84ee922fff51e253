"""A delivery is read in binary and in structured mode; what is wrong is said in sentences."""

from typing import Any

import pytest

from shared.contracts.partners import ReferralWithdrawn, WithdrawalReason
from shared.messaging.envelope import MOST_BYTES, key_of, read
from shared.messaging.failures import Poison
from shared.messaging.message import Delivery
from tests.unit.shared.builders import (
    CONTRACTS,
    HOUSEHOLD,
    NOW,
    delivery,
    headers,
    referral,
    structured,
)

KIND = "willkommen.referral.withdrawn.v1"
WITHDRAWAL = ReferralWithdrawn(reference="ZT-1", reason=WithdrawalReason.MOVED_AWAY)


def reasons(wrong: Delivery) -> tuple[str, ...]:
    with pytest.raises(Poison) as caught:
        read(wrong, CONTRACTS, NOW)
    return caught.value.reasons


def reason(wrong: Delivery) -> str:
    return "; ".join(reasons(wrong))


def command(key: str = "willkommen.match.decide.v1", **other: Any) -> Delivery:
    data = {"staff_id": "staff-01", "sponsorship_id": "s-1", "approved": True}
    told = headers("willkommen.match.decide.v1", source="/desk")
    values = {"exchange": "commands", "routing_key": key, "user_id": "", "headers": told}
    return delivery(data, **(values | other))


@pytest.mark.parametrize("each", [delivery(), structured()], ids=["binary", "structured"])
def test_both_modes_mean_the_same(each: Delivery) -> None:
    message = read(each, CONTRACTS, NOW)
    assert message.data == WITHDRAWAL
    assert (message.id, message.type) == ("m-1", "willkommen.referral.withdrawn.v1")
    assert (message.partner, message.source) == ("zeytin", "/partners/zeytin")
    assert message.now == NOW


def test_structured_mode_is_known_in_any_spelling() -> None:
    event = structured()
    spelt = delivery(
        body=event.body, content_type="Application/CloudEvents+JSON; charset=utf-8", headers={}
    )
    assert read(spelt, CONTRACTS, NOW).data == WITHDRAWAL


def test_headers_may_come_as_bytes() -> None:
    as_bytes = {name: text.encode() for name, text in headers(KIND).items()}
    assert read(delivery(headers=as_bytes), CONTRACTS, NOW).data == WITHDRAWAL


def test_correlation_begins_with_the_first_message() -> None:
    assert read(delivery(), CONTRACTS, NOW).correlation_id == "m-1"
    later = headers(KIND) | {"ce-correlationid": "first-1"}
    assert read(delivery(headers=later), CONTRACTS, NOW).correlation_id == "first-1"


def test_an_unknown_field_is_ignored() -> None:
    more = {"reference": "ZT-1", "reason": "moved_away", "x_office": "north"}
    assert read(delivery(more), CONTRACTS, NOW).data == WITHDRAWAL


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (delivery(body=b"Guten Tag"), "the body is not JSON: expected value at line 1 column 1"),
        (delivery(body=b" " * (MOST_BYTES + 1)), "has 262145 bytes; at most 262144 are taken"),
        (delivery(message_id="", headers={}), "the message has no id: set message_id or ce-id"),
        (delivery(message_id="m-2"), "message_id and ce-id differ"),
        (delivery(message_id="m" * 201, headers={}), "id is longer than 200 bytes"),
        (delivery(message_id="é" * 101, headers={}), "id is longer than 200 bytes"),
        (delivery(headers=headers(KIND) | {"ce-correlationid": "c" * 201}), "correlation id is"),
        (delivery(headers=headers(KIND) | {"other": "x" * 16_384}), "at most 16384 are taken"),
        (delivery(headers={}), "ce-type '': the attribute is missing"),
        (delivery(headers=headers("willkommen.kite.flown.v1")), "not one that is taken in here"),
        (delivery(user_id=""), "user_id must be 'zeytin'"),
        (delivery(user_id="klinikum"), "user_id must be 'zeytin'"),
        (delivery(routing_key="referral"), "not of the form 'referral.<partner>.<verb>'"),
        (delivery(routing_key="referral..withdrawn"), "not of the form"),
        (delivery(routing_key="referral.zeytin.submitted"), "does not fit the type"),
        (delivery([1, 2]), "data: Input should be a valid dictionary"),
        (structured(data=None), "data: Input should be a valid dictionary"),
        (
            delivery([], content_type="application/cloudevents+json"),
            "a CloudEvent in structured mode is a JSON object",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_a_sentence(wrong: Delivery, said: str) -> None:
    assert said in reason(wrong)


def test_all_wrong_fields_are_named_at_once() -> None:
    assert reasons(referral({**HOUSEHOLD, "adults": 0, "countries": ["Syria"]})) == (
        "data.household.adults: Input should be greater than or equal to 1",
        "data.household.countries.0: String should have at most 2 characters",
    )


def test_a_reason_never_repeats_what_was_sent() -> None:
    secret = {**HOUSEHOLD, "contact": {"name": "Amal Testari", "email": "amal(at)mail"}}
    assert "amal" not in reason(referral(secret)).lower()


def test_at_most_twenty_reasons_are_given() -> None:
    assert len(reasons(referral({**HOUSEHOLD, "children": ["soon"] * 20, "adults": "x"}))) == 20


def test_a_partner_cannot_give_a_command_at_intake() -> None:
    smuggled = command(exchange="intake", routing_key="referral.zeytin.decide", user_id="zeytin")
    assert "is not taken in over the exchange 'intake'" in reason(smuggled)


def test_a_command_is_taken_in_under_its_own_key_alone() -> None:
    assert read(command(), CONTRACTS, NOW).data.model_dump()["approved"]
    assert "is not the type" in reason(command("willkommen.match.answer.v1"))


def test_a_referral_is_not_taken_in_as_a_command() -> None:
    assert "over the exchange 'commands'" in reason(delivery(exchange="commands"))


def test_the_same_id_of_two_senders_is_two_keys() -> None:
    other = delivery(routing_key="referral.klinikum.withdrawn", user_id="klinikum")
    assert key_of(delivery()) == "zeytin/m-1"
    assert key_of(other) == "klinikum/m-1"


def test_a_sender_cannot_take_anothers_key_by_its_source() -> None:
    told = headers(KIND, source="/partners/klinikum")
    assert key_of(delivery(headers=told)) == "zeytin/m-1"


def test_a_message_without_an_id_is_known_by_its_content() -> None:
    first, second = delivery(message_id="", headers={}), delivery([], message_id="", headers={})
    assert key_of(first) == key_of(delivery(message_id="", headers={}))
    assert key_of(first) != key_of(second)
    assert key_of(first).startswith("zeytin/digest:")
