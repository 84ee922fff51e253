"""Aggregates of one kind in one collection, seen through a unit of work.

An aggregate is a frozen dataclass or model with a field `id`. What is loaded once is kept for the
whole batch, so that the second message about a household sees what the first one decided.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from pydantic import TypeAdapter
from pymongo import DeleteOne, InsertOne, ReplaceOne

from shared.storage.driver import Document
from shared.storage.errors import ConcurrentChange
from shared.storage.runs import in_runs

if TYPE_CHECKING:
    from shared.storage.unit import UnitOfWork


class Entity(Protocol):
    @property
    def id(self) -> str: ...


E = TypeVar("E", bound=Entity)


@dataclass(frozen=True)
class Index:
    """An index over fields in ascending order; made when the database is set up."""

    fields: tuple[str, ...]
    unique: bool = False


_MISSING: Any = object()


class Repository(Generic[E]):
    """Loads and saves one kind of aggregate; writes wait for the unit's flush."""

    def __init__(self, unit: "UnitOfWork", collection: str, kind: type[E]) -> None:
        self._unit = unit
        self._collection = unit.collection(collection)
        self._adapter = _adapter(kind)
        self._wanted: set[str] = set()
        self._loaded: dict[str, E | None] = {}
        self._versions: dict[str, int] = {}
        self._accepted: dict[str, E | None] = {}
        self._pending: dict[str, E | None] = {}
        unit.track(self)

    # --- what stores and handlers use ---

    def expect(self, *ids: str) -> None:
        """Say that these will be needed, so that a batch loads them all at once."""
        self._wanted.update(ids)

    async def get(self, entity_id: str) -> E | None:
        """The aggregate with this id, or None."""
        for layer in (self._pending, self._accepted, self._loaded):
            found = layer.get(entity_id, _MISSING)
            if found is not _MISSING:
                return found
        await self._load({entity_id})
        return self._loaded[entity_id]

    async def find(
        self,
        query: Mapping[str, Any],
        *,
        sort: Sequence[str] = (),
        limit: int = 0,
        latest_first: bool = False,
    ) -> list[E]:
        """All aggregates that fit the query, with what the batch decided so far.

        A handler asks before it saves to the same collection: its own unsaved changes are not seen.
        """
        if self._pending:
            saved = "a handler must query a collection before it saves to it"
            raise RuntimeError(saved)
        await self._unit.flush()
        cursor = self._collection.find(query, session=self._unit.session).limit(limit)
        if sort:
            order = -1 if latest_first else 1
            cursor = cursor.sort([(field, order) for field in sort])
        return [self._remember(document) async for document in cursor]

    async def documents(self, query: Mapping[str, Any]) -> list[Document]:
        """All documents that fit the query, as they are stored, for who reads many elsewhere."""
        return [each async for each in self._collection.find(query, session=self._unit.session)]

    def read(self, document: Document) -> tuple[int, E]:
        """How often a stored document had been written, and its aggregate; touches nothing here."""
        fields = dict(document)
        key, version = fields.pop("_id"), fields.pop("version")
        return version, self._adapter.validate_python({"id": key, **fields})

    def version(self, entity_id: str) -> int:
        """How often an aggregate that was loaded had been written; 0 if it was not there."""
        return self._versions.get(entity_id, 0)

    def unchanged(self, entity_id: str, version: int) -> bool:
        """Whether an aggregate that was loaded had been written so often, and nobody in this batch
        has decided about it since.
        """
        touched = entity_id in self._pending or entity_id in self._accepted
        return not touched and self.version(entity_id) == version

    async def count(self, query: Mapping[str, Any]) -> int:
        """How many aggregates fit the query, unsaved decisions of the batch left out."""
        return await self._collection.count_documents(query, session=self._unit.session)

    async def aggregate(self, *stages: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The result of an aggregation pipeline, for figures."""
        cursor = self._collection.aggregate(list(stages), session=self._unit.session)
        return [document async for document in cursor]

    def save(self, entity: E) -> None:
        """Keep the aggregate's new state if the message that caused it succeeds."""
        self._pending[entity.id] = entity

    def remove(self, entity_id: str) -> None:
        """Delete the aggregate if the message that caused it succeeds."""
        self._pending[entity_id] = None

    # --- what the unit of work uses ---

    async def load_expected(self) -> None:
        """Load everything that was announced, in one query."""
        missing = self._wanted - self._loaded.keys()
        self._wanted.clear()
        if missing:
            await self._load(missing)

    def accept(self) -> None:
        """The message succeeded: its changes belong to the batch."""
        self._accepted.update(self._pending)
        self._pending.clear()

    def discard(self) -> None:
        """The message failed: forget its changes."""
        self._pending.clear()

    async def flush(self) -> None:
        """Write what the batch changed, each aggregate only if nobody else changed it."""
        if not self._accepted:
            return
        changed = [(key, entity) for key, entity in self._accepted.items() if self._differs(key)]
        self._accepted.clear()
        if not changed:
            return
        writes = [self._write(key, entity) for key, entity in changed]
        result = await self._collection.bulk_write(
            in_runs(writes), ordered=True, session=self._unit.session
        )
        if result.inserted_count + result.matched_count + result.deleted_count != len(changed):
            stale = f"{self._collection.name}: changed by somebody else since it was loaded"
            raise ConcurrentChange(stale)
        for key, entity in changed:
            self._settle(key, entity)

    def _differs(self, key: str) -> bool:
        return self._accepted[key] is not self._loaded.get(key)

    def _write(self, key: str, entity: E | None) -> Any:
        version = self._versions.get(key)
        if entity is None:
            return DeleteOne({"_id": key, "version": version})
        document = self._document(entity, (version or 0) + 1)
        if version is None:
            return InsertOne(document)
        return ReplaceOne({"_id": key, "version": version}, document)

    def _settle(self, key: str, entity: E | None) -> None:
        self._loaded[key] = entity
        if entity is None:
            self._versions.pop(key, None)
        else:
            self._versions[key] = self._versions.get(key, 0) + 1

    async def _load(self, ids: set[str]) -> None:
        self._loaded.update(dict.fromkeys(ids))
        query = {"_id": {"$in": list(ids)}}
        async for document in self._collection.find(query, session=self._unit.session):
            self._remember(document)

    def _remember(self, document: Document) -> E:
        key = document["_id"]
        known = self._loaded.get(key)
        if known is not None:
            return known
        entity = self._entity(document)
        self._loaded[key] = entity
        return entity

    def _entity(self, document: Document) -> E:
        version, entity = self.read(document)
        self._versions[entity.id] = version
        return entity

    def _document(self, entity: E, version: int) -> dict[str, Any]:
        fields = self._adapter.dump_python(entity, mode="json")
        return {"_id": fields.pop("id"), "version": version, **fields}


_adapters: dict[type, TypeAdapter[Any]] = {}


def _adapter(kind: type[E]) -> TypeAdapter[E]:
    if kind not in _adapters:
        _adapters[kind] = TypeAdapter(kind)
    return _adapters[kind]
