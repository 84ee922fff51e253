"""`willkommen dead-letters`: what waits for a decision, and the decisions."""

import asyncio
import json
from typing import Annotated, Any

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.table import Table

from shared.contracts.dead_letters import Decision, DiscardDeadLetter, ReplayDeadLetter
from shared.messaging.topology import DESK, OPERATOR
from willkommen import connection
from willkommen.commands.letter_filters import Filters, filtered
from willkommen.desk import Letters

SHORT = 8
"""So much of an id is shown; it is enough to name it as long as no other begins alike."""

dead_letters = typer.Typer(
    help=(
        "Messages that a service parked, because they could not be handled or not be published."
        " No personal data is shown, except by `show --content`, which goes on record."
    ),
    no_args_is_help=True,
)

Ids = Annotated[list[str] | None, typer.Argument(help="Which ones, an id may be shortened.")]
Every = Annotated[bool, typer.Option("--all", help="All that wait.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only show which ones it would be.")]
Staff = Annotated[
    str, typer.Option("--staff", envvar="WILLKOMMEN_STAFF", help="Your id, for the record.")
]
Note = Annotated[str, typer.Option(help="Why, for the record.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]


@dead_letters.command("list")
@filtered
def list_(
    filters: Filters,
    *,
    state: Annotated[str, typer.Option(help="waiting, replayed, discarded or any.")] = "waiting",
    as_json: Json = False,
) -> None:
    """Show what waits for a decision, the oldest first."""
    found = _find(filters, state=state)
    if as_json:
        for each in found:
            print(json.dumps(each, ensure_ascii=False))  # noqa: T201 - for machines
    else:
        _show(found)


@dead_letters.command()
def show(
    letter_id: Annotated[str, typer.Argument(help="Which one, its id may be shortened.")],
    *,
    content: Annotated[
        bool,
        typer.Option("--content", help="Also the message itself; needs the desk's right and goes"
                     " on record with --staff and --note."),
    ] = False,
    staff: Staff = "",
    note: Note = "",
) -> None:  # fmt: skip
    """Show one with its reason and all that was decided about it, as JSON."""
    system = connection.find()
    letter = _named(letter_id)
    if content:
        _required(staff, note)
        letter = asyncio.run(Letters(system).read(DESK, staff, note, letter))
    print(json.dumps(letter, ensure_ascii=False, indent=2))  # noqa: T201 - also for machines


@dead_letters.command()
@filtered
def replay(
    filters: Filters,
    ids: Ids = None,
    *,
    every: Every = False,
    dry_run: DryRun = False,
    staff: Staff = "",
    note: Note = "",
) -> None:
    """Handle messages once more, after the cause was mended: each has its effect once."""
    chosen = _choose(ids or [], filters, every=every)
    _decide(chosen, ReplayDeadLetter, staff, note, dry_run=dry_run)


@dead_letters.command()
@filtered
def discard(
    filters: Filters,
    ids: Ids = None,
    *,
    every: Every = False,
    dry_run: DryRun = False,
    staff: Staff = "",
    note: Note = "",
) -> None:
    """Give messages up: their content is deleted, the record of who and why stays."""
    chosen = _choose(ids or [], filters, every=every)
    _decide(chosen, DiscardDeadLetter, staff, note, dry_run=dry_run)


def _choose(ids: list[str], filters: Filters, *, every: bool) -> list[Any]:
    """Those that were named, or those that fit."""
    if bool(ids) + (not filters.empty) + every != 1:
        raise typer.BadParameter("name dead letters by their ids, or by filters, or say --all")
    return [_named(each) for each in ids] if ids else _find(filters)


def _decide(
    chosen: list[Any], kind: type[Decision], staff: str, note: str, *, dry_run: bool
) -> None:
    say = Console(stderr=True)
    if dry_run or not chosen:
        _show(chosen)
        say.print(f"{len(chosen)} would be decided; nothing was done." if chosen else "None fits.")
        return
    _required(staff, note)
    failed = asyncio.run(_carry_out(_decisions(chosen, kind, staff, note)))
    say.print(f"Done: {len(chosen) - failed}. Not done: {failed}.")
    raise typer.Exit(1 if failed else 0)


def _decisions(chosen: list[Any], kind: type[Decision], staff: str, note: str) -> list[Decision]:
    try:
        return [
            kind(staff_id=staff, service=each["service"], dead_letter_id=each["id"], note=note)
            for each in chosen
        ]
    except ValidationError as error:
        first = error.errors()[0]
        raise typer.BadParameter(first["msg"], param_hint=f"--{first['loc'][0]}") from None


async def _carry_out(decisions: list[Decision]) -> int:
    """Print each answer; returns how many were not carried out."""
    failed = 0
    async for answer in Letters(connection.find()).decide(OPERATOR, decisions):
        failed += bool(answer.why_not)
        print(f"{answer.letter_id[:SHORT]}  {answer.why_not or 'done'}")  # noqa: T201
    return failed


def _required(staff: str, note: str) -> None:
    if not staff or not note:
        raise typer.BadParameter("--staff and --note are needed: who and why goes on record")


def _find(filters: Filters, **more: str) -> list[Any]:
    system = connection.find()
    if filters.service and filters.service not in system.services:
        known = ", ".join(system.services)
        raise typer.BadParameter(f"there are {known}", param_hint="--service")
    services = [filters.service] if filters.service else list(system.services)
    return asyncio.run(Letters(system).find(filters.query | more, services))


def _named(letter_id: str) -> Any:
    """The one whose id begins so, whatever became of it."""
    system = connection.find()
    query = {"id": letter_id, "state": "any"}
    found = asyncio.run(Letters(system).find(query, system.services))
    if len(found) != 1:
        what = "no dead letter has" if not found else f"{len(found)} dead letters have"
        raise typer.BadParameter(f"{what} an id that begins with {letter_id!r}")
    return found[0]


def _show(found: list[Any]) -> None:
    table = Table("id", "parked", "service", "kind", "type", "sender", "tries", "reason", box=None,
                  header_style="bold", pad_edge=False)  # fmt: skip
    for each in found:
        kind = each["kind"] if each["state"] == "waiting" else f"{each['kind']} ({each['state']})"
        name = each["type"].removeprefix("willkommen.") or "unknown"
        table.add_row(each["id"][:SHORT], each["parked_at"][:16].replace("T", " "),
                      each["service"], kind, name, each["sender"] or "-", str(each["attempts"]),
                      each["reason"])  # fmt: skip
    out = Console()
    if found:
        out.print(table)
    else:
        out.print("No dead letters.")
