"""Queues get what their services listen to, by the rules by which RabbitMQ routes."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contracts import Exchange, catalogue
from shared.messaging.topology import HISTORY, Binding
from tests.unit.shared.builders import topology
from willkommen.system import SERVICES

TOPOLOGY = topology()
TOPICS = {"intake", "commands", "events", "retry", "retry.return"}
WORDS = sorted({word for each in TOPOLOGY.bindings for word in each.key.split(".")} | {"", "x"})
KEYS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map(".".join)


def routed(binding: Binding, key: str) -> bool:
    """RabbitMQ's rules: `*` is one word, `#` any number of them; a direct exchange compares."""
    if binding.exchange not in TOPICS:
        return binding.key == key
    words = [re.escape(word) for word in binding.key.split(".")]
    pattern = r"\.".join({r"\*": r"[^.]*", r"\#": ".*"}.get(word, word) for word in words)
    return re.fullmatch(pattern, key) is not None


@given(exchange=st.sampled_from(sorted({each.exchange for each in TOPOLOGY.bindings})), key=KEYS)
def test_messages_reach_the_queues_that_rabbitmq_would_choose(exchange: str, key: str) -> None:
    expected = {
        each.queue
        for each in TOPOLOGY.bindings
        if each.exchange == exchange and each.queue != HISTORY and routed(each, key)
    }
    assert TOPOLOGY.queues_for(exchange, key) == expected


def test_patterns_keep_to_the_kinds_that_are_understood() -> None:
    wildcards = {each.key for each in TOPOLOGY.bindings if "#" in each.key}
    assert wildcards == {"#"}


@pytest.mark.parametrize("name", SERVICES)
def test_bindings_follow_subscriptions(name: str) -> None:
    for kind, contract in SERVICES[name].subscriptions.contracts.items():
        aggregate, verb = kind.split(".")[1:3]
        key = {
            Exchange.INTAKE: f"{aggregate}.zeytin.{verb}",
            Exchange.PRIVATE: name,
        }.get(contract.wire.exchange, kind)
        reached = TOPOLOGY.queues_for(contract.wire.exchange, key)
        assert (name in reached) is (contract.wire.exchange is not Exchange.LOCAL), kind


def test_nobody_gets_what_it_does_not_listen_to() -> None:
    for kind, contract in catalogue.items():
        if contract.wire.exchange in {Exchange.EVENTS, Exchange.COMMANDS}:
            assert TOPOLOGY.queues_for(contract.wire.exchange, kind) == {
                name for name, parts in SERVICES.items() if kind in parts.subscriptions.contracts
            }


def test_personal_requests_reach_notifications_alone() -> None:
    assert TOPOLOGY.queues_for("private", "notifications") == {"notifications"}
    assert {each.queue for each in TOPOLOGY.bindings if each.exchange == "private"} == {
        "notifications"
    }


def test_referrals_reach_matching_alone() -> None:
    at_intake = {each.queue for each in TOPOLOGY.bindings if each.exchange == "intake"}
    assert at_intake == {"matching"}


def test_every_fact_reaches_the_history() -> None:
    assert Binding("events", HISTORY, "#") in TOPOLOGY.bindings


def test_a_reply_reaches_its_partner_alone() -> None:
    assert TOPOLOGY.queues_for("replies", "zeytin") == {"replies.zeytin"}
    assert TOPOLOGY.queues_for("replies", "klinikum") == {"replies.klinikum"}


@pytest.mark.parametrize("step", ["1s", "10s", "1m", "10m"])
def test_a_message_on_the_ladder_comes_back_to_its_service(step: str) -> None:
    assert TOPOLOGY.queues_for("retry", f"{step}.matching") == {f"retry.{step}"}
    assert TOPOLOGY.queues_for("retry.return", f"{step}.matching") == {"matching"}
