"""Operations: what an application does on its channels, and what it hears in return."""

from collections.abc import Iterator, Sequence
from typing import Any

from shared.contracts import Exchange
from willkommen.contracts.asyncapi.applications import PARTNER, Application
from willkommen.contracts.asyncapi.channels import REPLIES, Channel, operation_bindings

ANSWERED = (Exchange.INTAKE,)
"""What is sent to these is answered on the replies."""

BINDINGS = {
    "send": operation_bindings(deliveryMode=2, mandatory=True),
    "sendVouched": operation_bindings(userId=PARTNER, deliveryMode=2, mandatory=True),
    "receive": operation_bindings(ack=True),
}
"""Persistent and never unroutable; at intake the broker vouches for the user."""


def operations(
    application: Application, sending: Sequence[Channel], receiving: Sequence[Channel]
) -> dict[str, Any]:
    """All operations of an application by id."""
    return dict([*_sending(sending, receiving), *_receiving(application, receiving, sending)])


def replies(channels: Sequence[Channel]) -> dict[str, Any]:
    """The one reply that there is: what a partner hears."""
    return {
        channel.id: {"channel": channel.reference, "messages": channel.messages}
        for channel in channels
        if channel.id == REPLIES
    }


def _sending(
    channels: Sequence[Channel], others: Sequence[Channel]
) -> Iterator[tuple[str, dict[str, Any]]]:
    for channel in channels:
        how = "sendVouched" if channel.exchange is Exchange.INTAKE else "send"
        yield _id("send", channel), _operation("send", channel, how, others)


def _receiving(
    application: Application, channels: Sequence[Channel], others: Sequence[Channel]
) -> Iterator[tuple[str, dict[str, Any]]]:
    for channel in channels:
        received = _operation("receive", channel, "receive", others)
        yield _id("receive", channel), {**received, "x-queue": application.queue}


def _operation(
    action: str, channel: Channel, how: str, others: Sequence[Channel]
) -> dict[str, Any]:
    answered = channel.exchange in ANSWERED and REPLIES in {other.id for other in others}
    reply = {"reply": {"$ref": f"#/components/replies/{REPLIES}"}} if answered else {}
    return {
        "action": action,
        "channel": channel.reference,
        "title": channel.title,
        "summary": channel.meaning,
        "bindings": {"$ref": f"#/components/operationBindings/{how}"},
        "messages": channel.messages,
        **reply,
    }


def _id(action: str, channel: Channel) -> str:
    """Such as `sendReferralSubmitted`."""
    words = channel.id.replace("-", ".").split(".")
    return action + "".join(word.capitalize() for word in words)
