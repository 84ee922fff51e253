"""`willkommen setup`: prepares broker and databases that are there already."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import httpx
import typer
from rich.console import Console

from shared.messaging.topology import Partner, Topology
from shared.setup import Access, SetupError, prepare_broker, prepare_databases
from shared.storage import StorageError
from shared.storage.bootstrap import initiate_replica_set
from willkommen.secrets_folder import SecretsFolder
from willkommen.system import SERVICES, topology

PATIENCE_SECONDS = 120.0
PAUSE_SECONDS = 1.0

PartnersFile = Annotated[Path, typer.Option(help="The partners as JSON, as in data/ludwigsburg.")]


def setup(
    partners: PartnersFile,
    secrets: Annotated[
        Path, typer.Option(help="Folder made by `willkommen secrets`; users' files go there too.")
    ],
    *,
    rabbitmq: Annotated[str, typer.Option(help="The broker's host.")] = "127.0.0.1",
    mongodb: Annotated[str, typer.Option(help="The database's host.")] = "127.0.0.1",
    vhost: Annotated[str, typer.Option(help="The broker's virtual host.")] = "willkommen",
    prefix: Annotated[
        str, typer.Option(help="Before names of users and databases, to share servers.")
    ] = "",
    tls_ca: Annotated[
        Path | None,
        typer.Option(help="Speak TLS with both; the file of the authority behind it.", exists=True),
    ] = None,
    renew: Annotated[
        list[str] | None, typer.Option(help="A user who gets a new password; may be repeated.")
    ] = None,
) -> None:
    """Make exchanges, queues, users, rights, databases and indexes; again changes nothing."""
    place = SecretsFolder(secrets)
    layout = topology(read_partners(partners))
    access = replace(
        _access(place, rabbitmq, mongodb, tls_ca), vhost=vhost, prefix=prefix, user_prefix=prefix
    )
    _renew(access, layout, renew or [])
    asyncio.run(_prepare(access, layout, mongodb))
    place.keep(access.passwords)
    hand_out(place, access, layout)
    Console(stderr=True).print(f"Ready: {len(layout.queues)} queues, {len(SERVICES)} databases.")


def read_partners(path: Path) -> list[Partner]:
    """The partners of a file; raises `typer.BadParameter` when it cannot be read."""
    try:
        listed = json.loads(path.read_text(encoding="utf-8"))
        return [Partner(each["id"], tuple(each["publishes"])) for each in listed]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise typer.BadParameter(f"{path}: {error!r}") from None


def hand_out(place: SecretsFolder, access: Access, layout: Topology) -> None:
    """Each user's addresses as files of its own."""
    for user in layout.users:
        place.write(f"users/{user}/amqp_url", access.amqp(user))
        if user in SERVICES:
            place.write(f"users/{user}/mongodb_url", access.mongodb(user))
            place.write(f"users/{user}/mongodb_database", access.database(user))


def _access(place: SecretsFolder, rabbitmq: str, mongodb: str, tls_ca: Path | None) -> Access:
    try:
        amqp, management = place.rabbitmq_admin(rabbitmq, tls_ca)
        database = place.mongodb_admin(mongodb, tls_ca)
    except OSError as error:
        raise SetupError(f"{error}; `willkommen secrets` makes these files") from None
    return Access(amqp, management, database, ca_file=tls_ca, passwords=place.passwords())


def _renew(access: Access, layout: Topology, users: list[str]) -> None:
    unknown = set(users) - set(layout.users)
    if unknown:
        raise typer.BadParameter(f"unknown: {sorted(unknown)}; there are {layout.users}")
    for user in users:
        access.passwords.pop(user, None)


async def _prepare(access: Access, layout: Topology, mongodb: str) -> None:
    await _patiently(lambda: initiate_replica_set(access.mongodb_url, f"{mongodb}:27017"))
    await _patiently(lambda: prepare_broker(access, layout))
    collections = {name: parts.collections for name, parts in SERVICES.items()}
    await _patiently(lambda: prepare_databases(access, collections))


async def _patiently(work: Callable[[], Awaitable[None]]) -> None:
    """Try until the server is up; after two minutes its last word is raised."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return await work()
        except (SetupError, StorageError, httpx.HTTPError) as error:
            if time.monotonic() > deadline:
                raise SetupError(str(error)) from None
            await asyncio.sleep(PAUSE_SECONDS)
