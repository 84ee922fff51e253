"""What may be shown of a dead letter to anybody who operates the system: nothing that a sender or
a stored document put into it. Reasons quote both; the words that our contracts know may stay.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from shared.contracts.base import catalogue
from shared.observability.logs import redact_text

GONE = "…"
_QUOTED = re.compile(r"""'((?:[^'\\]|\\.)*)(?:'|$)|"((?:[^"\\]|\\.)*)(?:"|$)""")
_PATH = re.compile(r"\bdata((?:\.[^\s.:]+)+)")
_TIMER = re.compile(r"timer\.[a-z-]{1,40}")
_OWN_WORDS = frozenset({"message_id", "ce-id", "ce-type", "user_id"})
TELLING = frozenset({"poison", "retries used up", "unroutable"})
"""Kinds whose reasons are our own sentences; those of others are an error's, which may say
anything, so that only the name of the error stays.
"""


def summary_of(kind: str, reason: str) -> str:
    """The reason without what it quotes."""
    if kind not in TELLING:
        return redact_text(_QUOTED.sub(GONE, reason.partition(": ")[0]))[:200]
    shown = _QUOTED.sub(_unless_known, reason)
    return redact_text(_PATH.sub(_known_path, shown))


def type_of(name: str) -> str:
    """The type if it is one of ours, else empty."""
    return name if name in catalogue or _TIMER.fullmatch(name) else ""


def _unless_known(quoted: re.Match[str]) -> str:
    word = quoted[1] if quoted[1] is not None else quoted[2]
    known = word in _vocabulary() or word in catalogue or word in _OWN_WORDS
    return f"'{word}'" if known else GONE


def _known_path(path: re.Match[str]) -> str:
    parts = path[1].split(".")[1:]
    shown = [each if each.isdecimal() or each in _vocabulary() else GONE for each in parts]
    return ".".join(["data", *shown])


@lru_cache(maxsize=1)
def _vocabulary() -> frozenset[str]:
    """Names of fields and codes of all contracts."""
    return frozenset(
        word for contract in catalogue.values() for word in _words(contract.model_json_schema())
    )


def _words(schema: Any) -> Iterator[str]:
    if isinstance(schema, list):
        for each in schema:
            yield from _words(each)
    elif isinstance(schema, dict):
        yield from schema.get("properties", {})
        yield from (code for code in schema.get("enum", []) if isinstance(code, str))
        for each in schema.values():
            yield from _words(each)
