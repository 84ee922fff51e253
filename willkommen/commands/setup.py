"""`willkommen setup`: prepares broker and databases that are there already."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
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
    rabbitmq: Annotated[str, typer.Option(help="The broker's host.")] = "127.0.0.1",
    mongodb: Annotated[str, typer.Option(help="The database's host.")] = "127.0.0.1",
    vhost: Annotated[str, typer.Option(help="The broker's virtual host.")] = "willkommen",
) -> None:
    """Make exchanges, queues, users, rights, databases and indexes; again changes nothing."""
    place = SecretsFolder(secrets)
    kept = secrets / "passwords.json"
    passwords = json.loads(kept.read_text()) if kept.exists() else {}
    amqp, management = place.rabbitmq_admin(rabbitmq)
    access = Access(
        amqp, management, place.mongodb_admin(mongodb), vhost=vhost, passwords=passwords
    )
    layout = topology(read_partners(partners))
    asyncio.run(_prepare(access, layout, mongodb))
    place.write(kept.name, json.dumps(access.passwords, indent=2), mode=0o600)
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
        place.write(f"users/{user}/amqp_url", access.amqp(user), mode=0o644)
        if user in SERVICES:
            place.write(f"users/{user}/mongodb_url", access.mongodb(user), mode=0o644)


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
        except (SetupError, StorageError, httpx.HTTPError):
            if time.monotonic() > deadline:
                raise
            await asyncio.sleep(PAUSE_SECONDS)
