"""The one file that imports motor; its successor has the same names (see the decision record)."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

from bson.timestamp import Timestamp
from motor.motor_asyncio import (
    AsyncIOMotorClient,
    AsyncIOMotorClientSession,
    AsyncIOMotorCollection,
    AsyncIOMotorDatabase,
)

from shared.tls import USUAL, Tls

Document = dict[str, Any]
Client = AsyncIOMotorClient[Document]
Session = AsyncIOMotorClientSession
Collection = AsyncIOMotorCollection[Document]
DriverDatabase = AsyncIOMotorDatabase[Document]
Moment = Timestamp
"""A place in the order of all that a server writes."""


def connect(
    url: str,
    *,
    name: str,
    timeout_ms: int = 5_000,
    answer_ms: int = 10_000,
    tls: Tls = USUAL,
) -> Client:
    """A client that gives times with their zone and waits for the majority's journal.

    `timeout_ms` bounds the search for a primary, `answer_ms` the wait for one answer: behind a dead
    connection none ever comes. What the address itself says about these counts more.
    """
    limits: dict[str, Any] = {
        "serverSelectionTimeoutMS": timeout_ms,
        "connectTimeoutMS": timeout_ms,
        "socketTimeoutMS": answer_ms,
    }
    named = {option.lower() for option, _ in parse_qsl(urlsplit(url).query)}
    return AsyncIOMotorClient(
        url,
        appname=name,
        tz_aware=True,
        w="majority",
        journal=True,
        **{option: limit for option, limit in limits.items() if option.lower() not in named},
        **tls.options(),
    )


def moment_of(session: Session) -> Moment:
    """The moment of the session's latest answer, of which servers outside a replica set say none;
    a property, whatever the driver's own types say.
    """
    moment: Any = session.operation_time
    if not isinstance(moment, Timestamp):
        raise TypeError("the database tells no moment: it is no replica set")
    return moment
