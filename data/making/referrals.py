"""The referral messages of the partners, good and bad."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import Any

from data.making.calendar import office_moment
from data.making.households import Referral, all_referrals
from data.making.people import slug
from shared.contracts.ids import stable_id

Line = dict[str, object]
Spoil = Callable[[Line, Any], Line]
"""Makes a good line bad; gets its data apart, to change at will."""

_SENT_TWICE_AS_ANOTHER = "Aspasia Voriadou"
_DELIVERED_THREE_TIMES = "Kazimierz Obrecki"


def referral_lines() -> dict[str, list[Line]]:
    """Every partner's lines, unordered."""
    referrals = all_referrals()
    lines: dict[str, list[Line]] = {}
    for fate in ("reached", "declined", "withdrawn", "reused"):
        for referral in referrals[fate]:
            lines.setdefault(referral.partner, []).extend(_lines_of(referral, fate))
    return lines


def _lines_of(referral: Referral, fate: str) -> list[Line]:
    rng = Random(f"ludwigsburg referral {referral.name}")
    at = office_moment(rng, referral.on)
    line = submitted(referral, at)
    lines = [*_bad_attempts(referral, at), line]
    if referral.name == _SENT_TWICE_AS_ANOTHER:
        lines.append(_sent_again(referral, office_moment(rng, referral.on + timedelta(1))))
    if referral.name == _DELIVERED_THREE_TIMES:
        line |= {"times": 3, "note": "delivered three times: counts once"}
    if fate == "reused":
        line["note"] = "another household under a reference in use: declined, reference_reused"
    if fate == "declined":
        line["note"] = f"declined, {_decline_reason(referral)}"
    if fate == "withdrawn":
        line["note"] = "nobody speaks the language; withdrawn while it waits"
        lines.append(_withdrawn(referral, office_moment(rng, referral.on + timedelta(28))))
    return lines


def message(at: datetime, kind: str, partner: str, text: str, data: object) -> Line:
    """A line of a partner's file; `kind` such as `referral.submitted`, `text` makes the id."""
    aggregate, fact = kind.split(".")
    return {
        "at": at.isoformat(),
        "type": f"willkommen.{kind}.v1",
        "id": stable_id("sample-message", partner, kind, text),
        "routing_key": f"{aggregate}.{partner}.{fact}",
        "data": data,
    }


def submitted(referral: Referral, at: datetime, attempt: str = "") -> Line:
    data = {"reference": referral.reference, "household": referral.details}
    return message(at, "referral.submitted", referral.partner, slug(referral.name) + attempt, data)


def _sent_again(referral: Referral, at: datetime) -> Line:
    line = submitted(referral, at, " again")
    return line | {"note": "the same referral under another message id: counts once"}


def _withdrawn(referral: Referral, at: datetime) -> Line:
    data = {"reference": referral.reference, "reason": "moved_away"}
    return message(at, "referral.withdrawn", referral.partner, slug(referral.name), data)


def _decline_reason(referral: Referral) -> str:
    return (
        "has_social_worker" if referral.details["has_social_worker"] else "not_in_private_housing"
    )


def _bad_attempts(referral: Referral, at: datetime) -> list[Line]:
    """What the partner sent an hour or so before it sent the referral right."""
    bad = _BAD.get(referral.name)
    if bad is None:
        return []
    line = submitted(referral, at - timedelta(minutes=25), " first attempt")
    data = json.loads(json.dumps(line["data"]))
    return [bad(line, data)]


def _unknown_language(line: Line, data: dict[str, dict[str, list[dict[str, str]]]]) -> Line:
    data["household"]["languages"][0]["code"] = "gr"
    return line | {"data": data, "note": "unknown language code: Greek is el"}


def _misspelt_field(line: Line, data: dict[str, dict[str, object]]) -> Line:
    data["household"]["childrens"] = data["household"].pop("children")
    return line | {"data": data, "note": "childrens is misspelt for children"}


def _wrong_type(line: Line, data: dict[str, dict[str, object]]) -> Line:
    data["household"]["adults"] = "zwei"
    return line | {"data": data, "note": "adults must be a number"}


def _not_json(line: Line, data: dict[str, object]) -> Line:
    text = f"Guten Tag, anbei die Zuweisung {data['reference']}, Mutter mit Kind. Vielen Dank!"
    del line["data"]
    return line | {"raw": text, "note": "the body is not JSON"}


def _without_id(line: Line, data: dict[str, object]) -> Line:
    del line["id"]
    return line | {"data": data, "without_id": True, "note": "no message id"}


_BAD: dict[str, Spoil] = {
    "Thanos Meligas": _unknown_language,
    "Dritan Kolgjini": _misspelt_field,
    "Jelica Stamenov": _wrong_type,
    "Ilinca Brătosin": _not_json,
    "Ornella Spadavecci": _without_id,
}
