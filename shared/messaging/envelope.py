"""CloudEvents 1.0 over AMQP 0-9-1: reading a delivery, and writing a fact.

Binary mode: the attributes travel as `ce-` headers, the body is the data as JSON. Structured mode
(`application/cloudevents+json`) is understood on reading.
"""

from collections.abc import Mapping
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from pydantic import ValidationError
from pydantic_core import from_json

from shared.contracts.base import Contract, Exchange, Wire
from shared.messaging.failures import Poison
from shared.messaging.message import Delivery, Message, text_of
from shared.messaging.misspelt import misspelt
from shared.messaging.unreadable import UNREADABLE_HEADER
from shared.storage.records import OutboxEntry

PREFIX = "ce-"
STRUCTURED = "application/cloudevents+json"
MOST_BYTES = 256 * 1024
MOST_ERRORS = 20
MOST_ID_BYTES = 200
MOST_HEADER_BYTES = 16 * 1024
KEYED_BY_TYPE = frozenset({Exchange.COMMANDS, Exchange.EVENTS})


def attributes_of(delivery: Delivery) -> tuple[dict[str, str], Any]:
    """The CloudEvents attributes of a delivery and its data, not yet checked against a contract.

    Raises `Poison` when the body is too large or not JSON.
    """
    if UNREADABLE_HEADER in delivery.headers:
        raise Poison(f"the message cannot be understood: {delivery.headers[UNREADABLE_HEADER]!r}")
    if len(delivery.body) > MOST_BYTES:
        raise Poison(f"the message has {len(delivery.body)} bytes; at most {MOST_BYTES} are taken")
    try:
        body = from_json(delivery.body, allow_inf_nan=False)
    except ValueError as error:
        raise Poison(f"the body is not JSON: {error}") from None
    if delivery.content_type.lower().startswith(STRUCTURED):
        if not isinstance(body, dict):
            raise Poison("a CloudEvent in structured mode is a JSON object")
        data = body.pop("data", None)
        return {str(name): text_of(value) for name, value in body.items()}, data
    return binary_attributes(delivery.headers), body


def binary_attributes(headers: Mapping[str, Any]) -> dict[str, str]:
    """The CloudEvents attributes in the headers of a message in binary mode."""
    return {
        name[len(PREFIX) :]: text_of(value)
        for name, value in headers.items()
        if name.startswith(PREFIX)
    }


def key_of(delivery: Delivery) -> str:
    """A key for the inbox that no other sender can take: sender and message id.

    A message without an id is known by its content, so that it is parked once.
    """
    sender = delivery.partner or text_of(delivery.headers.get(f"{PREFIX}source", ""))
    given = text_of(delivery.headers.get(f"{PREFIX}id", ""))
    identity = given or delivery.message_id or _structured_id(delivery)
    if not identity or not _is_short(identity):
        identity = f"digest:{delivery.digest.hex()}"
    return f"{sender[:MOST_ID_BYTES]}/{identity}"


def read(
    delivery: Delivery, contracts: Mapping[str, type[Contract]], now: datetime
) -> Message[Contract]:
    """The message of a delivery, checked against its contract; raises `Poison` with all reasons."""
    attributes, data = attributes_of(delivery)
    _bounded(delivery.headers)
    message_id = _identity(delivery, attributes)
    kind = attributes.get("type", "")
    if kind not in contracts:
        known = "it is not one that is taken in here" if kind else "the attribute is missing"
        raise Poison(f"{PREFIX}type {kind[:80]!r}: {known}")
    contract = contracts[kind]
    _in_its_place(delivery, contract.wire)
    if contract.wire.exchange is Exchange.INTAKE:
        _well_spelt(data, contract)
    return Message(
        key=key_of(delivery),
        id=message_id,
        type=kind,
        source=attributes.get("source", ""),
        partner=delivery.partner,
        correlation_id=_correlation(attributes) or message_id,
        attempt=delivery.attempt,
        now=now,
        data=_checked(data, contract),
    )


def write(
    fact: Contract, *, source: str, cause: Message[Any], position: int, at: datetime
) -> OutboxEntry:
    """A fact as it will be published; its id follows from its cause, so it is the same each time.

    `position` tells several facts of one cause apart.
    """
    wire = fact.wire
    fact_id = str(uuid5(NAMESPACE_OID, f"{source}|{cause.key}|{position}"))
    headers = {
        f"{PREFIX}specversion": "1.0",
        f"{PREFIX}id": fact_id,
        f"{PREFIX}source": source,
        f"{PREFIX}type": wire.type,
        f"{PREFIX}time": at.isoformat(timespec="milliseconds"),
        f"{PREFIX}subject": str(getattr(fact, wire.subject)),
        f"{PREFIX}correlationid": cause.correlation_id,
        f"{PREFIX}causationid": cause.id,
        f"{PREFIX}dataclassification": wire.classification.value,
    }
    body = fact.model_dump_json().encode()
    return OutboxEntry(fact_id, fact_id, wire.exchange.value, routing_key(fact), headers, body)


def routing_key(fact: Contract) -> str:
    """Where on its exchange a message goes: its type, or the one who may read it."""
    if fact.wire.exchange is Exchange.REPLIES:
        return str(getattr(fact, "partner"))  # noqa: B009 - every reply has one
    if fact.wire.exchange is Exchange.PRIVATE:
        return "notifications"
    return fact.wire.type


def _structured_id(delivery: Delivery) -> str:
    """The id inside the body of a message in structured mode, empty when there is none."""
    if not delivery.content_type.lower().startswith(STRUCTURED):
        return ""
    try:
        body = from_json(delivery.body, allow_inf_nan=False)
    except ValueError:
        return ""
    return text_of(body.get("id", "")) if isinstance(body, dict) else ""


def _identity(delivery: Delivery, attributes: Mapping[str, str]) -> str:
    message_id = attributes.get("id") or delivery.message_id
    if not message_id:
        raise Poison("the message has no id: set message_id or ce-id")
    if not _is_short(message_id):
        raise Poison(f"the message id is longer than {MOST_ID_BYTES} bytes")
    if delivery.message_id and delivery.message_id != message_id:
        raise Poison("message_id and ce-id differ")
    return message_id


def _correlation(attributes: Mapping[str, str]) -> str:
    """What follows carries it on, also as a property of AMQP, which is short."""
    given = attributes.get("correlationid", "")
    if not _is_short(given):
        raise Poison(f"the correlation id is longer than {MOST_ID_BYTES} bytes")
    return given


def _is_short(identity: str) -> bool:
    return len(identity) <= MOST_ID_BYTES and len(identity.encode()) <= MOST_ID_BYTES


def _bounded(headers: Mapping[str, Any]) -> None:
    """They travel on with each retry, so that they must leave room in their frame."""
    size = sum(len(name) + len(text_of(value).encode()) for name, value in headers.items())
    if size > MOST_HEADER_BYTES:
        raise Poison(f"the headers have {size} bytes; at most {MOST_HEADER_BYTES} are taken")


def _in_its_place(delivery: Delivery, wire: Wire) -> None:
    """The broker confines senders to exchanges and keys; so the type must say the same as these."""
    if delivery.original_exchange != wire.exchange:
        raise Poison(
            f"{wire.type!r} is not taken in over the exchange {delivery.original_exchange!r}"
        )
    if wire.exchange is Exchange.INTAKE:
        _vouched(delivery, wire.type)
    elif wire.exchange in KEYED_BY_TYPE and delivery.original_key != wire.type:
        raise Poison(f"the routing key {delivery.original_key!r} is not the type {wire.type!r}")


def _vouched(delivery: Delivery, kind: str) -> None:
    """The broker vouches for the partner; the routing key must say what the type says."""
    partner = delivery.partner
    if not partner:
        raise Poison("the routing key is not of the form 'referral.<partner>.<verb>'")
    if delivery.original_user != partner:
        raise Poison(f"user_id must be {partner!r}, so that the broker can vouch for the sender")
    aggregate, _, verb = delivery.original_key.split(".")
    if not kind.startswith(f"willkommen.{aggregate}.{verb}.v"):
        raise Poison(f"the routing key {delivery.original_key!r} does not fit the type {kind!r}")


def _well_spelt(data: Any, contract: type[Contract]) -> None:
    if wrong := list(islice(misspelt(data, contract), MOST_ERRORS)):
        raise Poison(*wrong)


def _checked(data: Any, contract: type[Contract]) -> Contract:
    """The poison is raised when pydantic's error is gone: the garbage collector cannot look into
    that error, through which a refused message would hold itself for ever.
    """
    try:
        return contract.model_validate(data)
    except ValidationError as error:
        wrong = _sentences(error)
    raise Poison(*wrong)


def _sentences(error: ValidationError) -> list[str]:
    found = error.errors(include_url=False, include_input=False, include_context=False)
    return [
        f"{'.'.join(['data', *map(str, each['loc'])])}: {each['msg']}"[:300]
        for each in found[:MOST_ERRORS]
    ]
