"""`willkommen matching weights`: how pairs are weighed, with effect from a day."""

import json
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from shared.contracts.desk_sessions import SetWeights
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

LOAD = "load"
BESIDE = ("per_day", LOAD, "match_worth")
"""What can be set beside the five criteria."""

weights = typer.Typer(help="How many points a pair gets for what.", no_args_is_help=True)


@weights.command()
def show(*, on: On = "", as_json: Json = False) -> None:
    """Show the weights that hold on a day, and all that were ever set."""
    found = rules_on(on)
    holds = version_on(found, "weights", "weights")
    if as_json:
        print(json.dumps(found["weights"]))  # noqa: T201 - for machines
        return
    out = Console(highlight=False)
    out.print(_table(holds))
    out.print(*history_of(found["weights"], holds["version"]), sep="\n")


@weights.command("set")
def set_(
    changes: Annotated[
        list[str],
        typer.Argument(
            metavar="NAME=POINTS...",
            help="language, topics, time, district, children, per_day, match_worth or"
            " load=0,300,800; what is not named stays as it is on that day.",
        ),
    ],
    *,
    from_on: From,
    staff: Staff,
    note: Note,
) -> None:
    """Set weights from a day on. The five criteria must add up to 10,000 points."""
    day = day_of(from_on, "--from")
    present = version_on(rules_on(from_on), "weights", "weights")
    wanted = present["criteria"] | {name: present[name] for name in BESIDE}
    for name, value in map(_change, changes):
        if name not in wanted:
            raise typer.BadParameter(f"there is no {name!r}; there are {', '.join(wanted)}")
        wanted[name] = value if name == LOAD else value[0]
    criteria = {name: wanted.pop(name) for name in present["criteria"]}
    command = well_formed(
        lambda: SetWeights(
            staff_id=staff, effective_on=day, criteria=criteria, note=note, **wanted
        ),
        lambda error: f"{'.'.join(map(str, error['loc']))}: {error['msg']}",
    )
    have_set(command)


def _change(text: str) -> tuple[str, list[int]]:
    name, _, numbers = text.partition("=")
    try:
        return name.replace("-", "_"), [int(each) for each in numbers.split(",")]
    except ValueError:
        how = f"{text!r}: points are written language=3500, a load load=0,300,800"
        raise typer.BadParameter(how) from None


def _table(holds: dict[str, Any]) -> Table:
    table = Table("what", "points", box=None, header_style="bold", pad_edge=False)
    for name, value in holds["criteria"].items():
        table.add_row(name, f"up to {value:,}")
    table.add_row("per_day", f"{holds['per_day']:,} for each day of waiting")
    table.add_row("match_worth", f"{holds['match_worth']:,} for any match")
    load = ", ".join(f"{-points:,}" for points in holds["load"])
    table.add_row(LOAD, f"{load} for a sponsor's first, second, … household")
    return table
