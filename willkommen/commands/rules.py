"""What the commands about weights and the ladder have in common: options, reading, setting."""

import asyncio
from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, TypeVar

import typer
from pydantic import ValidationError
from rich.console import Console

from shared.contracts.base import Contract
from shared.contracts.desk import Command
from shared.contracts.matching_sessions import LadderSet, MatchingRuleRefused, WeightsSet
from shared.messaging.topology import DESK
from willkommen import connection
from willkommen.answers import RefusedError, answer_to, read

Staff = Annotated[
    str, typer.Option("--staff", envvar="WILLKOMMEN_STAFF", help="Your id, for the record.")
]
Note = Annotated[str, typer.Option(help="Why, for the record.")]
From = Annotated[str, typer.Option("--from", help="From which day on, such as 2027-01-01.")]
On = Annotated[str, typer.Option("--on", help="As of this day; today if none is given.")]
Json = Annotated[bool, typer.Option("--json", help="As JSON.")]
C = TypeVar("C", bound=Command)


def rules_on(day: str = "") -> dict[str, Any]:
    """All versions, and which of them hold on a day."""
    asked = {"on": day_of(day, "--on").isoformat()} if day else {}
    found: dict[str, Any] = asyncio.run(read(connection.find(), "matching", "/rules", **asked))
    return found


def version_on(found: dict[str, Any], kind: str, kinds: str) -> dict[str, Any]:
    """The version that holds."""
    holds = found[f"{kind}_in_force"]
    return next(each for each in found[kinds] if each["version"] == holds)


def day_of(text: str, option: str) -> date:
    """A day as people write it for machines; raises `typer.BadParameter`."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter("a day is written 2027-01-01", param_hint=option) from None


def well_formed(make: Callable[[], C], words: Callable[[dict[str, Any]], str]) -> C:
    """A command; raises `typer.BadParameter` with words for the first thing wrong in it."""
    try:
        return make()
    except ValidationError as error:
        raise typer.BadParameter(words(dict(error.errors()[0]))) from None


def have_set(command: Command) -> None:
    """Send it, and say what came of it; raises `RefusedError`."""
    told: Contract = asyncio.run(answer_to(connection.find(), DESK, command))
    match told:
        case WeightsSet() | LadderSet():
            what = "weights" if isinstance(told, WeightsSet) else "ladder"
            holds = "hold" if what == "weights" else "holds"
            Console().print(
                f"Set: {what} version {told.version} {holds} from {told.effective_on} on.",
                highlight=False,
            )
        case MatchingRuleRefused():
            raise RefusedError(told.reason)
        case _:
            raise RefusedError(f"an unexpected answer: {told.wire.type}")


def history_of(versions: list[dict[str, Any]], holds: str) -> list[str]:
    """A line for each version: from when, by whom, and which one holds."""
    lines = []
    for each in versions:
        who = each.get("staff_id")
        set_by = f"set by {who} on {each['entered_at'][:10]}" if who else "the programme's own"
        mark = "*" if each["version"] == holds else " "
        lines.append(f"{mark} version {each['version']} from {each['effective_on']}, {set_by}")
    return lines
