"""Drafts examples of a contract from its schema: one with every field, one with as few as possible.

A draft is a start: better it by hand before it is published, for then it is kept for ever.
"""

from typing import Any

from shared.contracts import Contract
from willkommen.contracts.published import name_of
from willkommen.contracts.story import EVERYWHERE, IN_PARTICULAR

LEVELS = ("native", "B1", "A2")
_KINDS: dict[str, type | tuple[type, ...]] = {
    "array": list,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
    "object": dict,
    "string": str,
}


class StoryGapError(Exception):
    """A field for which the story has nothing to tell."""


def drafts(contract: type[Contract]) -> list[dict[str, Any]]:
    """The fullest example and, where fields may be left out, the shortest.

    Raises `StoryGapError` when the story has no value that fits a field: add one there.
    """
    full = _Draft(contract, shortest=False).data
    short = _Draft(contract, shortest=True).data
    return [full] if short == full else [full, short]


class _Draft:
    """One example of a contract."""

    def __init__(self, contract: type[Contract], *, shortest: bool) -> None:
        self._schema = contract.model_json_schema()
        self._story = EVERYWHERE | IN_PARTICULAR.get(name_of(contract.wire.type), {})
        self._shortest = shortest
        self.data = self._object(self._schema, "")

    def _object(self, schema: dict[str, Any], within: str) -> dict[str, Any]:
        names = schema.get("required", []) if self._shortest else schema["properties"]
        return {name: self._value(schema["properties"][name], name, within) for name in names}

    def _value(self, schema: dict[str, Any], name: str, within: str) -> Any:
        schema = self._resolved(schema)
        if "properties" in schema:
            return self._object(schema, f"{name}.")
        told = self._story.get(f"{within}{name}", self._story.get(name))
        if _is_skills(schema, self._resolved(schema.get("items", {}))):
            return [
                {"code": code, "level": level}
                for code, level in zip(told or [], LEVELS, strict=False)
            ]
        if told is None and "enum" in schema:
            return schema["enum"][0]
        if told is None and schema["type"] == "boolean":
            return True
        if not isinstance(told, _KINDS[schema["type"]]) or told not in schema.get("enum", [told]):
            raise StoryGapError(
                f"the story has no {schema['type']} for {self._schema['title']}.{name}"
            )
        return told

    def _resolved(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Follow references; of alternatives take the one that is not null."""
        for each in schema.get("anyOf", []):
            if each.get("type") != "null":
                return self._resolved(each)
        if "$ref" in schema:
            return self._resolved(self._schema["$defs"][schema["$ref"].rpartition("/")[2]])
        return schema


def _is_skills(schema: dict[str, Any], items: dict[str, Any]) -> bool:
    fields: dict[str, Any] = items.get("properties", {})
    return schema["type"] == "array" and fields.keys() == {"code", "level"}
