"""The database lets every service work with its own documents, and refuses everything else."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from functools import partial
from typing import Any

import pytest
from pymongo.errors import OperationFailure

from shared.storage.driver import Client, Collection, DriverDatabase, connect
from tests.support.system import System
from willkommen.system import SERVICES

ALLOWED, REFUSED = "allowed", "refused"
STRANGER = "stranger"
OF_EVERY_SERVICE = ("inbox", "outbox", "timers", "parked", "ledger", "buckets", "leases")
COLLECTIONS: Mapping[str, tuple[str, ...]] = {
    "matching": (
        "duplicates",
        "households",
        "marks",
        "matching_rules",
        "questions",
        "recruits",
        "replays",
        "rulebooks",
        "run_inputs",
        "audits",
        "runs",
        "session_parts",
        "sessions",
        "sponsors",
        "sponsorships",
        "standings",
        "stored_cities",
        "tentative",
    ),
    "network": ("actors", "costs", "evaluation_forms", "meetings", "plans", "trainings"),
    "notifications": ("deliveries",),
}
"""Each service's documents; a new collection needs its word here."""
FOREIGN = ("admin", "config", "local", "unheard_of")
Attempts = Mapping[str, Callable[[], Awaitable[Any]]]


@pytest.fixture
async def client(system: System, service: str) -> AsyncIterator[Client]:
    """The service's own connection; a stranger gives no name."""
    url = system.access.mongodb("matching" if service == STRANGER else service)
    if service == STRANGER:
        url = "mongodb://" + url.partition("@")[2].partition("/")[0] + "/?directConnection=true"
    connection = connect(url, name="test")
    yield connection
    connection.close()


def with_documents(collection: Collection) -> Attempts:
    """What a service does all day."""
    return {**writing(collection), **reading(collection)}


def reading(collection: Collection) -> Attempts:
    """Also allowed where nothing is: who follows a database may read it as a whole."""
    return {
        "find": lambda: collection.find_one({"_id": "matrix"}),
        "count": lambda: collection.count_documents({"_id": "matrix"}),
    }


def following(database: DriverDatabase) -> Attempts:
    """What whoever holds the city does."""
    return {"follow": lambda: database.watch(max_await_time_ms=1).try_next()}


def writing(collection: Collection) -> Attempts:
    """What changes something."""
    return {
        "insert": lambda: collection.insert_one({"_id": "matrix"}),
        "update": lambda: collection.update_one({"_id": "matrix"}, {"$set": {"n": 1}}),
        "delete": lambda: collection.delete_one({"_id": "matrix"}),
    }


def with_structure(collection: Collection) -> Attempts:
    """What only the set-up does."""
    database = collection.database
    return {
        "create an index": lambda: collection.create_index("n"),
        "drop the indexes": collection.drop_indexes,
        "drop": collection.drop,
        "rename": lambda: collection.rename("renamed"),
        "make a view": lambda: database.command("create", "view", viewOn=collection.name),
        "set a rule": lambda: database.command("collMod", collection.name, validator={}),
        "copy elsewhere": lambda: collection.aggregate([{"$out": "copy"}]).to_list(1),
    }


def with_database(database: DriverDatabase) -> Attempts:
    """What nobody but the administrator does."""
    return {
        "a new collection": lambda: database.create_collection("new"),
        "a new collection by the way": lambda: database["by_the_way"].insert_one({}),
        "drop it all": lambda: database.command("dropDatabase"),
        "see all users": lambda: database.command("usersInfo", 1),
        "make a user": lambda: database.command("createUser", "more", pwd="pwd", roles=[]),
        "make a role": lambda: database.command("createRole", "more", privileges=[], roles=[]),
        "see the profile": lambda: database["system.profile"].find_one({}),
        "see the views": lambda: database["system.views"].find_one({}),
    }


def with_server(admin: DriverDatabase) -> Attempts:
    """Commands about the server, the harmless ones: refused is refused."""
    commands: Mapping[str, Mapping[str, Any]] = {
        "serverStatus": {},
        "replSetGetStatus": {},
        "replSetGetConfig": {},
        "currentOp": {},
        "getLog": {"value": "global"},
        "getParameter": {"allParameters": True},
        "setParameter": {"quiet": True},
        "killAllSessions": {"value": []},
        "logRotate": {},
        "top": {},
    }
    return {
        name: partial(admin.command, name, **options) for name, options in commands.items()
    }  # fmt: skip


async def outcomes(attempts: Attempts) -> dict[str, str]:
    """Whether each attempt was allowed or refused; another objection in the server's words."""
    return {what: await _outcome(attempt) for what, attempt in attempts.items()}


async def _outcome(attempt: Callable[[], Awaitable[Any]]) -> str:
    try:
        await attempt()
    except OperationFailure as error:
        refused = "not authorized" in str(error) or "requires authentication" in str(error)
        return REFUSED if refused else f"{error.code}: {error}"
    return ALLOWED


def wrong(found: Mapping[str, str], expected: str) -> dict[str, str]:
    """What came out otherwise."""
    return {what: outcome for what, outcome in found.items() if outcome != expected}


@pytest.mark.parametrize("service", COLLECTIONS)
async def test_a_service_works_with_its_own_documents(
    system: System, client: Client, service: str
) -> None:
    own = client[system.access.database(service)]
    for name in (*OF_EVERY_SERVICE, *COLLECTIONS[service]):
        assert wrong(await outcomes(with_documents(own[name])), ALLOWED) == {}, name


@pytest.mark.parametrize("service", COLLECTIONS)
async def test_a_service_changes_no_structure_of_its_own_database(
    system: System, client: Client, service: str
) -> None:
    own = client[system.access.database(service)]
    for name in (*OF_EVERY_SERVICE, *COLLECTIONS[service], "unheard_of"):
        assert wrong(await outcomes(with_structure(own[name])), REFUSED) == {}, name
    assert wrong(await outcomes(with_database(own)), REFUSED) == {}
    assert wrong(await outcomes(reading(own["unheard_of"])), ALLOWED) == {}
    assert wrong(await outcomes(writing(own["unheard_of"])), REFUSED) == {}


@pytest.mark.parametrize("service", COLLECTIONS)
async def test_a_service_follows_what_is_written_to_its_own_database_alone(
    system: System, client: Client, service: str
) -> None:
    others = [system.access.database(other) for other in COLLECTIONS if other != service]
    assert wrong(await outcomes(following(client[system.access.database(service)])), ALLOWED) == {}
    for name in (*others, *FOREIGN):
        assert wrong(await outcomes(following(client[name])), REFUSED) == {}, name


@pytest.mark.parametrize("service", [*COLLECTIONS, STRANGER])
async def test_nobody_reaches_another_database(
    system: System, client: Client, service: str
) -> None:
    others = [system.access.database(other) for other in COLLECTIONS if other != service]
    for database in (*others, *FOREIGN):
        for name in ("inbox", "parked", "households", "deliveries", "system.users", "oplog.rs"):
            collection = client[database][name]
            assert wrong(await outcomes(with_documents(collection)), REFUSED) == {}, collection
            assert wrong(await outcomes(with_structure(collection)), REFUSED) == {}, collection
        assert wrong(await outcomes(with_database(client[database])), REFUSED) == {}, database


@pytest.mark.parametrize("service", [*COLLECTIONS, STRANGER])
async def test_nobody_commands_the_server(client: Client, service: str) -> None:  # noqa: ARG001
    assert wrong(await outcomes(with_server(client["admin"])), REFUSED) == {}


@pytest.mark.parametrize("service", COLLECTIONS)
async def test_a_service_sees_no_other_database(
    system: System, client: Client, service: str
) -> None:
    assert await client.list_database_names() == [system.access.database(service)]


def test_the_table_names_every_service_and_collection() -> None:
    assert {name: set(parts.collections) for name, parts in SERVICES.items()} == {
        name: set(collections) for name, collections in COLLECTIONS.items()
    }
