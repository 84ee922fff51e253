"""What is published is a CloudEvent that the CloudEvents SDK understands."""

from datetime import timedelta
from typing import Any

import pytest
from cloudevents.core.base import BaseCloudEvent
from cloudevents.core.bindings.rabbitmq import RabbitMQMessage, from_rabbitmq_event
from cloudevents.core.exceptions import CloudEventValidationError

from shared.contracts import Contract
from shared.contracts.matching import HouseholdRegistered, ReferralAnswered, ReferralStatus
from shared.contracts.notifications import RequestMessage, Template
from shared.messaging.envelope import write
from shared.storage.records import OutboxEntry
from tests.unit.shared.builders import NOW, cause

FACT = HouseholdRegistered(
    household_id="h-1",
    partner="zeytin",
    adults=2,
    children=1,
    countries=["SY"],
    languages=["ar"],
    topics=[],
)
REPLY = ReferralAnswered(partner="zeytin", reference="ZT-1", status=ReferralStatus.RECEIVED)
REQUEST = RequestMessage(
    about="h-1",
    template=Template.HOUSEHOLD_WELCOME,
    name="Amal Testari",
    email="amal@mail.example",
    language="ar",
)


def written(fact: Contract = FACT, **other: Any) -> OutboxEntry:
    values: dict[str, Any] = {"source": "/services/matching", "cause": cause(), "position": 0}
    return write(fact, **(values | {"at": NOW} | other))


def decoded(entry: OutboxEntry) -> BaseCloudEvent:
    """The event as the SDK's binding for RabbitMQ reads it."""
    return from_rabbitmq_event(RabbitMQMessage(dict(entry.headers), entry.content_type, entry.body))


def test_a_fact_is_a_cloudevent() -> None:
    event = decoded(written())
    assert event.get_specversion() == "1.0"
    assert event.get_type() == "willkommen.household.registered.v1"
    assert event.get_source() == "/services/matching"
    assert event.get_subject() == "h-1"
    assert event.get_time() == NOW
    assert event.get_datacontenttype() == "application/json"
    assert event.get_data() == FACT.model_dump(mode="json")


def test_why_and_how_sensitive_travel_as_extensions() -> None:
    event = decoded(written())
    assert event.get_extension("correlationid") == "first-1"
    assert event.get_extension("causationid") == "m-1"
    assert event.get_extension("dataclassification") == "internal"
    assert decoded(written(REQUEST)).get_extension("dataclassification") == "personal"


def test_the_sdk_would_refuse_what_is_no_event() -> None:
    entry = written()
    without_source = {name: text for name, text in entry.headers.items() if name != "ce-source"}
    with pytest.raises(CloudEventValidationError, match="source"):
        from_rabbitmq_event(RabbitMQMessage(without_source, entry.content_type, entry.body))


def test_the_message_id_is_the_events_id() -> None:
    entry = written()
    assert entry.id == entry.message_id == entry.headers["ce-id"]


def test_the_same_cause_gives_the_same_id_each_time() -> None:
    assert written() == written()
    assert written(at=NOW + timedelta(hours=1)).id == written().id


@pytest.mark.parametrize(
    "other",
    [{"position": 1}, {"cause": cause("klinikum/m-1")}, {"source": "/services/network"}],
    ids=["another position", "another cause", "another service"],
)
def test_another_fact_has_another_id(other: dict[str, Any]) -> None:
    assert written(**other).id != written().id


@pytest.mark.parametrize(
    ("fact", "exchange", "key"),
    [
        (FACT, "events", "willkommen.household.registered.v1"),
        (REPLY, "replies", "zeytin"),
        (REQUEST, "private", "notifications"),
    ],
    ids=["fact", "reply", "request"],
)
def test_each_goes_where_its_contract_says(fact: Contract, exchange: str, key: str) -> None:
    entry = written(fact)
    assert (entry.exchange, entry.routing_key) == (exchange, key)
