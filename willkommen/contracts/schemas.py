"""The part of a contract that binds: its JSON Schema without prose, and how it travels.

Titles, descriptions and examples may be bettered at any time; everything else is a promise.
"""

from collections.abc import Iterator
from typing import Any

from shared.contracts import Contract

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_PROSE = frozenset({"title", "description", "examples"})
_BY_NAME = frozenset({"properties", "$defs"})
"""Keywords whose keys are names chosen by us, not keywords."""


def frozen_schema(contract: type[Contract]) -> dict[str, Any]:
    """What is kept in `contracts/schemas` for a contract."""
    wire = contract.wire
    return {
        "$schema": DIALECT,
        "$id": wire.type,
        "x-exchange": wire.exchange.value,
        "x-subject": wire.subject,
        "x-classification": wire.classification.value,
        **without_prose(contract.model_json_schema()),
    }


def differences(frozen: Any, present: Any, path: str = "") -> Iterator[str]:
    """Each place in which two documents differ, as `path: what`."""
    if isinstance(frozen, dict) and isinstance(present, dict):
        for key in sorted(frozen.keys() | present.keys()):
            place = f"{path}.{key}" if path else key
            if key not in present:
                yield f"{place} is gone"
            elif key not in frozen:
                yield f"{place} is new"
            else:
                yield from differences(frozen[key], present[key], place)
    elif frozen != present:
        yield f"{path} was {frozen!r} and is {present!r}"


def without_prose(schema: Any) -> Any:
    """A schema without what may be bettered at any time."""
    if isinstance(schema, list):
        return [without_prose(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: {name: without_prose(each) for name, each in value.items()}
        if key in _BY_NAME
        else without_prose(value)
        for key, value in schema.items()
        if key not in _PROSE
    }
