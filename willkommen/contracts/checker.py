"""Checks a partner's message before it is sent, with the very code that reads it at intake.

A file holds either a CloudEvent in structured mode, or one in binary mode as text: headers, an
empty line, the body.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from shared.contracts import Contract, Exchange
from shared.messaging.envelope import STRUCTURED, attributes_of, read
from shared.messaging.failures import Poison
from shared.messaging.message import Delivery, Message
from willkommen.contracts.published import name_of, published

FORGIVEN = ("specversion", "id", "source")
"""What intake does without and CloudEvents does not."""

ADDRESS = ("content-type", "message-id", "user-id", "routing-key")
"""Properties and the routing key, which a text may name beside the headers."""

SPECVERSION = "1.0"
SOURCE = "/partners/"
ANY_PARTNER = "your-id"


@dataclass(frozen=True)
class Verdict:
    """What would become of a message; `problems` is empty when it would be taken in."""

    problems: tuple[str, ...]
    type: str
    about: str = ""
    key: str = ""
    partner: str = ""


def check(text: str) -> Verdict:
    """Read a message as it would be read at intake."""
    try:
        told = _delivery(text)
        attributes, _ = attributes_of(told)
    except Poison as poison:
        return Verdict(poison.reasons, "")
    delivery = _addressed(told, attributes)
    problems = _missing(told, attributes)
    try:
        message = read(delivery, _at_intake(), datetime.now(UTC))
    except Poison as poison:
        problems += poison.reasons
        return Verdict(tuple(problems), attributes.get("type", ""))
    return _verdict(tuple(problems), message, delivery)


def _verdict(problems: tuple[str, ...], message: Message[Contract], delivery: Delivery) -> Verdict:
    return Verdict(
        problems,
        message.type,
        about=str(getattr(message.data, message.data.wire.subject)),
        key=delivery.routing_key,
        partner=delivery.partner,
    )


def _at_intake() -> Mapping[str, type[Contract]]:
    return {
        kind: contract
        for kind, contract in published().items()
        if contract.wire.exchange is Exchange.INTAKE
    }


def _delivery(text: str) -> Delivery:
    """The message as the broker would hand it over, its address not yet filled in."""
    if text.lstrip().startswith("{"):
        return _handed_over({"content-type": STRUCTURED}, text)
    head, empty, body = text.replace("\r\n", "\n").lstrip("\n").partition("\n\n")
    if not empty:
        raise Poison(
            "this is neither a JSON object nor headers, an empty line and a body; see"
            " docs/partners.md"
        )
    headers: dict[str, str] = {}
    for line in head.splitlines():
        name, colon, value = line.partition(":")
        if not colon:
            raise Poison(f"the line {line[:80]!r} is no header of the form 'name: value'")
        headers[name.strip().lower()] = value.strip()
    return _handed_over(headers, body)


def _handed_over(headers: Mapping[str, str], body: str) -> Delivery:
    return Delivery(
        exchange=Exchange.INTAKE.value,
        routing_key=headers.get("routing-key", ""),
        message_id=headers.get("message-id", ""),
        user_id=headers.get("user-id", ""),
        content_type=headers.get("content-type", "application/json"),
        headers={name: value for name, value in headers.items() if name not in ADDRESS},
        body=body.encode(),
    )


def _missing(delivery: Delivery, attributes: Mapping[str, str]) -> list[str]:
    missing = [name for name in FORGIVEN if not attributes.get(name)]
    if not delivery.message_id and "id" in missing:
        missing.remove("id")  # intake does not forgive that one, and says so itself
    version = attributes.get("specversion") or SPECVERSION
    wrong = [f"ce-specversion is {version!r}, not {SPECVERSION!r}"] * (version != SPECVERSION)
    return [*(f"ce-{name} is missing" for name in missing), *wrong]


def _addressed(told: Delivery, attributes: Mapping[str, str]) -> Delivery:
    """With the address that belongs to the type and the source, where the text names none."""
    source = attributes.get("source", "")
    partner = source.removeprefix(SOURCE) if source.startswith(SOURCE) else ANY_PARTNER
    aggregate, _, verb = name_of(attributes.get("type", "")).partition(".")
    placed = replace(told, routing_key=told.routing_key or f"{aggregate}.{partner}.{verb}")
    return replace(placed, user_id=told.user_id or placed.partner)
