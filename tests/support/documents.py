"""AsyncAPI documents as judges: of their own examples, and of messages on the wire."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from jsonschema import (  # type: ignore[import-untyped]  # it has no types of its own
    Draft7Validator,
)

PLACE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Sending:
    """Where and how an application publishes a message."""

    exchange: str
    address: str
    delivery_mode: int


class Document:
    """One document; its schemas are those of JSON Schema draft 7, as the specification says."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        self.content = content
        self._validators: dict[str, Draft7Validator] = {}

    @classmethod
    def read(cls, file: Path) -> "Document":
        return cls(json.loads(file.read_text()))

    @property
    def messages(self) -> Mapping[str, Any]:
        """The messages by name."""
        found: Mapping[str, Any] = self.content["components"]["messages"]
        return found

    def follow(self, node: Any) -> Any:
        """What a reference leads to; anything else is given back."""
        while isinstance(node, dict) and "$ref" in node:
            target: Any = self.content
            for step in node["$ref"].removeprefix("#/").split("/"):
                target = target[step]
            node = target
        return node

    @cached_property
    def sends(self) -> dict[tuple[str, str], Sending]:
        """How the application sends its messages, by exchange and name."""
        return {
            (sending.exchange, self.follow(message)["name"]): sending
            for operation in self.content["operations"].values()
            if operation["action"] == "send"
            for sending in [self._sending(operation)]
            for message in operation["messages"]
        }

    def _sending(self, operation: Any) -> Sending:
        channel = self.follow(operation["channel"])
        return Sending(
            exchange=self.follow(channel["bindings"])["amqp"]["exchange"]["name"],
            address=channel["address"],
            delivery_mode=self.follow(operation["bindings"])["amqp"]["deliveryMode"],
        )

    def complaints(self, name: str, part: str, value: Any) -> Iterator[str]:
        """Why the headers or the payload of a message do not fit."""
        for error in self._validator(name, part).iter_errors(value):
            yield f"{part}{error.json_path.removeprefix('$')}: {error.message[:200]}"

    def _validator(self, name: str, part: str) -> Draft7Validator:
        """References lead into the document, so it comes along."""
        pointer = f"#/components/messages/{name}/{part}"
        if pointer not in self._validators:
            schema = {"$ref": pointer, "components": self.content["components"]}
            checker = Draft7Validator.FORMAT_CHECKER
            self._validators[pointer] = Draft7Validator(schema, format_checker=checker)
        return self._validators[pointer]

    def wrong_examples(self) -> Iterator[str]:
        """What is wrong with the examples of the document; one without any is wrong as well."""
        for name, message in self.messages.items():
            if not message["examples"]:
                yield f"{name} has no example"
            for example in message["examples"]:
                for part in ("headers", "payload"):
                    for complaint in self.complaints(name, part, example[part]):
                        yield f"{name} {example['name']}: {complaint}"

    def undescribed_places(self) -> Iterator[str]:
        """Places in addresses, and in the server's, that no parameter or variable describes."""
        for name, channel in self.content["channels"].items():
            parameters = {
                key: self.follow(each) for key, each in channel.get("parameters", {}).items()
            }
            yield from _undescribed(f"channel {name}", channel["address"], parameters)
        for name, server in self.content["servers"].items():
            address = f"{server['host']}{server['pathname']}"
            yield from _undescribed(f"server {name}", address, server["variables"])


def _undescribed(what: str, address: str, places: Mapping[str, Any]) -> Iterator[str]:
    named = set(PLACE.findall(address))
    for place in sorted(named ^ places.keys()):
        yield f"{what}: {place} is not both in the address and described"
    for place in sorted(named & places.keys()):
        if not places[place].get("description"):
            yield f"{what}: {place} has no description"
