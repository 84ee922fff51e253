"""`willkommen matching tentative`: what a session would propose now, and what changed since."""

import asyncio
import json
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from willkommen import connection
from willkommen.answers import read
from willkommen.commands.rules import Json


def tentative(
    *,
    since: Annotated[
        int | None,
        typer.Option("--since", help="Only what changed after this number.", min=0, max=10**15 - 1),
    ] = None,
    most: Annotated[int, typer.Option("--most", help="So many at most.", min=1, max=10_000)] = 50,
    as_json: Json = False,
) -> None:
    """Show who would get whom if a session were held now, and what changed it; by ids alone."""
    asked = {"limit": str(most)} | ({} if since is None else {"since": str(since)})
    found = asyncio.run(read(connection.find(), "matching", "/tentative", **asked))
    if as_json:
        print(json.dumps(found))  # noqa: T201 - for machines
        return
    console = Console()
    console.print(
        f"Number {found['number']}: {found['waiting']} wait, {found['with_room']} sponsors have"
        f" room, {found['proposed']} would be proposed."
    )
    if found["households"]:
        console.print(_table(found["households"]))
    else:
        console.print("Nothing has changed since." if since else "Nobody would be proposed.")
    if found["more"]:
        console.print("There is more: ask for more with --most.")


def _table(households: list[dict[str, Any]]) -> Table:
    table = Table("household", "before", "now", "points", "because", "of", "number",
                  box=None, header_style="bold", pad_edge=False)  # fmt: skip
    for each in households:
        before, after = each["before"] or {}, each["after"] or {}
        table.add_row(each["id"], before.get("sponsor_id", "nobody"),
                      after.get("sponsor_id", "nobody"), str(after.get("score", "")),
                      each["cause"].replace("_", " "), each["about"],
                      str(each["number"]))  # fmt: skip
    return table
