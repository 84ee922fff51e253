"""`willkommen figures`: plan against actual of a period by a funder's definition, and the records
behind a figure.
"""

import asyncio
import json
from collections.abc import Mapping
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from willkommen import connection
from willkommen.answers import RefusedError, read

First = Annotated[str, typer.Option("--from", help="First day, such as 2018-04-01.")]
Last = Annotated[str, typer.Option("--to", help="Last day; it counts.")]
AsOf = Annotated[str | None, typer.Option("--as-of", help="As it was known on this day; today.")]
By = Annotated[str, typer.Option("--definition", help="Whose definitions: council, ministry.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]

figures = typer.Typer(
    help="Plan against actual of a period, by funder.",
    invoke_without_command=True,
)


@figures.callback()
def show(
    context: typer.Context,
    *,
    first: First = "",
    last: Last = "",
    as_of: AsOf = None,
    definition: By = "council",
    as_json: AsJson = False,
) -> None:
    """Print plan against actual of a period, from the services' own records.

    `willkommen figures trace FIGURE` lists what a figure is made of.
    """
    if context.invoked_subcommand:
        return
    answer, plan = asyncio.run(_collect(_asked(first, last, as_of, definition)))
    for each in answer["figures"]:
        each["planned"] = plan.get(f"willkommen/{each['planned']}")
    if as_json:
        print(json.dumps(answer, ensure_ascii=False))  # noqa: T201 - for machines
    else:
        Console().print(_figures(answer))


@figures.command()
def trace(
    figure: Annotated[str, typer.Argument(help="Such as sponsorships.started.")],
    *,
    first: First = "",
    last: Last = "",
    as_of: AsOf = None,
    definition: By = "council",
    as_json: AsJson = False,
) -> None:
    """List the ids and days of everything that a figure counts."""
    asked = {**_asked(first, last, as_of, definition), "figure": figure}
    answer = asyncio.run(_answer("/figures/trace", asked))
    if as_json:
        print(json.dumps(answer, ensure_ascii=False))  # noqa: T201 - for machines
    else:
        Console().print(_parts(answer))


def _asked(first: str, last: str, as_of: str | None, definition: str) -> dict[str, str]:
    asked = {"from": first, "to": last, "definition": definition}
    return asked if as_of is None else {**asked, "as-of": as_of}


async def _collect(asked: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The figures of the period, and the plan, which the network keeps."""
    answer = await _answer("/figures/period", asked)
    network = await read(connection.find(), "network", "/figures")
    return answer, network["plan"]


async def _answer(path: str, asked: Mapping[str, str]) -> dict[str, Any]:
    try:
        answer: dict[str, Any] = await read(connection.find(), "matching", path, **asked)
    except RefusedError as refusal:
        raise typer.BadParameter(str(refusal)) from None
    return answer


def _figures(answer: Mapping[str, Any]) -> Table:
    table = _table(answer, answer["title"], ("", "planned", "actual", "trace"))
    for each in answer["figures"]:
        table.add_row(each["title"], _span(each["planned"]), str(each["actual"]), each["figure"])
    return table


def _parts(answer: Mapping[str, Any]) -> Table:
    title = f"{answer['figure']} = {answer['actual']}: {answer['counts']}"
    table = _table(answer, title, ("id", "on", "counts"))
    for part in answer["parts"]:
        table.add_row(part["id"], part["on"], str(part["number"]))
    return table


def _table(answer: Mapping[str, Any], title: str, columns: tuple[str, ...]) -> Table:
    known = f"{answer['from']} to {answer['to']}, as known on {answer['as_of']}"
    table = Table(title=f"{title}\n{known}", title_justify="left", min_width=72)
    for name in columns:
        table.add_column(name, justify="right" if name in {"planned", "actual"} else "left")
    return table


def _span(planned: list[int] | None) -> str:
    if not planned:
        return ""
    low, high = planned
    return str(low) if low == high else f"{low} to {high}"
