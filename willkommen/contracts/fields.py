"""Fields of messages in words: tables for the event catalogue, and the parts that several share."""

import inspect
from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import BaseModel

_FORMATS = {"date": "day", "date-time": "time"}
_KINDS = {"integer": "whole number", "number": "number", "boolean": "yes or no", "string": "text"}


class Shapes:
    """Writes tables of fields and remembers the parts and code lists that they mention."""

    def __init__(self, models: Iterable[type[BaseModel]]) -> None:
        self._parts: dict[str, Any] = {}
        for model in models:
            self._parts |= model.model_json_schema().get("$defs", {})

    def table(self, model: type[BaseModel]) -> Iterator[str]:
        """The fields of a contract."""
        return _table(model.model_json_schema())

    def section(self) -> Iterator[str]:
        """All parts and code lists, each under a heading of its own."""
        yield "## Parts and codes\n"
        for name, part in sorted(self._parts.items()):
            yield f"### {name}\n"
            if description := part.get("description"):
                yield f"{_one_line(description)}\n"
            if "enum" in part:
                yield f"{' · '.join(f'`{code}`' for code in part['enum'])}\n"
            else:
                yield from _table(part)


def sentence(model: type[BaseModel], *, whole: bool = False) -> str:
    """What a contract means: its docstring, or the first sentence of it."""
    text = _one_line(inspect.getdoc(model) or "")
    return text if whole else f"{text.split('. ')[0].rstrip('.')}."


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _table(schema: dict[str, Any]) -> Iterator[str]:
    required = schema.get("required", [])
    yield "| field | holds | |"
    yield "| --- | --- | --- |"
    for name, field in schema["properties"].items():
        needed = "" if name in required else "may be left out"
        yield f"| `{name}` | {_holds(field)} | {needed} |"
    yield ""


def _holds(field: dict[str, Any]) -> str:
    """What a field holds, such as `list of day, at most 20`."""
    if "$ref" in field:
        name = field["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in field:
        kinds = [_holds(each) for each in field["anyOf"] if each.get("type") != "null"]
        return " or ".join([*kinds, "nothing"])
    if field["type"] == "array":
        return f"list of {_holds(field['items'])}{_limits(field, 'minItems', 'maxItems')}"
    if field["type"] == "object":
        values = [field["additionalProperties"]] if "additionalProperties" in field else []
        values += field.get("patternProperties", {}).values()
        return f"{_holds(values[0])} by name{_limits(field, 'minProperties', 'maxProperties')}"
    return _text(field) if field["type"] == "string" else _number(field)


def _text(field: dict[str, Any]) -> str:
    kind = _FORMATS.get(field.get("format", ""), "text")
    if "examples" in field:
        return f"{kind} such as `{field['examples'][0]}`"
    return f"{kind}{_limits(field, 'minLength', 'maxLength')}"


def _number(field: dict[str, Any]) -> str:
    return f"{_KINDS[field['type']]}{_limits(field, 'minimum', 'maximum')}"


def _limits(field: dict[str, Any], low: str, high: str) -> str:
    least, most = field.get(low), field.get(high)
    if least is None and most is None:
        return ""
    if most is None:
        return f", at least {least}" if least else ""
    return f", at most {most}" if not least else f", {least} to {most}"
