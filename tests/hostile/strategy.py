"""Hostile messages: valid data of a contract, broken in up to a few ways, drawn by Hypothesis.

The same seed and number give the same messages; they are drawn in chunks.
"""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from shared.contracts import Exchange
from tests.hostile.breaking import DATA, TEXT, as_text, words
from tests.hostile.entrances import Entrance, entrances
from tests.hostile.envelopes import HARMLESS, RISKY
from tests.hostile.letters import Hostile
from tests.hostile.valid import data_of

WAYS_IN = entrances()
TOO_LARGE = 1_000_000
"""So many bytes, or a few more, are refused by the broker."""

_ALL = st.sampled_from(WAYS_IN + [each for each in WAYS_IN if each.exchange != "commands"] * 3)
_DATA, _TEXT, _HARMLESS, _RISKY = (st.sampled_from(each) for each in (DATA, TEXT, HARMLESS, RISKY))
_KIND = st.sampled_from(["data"] * 18 + ["text"] * 6 + ["envelope"] * 14 + ["risky"] + ["none"] * 4)


@st.composite
def hostile(draw: st.DrawFn, ways_in: st.SearchStrategy[Entrance] = _ALL) -> Hostile:
    """One message, mostly broken in one way, sometimes in more, now and then right."""
    entrance = draw(ways_in)
    kinds = draw(st.lists(_KIND, min_size=1, max_size=3))
    data, done = deepcopy(draw(data_of(entrance.contract))), []
    for _ in range(kinds.count("data")):
        way = draw(_DATA)
        data = way(draw, data)
        done.append(words(way))
    body = as_text(data)
    if "text" in kinds:
        ruin = draw(_TEXT)
        body = ruin(draw, body)
        done.append(words(ruin))
    letter = right(entrance, body).but(", ".join(done))
    for _ in range(kinds.count("envelope")):
        letter = draw(_HARMLESS)(draw, letter)
    if "risky" in kinds:
        letter = draw(_RISKY)(draw, letter).but("", risky=True)
    if letter.exchange == Exchange.EVENTS:
        letter = letter.but("", headers=_fit_for_a_stream(letter.headers))
    return letter.but("", risky=letter.risky or len(letter.body) > TOO_LARGE)


def _fit_for_a_stream(headers: Mapping[str, Any]) -> dict[str, Any]:
    """RabbitMQ 3.10 breaks, half delivered, over other kinds of values on their way to a stream;
    only services can write there, and they write text.
    """
    return {
        name: value if isinstance(value, str | bool | int) else str(value)
        for name, value in headers.items()
    }


def right(entrance: Entrance, body: bytes, message_id: str = "{id}") -> Hostile:
    """A message whose envelope is right; `{id}` is exchanged for an id of its own later."""
    return Hostile(
        user=entrance.user,
        exchange=entrance.exchange,
        key=entrance.key,
        properties={
            "message_id": message_id,
            "content_type": "application/json",
            "delivery_mode": 2,
            "user_id": entrance.user,
        },
        headers={
            "ce-specversion": "1.0",
            "ce-id": message_id,
            "ce-source": entrance.source,
            "ce-type": entrance.contract.wire.type,
        },
        body=body,
    )


def chunk(run_seed: int, number: int, size: int) -> list[Hostile]:
    """The messages of one chunk of a run, each with an id of its own where it has one."""
    drawn: list[Hostile] = []

    @seed(f"{run_seed}/{number}")
    @settings(
        max_examples=size,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(hostile())
    def draw_all(letter: Hostile) -> None:
        drawn.append(named(letter, f"{run_seed}-{number}-{len(drawn)}"))

    draw_all()
    return [letter for letter in drawn if letter.writable]


def named(letter: Hostile, message_id: str) -> Hostile:
    """The message with this id wherever it has one of its own."""
    properties = dict(letter.properties)
    if properties.get("message_id") == "{id}":
        properties["message_id"] = message_id
    headers = {
        name: message_id if value == "{id}" else value for name, value in letter.headers.items()
    }
    body = letter.body.replace(b"{id}", message_id.encode())
    return letter.but("", properties=properties, headers=headers, body=body)
