"""Data that a contract allows, drawn by Hypothesis from the contract's own JSON schema.

References and ids come mostly from a few, so that messages meet what others left behind.
"""

import string
from typing import Any

from hypothesis import strategies as st

from shared.contracts import Contract
from shared.contracts.ids import actor_id, household_id, meeting_id, recruit_id, sponsor_id

JSON = st.SearchStrategy[Any]

LONGEST_LIST = 4
SHORT = 24
REFERENCES = [f"r-{number}" for number in range(12)]
IDS = [
    *(household_id("zeytin", each) for each in REFERENCES[:4]),
    *(recruit_id("klinikum", each) for each in REFERENCES[:4]),
    *(kind(each) for kind in (actor_id, sponsor_id, meeting_id) for each in REFERENCES[:4]),
]
DAYS = st.dates().map(str)
TIMES = st.datetimes(timezones=st.timezones()).map(lambda time: time.isoformat())
_SIGNS = string.ascii_letters + string.digits + ".:_-+@ ()/"
_TEXT = st.text(max_size=SHORT)

_drawn: dict[type[Contract], JSON] = {}


def data_of(contract: type[Contract]) -> JSON:
    """Data for this contract; code lists that the schema does not know are met by its examples."""
    if contract not in _drawn:
        schema = contract.model_json_schema()
        _drawn[contract] = _fitting(schema, schema.get("$defs", {}), "")
    return _drawn[contract]


def _fitting(  # noqa: PLR0911 - one for each kind of schema
    schema: dict[str, Any], definitions: dict[str, Any], name: str
) -> JSON:
    if "$ref" in schema:
        named = definitions[schema["$ref"].rpartition("/")[2]]
        return _fitting(named, definitions, name)
    if "anyOf" in schema:
        return st.one_of([_fitting(each, definitions, name) for each in schema["anyOf"]])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if "examples" in schema:
        return st.sampled_from(schema["examples"])
    kind = schema.get("type", "string")  # the names in an object say no type
    if kind == "object":
        return _object(schema, definitions)
    if kind == "array":
        return _array(schema, definitions, name)
    return _string(schema, name) if kind == "string" else _plain(schema)


def _object(schema: dict[str, Any], definitions: dict[str, Any]) -> JSON:
    if "properties" not in schema:
        named = schema.get("patternProperties", {})
        names = {"pattern": next(iter(named))} if named else schema.get("propertyNames", {})
        values = next(iter(named.values())) if named else schema["additionalProperties"]
        return st.dictionaries(
            _fitting(names, definitions, ""),
            _fitting(values, definitions, ""),
            min_size=schema.get("minProperties", 0),
            max_size=_most(schema, "Properties"),
        )
    fields = {
        name: _fitting(each, definitions, name) for name, each in schema["properties"].items()
    }
    required = schema.get("required", [])
    return st.fixed_dictionaries(
        {name: fields[name] for name in required},
        optional={name: each for name, each in fields.items() if name not in required},
    )


def _array(schema: dict[str, Any], definitions: dict[str, Any], name: str) -> JSON:
    items = _fitting(schema["items"], definitions, name)
    return st.lists(items, min_size=schema.get("minItems", 0), max_size=_most(schema, "Items"))


def _most(schema: dict[str, Any], of: str) -> int:
    """As many as the schema allows, but only a few unless it asks for more."""
    least: int = schema.get(f"min{of}", 0)
    most: int = schema.get(f"max{of}", LONGEST_LIST)
    return max(least, min(most, LONGEST_LIST))


def _plain(schema: dict[str, Any]) -> JSON:
    bounds = schema.get("minimum"), schema.get("maximum")
    if schema["type"] == "integer":
        return st.integers(*bounds)
    if schema["type"] == "number":
        return st.floats(*bounds, allow_nan=False, allow_infinity=False)
    return st.booleans() if schema["type"] == "boolean" else st.none()


def _string(schema: dict[str, Any], name: str) -> JSON:
    if "format" in schema:
        return DAYS if schema["format"] == "date" else TIMES
    least, most = schema.get("minLength", 0), min(schema.get("maxLength", SHORT), SHORT)
    if "pattern" not in schema:
        return st.text(min_size=least, max_size=most)
    if name.endswith(("_id", "_ids", "invited", "attended")):
        return st.sampled_from(IDS)
    if name.endswith(("reference", "form")):
        return st.sampled_from(REFERENCES)
    return st.from_regex(schema["pattern"], fullmatch=True, alphabet=_SIGNS).filter(
        lambda text: least <= len(text) <= schema.get("maxLength", len(text))
    )
