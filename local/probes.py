"""Questions to a server that are asked until it answers; a port that is open is not enough."""

import http.client
import socket
from base64 import b64encode
from typing import Any

from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

from local.processes import wait_until

Client = MongoClient[dict[str, Any]]

AMQP_GREETING = b"AMQP\x00\x00\x09\x01"
AMQP_METHOD_FRAME = b"\x01"
SECONDS = 0.5  # a port that is open but not served yet must not hold up the next probe
ALREADY_INITIALIZED = 23
PRIMARY_SECONDS = 60


def amqp_answers(host: str, port: int) -> bool:
    """Return whether a broker greets clients there."""
    try:
        with socket.create_connection((host, port), SECONDS) as connection:
            connection.sendall(AMQP_GREETING)
            return connection.recv(1) == AMQP_METHOD_FRAME
    except OSError:
        return False


def management_answers(host: str, port: int, user: str, password: str) -> bool:
    """Return whether the management API knows the user."""
    connection = http.client.HTTPConnection(host, port, timeout=SECONDS)
    name = b64encode(f"{user}:{password}".encode()).decode()
    try:
        connection.request("GET", "/api/whoami", headers={"Authorization": f"Basic {name}"})
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def mongod_answers(url: str) -> bool:
    """Return whether a mongod answers at the address and accepts the name in it."""
    try:
        with Client(url, directConnection=True, serverSelectionTimeoutMS=500) as client:
            return bool(client.admin.command("ping")["ok"])
    except PyMongoError:
        return False


def initiate_replica_set(client: Client, name: str, member: str) -> None:
    """Make mongod a replica set of one, unless it is one already, and wait for its election."""
    members = [{"_id": 0, "host": member}]
    try:
        client.admin.command("replSetInitiate", {"_id": name, "members": members})
    except OperationFailure as error:
        if error.code != ALREADY_INITIALIZED:
            raise
    wait_primary(client)


def wait_primary(client: Client) -> None:
    """Return when the replica set accepts writes."""

    def primary() -> bool:
        return bool(client.admin.command("hello").get("isWritablePrimary"))

    wait_until(primary, "MongoDB to become the primary of its replica set", PRIMARY_SECONDS)
