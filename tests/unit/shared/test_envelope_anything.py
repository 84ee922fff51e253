"""Whatever comes in, reading it gives a message or says why not: nothing else is ever raised."""

import json
from contextlib import suppress
from time import perf_counter
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.messaging.envelope import MOST_BYTES, MOST_ERRORS, key_of, read
from shared.messaging.failures import Poison
from shared.messaging.message import Delivery, Message
from tests.hostile.letters import Hostile
from tests.hostile.strategy import hostile
from tests.unit.shared.builders import CONTRACTS, HOUSEHOLD, NOW, delivery, referral
from willkommen.system import SERVICES

KINDS = st.sampled_from(sorted(CONTRACTS))
WORDS = st.sampled_from(["referral", "recruit", "zeytin", "withdrawn", "submitted", "", "*", "#"])
KEYS = st.text(max_size=40) | st.lists(WORDS, max_size=5).map(".".join) | KINDS
NAMES = st.sampled_from(["ce-id", "ce-type", "ce-source", "ce-", "x-attempt"]) | st.text(max_size=9)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary()
VALUES = KINDS | SCALARS | st.lists(SCALARS, max_size=3) | st.datetimes()
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)
TYPES = st.sampled_from(["application/json", "application/cloudevents+json", "", "text/plain"])


def outcome(any_delivery: Delivery) -> Message[Any] | Poison:
    """The message, or why there is none."""
    assert key_of(any_delivery)
    try:
        return read(any_delivery, CONTRACTS, NOW)
    except Poison as poison:
        refused = poison
    assert 1 <= len(refused.reasons) <= MOST_ERRORS
    assert all(refused.reasons)
    return refused


@settings(max_examples=300, deadline=None)
@given(
    exchange=st.sampled_from(["intake", "commands", "events", "private", "replies", "local", ""]),
    routing_key=KEYS,
    message_id=st.text(max_size=250),
    user_id=st.text(max_size=20),
    content_type=TYPES | st.text(max_size=20),
    headers=st.dictionaries(NAMES, VALUES, max_size=6),
    body=st.binary(max_size=200) | JSON.map(lambda data: json.dumps(data).encode()),
)
def test_any_delivery_is_read_or_refused_with_reasons(**parts: Any) -> None:
    outcome(Delivery(**parts))


@settings(max_examples=150, deadline=None)
@given(data=JSON)
def test_any_data_in_a_good_envelope_is_read_or_refused(data: object) -> None:
    outcome(delivery(data))


@settings(max_examples=150, deadline=None)
@given(field=st.sampled_from([*HOUSEHOLD, "children", "topics", "availability"]), value=JSON)
def test_any_value_in_any_field_is_read_or_refused(field: str, value: object) -> None:
    outcome(referral({**HOUSEHOLD, field: value}))


@settings(max_examples=100, deadline=None)
@given(attributes=st.dictionaries(st.sampled_from(["id", "type", "source", "data", "é"]), JSON))
def test_any_structured_event_is_read_or_refused(attributes: dict[str, Any]) -> None:
    outcome(delivery(attributes, content_type="application/cloudevents+json", headers={}))


@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(letter=hostile())
def test_any_message_of_a_flood_is_read_or_refused(letter: Hostile) -> None:
    """What a flood found on the running system is found here, too, as small as can be."""
    if letter.writable:
        assert key_of(letter.delivery)
        for parts in SERVICES.values():
            with suppress(Poison):
                read(letter.delivery, parts.subscriptions.contracts, NOW)


def test_what_is_good_is_read() -> None:
    assert isinstance(outcome(delivery()), Message)
    assert isinstance(outcome(referral()), Message)


def test_deep_nesting_is_refused() -> None:
    for body in (b"[" * 200_000, b'{"a":' * 40_000):
        assert isinstance(outcome(delivery(body=body)), Poison)


def test_the_largest_message_full_of_unknown_fields_takes_no_time() -> None:
    many = {f"f{number}": 0 for number in range(20_000)}
    full = referral(HOUSEHOLD | many)
    assert MOST_BYTES * 0.8 < len(full.body) <= MOST_BYTES
    started = perf_counter()
    outcome(full)
    assert perf_counter() - started < 1
