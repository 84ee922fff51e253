"""Finds unknown fields that look like misspelt known ones, so that intake can refuse them."""

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import BaseModel

_ALIKE = 0.75


def misspelt(data: Any, model: type[BaseModel], path: str = "data") -> Iterator[str]:
    """A sentence for each unknown field of `data` that resembles a field of `model`."""
    if not isinstance(data, dict):
        return
    fields = model.model_fields
    for key, value in data.items():
        if key in fields:
            yield from _inside(value, fields[key].annotation, f"{path}.{key}")
        elif near := get_close_matches(str(key)[:64], fields, n=1, cutoff=_ALIKE):
            yield f"{path}: unknown field {str(key)[:64]!r}; did you mean {near[0]!r}?"


def _inside(value: Any, annotation: Any, path: str) -> Iterator[str]:
    for model in _models(annotation):
        for item in value if isinstance(value, list) else [value]:
            yield from misspelt(item, model, path)


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models(argument)
