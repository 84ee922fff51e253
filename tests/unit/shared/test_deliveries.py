"""A delivery knows where it came from first; only what a service wrote itself is believed."""

import pytest

from shared.messaging.envelope import binary_attributes, key_of
from shared.messaging.ladder import STEPS, next_try
from shared.messaging.message import Delivery
from tests.unit.shared.builders import delivery

KIND = "willkommen.referral.withdrawn.v1"


def climbed(times: int, first: Delivery | None = None) -> Delivery:
    """The delivery after so many steps on the ladder of `matching`."""
    present = first or delivery()
    for _ in range(times):
        entry = next_try(present, "matching")
        assert entry is not None
        present = Delivery(
            "retry.return", entry.routing_key, entry.message_id, "matching",
            entry.content_type, entry.headers, entry.body,
        )  # fmt: skip
    return present


def test_each_try_waits_longer_and_the_last_is_the_end() -> None:
    steps = []
    present = delivery()
    while entry := next_try(present, "matching"):
        assert entry.exchange == "retry"
        steps.append(entry.routing_key)
        present = climbed(1, present)
    assert steps == [f"{step}.matching" for step in STEPS]
    assert list(STEPS.values()) == [1_000, 10_000, 60_000, 600_000]


def test_what_comes_back_is_what_was_sent() -> None:
    back = climbed(3)
    assert back.attempt == 4
    assert (back.original_exchange, back.original_key) == ("intake", "referral.zeytin.withdrawn")
    assert (back.original_user, back.partner) == ("zeytin", "zeytin")
    assert (back.body, back.message_id) == (delivery().body, "m-1")
    assert back.headers["ce-type"] == delivery().headers["ce-type"]


def test_headers_of_other_kinds_than_text_mean_the_same_when_they_come_back() -> None:
    """The sender is known again by the text of its source, of whatever kind that was."""
    others = {"ce-id": 11, "ce-source": ["a", 1], "ce-type": KIND.encode(), "bad\x00name": "x"}
    first = delivery(message_id="", headers=others)
    back = climbed(2, first)
    assert key_of(back) == key_of(first) == "zeytin/11"
    assert binary_attributes(back.headers) == binary_attributes(first.headers)
    assert "bad\x00name" not in back.headers


def test_what_was_copied_to_further_keys_is_not_copied_again_at_each_try() -> None:
    back = climbed(1, delivery(headers={**delivery().headers, "CC": [], "BCC": ["a.b.c"]}))
    assert not {"CC", "BCC"} & back.headers.keys()


@pytest.mark.parametrize(
    "name", ["x-attempt", "x-original-exchange", "x-original-routing-key", "x-original-user"]
)
def test_a_sender_cannot_pretend_to_come_back(name: str) -> None:
    pretended = delivery(headers={**delivery().headers, name: "9"})
    assert (pretended.attempt, pretended.original_user) == (1, "zeytin")
    assert (pretended.original_exchange, pretended.partner) == ("intake", "zeytin")
    assert climbed(1, pretended).attempt == 2


def test_the_partner_is_known_at_intake_alone() -> None:
    assert delivery().partner == "zeytin"
    assert delivery(exchange="commands").partner == ""
    assert delivery(routing_key="referral.zeytin").partner == ""


def test_the_digest_tells_contents_apart() -> None:
    assert delivery().digest == delivery(message_id="m-2").digest
    assert delivery().digest != delivery({}).digest
