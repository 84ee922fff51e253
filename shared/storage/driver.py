"""The one file that imports motor; its successor has the same names (see the decision record)."""

from typing import Any

from motor.motor_asyncio import (
    AsyncIOMotorClient,
    AsyncIOMotorClientSession,
    AsyncIOMotorCollection,
    AsyncIOMotorDatabase,
)

Document = dict[str, Any]
Client = AsyncIOMotorClient[Document]
Session = AsyncIOMotorClientSession
Collection = AsyncIOMotorCollection[Document]
DriverDatabase = AsyncIOMotorDatabase[Document]


def connect(url: str, *, name: str, timeout_ms: int = 5_000) -> Client:
    """A client that gives times with their zone and waits for the majority's journal.

    `timeout_ms` bounds the search for a primary; the caller decides how often to try again.
    """
    return AsyncIOMotorClient(
        url,
        appname=name,
        tz_aware=True,
        w="majority",
        journal=True,
        serverSelectionTimeoutMS=timeout_ms,
        connectTimeoutMS=timeout_ms,
        socketTimeoutMS=30_000,
    )
