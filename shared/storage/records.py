"""The heart's own records, written in the same transaction as the state they belong to.

Inbox: which messages had their effect. Outbox: what must still be published. Parked: what could
not be understood. Ledger: exact counts per instance, so that nothing can vanish unnoticed.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from shared.storage.database import Database
from shared.storage.driver import Session
from shared.storage.errors import translating

RELAY_LEASE = timedelta(seconds=15)


@dataclass(frozen=True, slots=True)
class OutboxEntry:
    """One message on its way out: where to, its headers and its body as JSON text."""

    id: str
    message_id: str
    exchange: str
    routing_key: str
    headers: Mapping[str, str]
    body: bytes
    content_type: str = "application/json"


@dataclass(frozen=True, slots=True)
class ParkedMessage:
    """A message that could not be handled, with the reason and all that a replay needs."""

    id: str
    reason: str
    kind: str
    handler: str
    attempts: int
    parked_at: datetime
    exchange: str
    routing_key: str
    sender: str
    message_id: str
    content_type: str
    headers: Mapping[str, str]
    body: bytes


class Inbox:
    """Ids of messages that had their effect, each with a digest of its content."""

    def __init__(self, database: Database, session: Session | None = None) -> None:
        self._collection = database.driver["inbox"]
        self._session = session

    async def known(self, ids: Sequence[str]) -> dict[str, bytes]:
        """The digests of those ids that are known already."""
        cursor = self._collection.find({"_id": {"$in": list(ids)}}, session=self._session)
        return {document["_id"]: document["digest"] async for document in cursor}

    async def enter(self, digests: Mapping[str, bytes], at: datetime) -> None:
        """Enter ids as done; an id that is there already aborts the transaction."""
        documents = [
            {"_id": message_id, "digest": digest, "at": at}
            for message_id, digest in digests.items()
        ]
        if documents:
            await self._collection.insert_many(documents, ordered=False, session=self._session)


class Outbox:
    """Messages to be published; an entry is cleared only after the broker confirmed it."""

    def __init__(self, database: Database, session: Session | None = None) -> None:
        self._collection = database.driver["outbox"]
        self._session = session

    async def enter(self, entries: Sequence[OutboxEntry], wall: datetime) -> None:
        """Write entries, leased to the writer, who publishes them right after the commit."""
        leased_until = wall + RELAY_LEASE
        documents = [_document(entry, leased_until) for entry in entries]
        if documents:
            await self._collection.insert_many(documents, ordered=False, session=self._session)

    async def clear(self, ids: Sequence[str]) -> None:
        """Forget entries that the broker confirmed."""
        with translating():
            await self._collection.delete_many({"_id": {"$in": list(ids)}})

    async def claim(self, wall: datetime, most: int) -> list[OutboxEntry]:
        """Take over entries whose writer did not clear them in time, oldest lease first."""
        claimed: list[OutboxEntry] = []
        with translating():
            while len(claimed) < most:
                document = await self._collection.find_one_and_update(
                    {"leased_until": {"$lt": wall}},
                    {"$set": {"leased_until": wall + RELAY_LEASE}},
                    sort=[("leased_until", 1)],
                )
                if document is None:
                    break
                claimed.append(_entry(document))
        return claimed

    async def count(self) -> int:
        """How many entries wait to be published."""
        with translating():
            return await self._collection.count_documents({})


def _document(entry: OutboxEntry, leased_until: datetime) -> dict[str, Any]:
    return {
        "_id": entry.id,
        "message_id": entry.message_id,
        "exchange": entry.exchange,
        "routing_key": entry.routing_key,
        "headers": entry.headers,
        "body": entry.body,
        "content_type": entry.content_type,
        "leased_until": leased_until,
    }


def _entry(document: dict[str, Any]) -> OutboxEntry:
    del document["leased_until"]
    return OutboxEntry(id=document.pop("_id"), **document)


class Parked:
    """Messages that wait for a person."""

    def __init__(self, database: Database, session: Session | None = None) -> None:
        self._collection = database.driver["parked"]
        self._session = session

    async def enter(self, messages: Iterable[ParkedMessage]) -> None:
        """Park messages; one that is parked already keeps its place."""
        for message in messages:
            document = asdict(message)
            key = document.pop("id")
            await self._collection.replace_one(
                {"_id": key}, document, upsert=True, session=self._session
            )

    async def all(self) -> list[ParkedMessage]:
        """All parked messages, the oldest first."""
        with translating():
            cursor = self._collection.find({}).sort([("parked_at", 1), ("_id", 1)])
            return [_parked(document) async for document in cursor]


def _parked(document: dict[str, Any]) -> ParkedMessage:
    return ParkedMessage(id=document.pop("_id"), **document)


class Ledger:
    """Exact counts of one instance: they move only together with the effects they count."""

    def __init__(self, database: Database, session: Session | None = None) -> None:
        self._collection = database.driver["ledger"]
        self._session = session

    async def add(self, instance: str, counts: Mapping[str, int]) -> None:
        """Add to the counts of an instance; `published:<exchange>:<key>` counts what goes out."""
        moved = {name.replace(".", "/"): count for name, count in counts.items() if count}
        if moved:
            await self._collection.update_one(
                {"_id": instance}, {"$inc": moved}, upsert=True, session=self._session
            )

    async def totals(self) -> dict[str, int]:
        """The counts of all instances together."""
        totals: Counter[str] = Counter()
        with translating():
            async for document in self._collection.find({}, {"_id": 0}):
                totals.update({name.replace("/", "."): n for name, n in document.items()})
        return dict(totals)
