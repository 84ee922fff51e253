"""Prepares a service's database: collections, indexes, and a user confined to it.

Run by an administrator before services start; running it again changes nothing but the password.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from pymongo.errors import CollectionInvalid, OperationFailure

from shared.storage.driver import DriverDatabase, connect
from shared.storage.errors import WriteRefused, translating
from shared.storage.repository import Index

INBOX_SECONDS = 90 * 24 * 3600
"""How long an inbox remembers; a message replayed later than this would count again."""

SYSTEM_COLLECTIONS: Mapping[str, Sequence[Index]] = {
    "inbox": (),
    "outbox": (Index(("leased_until",)),),
    "timers": (Index(("due",)),),
    "parked": (Index(("parked_at",)), Index(("letter_id",)), Index(("state", "parked_at"))),
    "ledger": (),
    "buckets": (),
    "leases": (),
}

_INDEX_MS = 600_000
"""Making an index of a collection that is large already takes its time."""

_ROLE = "service"
_ACTIONS = ["find", "insert", "update", "remove"]
_FOLLOWING = ["changeStream", "find"]
_USER_EXISTS = 51003
_ROLE_EXISTS = 51002
_ALREADY_INITIALIZED = 23


async def prepare(
    admin_url: str, database: str, password: str, collections: Mapping[str, Sequence[Index]]
) -> None:
    """Make `database` with its collections and a user of the same name, who can reach only it."""
    client = connect(admin_url, name="setup", answer_ms=_INDEX_MS)
    try:
        with translating():
            target = client[database]
            for name, indexes in {**SYSTEM_COLLECTIONS, **collections}.items():
                await _collection(target, name, indexes)
            await target["inbox"].create_index("at", expireAfterSeconds=INBOX_SECONDS)
            names = [*SYSTEM_COLLECTIONS, *collections]
            await _user(target, database, password, names)
    finally:
        client.close()


async def initiate_replica_set(admin_url: str, member: str) -> None:
    """Make a single server a replica set, without which it has no transactions; once is enough."""
    client = connect(admin_url, name="setup")
    members = [{"_id": 0, "host": member}]
    try:
        with translating():
            await client.admin.command("replSetInitiate", {"_id": "rs0", "members": members})
    except WriteRefused as refusal:
        if not _is_initiated(refusal):
            raise
    finally:
        client.close()


def _is_initiated(refusal: WriteRefused) -> bool:
    cause = refusal.__cause__
    return isinstance(cause, OperationFailure) and cause.code == _ALREADY_INITIALIZED


async def drop(admin_url: str, database: str) -> None:
    """Delete a database with everything in it, its user and role included."""
    client = connect(admin_url, name="setup")
    try:
        with translating():
            known = await client[database].command("usersInfo", database)
            if known["users"]:
                # A service that was killed may have left a transaction, which would hold this up.
                await client.admin.command("killAllSessions", [{"user": database, "db": database}])
            await client[database].command("dropAllUsersFromDatabase")
            await client[database].command("dropAllRolesFromDatabase")
            await client.drop_database(database)
    finally:
        client.close()


async def _collection(target: DriverDatabase, name: str, indexes: Sequence[Index]) -> None:
    with suppress(CollectionInvalid):  # it is there already
        await target.create_collection(name)
    for index in indexes:
        await target[name].create_index([(each, 1) for each in index.fields], unique=index.unique)


async def _user(
    target: DriverDatabase, name: str, password: str, collections: Sequence[str]
) -> None:
    """Confined to the collections by name: who may insert anywhere could make new ones.

    It may follow what is written to all of them in one order, which the server allows only to who
    may read the database as a whole.
    """
    privileges = [
        {"resource": {"db": target.name, "collection": collection}, "actions": _ACTIONS}
        for collection in collections
    ]
    privileges.append({"resource": {"db": target.name, "collection": ""}, "actions": _FOLLOWING})
    await _create_or_update(target, "Role", _ROLE, _ROLE_EXISTS, privileges=privileges, roles=[])
    await _create_or_update(target, "User", name, _USER_EXISTS, pwd=password, roles=[_ROLE])


async def _create_or_update(
    target: DriverDatabase, kind: str, name: str, exists: int, **what: Any
) -> None:
    try:
        await target.command(f"create{kind}", name, **what)
    except OperationFailure as error:
        if error.code != exists:
            raise
        await target.command(f"update{kind}", name, **what)
