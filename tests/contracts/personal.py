"""Which contracts have room for personal data: by the names and the kinds of their fields."""

import re
from collections.abc import Iterator
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from shared.contracts.people import Contact, HouseholdDetails

NAMES = re.compile(
    r"(^|_)(name|names|surname|email|mail|phone|mobile|fax|contact|recipient|address|street"
    r"|house_number|postal_code|zip|city|district|latitude|longitude|born_on|birthday|birth"
    r"|age|gender|sex|religion|nationality|passport|iban|photo|note|notes|comment|text|body)(_|$)"
)
KINDS = (Contact, HouseholdDetails)


def personal_fields(model: type[BaseModel], path: str = "") -> Iterator[str]:
    """Each field, also of the parts, that by its name or its kind may hold personal data."""
    for name, field in model.model_fields.items():
        kinds = list(_classes(field.annotation))
        if NAMES.search(name) or any(issubclass(kind, KINDS) for kind in kinds):
            yield f"{path}{name}"
        for kind in kinds:
            if issubclass(kind, BaseModel):
                yield from personal_fields(kind, f"{path}{name}.")


def free_text(model: type[BaseModel]) -> Iterator[str]:
    """Each field that takes any text, so that a name could stand in it."""
    for name, field in model.model_fields.items():
        if str in _classes(field.annotation) and not _bound(field):
            yield name


def _bound(field: FieldInfo) -> bool:
    """Whether a pattern or a list of codes says what the text may be."""
    rules = [*field.metadata, *_metadata(field.annotation)]
    return any(getattr(each, "pattern", None) or hasattr(each, "func") for each in rules)


def _metadata(annotation: Any) -> Iterator[Any]:
    for rule in getattr(annotation, "__metadata__", ()):
        yield from rule.metadata if isinstance(rule, FieldInfo) else [rule]
    for argument in get_args(annotation):
        yield from _metadata(argument)


def _classes(annotation: Any) -> Iterator[type]:
    if isinstance(annotation, type):
        yield annotation
    for argument in get_args(annotation):
        yield from _classes(argument)
