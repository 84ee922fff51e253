"""Durable timers: documents that are due at a time, written with the state that wants them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from pymongo import DeleteOne, ReplaceOne, UpdateOne

from shared.storage.database import Database
from shared.storage.driver import Collection, Session
from shared.storage.errors import translating
from shared.storage.runs import in_runs

LEASE = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Timer:
    """A timer that a handler sets: `name` chooses who is called, `key` tells one from another."""

    name: str
    key: str
    due: datetime
    data: Mapping[str, Any] = field(default_factory=dict)
    moves: bool = True
    """Whether it moves a timer of the same name and key that is set already."""
    setting: str = ""
    """Tells one setting of a timer from the next; given when it is stored."""
    attempt: int = 1
    """1 for the first try."""
    again_at: datetime | None = None
    """When the next try is, if the one before had to wait; `due` stays what it was."""

    @property
    def id(self) -> str:
        return f"{self.name}:{self.key}"


class TimerBook:
    """The timers that a batch sets and cancels."""

    def __init__(self, collection: Collection, session: Session | None) -> None:
        self._collection = collection
        self._session = session
        self._pending: dict[str, Timer | None] = {}
        self._accepted: dict[str, Timer | None] = {}
        self._decided: set[str] = set()

    def schedule(self, timer: Timer) -> None:
        """Have the timer fire once when it is due."""
        self._pending[timer.id] = timer

    def cancel(self, name: str, key: str) -> None:
        """The timer will not fire; it is no error when there is none."""
        self._pending[f"{name}:{key}"] = None

    def decided(self, timer_id: str) -> bool:
        """Whether the batch set, moved or cancelled this timer."""
        return timer_id in self._decided

    async def stands(self, timer_id: str) -> bool:
        """Whether a timer with this id is set, with what the batch decided so far."""
        for layer in (self._pending, self._accepted):
            if timer_id in layer:
                return layer[timer_id] is not None
        found = await self._collection.find_one({"_id": timer_id}, session=self._session)
        return found is not None

    def accept(self) -> None:
        self._accepted.update(self._pending)
        self._decided.update(
            key for key, timer in self._pending.items() if timer is None or timer.moves
        )
        self._pending.clear()

    def discard(self) -> None:
        self._pending.clear()

    async def flush(self) -> None:
        """Write what was set and cancelled into the transaction."""
        if not self._accepted:
            return
        writes = [_write(key, timer) for key, timer in self._accepted.items()]
        self._accepted.clear()
        await self._collection.bulk_write(in_runs(writes), ordered=True, session=self._session)

    async def settle(self, fired: Mapping[str, str]) -> set[str]:
        """Delete timers that are being handled, by id and setting; returns those still standing.

        A timer that was moved or cancelled after it was claimed is not among them: it must not act.
        """
        if not fired:
            return set()
        cursor = self._collection.find({"_id": {"$in": list(fired)}}, session=self._session)
        kept = {document["_id"]: document["setting"] async for document in cursor}
        standing = {each for each, setting in kept.items() if setting == fired[each]}
        await self._collection.delete_many({"_id": {"$in": list(standing)}}, session=self._session)
        return standing


def _write(key: str, timer: Timer | None) -> Any:
    if timer is None:
        return DeleteOne({"_id": key})
    document = {
        "name": timer.name,
        "key": timer.key,
        "due": timer.again_at or timer.due,
        "first_due": timer.due,
        "attempt": timer.attempt,
        "data": dict(timer.data),
        "setting": uuid4().hex,
        "leased_until": None,
    }
    if not timer.moves:
        return UpdateOne({"_id": key}, {"$setOnInsert": document}, upsert=True)
    return ReplaceOne({"_id": key}, document, upsert=True)


class TimerQueue:
    """Claims due timers with a lease, so that one of several instances fires each."""

    def __init__(self, database: Database) -> None:
        self._collection = database.driver["timers"]

    async def claim(self, now: datetime, wall: datetime, most: int) -> list[Timer]:
        """Up to `most` timers due at `now`; leases run in wall-clock time, not in the domain's."""
        claimed: list[Timer] = []
        unleased = [{"leased_until": None}, {"leased_until": {"$lt": wall}}]
        with translating():
            while len(claimed) < most:
                document = await self._collection.find_one_and_update(
                    {"due": {"$lte": now}, "$or": unleased},
                    {"$set": {"leased_until": wall + LEASE}},
                    sort=[("due", 1), ("_id", 1)],
                )
                if document is None:
                    break
                claimed.append(_timer(document))
        return claimed

    async def count_due(self, now: datetime) -> int:
        """How many timers are due and not yet handled."""
        with translating():
            return await self._collection.count_documents({"due": {"$lte": now}})

    async def next_due(self) -> datetime | None:
        """When the next timer is due, or None."""
        with translating():
            document = await self._collection.find_one(sort=[("due", 1)])
        return document["due"] if document else None


def _timer(document: Mapping[str, Any]) -> Timer:
    return Timer(
        document["name"],
        document["key"],
        document.get("first_due", document["due"]),
        document["data"],
        setting=document["setting"],
        attempt=document.get("attempt", 1),
    )
