"""`willkommen matching runs`: the records of matching sessions, and their replay."""

import asyncio
import json
import re
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from shared.contracts.desk_sessions import ReplaySession
from shared.contracts.matching_sessions import SessionRefused, SessionReplayed
from shared.messaging.topology import DESK
from willkommen import connection
from willkommen.answers import RefusedError, answer_to, read
from willkommen.commands.rules import Json, Staff

SHORT = 8
RunId = Annotated[str, typer.Argument(help="Which session, its id may be shortened.")]

runs = typer.Typer(
    help="Sessions that proposed pairs. Everything is told by ids; nobody's data is shown.",
    no_args_is_help=True,
)


@runs.command("list")
def list_(
    *,
    most: Annotated[int, typer.Option("--most", help="So many at most.", min=1, max=1_000)] = 20,
    as_json: Json = False,
) -> None:
    """Show the latest sessions, the latest first."""
    found = asyncio.run(read(connection.find(), "matching", "/runs", limit=str(most)))
    if as_json:
        for each in found:
            print(json.dumps(each))  # noqa: T201 - for machines
    elif found:
        Console().print(_table(found))
    else:
        Console().print("No session has proposed anything yet.")


@runs.command()
def show(run_id: RunId) -> None:
    """Show one with its pairs and its proof, as JSON."""
    print(json.dumps(_one(run_id), indent=2))  # noqa: T201 - also for machines


@runs.command()
def replay(run_id: RunId, staff: Staff) -> None:
    """Solve a session once more from its record; status 1 if anything comes out differently."""
    run = _one(run_id)
    command = ReplaySession(staff_id=staff, run_id=run["id"])
    match asyncio.run(answer_to(connection.find(), DESK, command)):
        case SessionReplayed() as told:
            print(f"{run['id'][:SHORT]}  {_came_out(told, run)}")  # noqa: T201
            raise typer.Exit(0 if told.same else 1)
        case SessionRefused() as told:
            raise RefusedError(told.reason)
        case other:
            raise RefusedError(f"an unexpected answer: {other.wire.type}")


def _came_out(told: SessionReplayed, run: dict[str, Any]) -> str:
    if told.same:
        one = len(run["pairs"]) == 1
        pairs = "the same pair" if one else f"the same {len(run['pairs'])} pairs"
        return f"{pairs}, {run['proof']['points']:,} points, as on {run['day']}"
    if not told.inputs_intact:
        return f"different: its inputs were changed since; {told.different} households differ"
    return f"different: {told.different} households have somebody else or nobody"


def _one(run_id: str) -> dict[str, Any]:
    if not re.fullmatch("[0-9a-f-]+", run_id):
        raise typer.BadParameter("an id has digits, the letters a to f, and -")
    try:
        run: dict[str, Any] = asyncio.run(read(connection.find(), "matching", f"/runs/{run_id}"))
    except RefusedError as error:
        raise typer.BadParameter(f"{run_id!r}: {error}") from None
    return run


def _table(found: list[dict[str, Any]]) -> Table:
    table = Table("id", "held", "waiting", "with room", "pairs", "points", "weights", "ladder",
                  "inputs", box=None, header_style="bold", pad_edge=False)  # fmt: skip
    for each in found:
        numbers = (each["households"], each["sponsors"], each["pairs"])
        table.add_row(each["id"][:SHORT], each["held_at"][:16].replace("T", " "),
                      *map(str, numbers), f"{each['proof']['points']:,}", each["weights"],
                      each["ladder"], each["inputs_hash"][:SHORT])  # fmt: skip
    return table
