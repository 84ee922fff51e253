"""`willkommen definitions`: the broker's definitions document, to look at or to load at boot."""

import json
from pathlib import Path
from typing import Annotated

import typer

from willkommen.commands.setup import PartnersFile, read_partners
from willkommen.system import topology


def definitions(
    partners: PartnersFile,
    passwords: Annotated[Path, typer.Option(help="JSON object of passwords by user.")],
    vhost: Annotated[str, typer.Option(help="The broker's virtual host.")] = "willkommen",
) -> None:
    """Print users, rights, exchanges, queues, bindings and policies as RabbitMQ reads them."""
    document = topology(read_partners(partners)).definitions(
        vhost, json.loads(passwords.read_text())
    )
    print(json.dumps(document, indent=2))  # noqa: T201 - the document is the output
