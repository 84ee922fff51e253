"""Of a message that was refused nothing stays in memory, whatever was wrong with it."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from shared.messaging.failures import Poison
from shared.messaging.items import item_of
from shared.messaging.message import Delivery
from tests.unit.shared.builders import CONTRACTS, HOUSEHOLD, NOW, delivery, referral

WRONG = {
    "an unknown code": referral(HOUSEHOLD | {"countries": ["XX"]}),
    "a value of another kind": referral(HOUSEHOLD | {"adults": "two"}),
    "a field that is misspelt": referral(HOUSEHOLD | {"adult": 2}),
    "no JSON": replace(referral(), body=b"{"),
    "no known type": delivery(headers={"ce-id": "m-1", "ce-type": "unknown"}),
    "another sender": replace(referral(), user_id="kifa"),
}


@contextmanager
def no_garbage_collector() -> Iterator[None]:
    """What is in no circle goes at once, without it."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def held() -> int:
    """How many deliveries somebody holds, or nobody has found yet."""
    return sum(isinstance(each, Delivery) for each in gc.get_objects())


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_a_refused_message_is_gone_as_soon_as_nobody_needs_it(wrong: Delivery) -> None:
    with no_garbage_collector():
        before = held()
        items = [item_of(replace(wrong), CONTRACTS, NOW) for _ in range(5)]
        assert all(isinstance(item.poison, Poison) for item in items)
        assert held() == before + 5
        del items
        assert held() == before
