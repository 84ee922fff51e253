"""Finds unknown fields that look like misspelt known ones, so that intake can refuse them."""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from itertools import islice
from typing import Any, get_args

from pydantic import BaseModel

_ALIKE = 0.75
_LONGEST = 64
_MOST = 200
"""So many unknown fields are compared; more would only cost time."""

_Unknown = tuple[str, str, Iterable[str]]
"""Where a field stands, its name, and the names that are known there."""


def misspelt(data: Any, model: type[BaseModel]) -> Iterator[str]:
    """A sentence for each unknown field of `data` that resembles a field of `model`."""
    for path, name, known in islice(_unknown(data, model, "data"), _MOST):
        if near := get_close_matches(name, known, n=1, cutoff=_ALIKE):
            yield f"{path}: unknown field {name!r}; did you mean {near[0]!r}?"


def _unknown(data: Any, model: type[BaseModel], path: str) -> Iterator[_Unknown]:
    if not isinstance(data, dict):
        return
    fields = model.model_fields
    for name, value in data.items():
        if name in fields:
            yield from _inside(value, fields[name].annotation, f"{path}.{name}")
        else:
            yield path, str(name)[:_LONGEST], fields


def _inside(value: Any, annotation: Any, path: str) -> Iterator[_Unknown]:
    for model in _models(annotation):
        for item in value if isinstance(value, list) else [value]:
            yield from _unknown(item, model, path)


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models(argument)
