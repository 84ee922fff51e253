"""Ways to break what a message says: its data as a tree, and the text that the tree becomes.

Each takes what Hypothesis draws from and gives the broken thing back, so that failures shrink.
"""

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

from hypothesis import strategies as st

from tests.hostile.letters import MARK
from tests.hostile.valid import IDS, REFERENCES

Draw = Callable[[st.SearchStrategy[Any]], Any]
Place = tuple[Any, Any]
"""A list or an object, and where in it."""

HUGE = 300_000
DEEP = 20_000
_NUMBERS = st.sampled_from([-1, 0, 2**31, 2**63, -(2**63) - 1, 10**400, 1e308, 1.5, -0.0])
_NO_NUMBERS = st.sampled_from([float("nan"), float("inf"), float("-inf")])
_STRANGE = st.sampled_from(
    ["", " ", "\x00", "a\x00b", "\ud800", "\u202e", "'; --", "$where", "{{7*7}}", "..", "null"]
)
_SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=12)
ANYTHING = st.one_of(
    _NUMBERS,
    _NO_NUMBERS,
    _STRANGE,
    _SCALARS,
    st.recursive(
        _SCALARS,
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
        ),
        max_leaves=6,
    ),
)
_CENTURIES = st.sampled_from(["0001", "1066", "1899", "2216", "9999", "99999", "-0044"])
_NAMES = st.text(min_size=1, max_size=12) | st.sampled_from(["$set", "a.b", "_id", "version"])


def places(data: Any) -> Iterator[Place]:
    """Every place in a tree where a value stands."""
    inside = data.items() if isinstance(data, dict) else enumerate(data)
    for key, value in inside:
        yield data, key
        if isinstance(value, dict | list):
            yield from places(value)


def _place(draw: Draw, data: Any, *, named: bool = False) -> Place | None:
    if not isinstance(data, dict | list):
        return None
    found = [place for place in places(data) if not named or isinstance(place[0], dict)]
    return draw(st.sampled_from(found)) if found else None


def another_value(draw: Draw, data: Any) -> Any:
    """Something else where a value stands, or instead of all."""
    place = _place(draw, data)
    if place is None:
        return draw(ANYTHING)
    place[0][place[1]] = draw(ANYTHING)
    return data


def field_left_out(draw: Draw, data: Any) -> Any:
    if place := _place(draw, data, named=True):
        del place[0][place[1]]
    return data


def field_added(draw: Draw, data: Any) -> Any:
    if place := _place(draw, data, named=True):
        place[0][draw(_NAMES)] = draw(ANYTHING)
    return data


def field_misspelt(draw: Draw, data: Any) -> Any:
    """A letter of a field's name left out, doubled or exchanged for another."""
    if place := _place(draw, data, named=True):
        inside, name = place
        at = draw(st.integers(0, max(len(name) - 1, 0)))
        instead = draw(st.sampled_from(["", name[at : at + 1] * 2, "x"]))
        inside[name[:at] + instead + name[at + 1 :]] = inside.pop(name)
    return data


def another_century(draw: Draw, data: Any) -> Any:
    """A date, where there is one, far from every life."""
    if not isinstance(data, dict | list):
        return data
    days = [place for place in places(data) if _is_day(place[0][place[1]])]
    if days:
        inside, key = draw(st.sampled_from(days))
        inside[key] = draw(_CENTURIES) + inside[key][4:]
    return data


def a_strangers_id(draw: Draw, data: Any) -> Any:
    """The id of something else, or of nothing, where an id or a reference stands."""
    if isinstance(data, dict):
        for name in [each for each in data if each.endswith(("_id", "reference", "_ids"))][:1]:
            data[name] = draw(st.sampled_from([*IDS, *REFERENCES, "", "nobody", "x" * 65]))
    return data


def a_long_value(draw: Draw, data: Any) -> Any:
    if place := _place(draw, data):
        place[0][place[1]] = draw(st.sampled_from(["x", "ä", "\x00"])) * draw(
            st.sampled_from([65, 130, 250, 600, 1_000] * 4 + [100_000, HUGE])
        )
    return data


def many_values(draw: Draw, data: Any) -> Any:
    """The same value a thousand times where one was wanted."""
    if place := _place(draw, data):
        place[0][place[1]] = [deepcopy(place[0][place[1]])] * draw(st.sampled_from([30, 1_001]))
    return data


def all_else(draw: Draw, _: Any) -> Any:
    return draw(ANYTHING)


DATA = (
    another_value,
    field_left_out,
    field_added,
    field_misspelt,
    another_century,
    a_strangers_id,
    a_long_value,
    many_values,
    all_else,
)


def cut_short(draw: Draw, text: bytes) -> bytes:
    end: int = draw(st.integers(0, max(len(text) - 1, 0)))
    return text[:end]


def bytes_inserted(draw: Draw, text: bytes) -> bytes:
    at: int = draw(st.integers(0, len(text)))
    more: bytes = draw(st.binary(min_size=1, max_size=8))
    return text[:at] + more + text[at:]


def another_encoding(draw: Draw, text: bytes) -> bytes:
    name = draw(st.sampled_from(["utf-16", "utf-32-be", "utf-7", "cp037", "utf-8-sig"]))
    return text.decode(errors="replace").encode(name)


def no_text(_: Draw, text: bytes) -> bytes:
    return text[:3] + MARK + text[3:]


def other_text(draw: Draw, _: bytes) -> bytes:
    strange = [b"", b"null", b"[]", b"{}", b"<xml/>", b"a=1&b=2", b"\x1f\x8b\x08\x00", b"NaN"]
    instead: bytes = draw(st.sampled_from(strange) | st.binary(max_size=40))
    return instead


def nested_deeply(draw: Draw, text: bytes) -> bytes:
    levels: int = draw(st.sampled_from([50, 150, 255, DEEP]))
    opening, closing = draw(st.sampled_from([(b"[", b"]"), (b'{"a":', b"}")]))
    return bytes(opening * levels + text + closing * levels)


def names_doubled(_: Draw, text: bytes) -> bytes:
    """The same name twice in one object: whoever reads it decides which counts."""
    return text.replace(b"{", b'{"reference": "first", ', 1) if text[:1] == b"{" else text


def blown_up(draw: Draw, text: bytes) -> bytes:
    spaces: int = draw(st.sampled_from([1, 1_000, 200_000, HUGE]))
    return text + b" " * spaces


TEXT = (
    cut_short,
    bytes_inserted,
    another_encoding,
    no_text,
    other_text,
    nested_deeply,
    names_doubled,
    blown_up,
)


def as_text(data: Any) -> bytes:
    """JSON, with what is not allowed in it, too: NaN, and characters that are halves."""
    return json.dumps(data).encode()


def words(way: Callable[..., Any]) -> str:
    """What was done, for a reader."""
    return way.__name__.replace("_", " ")


def _is_day(value: Any) -> bool:
    return isinstance(value, str) and len(value) >= 10 and value[:4].isdigit() and value[4] == "-"
