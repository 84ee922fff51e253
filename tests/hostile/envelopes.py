"""Ways to break what is around the data: attributes, headers, properties, keys, senders."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from shared.contracts import catalogue
from tests.hostile.breaking import Draw
from tests.hostile.letters import MARK, Hostile

_TIME = datetime(2016, 5, 2, tzinfo=UTC)
_TYPES = sorted(catalogue)
_NO_NUMBERS = [float("nan"), float("inf"), float("-inf")]
_FLAT = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.text(max_size=12),
    st.binary(max_size=12).map(bytearray),
    st.sampled_from([_TIME, Decimal("1.50"), Decimal(0), "x" * 10_000, "a\x00b", MARK]),
)
VALUES = st.recursive(
    _FLAT,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=5,
)
"""Whatever can stand in a table of AMQP."""

_ATTRIBUTES = st.sampled_from(
    ["id", "type", "source", "specversion", "time", "subject", "correlationid", "causationid"]
).map("ce-{}".format)
_OURS = st.sampled_from(
    """x-attempt x-original-exchange x-original-routing-key x-original-user x-death x-unreadable
    x-first-death-reason x-delivery-count ce- CE-TYPE $set a.b""".split()  # noqa: SIM905 - a table
)
_NAMES = _OURS | st.text(max_size=10) | st.sampled_from(["", "a\x00b", MARK.decode(), "x" * 128])
_TWICE = st.integers(0, 9).map("twice-{}".format)
_IDS = st.sampled_from(["", " ", "m" * 201, "m" * 255, "a/b", "a#b", "\u202e", "a\x00b"])


def an_attribute_of_another_kind(draw: Draw, letter: Hostile) -> Hostile:
    return letter.heading("an attribute of another kind", {draw(_ATTRIBUTES): draw(VALUES)})


def an_attribute_left_out(draw: Draw, letter: Hostile) -> Hostile:
    gone = draw(_ATTRIBUTES)
    left = {name: value for name, value in letter.headers.items() if name != gone}
    return letter.but(f"without {gone}", headers=left)


def strange_headers(draw: Draw, letter: Hostile) -> Hostile:
    return letter.heading(
        "strange headers", draw(st.dictionaries(_NAMES, VALUES, min_size=1, max_size=4))
    )


def another_type(draw: Draw, letter: Hostile) -> Hostile:
    own = str(letter.headers.get("ce-type", ""))
    name = own.rpartition(".v")[0]
    versions = [f"{name}.v{each}" for each in ("0", "2", "-1", "1.0", "9" * 20, "")]
    return letter.heading(
        "another type", {"ce-type": draw(st.sampled_from([*versions, *_TYPES, own.upper()]))}
    )


def an_id_used_before(draw: Draw, letter: Hostile) -> Hostile:
    return _with_id(letter, "an id used before", draw(_TWICE))


def no_id(draw: Draw, letter: Hostile) -> Hostile:
    gone = draw(st.sampled_from([("ce-id",), ("ce-id", "message_id")]))
    headers = {name: value for name, value in letter.headers.items() if name not in gone}
    properties = {name: value for name, value in letter.properties.items() if name not in gone}
    return letter.but("no id", headers=headers, properties=properties)


def a_strange_id(draw: Draw, letter: Hostile) -> Hostile:
    return _with_id(letter, "a strange id", draw(_IDS))


def two_ids(draw: Draw, letter: Hostile) -> Hostile:
    return letter.heading("two ids", {"ce-id": draw(_TWICE)})


def another_content_type(draw: Draw, letter: Hostile) -> Hostile:
    kinds = ["", "text/plain", "application/cloudevents+json", "application/xml", "x" * 200, MARK]
    chosen = draw(st.sampled_from(kinds) | st.text(max_size=8))
    text = chosen.decode() if isinstance(chosen, bytes) else chosen
    return letter.having("another content type", content_type=text)


def structured_mode(draw: Draw, letter: Hostile) -> Hostile:
    """All in the body, with an attribute of another kind or missing."""
    attributes = {
        name.removeprefix("ce-"): str(value)
        for name, value in letter.headers.items()
        if name.startswith("ce-")
    }
    try:
        data: Any = json.loads(letter.body)
    except (ValueError, RecursionError):
        data = letter.body.decode("latin-1")
    event = {**attributes, "data": data}
    kinds: st.SearchStrategy[Any] = st.sampled_from([None, 1, [], {}, "", "other", True])
    event |= draw(st.dictionaries(st.sampled_from([*attributes, "data", "data_base64"]), kinds))
    return letter.having(
        "structured mode", content_type="application/cloudevents+json; charset=utf-8"
    ).but("its attributes broken", body=json.dumps(event).encode(), headers={})


def other_properties(draw: Draw, letter: Hostile) -> Hostile:
    texts = st.text(max_size=20).filter(lambda text: len(text.encode()) < 200)
    drawn = draw(
        st.fixed_dictionaries(
            {},
            optional={
                "content_encoding": st.sampled_from(["gzip", "utf-16", "base64", ""]),
                "delivery_mode": st.integers(0, 255),
                "priority": st.integers(0, 255),
                "correlation_id": texts,
                "message_type": texts,
                "app_id": texts,
                "timestamp": st.just(_TIME),
            },
        )
    )
    return letter.having("other properties", **drawn)


def soon_stale(draw: Draw, letter: Hostile) -> Hostile:
    """The broker gives it up before or after somebody takes it."""
    return letter.having("soon stale", expiration=draw(st.sampled_from(["0", "1", "50"])))


def no_text_in_it(draw: Draw, letter: Hostile) -> Hostile:
    name = draw(st.sampled_from(["message_id", "correlation_id", "app_id"]))
    return letter.having("a property that is no text", **{name: MARK.decode()})


HARMLESS = (
    an_attribute_of_another_kind,
    an_attribute_left_out,
    strange_headers,
    another_type,
    an_id_used_before,
    no_id,
    a_strange_id,
    two_ids,
    another_content_type,
    structured_mode,
    other_properties,
    soon_stale,
    no_text_in_it,
)
"""The broker takes these in."""


def another_user(draw: Draw, letter: Hostile) -> Hostile:
    user = draw(st.sampled_from(["kifa", "matching", "admin", "", "x" * 255]))
    return letter.having("in another's name", user_id=user)


def another_key(draw: Draw, letter: Hostile) -> Hostile:
    keys = ["", "#", "*", "referral.kifa.submitted", "referral..submitted", "x" * 255, "\x00", "."]
    return letter.but(
        "another key", key=draw(st.sampled_from([*keys, *_TYPES]) | st.text(max_size=20))
    )


def another_exchange(draw: Draw, letter: Hostile) -> Hostile:
    names = ["", "intake", "commands", "events", "private", "replies", "retry.return", "nowhere"]
    return letter.but("another exchange", exchange=draw(st.sampled_from(names)))


def a_copy_to_others(draw: Draw, letter: Hostile) -> Hostile:
    """RabbitMQ's own header for further keys."""
    keys = st.sampled_from(["referral.kifa.submitted", "kifa", "notifications", *_TYPES])
    copies = draw(st.lists(keys, max_size=3) | VALUES)
    return letter.heading("a copy to others", {draw(st.sampled_from(["CC", "BCC"])): copies})


def far_too_large(_: Draw, letter: Hostile) -> Hostile:
    return letter.but("far too large", body=letter.body + b" " * 1_100_000)


def wrong_for_the_broker(draw: Draw, letter: Hostile) -> Hostile:
    wrong = [
        {"expiration": "-1"},
        {"expiration": "soon"},
        {"reply_to": "amq.rabbitmq.reply-to"},
    ]
    return letter.having("wrong for the broker", **draw(st.sampled_from(wrong)))


def no_number_in_a_header(draw: Draw, letter: Hostile) -> Hostile:
    """Erlang knows no such number: the broker's channel breaks, and its log shows the message."""
    return letter.heading("no number in a header", {"x": draw(st.sampled_from(_NO_NUMBERS))})


RISKY = (
    another_user,
    another_key,
    another_exchange,
    a_copy_to_others,
    far_too_large,
    wrong_for_the_broker,
    no_number_in_a_header,
)
"""The broker may refuse these and close the channel."""


def _with_id(letter: Hostile, what: str, identity: str) -> Hostile:
    return letter.having(what, message_id=identity).but(
        "", headers={**letter.headers, "ce-id": identity}
    )
