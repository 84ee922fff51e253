"""The broker's definitions: known to RabbitMQ 3.10 and 4.x, and nobody may do more than it must."""

import base64
import hashlib
import json
import re
from typing import Any

import pytest

from shared.contracts import Exchange
from shared.messaging.passwords import rabbitmq_hash
from tests.unit.shared.builders import topology
from willkommen.system import SERVICES

TOPOLOGY = topology()
PASSWORDS = {user: f"secret of {user}" for user in TOPOLOGY.users}
DOCUMENT = TOPOLOGY.definitions("willkommen", PASSWORDS)
KNOWN = {
    "vhosts": {"name"},
    "users": {"name", "password_hash", "hashing_algorithm", "tags", "limits"},
    "permissions": {"user", "vhost", "configure", "write", "read"},
    "topic_permissions": {"user", "vhost", "exchange", "write", "read"},
    "exchanges": {"name", "vhost", "type", "durable", "auto_delete", "internal", "arguments"},
    "queues": {"name", "vhost", "durable", "auto_delete", "arguments"},
    "bindings": {
        "source", "vhost", "destination", "destination_type", "routing_key", "arguments",
    },
    "policies": {"vhost", "name", "pattern", "apply-to", "priority", "definition"},
}  # fmt: skip
POLICY_KEYS = {
    "delivery-limit", "dead-letter-exchange", "dead-letter-routing-key", "dead-letter-strategy",
    "overflow", "message-ttl", "max-length", "expires",
}  # fmt: skip
PARTNERS = ["zeytin", "klinikum"]


def rights(user: str, section: str = "permissions", **wanted: str) -> dict[str, Any]:
    """The one entry of a section for a user."""
    entries = [
        each for each in DOCUMENT[section] if {"user": user, **wanted}.items() <= each.items()
    ]
    assert len(entries) == 1
    entry: dict[str, Any] = entries[0]
    return entry


def may_send(user: str, exchange: str, key: str) -> bool:
    """Whether the broker lets a user publish: by exchange and, if there is one, by topic."""
    if not re.search(rights(user)["write"], exchange):
        return False
    topics = [each for each in DOCUMENT["topic_permissions"] if each["user"] == user]
    return all(re.search(each["write"], key) for each in topics if each["exchange"] == exchange)


def test_sections_and_keys_are_known_to_both_generations() -> None:
    assert DOCUMENT.keys() == KNOWN.keys()
    for section, known in KNOWN.items():
        for entry in DOCUMENT[section]:
            assert entry.keys() == known, section


def test_policies_use_keys_that_both_generations_know() -> None:
    for policy in DOCUMENT["policies"]:
        assert policy["definition"].keys() <= POLICY_KEYS
        assert policy["apply-to"] == "queues"


def test_queues_are_quorum_queues_and_one_stream() -> None:
    kinds = {queue["name"]: queue["arguments"] for queue in DOCUMENT["queues"]}
    assert kinds.pop("events.history") == {"x-queue-type": "stream"}
    assert all(arguments == {"x-queue-type": "quorum"} for arguments in kinds.values())


def test_at_most_one_policy_applies_to_a_queue() -> None:
    for queue in DOCUMENT["queues"]:
        fitting = [
            p["name"] for p in DOCUMENT["policies"] if re.search(p["pattern"], queue["name"])
        ]
        assert len(fitting) <= 1, queue["name"]


def test_what_the_broker_gives_up_is_kept_for_each_service() -> None:
    for name in SERVICES:
        policy = next(p for p in DOCUMENT["policies"] if re.search(p["pattern"], name))
        assert policy["definition"]["dead-letter-exchange"] == "dead-letters"
        assert policy["definition"]["dead-letter-strategy"] == "at-least-once"
        key = policy["definition"]["dead-letter-routing-key"]
        assert TOPOLOGY.queues_for("dead-letters", key) == {f"{name}.dead-letters"}


def test_bindings_join_exchanges_and_queues_that_exist() -> None:
    exchanges = {each["name"] for each in DOCUMENT["exchanges"]}
    queues = {each["name"] for each in DOCUMENT["queues"]}
    for binding in DOCUMENT["bindings"]:
        assert binding["source"] in exchanges
        assert binding["destination"] in queues


@pytest.mark.parametrize("user", TOPOLOGY.users)
def test_no_user_may_configure_anything(user: str) -> None:
    assert rights(user)["configure"] == "^$"


def test_no_user_has_a_tag() -> None:
    assert all(user["tags"] == [] for user in DOCUMENT["users"])


@pytest.mark.parametrize("user", TOPOLOGY.users)
def test_passwords_are_hashed(user: str) -> None:
    entry = next(each for each in DOCUMENT["users"] if each["name"] == user)
    raw = base64.b64decode(entry["password_hash"])
    assert raw[4:] == hashlib.sha256(raw[:4] + PASSWORDS[user].encode()).digest()
    assert entry["hashing_algorithm"] == "rabbit_password_hashing_sha256"
    assert PASSWORDS[user] not in json.dumps(DOCUMENT)


def test_the_hash_is_the_one_of_rabbitmqs_documentation() -> None:
    salt = bytes.fromhex("908DC60A")
    assert rabbitmq_hash("test12", salt) == "kI3GCqW5JLMJa4iX1lo7X4D6XbYqlLgxIs30+P6tENUV2POR"


def test_two_users_with_one_password_have_two_hashes() -> None:
    assert rabbitmq_hash("secret") != rabbitmq_hash("secret")


def test_a_partner_sends_its_own_keys_alone() -> None:
    assert may_send("zeytin", "intake", "referral.zeytin.submitted")
    assert not may_send("zeytin", "intake", "referral.klinikum.submitted")
    assert not may_send("zeytin", "intake", "recruit.zeytin.reported")
    assert may_send("klinikum", "intake", "recruit.klinikum.reported")
    assert not may_send("klinikum", "intake", "recruit.klinikum.reported.more")


@pytest.mark.parametrize("exchange", [each for each in Exchange if each is not Exchange.INTAKE])
@pytest.mark.parametrize("partner", PARTNERS)
def test_a_partner_writes_nowhere_but_at_intake(partner: str, exchange: str) -> None:
    assert not re.search(rights(partner)["write"], exchange)


@pytest.mark.parametrize("partner", PARTNERS)
def test_a_partner_reads_its_replies_alone(partner: str) -> None:
    readable = {name for name in TOPOLOGY.queues if re.search(rights(partner)["read"], name)}
    assert readable == {f"replies.{partner}"}


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_reads_its_own_queues_alone(name: str) -> None:
    readable = {queue for queue in TOPOLOGY.queues if re.search(rights(name)["read"], queue)}
    assert readable == {name, f"{name}.dead-letters"}


def test_a_service_publishes_its_own_facts_alone() -> None:
    assert may_send("network", "events", "willkommen.training.completed.v1")
    assert not may_send("matching", "events", "willkommen.training.completed.v1")
    assert not may_send("network", "events", "willkommen.training.completed.v1.x")
    assert not may_send("notifications", "commands", "willkommen.match.decide.v1")
    assert not may_send("notifications", "private", "notifications")


def test_a_service_sends_back_to_itself_alone() -> None:
    assert may_send("matching", "retry", "10s.matching")
    assert not may_send("matching", "retry", "10s.network")
    assert not may_send("matching", "retry.return", "10s.matching")


def test_the_desk_gives_commands_and_reads_the_history() -> None:
    assert may_send("desk", "commands", "willkommen.match.decide.v1")
    assert not may_send("desk", "events", "willkommen.match.approved.v1")
    readable = {name for name in TOPOLOGY.queues if re.search(rights("desk")["read"], name)}
    assert readable == {"events.history"}


def test_an_operator_decides_about_dead_letters_and_reads_no_content() -> None:
    assert may_send("operator", "commands", "willkommen.dead-letter.replay.v1")
    assert may_send("operator", "commands", "willkommen.dead-letter.discard.v1")
    assert not may_send("operator", "commands", "willkommen.dead-letter.disclose.v1")
    assert not may_send("operator", "commands", "willkommen.match.decide.v1")
    assert not may_send("operator", "events", "willkommen.match.approved.v1")
    readable = {name for name in TOPOLOGY.queues if re.search(rights("operator")["read"], name)}
    assert readable == {"events.history"}
