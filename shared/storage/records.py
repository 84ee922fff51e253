"""The heart's own records, written in the same transaction as the state they belong to.

Inbox: which messages had their effect. Outbox: what must still be published. Parked: what could
not be understood. Ledger: exact counts per instance, so that nothing can vanish unnoticed.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
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
    refusals: int = 0
    """How often the broker refused it."""


class LetterState(StrEnum):
    """Where a parked message stands."""

    WAITING = "waiting"
    REPLAYED = "replayed"
    DISCARDED = "discarded"


@dataclass(frozen=True, slots=True)
class ParkedMessage:
    """A message that could not be handled, with the reason and all that a replay needs.

    `letter_id`, `type` and `summary` say nothing of anybody; `reason`, `message_id`, headers and
    body may. `record` tells who decided what about it, when and why; `tickets` let one read it.
    """

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
    letter_id: str = ""
    type: str = ""
    summary: str = ""
    user_id: str = ""
    state: LetterState = LetterState.WAITING
    record: Sequence[Mapping[str, Any]] = ()
    tickets: Sequence[Mapping[str, Any]] = ()
    version: int = 0


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
            await self._collection.insert_many(documents, session=self._session)


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
            await self._collection.insert_many(documents, session=self._session)

    async def clear(self, ids: Sequence[str]) -> None:
        """Forget entries that the broker confirmed."""
        with translating():
            await self._collection.delete_many({"_id": {"$in": list(ids)}})

    async def refused(self, entry_id: str, refusals: int, again_at: datetime) -> None:
        """Note that the broker refused an entry, and when it is to be tried again."""
        with translating():
            await self._collection.update_one(
                {"_id": entry_id}, {"$set": {"refusals": refusals, "leased_until": again_at}}
            )

    async def drop(self, entry_id: str) -> bool:
        """Forget an entry that will not be published; returns whether it was still there."""
        result = await self._collection.delete_one({"_id": entry_id}, session=self._session)
        return bool(result.deleted_count)

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

    async def count_refused(self) -> int:
        """How many of them the broker refused at least once."""
        with translating():
            return await self._collection.count_documents({"refusals": {"$gt": 0}})


def _document(entry: OutboxEntry, leased_until: datetime) -> dict[str, Any]:
    return {
        "_id": entry.id,
        "message_id": entry.message_id,
        "exchange": entry.exchange,
        "routing_key": entry.routing_key,
        "headers": entry.headers,
        "body": entry.body,
        "content_type": entry.content_type,
        "refusals": entry.refusals,
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
        """Park messages; one that comes back keeps the record of what was decided about it."""
        for message in messages:
            document = document_of(message)
            key, _, record = document.pop("_id"), document.pop("version"), document.pop("record")
            change = {"$set": document, "$setOnInsert": {"record": record}, "$inc": {"version": 1}}
            await self._collection.update_one(
                {"_id": key}, change, upsert=True, session=self._session
            )

    async def all(self) -> list[ParkedMessage]:
        """All messages that wait for a decision, the oldest first."""
        return await self.find({"state": LetterState.WAITING.value})

    async def find(self, query: Mapping[str, Any], most: int = 0) -> list[ParkedMessage]:
        """The parked messages that fit, the oldest first; at most so many unless 0."""
        with translating():
            cursor = self._collection.find(query, session=self._session).limit(most)
            return [parked_of(each) async for each in cursor.sort([("parked_at", 1), ("_id", 1)])]

    async def kinds(self) -> dict[str, int]:
        """How many wait for a decision, by kind."""
        waiting = {"$match": {"state": LetterState.WAITING.value}}
        by_kind = {"$group": {"_id": "$kind", "number": {"$sum": 1}}}
        with translating():
            cursor = self._collection.aggregate([waiting, by_kind])
            return {each["_id"]: each["number"] async for each in cursor}

    async def redeem(
        self, letter_id: str, ticket: str, wall: datetime, entry: Mapping[str, Any]
    ) -> ParkedMessage | None:
        """The message, if this ticket is good for it; the ticket is used up and that is recorded.

        None when there is no such ticket, or not any more.
        """
        good = {"$elemMatch": {"hash": ticket, "until": {"$gt": wall}}}
        change = {
            "$pull": {"tickets": {"hash": ticket}},
            "$push": {"record": dict(entry)},
            "$inc": {"version": 1},
        }
        with translating():
            found = await self._collection.find_one_and_update(
                {"letter_id": letter_id, "tickets": good}, change
            )
        return parked_of(found) if found else None


def document_of(message: ParkedMessage) -> dict[str, Any]:
    """As it is stored."""
    document = asdict(message)
    return {"_id": document.pop("id"), **document, "state": message.state.value}


def parked_of(document: dict[str, Any]) -> ParkedMessage:
    """As it was stored."""
    state = LetterState(document.pop("state", LetterState.WAITING))
    return ParkedMessage(id=document.pop("_id"), **document, state=state)


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
