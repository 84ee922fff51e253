"""What a service shows over HTTP of its dead letters: to anybody nothing that a sender put into
them, and the whole of one to whoever holds a ticket for it.
"""

import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from shared.clock import Clock
from shared.messaging.letters import ticket_name
from shared.storage import Database
from shared.storage.records import LetterState, Parked, ParkedMessage

MOST = 10_000
ANY_STATE = "any"
EXACTLY = {"kind": "kind", "handler": "handler", "type": "type", "sender": "sender",
           "message": "message_id"}  # fmt: skip
BEARER = "Bearer "


class BadFilterError(Exception):
    """A filter that cannot be understood; the message says which."""


@dataclass(frozen=True)
class ParkedPages:
    """The answers of one service."""

    service: str
    database: Database
    clock: Clock

    async def listed(self, request: Request) -> Response:
        """The dead letters that fit the filters, the oldest first."""
        try:
            query = query_of(request.query_params, self.clock.now())
            most = limit_of(request.query_params)
        except BadFilterError as error:
            return JSONResponse({"error": str(error)}, status_code=400)
        found = await Parked(self.database).find(query, most)
        return JSONResponse([shown(each, self.service) for each in found])

    async def one(self, request: Request) -> Response:
        """One dead letter: whole for a good ticket, which is used up by it, else what all see."""
        letter_id = request.path_params["letter_id"]
        given = request.headers.get("authorization", "")
        if given:
            letter = await self._redeemed(letter_id, given.removeprefix(BEARER))
            if letter is None:
                return JSONResponse({"error": "no such ticket, or not any more"}, status_code=403)
            return JSONResponse(shown(letter, self.service) | content_of(letter))
        found = await Parked(self.database).find({"letter_id": letter_id}, 1)
        if not found:
            return JSONResponse({"error": "no such dead letter"}, status_code=404)
        return JSONResponse(shown(found[0], self.service))

    async def _redeemed(self, letter_id: str, secret: str) -> ParkedMessage | None:
        ticket = sha256(secret.encode()).hexdigest()
        now = datetime.now(UTC)
        entry = {"what": "read", "ticket": ticket_name(ticket), "at": now}
        return await Parked(self.database).redeem(letter_id, ticket, now, entry)


def query_of(wanted: QueryParams, now: datetime) -> dict[str, Any]:
    """The database's query for the filters of an address; raises `BadFilterError`."""
    known = {*EXACTLY, "id", "reason", "state", "older", "newer", "limit"}
    if unknown := sorted(set(wanted) - known):
        raise BadFilterError(f"there is no filter {unknown[0]!r}; there are {sorted(known)}")
    query: dict[str, Any] = {
        field: wanted[name] for name, field in EXACTLY.items() if name in wanted
    }
    if "id" in wanted:
        query["letter_id"] = {"$regex": f"^{re.escape(wanted['id'])}"}
    if "reason" in wanted:  # of what is shown: searching the rest would be a way to read it
        query["summary"] = {"$regex": re.escape(wanted["reason"]), "$options": "i"}
    state = wanted.get("state", LetterState.WAITING.value)
    if state not in {ANY_STATE, *LetterState}:
        raise BadFilterError(f"state is {ANY_STATE}, {', '.join(LetterState)}")
    if state != ANY_STATE:
        query["state"] = state
    times = {
        comparison: now - timedelta(seconds=_number(wanted, name))
        for name, comparison in (("older", "$lt"), ("newer", "$gte"))
        if name in wanted
    }
    return query | ({"parked_at": times} if times else {})


def limit_of(wanted: QueryParams) -> int:
    """How many at most."""
    return min(_number(wanted, "limit") or MOST, MOST) if "limit" in wanted else MOST


def _number(wanted: QueryParams, name: str) -> int:
    if not re.fullmatch(r"\d{1,9}", wanted[name]):
        raise BadFilterError(f"{name} is a whole number")
    return int(wanted[name])


def shown(letter: ParkedMessage, service: str) -> dict[str, Any]:
    """What everybody may see of it who operates the system."""
    return {
        "id": letter.letter_id,
        "service": service,
        "state": letter.state.value,
        "kind": letter.kind,
        "type": letter.type,
        "reason": letter.summary,
        "handler": letter.handler,
        "sender": letter.sender,
        "exchange": letter.exchange,
        "attempts": letter.attempts,
        "parked_at": letter.parked_at.isoformat(),
        "record": [_without_words(each) for each in letter.record],
    }


def content_of(letter: ParkedMessage) -> dict[str, Any]:
    """The rest of it, which may be personal data."""
    return {
        "key": letter.id,
        "message_id": letter.message_id,
        "reason": letter.reason,
        "routing_key": letter.routing_key,
        "user_id": letter.user_id,
        "content_type": letter.content_type,
        "headers": dict(letter.headers),
        "record": [_as_json(each) for each in letter.record],
        **_body_of(letter.body),
    }


def _body_of(body: bytes) -> dict[str, str]:
    try:
        return {"body": body.decode()}
    except UnicodeDecodeError:
        return {"body_base64": b64encode(body).decode()}


def _without_words(entry: Mapping[str, Any]) -> dict[str, Any]:
    """A note may name people."""
    return {name: value for name, value in _as_json(entry).items() if name != "note"}


def _as_json(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in entry.items()
    }
