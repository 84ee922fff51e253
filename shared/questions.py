"""Questions that a service answers over HTTP from its own data, beside its figures and health."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from typing import Any, TypeAlias, TypeVar

S = TypeVar("S")

Asked: TypeAlias = Mapping[str, str]
Answered: TypeAlias = Mapping[str, Any]
Question: TypeAlias = Callable[[S, Asked, date], Awaitable[Answered]]
"""From the store, the query and today's local date."""


class QuestionError(Exception):
    """What was asked has no answer; the message says why."""
