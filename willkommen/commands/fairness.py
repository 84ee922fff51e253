"""`willkommen matching fairness`: what a session meant to everybody who waited, in German or in
English.
"""

import asyncio
import json
import re
from enum import StrEnum
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.table import Table

from willkommen import connection
from willkommen.answers import RefusedError, read
from willkommen.commands.rules import Json


class Language(StrEnum):
    GERMAN = "de"
    ENGLISH = "en"


_WORDS: Final[dict[Language, dict[str, str]]] = {
    Language.ENGLISH: {
        "group": "group",
        "waiting": "waited",
        "matched": "matched",
        "rate": "share",
        "median": "days, median",
        "difference": "against all",
        "score": "points, mean",
        "everybody": "everybody",
        "stands_out": "← further from the others than chance explains",
        "hidden": "{} groups are too small to be shown, or would give such a one away.",
        "one_hidden": "One group is too small to be shown.",
        "title": "Session of {day}, {id}",
        "too_few": "Fewer than five households waited: nothing is said of them.",
        "none": "No session has proposed anything yet.",
        "language": "by language spoken best",
        "gender": "by gender of the person to speak to",
        "family_size": "by size of the family",
        "source": "by source of referral",
    },
    Language.GERMAN: {
        "group": "Gruppe",
        "waiting": "gewartet",
        "matched": "vermittelt",
        "rate": "Anteil",
        "median": "Tage, Median",
        "difference": "gegen alle",
        "score": "Punkte, Mittel",
        "everybody": "alle",
        "stands_out": "← weiter von den anderen, als Zufall erklärt",
        "hidden": "{} Gruppen sind zu klein, um gezeigt zu werden, oder verrieten eine solche.",
        "one_hidden": "Eine Gruppe ist zu klein, um gezeigt zu werden.",
        "title": "Sitzung vom {day}, {id}",
        "too_few": "Weniger als fünf Haushalte haben gewartet: Über sie wird nichts gesagt.",
        "none": "Noch keine Sitzung hat etwas vorgeschlagen.",
        "language": "nach der am besten gesprochenen Sprache",
        "gender": "nach dem Geschlecht der Ansprechperson",
        "family_size": "nach der Größe der Familie",
        "source": "nach der vermittelnden Stelle",
        "female": "weiblich",
        "male": "männlich",
        "diverse": "divers",
        "unknown": "unbekannt",
    },
}


def fairness(
    run_id: Annotated[
        str, typer.Argument(help="Which session, its id may be shortened; else the latest.")
    ] = "",
    *,
    language: Annotated[Language, typer.Option("--language", help="Of the text.")] = (
        Language.ENGLISH
    ),
    as_json: Json = False,
) -> None:
    """Compare how long groups waited in a session, and who was matched; small groups are hidden."""
    words = _WORDS[language]
    if run_id and not re.fullmatch("[0-9a-f-]+", run_id):
        raise typer.BadParameter("an id has digits, the letters a to f, and -")
    audit = asyncio.run(_audit(run_id))
    if as_json:
        print(json.dumps(audit))  # noqa: T201 - for machines
    elif audit is None:
        Console().print(words["none"])
    else:
        _print(audit, words)


async def _audit(run_id: str) -> dict[str, Any] | None:
    here = connection.find()
    if not run_id:
        latest = await read(here, "matching", "/runs", limit="1")
        if not latest:
            return None
        run_id = latest[0]["id"]
    try:
        audit: dict[str, Any] = await read(here, "matching", f"/runs/{run_id}/fairness")
    except RefusedError as error:
        raise typer.BadParameter(f"{run_id!r}: {error}") from None
    return audit


def _print(audit: dict[str, Any], words: dict[str, str]) -> None:
    console = Console()
    console.print(words["title"].format(day=audit["day"], id=audit["id"][:8]), style="bold")
    everybody = audit["everybody"]
    if everybody is None:
        console.print(words["too_few"])
        return
    for comparison in audit["comparisons"]:
        console.print()
        console.print(words[comparison["trait"]], style="bold")
        console.print(_table(comparison["groups"], everybody, words))
        if comparison["hidden"]:
            told = "one_hidden" if comparison["hidden"] == 1 else "hidden"
            console.print(words[told].format(comparison["hidden"]))


def _table(groups: list[dict[str, Any]], everybody: dict[str, Any], words: dict[str, str]) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column(words["group"])
    for name in ("waiting", "matched", "rate", "median", "difference", "score"):
        table.add_column(words[name], justify="right")
    table.add_column("")
    for each in groups:
        difference = f"{each['median_days'] - everybody['median_days']:+.0f}"
        mark = words["stands_out"] if each["stands_out"] else ""
        name = words.get(each["name"], each["name"])
        table.add_row(name, *_numbers(each, difference), mark)
    table.add_row(words["everybody"], *_numbers(everybody, ""), "", style="bold")
    return table


def _numbers(group: dict[str, Any], difference: str) -> list[str]:
    score = group["mean_score"]
    return [
        str(group["waiting"]),
        str(group["matched"]),
        f"{group['matched'] / group['waiting']:.0%}",
        f"{group['median_days']:.0f}",
        difference,
        "" if score is None else f"{score:,}",
    ]
