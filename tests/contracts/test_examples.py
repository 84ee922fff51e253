"""Every example of every published version parses for ever and survives a journey."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from jsonschema import (  # type: ignore[import-untyped]  # it has no types of its own
    Draft202012Validator,
    ValidationError,
)

from shared.contracts import Contract, Exchange
from shared.messaging.envelope import read, write
from shared.messaging.message import Delivery, Message
from willkommen.commands.contracts import upkeep
from willkommen.contracts.examples import drafts
from willkommen.contracts.published import published

NOW = datetime(2016, 5, 2, 9, 0, tzinfo=UTC)
FILES = upkeep()
EXAMPLES = [
    pytest.param(path.stem, number, example, id=f"{path.stem}-{number}")
    for path in sorted(FILES.example_file("any").parent.glob("*.json"))
    for number, example in enumerate(json.loads(path.read_text()), start=1)
]
CAUSE = Message("zeytin/1", "1", "", "/partners/zeytin", "zeytin", "1", 1, NOW, None)


def validator(kind: str) -> Draft202012Validator:
    schema = json.loads(FILES.schema_file(kind).read_text())
    Draft202012Validator.check_schema(schema)
    checker = Draft202012Validator.FORMAT_CHECKER
    return Draft202012Validator(schema, format_checker=checker)


def delivered(fact: Contract) -> Delivery:
    """The fact as a receiver gets it from the broker; at intake from a partner."""
    entry = write(fact, source="/services/matching", cause=CAUSE, position=0, at=NOW)
    key, user = entry.routing_key, ""
    if fact.wire.exchange is Exchange.INTAKE:
        aggregate, verb = fact.wire.type.split(".")[1:3]
        key, user = f"{aggregate}.zeytin.{verb}", "zeytin"
    content_type = entry.content_type
    return Delivery(
        entry.exchange, key, entry.message_id, user, content_type, entry.headers, entry.body
    )


@pytest.mark.parametrize(("kind", "number", "example"), EXAMPLES)
def test_an_example_fits_its_frozen_schema(kind: str, number: int, example: Any) -> None:
    errors = [error.message for error in validator(kind).iter_errors(example)]
    assert errors == [], f"example {number} of {kind}"


@pytest.mark.parametrize(("kind", "number", "example"), EXAMPLES)
def test_an_example_parses_and_is_written_as_it_was(kind: str, number: int, example: Any) -> None:
    parsed = published()[kind].model_validate(example)
    assert parsed.model_dump(mode="json", exclude_unset=True) == example, number


@pytest.mark.parametrize(("kind", "number", "example"), EXAMPLES)
def test_an_example_survives_the_way_over_the_broker(kind: str, number: int, example: Any) -> None:
    fact = published()[kind].model_validate(example)
    message = read(delivered(fact), published(), NOW)
    assert message.data == fact, number
    validator(kind).validate(json.loads(delivered(fact).body))


@pytest.mark.parametrize("kind", published())
def test_every_published_version_has_an_example(kind: str) -> None:
    assert json.loads(FILES.example_file(kind).read_text()), f"{kind} has no example"


@pytest.mark.parametrize("kind", published())
def test_a_draft_can_be_written_for_every_contract(kind: str) -> None:
    for draft in drafts(published()[kind]):
        validator(kind).validate(draft)


def test_an_example_that_does_not_fit_is_found() -> None:
    with pytest.raises(ValidationError, match="is not of type 'integer'"):
        validator("willkommen.household.registered.v1").validate(
            {"household_id": "h-1", "partner": "zeytin", "adults": "two", "children": 0}
            | {"countries": [], "languages": [], "topics": []}
        )


def test_a_day_that_does_not_exist_is_found() -> None:
    with pytest.raises(ValidationError, match="is not a 'date'"):
        validator("willkommen.recruit.corrected.v1").validate(
            {"reference": "KL-1", "arrival_on": "2016-02-30"}
        )
