"""A city's optimum as it is stored: matching and prices by id, packed, with a hash of its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from json import dumps, loads
from typing import Any, Final
from zlib import error as zlib_error

from .. import engine
from .inputs import pack, unpack

CITY: Final = "city"


@dataclass(frozen=True, slots=True)
class StoredCity:
    """Its certificate says whether it is still the optimum, the hash whether it is whole."""

    id: str
    at: datetime
    digest: str
    packed: str


def stored(state: engine.State, at: datetime) -> StoredCity:
    """The state's matching and prices."""
    text = dumps(engine.snapshot(state))
    return StoredCity(CITY, at, sha256(text.encode()).hexdigest(), pack(text))


def read(kept: StoredCity) -> Mapping[str, Any] | None:
    """Matching and prices; None if they are damaged."""
    try:
        text = unpack(kept.packed)
    except (ValueError, zlib_error):
        return None
    if sha256(text.encode()).hexdigest() != kept.digest:
        return None
    found: dict[str, Any] = loads(text)
    return found
