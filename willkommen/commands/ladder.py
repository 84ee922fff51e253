"""`willkommen matching ladder`: what is asked of a pair the longer a household waits."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from shared.contracts.desk_sessions import Rung, SetLadder
from willkommen.commands.rules import (
    From,
    Json,
    Note,
    On,
    Staff,
    day_of,
    have_set,
    history_of,
    rules_on,
    version_on,
    well_formed,
)

LEVELS = ("", "A1", "A2", "B1", "B2", "C1", "C2")

ladder = typer.Typer(
    help="What is asked of a pair the longer a household waits. Training and certificate are not"
    " on it: nothing relaxes them.",
    no_args_is_help=True,
)


@ladder.command()
def show(*, on: On = "", as_json: Json = False) -> None:
    """Show the ladder that holds on a day; with --json only its rungs, to be changed and set."""
    found = rules_on(on)
    holds = version_on(found, "ladder", "ladders")
    if as_json:
        print(json.dumps(holds["rungs"], indent=2))  # noqa: T201 - for machines
        return
    out = Console(highlight=False)
    out.print(_table(holds["rungs"]))
    out.print(*history_of(found["ladders"], holds["version"]), sep="\n")


@ladder.command("set")
def set_(
    file: Annotated[str, typer.Argument(help="Rungs as `show --json` prints them; or -.")],
    *,
    from_on: From,
    staff: Staff,
    note: Note,
) -> None:
    """Set the ladder from a day on: it starts at day 0, and each rung asks the same or less."""
    day, rungs = day_of(from_on, "--from"), _rungs(file)
    command = well_formed(
        lambda: SetLadder(staff_id=staff, effective_on=day, rungs=rungs, note=note), _words
    )
    have_set(command)


def _rungs(file: str) -> Any:
    try:
        return json.loads(sys.stdin.read() if file == "-" else Path(file).read_text())
    except (OSError, ValueError) as error:
        raise typer.BadParameter(f"{file} cannot be read: {error}") from None


def _words(error: dict[str, Any]) -> str:
    """What is wrong, for whoever wrote the file."""
    where = error["loc"]
    if error["type"] == "extra_forbidden":
        can = ", ".join(name for name in Rung.model_fields if name != "after_days")
        return f"rung {where[1] + 1}: {where[-1]!r} is nothing that a ladder relaxes; it has {can}"
    if where[0] == "rungs" and len(where) > 1:
        return f"rung {where[1] + 1}: {'.'.join(map(str, where[2:]))} {error['msg']}"
    return f"{where[0]}: {error['msg']}"


def _table(rungs: list[dict[str, Any]]) -> Table:
    table = Table("after days", "least points", "common language", "notice to", box=None,
                  header_style="bold", pad_edge=False)  # fmt: skip
    for rung in rungs:
        language = f"at least {LEVELS[rung['minimum_level']]}"
        language += ", or an interpreter" if rung["interpreter"] else ""
        table.add_row(str(rung["after_days"]), f"{rung['minimum_score']:,}", language,
                      rung["notice"] or "-")  # fmt: skip
    return table
