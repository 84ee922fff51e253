"""What a partner could send by mistake or on purpose, with a part of the reason it is told."""

import json
from typing import Any

from tests.support.builders import referral

GOOD = referral().model_dump(mode="json")


def changed(**fields: Any) -> bytes:
    """A referral with other values in its household."""
    return json.dumps({**GOOD, "household": {**GOOD["household"], **fields}}).encode()


def deep(levels: int) -> bytes:
    return b'{"reference":' + b"[" * levels + b"]" * levels + b"}"


BODIES = {
    "empty": (b"", "not JSON"),
    "not JSON": (b"hello", "not JSON"),
    "half a document": (b'{"reference": "r-1", ', "not JSON"),
    "not text": (b"\xff\xfe\x00\x01", "not JSON"),
    "broken surrogates": (b'{"reference": "\\ud800"}', "not JSON"),
    "NaN": (changed(adults=2).replace(b'"adults": 2', b'"adults": NaN'), "not JSON"),
    "infinity": (changed(adults=2).replace(b'"adults": 2', b'"adults": Infinity'), "not JSON"),
    "a list": (b"[]", "data"),
    "null": (b"null", "data"),
    "a lone string": (b'"referral"', "data"),
    "a huge number": (changed(adults=10**400), "data.household.adults"),
    "a number beyond 64 bits": (changed(adults=2**63), "data.household.adults"),
    "a negative number": (changed(adults=-1), "data.household.adults"),
    "a fraction": (changed(adults=1.5), "data.household.adults"),
    "a wrong type": (changed(adults="several"), "data.household.adults"),
    "a missing field": (b'{"reference": "r-1"}', "data.household"),
    "an unknown language": (changed(languages=[{"code": "xx", "level": "A1"}]), "language code"),
    "a date that is none": (changed(consent_on="2016-02-30"), "data.household.consent_on"),
    "a year beyond": (changed(consent_on="99999-01-01"), "data.household.consent_on"),
    "a misspelt field": (changed(adlts=2), "did you mean 'adults'?"),
    "a reference with markup": (json.dumps({**GOOD, "reference": "<b>"}).encode(), "reference"),
    "deep nesting": (deep(100), "data.reference"),
    "very deep nesting": (deep(100_000), "not JSON"),
    "300 KB": (changed(adlts="x" * 300_000), "at most"),
    "many errors": (json.dumps({"household": {"adults": "x"}}).encode(), "data.reference"),
}
LETTERS: dict[str, tuple[dict[str, Any], str]] = {
    "no message id": ({"message_id": None}, "no id"),
    "a message id of 250 characters": ({"message_id": "m" * 250}, "longer than"),
    "another id in the header": ({"headers": {"ce-id": "other"}}, "differ"),
    "no type": ({"type": ""}, "ce-type"),
    "an unknown type": ({"type": "willkommen.referral.celebrated.v1"}, "ce-type"),
    "a fact's type": ({"type": "willkommen.household.registered.v1"}, "ce-type"),
    "staff's type": ({"type": "willkommen.sponsor.register.v1"}, "not taken in over"),
    "a key of another type": ({"key": "referral.zeytin.withdrawn"}, "does not fit the type"),
    "no user id": ({"user_id": None}, "user_id must be 'zeytin'"),
    "structured, but a list": (
        {"content_type": "application/cloudevents+json", "body": b"[]"},
        "structured mode",
    ),
    "structured, but empty": (
        {"content_type": "application/cloudevents+json", "body": b"{}"},
        "ce-type",
    ),
}

HEADERS: dict[str, dict[str, Any]] = {
    "a NUL in a name": {"a\x00b": "x"},
    "an operator as a name": {"$where": "x", "a.b": "y"},
    "a table": {"ce-time": {"nested": [1, {"deep": None}]}},
    "a long value": {"ce-subject": "x" * 100_000},
    "other types": {"ce-specversion": 1, "flag": True, "none": None},
}

DAMAGED = {
    "message id": {"message_id": "DAMAGED!"},
    "content type": {"content_type": "DAMAGED!"},
    "header name": {"headers": {"DAMAGED!": "x"}},
    "body": {"body": b"DAMAGED!"},
}
