"""All that the engine is told in one session, as data: enough to solve it once more, and a hash by
which it is known again. It holds ids and what counts for a match, no names and no contacts.
"""

import json
from base64 import b64decode, b64encode
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from hashlib import sha256
from typing import Any, Self
from zlib import compress, decompress

from pydantic import TypeAdapter

from .. import engine


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everybody in the order of ids; pairs that failed before as (household id, sponsor id)."""

    day: date
    sponsors: tuple[engine.Sponsor, ...]
    households: tuple[engine.Household, ...]
    excluded: tuple[tuple[str, str], ...]
    weights: engine.Weights
    ladder: engine.Ladder

    @property
    def text(self) -> str:
        """The same for the same inputs, letter by letter."""
        return json.dumps(self, default=_plain, sort_keys=True, separators=(",", ":"))

    @property
    def digest(self) -> str:
        """SHA-256 of the text."""
        return sha256(self.text.encode()).hexdigest()

    @classmethod
    def read(cls, text: str) -> Self:
        """The inputs of a text; ValueError if they are none."""
        return TypeAdapter(cls).validate_json(text)


def pack(text: str) -> str:
    """A text made small: a city of 1,000 sponsors and 3,000 households takes some 150 KB."""
    return b64encode(compress(text.encode())).decode()


def unpack(packed: str) -> str:
    """The text of something packed; ValueError if it was damaged."""
    return decompress(b64decode(packed)).decode()


def _plain(value: Any) -> Any:
    """As JSON knows it; what has no order gets one."""
    if is_dataclass(value):
        return {each.name: getattr(value, each.name) for each in fields(value)}
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)
