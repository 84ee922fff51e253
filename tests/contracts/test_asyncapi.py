"""What AsyncAPI's parser does not look at: examples, addresses, and that the documents are true."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from shared.contracts import Exchange
from shared.messaging.topology import DESK, Partner
from tests.support.documents import Document
from willkommen.commands.contracts import upkeep
from willkommen.contracts.asyncapi import applications
from willkommen.contracts.asyncapi.schemas import Bundle
from willkommen.contracts.published import published
from willkommen.contracts.schemas import without_prose
from willkommen.system import SERVICES, topology

FOLDER = upkeep().asyncapi_folder
APPLICATIONS = {each.name: each for each in applications(published(), SERVICES)}
NAMES = sorted(APPLICATIONS)
ZEYTIN = Partner("zeytin", ("referral", "recruit"))
TOPOLOGY = topology([ZEYTIN])
SUBMITTED = "willkommen.referral.submitted.v1"


def document(name: str) -> Document:
    return Document.read(FOLDER / f"{name}.json")


def definitions() -> Any:
    return TOPOLOGY.definitions("any", dict.fromkeys(TOPOLOGY.users, "password"))


def test_everybody_has_a_document() -> None:
    assert {path.stem for path in FOLDER.iterdir()} == {*SERVICES, DESK, "partners"}


@pytest.mark.parametrize("kind", published())
def test_a_message_is_in_the_document_of_who_sends_it(kind: str) -> None:
    assert [name for name in NAMES if kind in {sent for _, sent in document(name).sends}]


@pytest.mark.parametrize("name", NAMES)
def test_every_example_fits_the_schemas_of_its_message(name: str) -> None:
    assert list(document(name).wrong_examples()) == []


@pytest.mark.parametrize("name", NAMES)
def test_every_committed_example_is_shown(name: str) -> None:
    for kind, message in document(name).messages.items():
        assert [each["payload"] for each in message["examples"]] == upkeep().examples(kind)


@pytest.mark.parametrize("name", NAMES)
def test_every_place_in_an_address_is_described(name: str) -> None:
    assert list(document(name).undescribed_places()) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_payload_is_the_frozen_schema(name: str) -> None:
    """Unbundled and without prose, it is what was frozen."""
    content = document(name).content["components"]
    for kind, message in content["messages"].items():
        frozen = json.loads(upkeep().schema_file(kind).read_text())
        promised = {key: value for key, value in frozen.items() if key[0] not in "$x"}
        parts = frozen.get("$defs", {})
        assert _plain(message["payload"], content["schemas"]) == _plain(promised, parts), kind


def _plain(schema: Any, parts: Any) -> Any:
    """With every reference replaced by what it leads to."""
    if isinstance(schema, list):
        return [_plain(each, parts) for each in schema]
    if not isinstance(schema, dict):
        return schema
    schema = without_prose(schema)
    if "allOf" in schema:
        schema = {**schema, **schema["allOf"][0]}
        del schema["allOf"]
    if "$ref" in schema:
        target = parts[schema["$ref"].rpartition("/")[2]]
        schema = {**{key: each for key, each in schema.items() if key != "$ref"}, **target}
        return _plain(schema, parts)
    return {key: _plain(each, parts) for key, each in schema.items()}


@pytest.mark.parametrize("service", SERVICES)
def test_what_a_service_receives_is_routed_to_its_queue(service: str) -> None:
    for channel in document(service).content["channels"].values():
        kinds = set(channel["messages"])
        if kinds <= APPLICATIONS[service].receives.keys():
            bindings = document(service).follow(channel["bindings"])
            exchange = bindings["amqp"]["exchange"]["name"]
            key = channel["address"].format(partner=ZEYTIN.id)
            assert service in TOPOLOGY.queues_for(exchange, key), kinds


@pytest.mark.parametrize("name", NAMES)
def test_who_sends_may_write_there(name: str) -> None:
    user = ZEYTIN.id if name == "partners" else name
    rights = {each["user"]: each for each in definitions()["permissions"]}
    keys = {
        (each["user"], each["exchange"]): each["write"]
        for each in definitions()["topic_permissions"]
    }
    for (exchange, kind), sent in document(name).sends.items():
        key = sent.address.format(partner=user)
        assert re.search(rights[user]["write"], exchange), kind
        assert re.search(keys.get((user, exchange), ""), key), kind


@pytest.mark.parametrize("name", NAMES)
def test_who_receives_may_read_the_queue(name: str) -> None:
    user = ZEYTIN.id if name == "partners" else name
    rights = {each["user"]: each for each in definitions()["permissions"]}
    queue = APPLICATIONS[name].queue.format(partner=user)
    assert queue in TOPOLOGY.queues
    assert re.search(rights[user]["read"], queue)


def test_what_is_asked_at_intake_is_answered_on_the_replies() -> None:
    for name, action in (("partners", "send"), ("matching", "receive")):
        told = document(name)
        for operation in told.content["operations"].values():
            channel = told.follow(operation["channel"])
            messages = [published()[kind].wire.exchange for kind in channel["messages"]]
            asked = operation["action"] == action and set(messages) == {Exchange.INTAKE}
            assert ("reply" in operation) == asked
            if asked:
                answers = {
                    told.follow(each)["name"]
                    for each in told.follow(operation["reply"])["messages"]
                }
                assert "willkommen.referral.answered.v1" in answers


BREAKAGES: dict[str, Callable[[Any], object]] = {
    "an example that its schema refuses": lambda content: content["components"]["messages"][
        SUBMITTED
    ]["examples"][0]["payload"].pop("household"),
    "a header that its schema refuses": lambda content: content["components"]["messages"][
        SUBMITTED
    ]["examples"][0]["headers"].update({"ce-type": "another"}),
    "no example": lambda content: content["components"]["messages"][SUBMITTED].update(examples=[]),
    "a place without a parameter": lambda content: content["channels"]["referral.submitted"].pop(
        "parameters"
    ),
    "a parameter without a place": lambda content: content["channels"]["referral.submitted"].update(
        address="referral.submitted"
    ),
    "a server variable nobody knows": lambda content: content["servers"]["broker"].update(
        host="{nowhere}"
    ),
}


@pytest.mark.parametrize("breakage", BREAKAGES)
def test_a_broken_document_is_found(breakage: str) -> None:
    told = document("partners")
    BREAKAGES[breakage](told.content)
    assert [*told.wrong_examples(), *told.undescribed_places()]


def test_two_parts_of_one_name_cannot_stand_in_one_document() -> None:
    bundle = Bundle()
    bundle.put("Kite", {"type": "object"})
    bundle.put("Kite", {"type": "object"})
    with pytest.raises(ValueError, match="two different parts of contracts are called Kite"):
        bundle.put("Kite", {"type": "string"})
