"""One AsyncAPI document: servers, channels, operations, and the messages that they name."""

from collections.abc import Callable, Sequence
from typing import Any

from willkommen.contracts.asyncapi.applications import Application
from willkommen.contracts.asyncapi.channels import received, sent
from willkommen.contracts.asyncapi.introductions import ENVELOPE
from willkommen.contracts.asyncapi.messages import TAGS, message
from willkommen.contracts.asyncapi.operations import BINDINGS, operations, replies
from willkommen.contracts.asyncapi.schemas import Bundle
from willkommen.contracts.published import version_of

VERSION = "3.1.0"

Examples = Callable[[str], Sequence[dict[str, Any]]]


PARTNER_ID = {
    "description": (
        "The partner's id, which is the name of its user at the broker. Referrals come from all"
        " partners, recruits from the hospital alone."
    ),
    "examples": ["zeytin", "klinikum"],
}
CONVERSATION = {
    "location": "$message.header#/ce-correlationid",
    "description": (
        "The id of the message with which a conversation began. A message without this header"
        " begins one of its own."
    ),
}


def document(application: Application, everybody: Sequence[Application], examples: Examples) -> Any:
    """The document of an application; the others are needed for who sends what it receives."""
    sending, receiving = list(sent(application)), list(received(application))
    channels, bundle = [*sending, *receiving], Bundle()
    messages = _messages(application, everybody, examples, bundle)
    return {
        "asyncapi": VERSION,
        "id": f"urn:willkommen:{application.name}",
        "info": _info(application),
        "defaultContentType": "application/json",
        "servers": {"broker": _server(application)},
        "channels": {channel.id: channel.described() for channel in channels},
        "operations": operations(application, sending, receiving),
        "components": {
            "messages": messages,
            "schemas": bundle.schemas,
            "parameters": {"partner": PARTNER_ID},
            "channelBindings": {channel.place: channel.bindings() for channel in channels},
            "operationBindings": BINDINGS,
            "replies": replies(channels),
            "correlationIds": {"conversation": CONVERSATION},
            "securitySchemes": {"login": _login(application)},
        },
    }


def _messages(
    application: Application, everybody: Sequence[Application], examples: Examples, bundle: Bundle
) -> dict[str, Any]:
    known = {kind for each in everybody for kind in each.sends}
    return {
        kind: message(
            contract,
            _sources(kind, application, everybody),
            examples(kind),
            bundle,
            outdated=f"{kind.rpartition('.v')[0]}.v{version_of(kind) + 1}" in known,
        )
        for kind, contract in sorted({**application.receives, **application.sends}.items())
    }


def _sources(
    kind: str, application: Application, everybody: Sequence[Application]
) -> Sequence[str]:
    """Who sends this: oneself, or whoever one receives it from."""
    if kind in application.sends:
        return [application.source]
    return [each.source for each in everybody if kind in each.sends]


def _info(application: Application) -> dict[str, Any]:
    return {
        "title": f"Willkommen in Ludwigsburg · {application.title}",
        "version": "1.0.0",
        "description": f"{application.description}\n{ENVELOPE}",
        "contact": {"name": "Integration office of the city of Ludwigsburg"},
        "tags": [{"name": name, "description": text} for name, text in TAGS.items()],
    }


def _server(application: Application) -> dict[str, Any]:
    return {
        "host": "{host}:{port}",
        "pathname": "/{vhost}",
        "protocol": "amqp",
        "protocolVersion": "0.9.1",
        "title": "RabbitMQ",
        "description": f"The broker that connects everybody. The user is {application.user}.",
        "variables": {
            "host": {"default": "localhost", "description": "Where the broker runs."},
            "port": {"default": "5672", "description": "The broker's port for AMQP 0-9-1."},
            "vhost": {"default": "willkommen", "description": "The virtual host."},
        },
        "security": [{"$ref": "#/components/securitySchemes/login"}],
    }


def _login(application: Application) -> dict[str, Any]:
    return {
        "type": "userPassword",
        "description": (
            f"The user name is {application.user}. It may write and read what this document says,"
            " and can make or delete nothing at the broker."
        ),
    }
