"""Message objects: headers, payload, examples, and what a person wants to know of a message."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from shared.contracts import Classification, Contract, Exchange
from shared.messaging.envelope import MOST_ID_BYTES, write
from shared.messaging.message import Message
from willkommen.contracts.asyncapi.schemas import Bundle
from willkommen.contracts.fields import sentence
from willkommen.contracts.published import name_of

TAGS = {
    "public": "Holds nothing that not everybody may know.",
    "internal": "Holds ids, codes and counts, no personal data.",
    "personal": "Holds personal data: names, addresses, what people need.",
}
ID = "5b0f5d7e-9a0e-5f6a-8e57-3b1c7a2d9f10"
WHEN = datetime(2016, 5, 2, 9, 0, tzinfo=UTC)
CAUSE: Message[None] = Message("", ID, "", "", "", ID, 1, WHEN, None)
"""Whatever led to the message of an example."""

OUTSIDE = frozenset({Exchange.INTAKE, Exchange.COMMANDS})
"""Where senders are not services, who may leave out what they do not need."""

ALWAYS = ("ce-specversion", "ce-id", "ce-source", "ce-type")
FROM_SERVICES = (
    *ALWAYS,
    "ce-time",
    "ce-subject",
    "ce-correlationid",
    "ce-causationid",
    "ce-dataclassification",
)
_HEADERS: Mapping[str, Any] = {
    "ce-specversion": {"const": "1.0", "description": "The version of CloudEvents."},
    "ce-id": {
        "type": "string",
        "minLength": 1,
        "maxLength": MOST_ID_BYTES,
        "description": (
            f"Unique for the sender, at most {MOST_ID_BYTES} bytes; the same as the property"
            " `message_id`."
        ),
    },
    "ce-source": {"type": "string", "minLength": 1, "description": "Who says so."},
    "ce-type": {"type": "string", "description": "Name and version of the message."},
    "ce-time": {
        "type": "string",
        "format": "date-time",
        "description": "When it happened, with the offset from UTC.",
    },
    "ce-subject": {"type": "string", "description": "The id of what it is about."},
    "ce-correlationid": {
        "type": "string",
        "minLength": 1,
        "description": "The id of the message with which the conversation began.",
    },
    "ce-causationid": {
        "type": "string",
        "minLength": 1,
        "description": "The id of the message that led to this one.",
    },
    "ce-dataclassification": {
        "enum": [each.value for each in Classification],
        "description": "How sensitive the data is.",
    },
}


def message(
    contract: type[Contract],
    sources: Sequence[str],
    examples: Sequence[dict[str, Any]],
    bundle: Bundle,
    *,
    outdated: bool,
) -> dict[str, Any]:
    """The message object of a contract; its schemas go into the bundle."""
    kind, classification = contract.wire.type, contract.wire.classification.value
    return {
        "name": kind,
        "title": title(contract),
        "summary": sentence(contract),
        "description": sentence(contract, whole=True),
        **({"deprecated": True} if outdated else {}),
        "contentType": "application/json",
        **({} if contract.wire.exchange in OUTSIDE else {"bindings": _binding(kind)}),
        "headers": _headers(contract, sources, bundle),
        "payload": bundle.add(contract),
        "correlationId": {"$ref": "#/components/correlationIds/conversation"},
        "tags": [{"name": classification}, {"name": name_of(kind).partition(".")[0]}],
        "examples": [
            _example(number, contract, sources[0], data)
            for number, data in enumerate(examples, start=1)
        ],
    }


def _binding(kind: str) -> dict[str, Any]:
    """Services repeat the type in a property of AMQP, for the broker's own pages."""
    return {"amqp": {"messageType": kind, "bindingVersion": "0.3.0"}}


def title(contract: type[Contract]) -> str:
    """`Referral submitted` for `ReferralSubmitted`."""
    return re.sub(r"(?<!^)(?=[A-Z])", " ", contract.__name__).capitalize()


def _headers(contract: type[Contract], sources: Sequence[str], bundle: Bundle) -> dict[str, Any]:
    """What is special about the headers of this message, on top of the envelope of all."""
    wire, outside = contract.wire, contract.wire.exchange in OUTSIDE
    name, required = ("EnvelopeFromOutside", ALWAYS) if outside else ("Envelope", FROM_SERVICES)
    envelope = bundle.put(
        name, {"type": "object", "required": list(required), "properties": dict(_HEADERS)}
    )
    return {
        "type": "object",
        "allOf": [envelope],
        "properties": {
            "ce-type": {"const": wire.type},
            "ce-source": _source(sources),
            "ce-subject": {"description": f"The `{wire.subject}` of the data."},
            "ce-dataclassification": {"const": wire.classification.value},
        },
    }


def _source(sources: Sequence[str]) -> dict[str, Any]:
    if "{" in sources[0]:
        return {"pattern": "^/partners/[a-z0-9-]+$", "examples": [_filled(sources[0])]}
    return {"const": sources[0]} if len(sources) == 1 else {"enum": list(sources)}


def _filled(source: str) -> str:
    return source.replace("{partner}", "zeytin")


def _example(
    number: int, contract: type[Contract], source: str, data: dict[str, Any]
) -> dict[str, Any]:
    """A committed example, with the headers that it would travel with."""
    fact = contract.model_validate(data)
    entry = write(fact, source=_filled(source), cause=CAUSE, position=number, at=WHEN)
    outside = contract.wire.exchange in OUTSIDE
    kept = (*ALWAYS, "ce-time") if outside else FROM_SERVICES
    headers = {name: value for name, value in entry.headers.items() if name in kept}
    return {"name": f"example{number}", "headers": headers, "payload": data}
