"""`willkommen setup`: prepares broker and databases that are there already."""

import asyncio
import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from shared.messaging.topology import Partner
from shared.setup import Access, prepare_broker, prepare_databases
from willkommen.system import SERVICES, topology

PartnersFile = Annotated[Path, typer.Option(help="The partners as JSON, as in data/ludwigsburg.")]


def read_partners(path: Path) -> list[Partner]:
    """The partners of a file; raises `typer.BadParameter` when it cannot be read."""
    try:
        listed = json.loads(path.read_text(encoding="utf-8"))
        return [Partner(each["id"], tuple(each["publishes"])) for each in listed]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise typer.BadParameter(f"{path}: {error!r}") from None


def setup(
    partners: PartnersFile,
    passwords: Annotated[
        Path, typer.Option(help="JSON object of passwords by user; missing ones are made up.")
    ],
    amqp_url: Annotated[str, typer.Option(envvar="AMQP_URL", show_envvar=True)],
    management_url: Annotated[str, typer.Option(envvar="RABBITMQ_API_URL", show_envvar=True)],
    mongodb_url: Annotated[str, typer.Option(envvar="MONGODB_URL", show_envvar=True)],
    vhost: Annotated[str, typer.Option(help="The broker's virtual host.")] = "willkommen",
) -> None:
    """Make exchanges, queues, users, rights, databases and indexes; again changes nothing."""
    known = json.loads(passwords.read_text()) if passwords.exists() else {}
    access = Access(amqp_url, management_url, mongodb_url, vhost=vhost, passwords=known)
    layout = topology(read_partners(partners))
    collections = {name: parts.collections for name, parts in SERVICES.items()}

    async def prepare() -> None:
        await prepare_broker(access, layout)
        await prepare_databases(access, collections)

    asyncio.run(prepare())
    passwords.touch(mode=0o600)
    passwords.write_text(json.dumps(access.passwords, indent=2))
    Console(stderr=True).print(f"Ready: {len(layout.queues)} queues, {len(SERVICES)} databases.")
