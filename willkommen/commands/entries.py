"""`willkommen import` and `willkommen publish`: bring in what others have in files."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from willkommen import connection
from willkommen.replay.senders import Senders
from willkommen.timeline import ENTRIES, BadDataError, read_entries
from willkommen.timeline.messages import read_partner_messages

imports = typer.Typer(help="Import files of the office.", no_args_is_help=True)


@imports.command("actors")
def import_actors(
    file: Annotated[Path, typer.Argument(help="CSV; see data/ludwigsburg/README.md.")],
    staff_id: Annotated[str, typer.Option("--staff", help="Your id as a member of staff.")],
) -> None:
    """Register institutions from a CSV file; each bad row is told with its reason."""
    now = datetime.now(UTC)
    entries, problems = read_entries(
        file, ENTRIES["actors"], defaults={"at": now, "staff_id": staff_id}
    )
    senders = Senders(connection.find().user)

    async def send() -> None:
        try:
            for entry in entries:
                await senders.command(entry.command, entry.at)
        finally:
            await senders.close()

    asyncio.run(send())
    say = Console(stderr=True)
    for problem in problems:
        say.print(str(problem), style="red", markup=False)
    say.print(f"Sent to the register: {len(entries)}. Problems: {len(problems)}.")
    raise typer.Exit(1 if problems else 0)


def publish(
    partner: Annotated[str, typer.Argument(help="As which partner.")],
    file: Annotated[Path, typer.Argument(help="JSON lines; see data/ludwigsburg/README.md.")],
) -> None:
    """Publish a file of referrals as a partner, with the partner's own credentials."""
    system = connection.find()
    system.user(partner)  # a wrong name is told before anything is read
    messages, problems = read_partner_messages(file, partner)
    if problems:
        raise BadDataError(problems)
    senders = Senders(system.user)

    async def send() -> None:
        try:
            for message in messages:
                await senders.publish(message)
        finally:
            await senders.close()

    asyncio.run(send())
    Console(stderr=True).print(f"Published and confirmed: {len(messages)}.")
