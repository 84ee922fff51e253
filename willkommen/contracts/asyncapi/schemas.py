"""Payload schemas in one document: the contracts' own, with their parts as components."""

from typing import Any

from pydantic import BaseModel

Schema = dict[str, Any]

_INNER = "#/$defs/"
_COMPONENTS = "#/components/schemas/"
_BY_NAME = frozenset({"properties", "$defs"})


class Bundle:
    """Collects schemas under their class names; parts that several contracts share stand once."""

    def __init__(self) -> None:
        self.schemas: dict[str, Schema] = {}

    def add(self, model: type[BaseModel]) -> dict[str, str]:
        """A reference to the model's schema, which is taken in with all its parts.

        Raises `ValueError` when two different parts have the same name.
        """
        schema = model.model_json_schema()
        for name, part in schema.pop("$defs", {}).items():
            self.put(name, part)
        return self.put(model.__name__, schema)

    def put(self, name: str, schema: Schema) -> dict[str, str]:
        """A reference to a schema that is taken in under this name."""
        mended = _mended(schema)
        if self.schemas.setdefault(name, mended) != mended:
            raise ValueError(f"two different parts of contracts are called {name}: rename one")
        return {"$ref": f"{_COMPONENTS}{name}"}


def _mended(schema: Any, *, names: bool = False) -> Any:
    """With references into the document, and without the titles that repeat a name."""
    if isinstance(schema, list):
        return [_mended(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {
        key: _mended(value, names=key in _BY_NAME)
        for key, value in schema.items()
        if names or key != "title"
    }
    reference = kept.get("$ref")
    if names or not isinstance(reference, str):
        return kept
    pointer = {"$ref": reference.replace(_INNER, _COMPONENTS)}
    beside = {key: value for key, value in kept.items() if key != "$ref"}
    return {**beside, "allOf": [pointer]} if beside else pointer
