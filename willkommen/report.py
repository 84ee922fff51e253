"""The council report: plan against actual for both programmes and their money, from the services'
own figures.
"""

import asyncio
from collections.abc import Mapping
from typing import Any

import httpx
from rich.console import Console
from rich.table import Table


async def collect(services: Mapping[str, str]) -> dict[str, Any]:
    """The figures of all services, by section; addresses by service name."""
    async with httpx.AsyncClient(timeout=30) as client:
        answers = await asyncio.gather(*(client.get(f"{url}/figures") for url in services.values()))
    found: dict[str, Any] = {}
    for answer in answers:
        found |= answer.raise_for_status().json()
    return arrange(found)


def arrange(found: Mapping[str, Any]) -> dict[str, Any]:
    """Put plan and actual side by side."""
    plan = found["plan"]
    low, high = plan.get("willkommen/sponsors", [0, 0])
    return {
        "sponsors": {"planned": low if low == high else [low, high], **found["sponsors"]},
        "newcomers": {
            "planned": plan.get("willkommen/newcomers", [0, 0]),
            **found["newcomers"],
        },
        "sponsorships": found["sponsorships"]["started"],
        "sponsorships_by_state": found["sponsorships"],
        "households": found["households"],
        "recruits": found["recruits"],
        "actors": found["actors"],
        "evaluation": found["evaluation"],
        "trainings": found["trainings"],
        "money": found["money"],
        "mails": found["mails"],
    }


def show(figures: Mapping[str, Any], console: Console) -> None:
    """Print the report as tables."""
    console.print(_willkommen(figures))
    console.print(_network(figures))
    console.print(_money(figures["money"]))


def _willkommen(figures: Mapping[str, Any]) -> Table:
    sponsors, newcomers = figures["sponsors"], figures["newcomers"]
    states, recruits = figures["sponsorships_by_state"], figures["recruits"]
    table = _table("Willkommen in Ludwigsburg", "", "planned", "actual")
    table.add_row("Sponsors, trained", _span(sponsors["planned"]), str(sponsors["actual"]))
    table.add_row("  of them with migration experience", "", str(sponsors["migration_experience"]))
    table.add_row("Newcomers reached", _span(newcomers["planned"]), str(newcomers["people"]))
    table.add_row("  of them children", "", str(newcomers["children"]))
    table.add_row("  countries", "", str(newcomers["countries"]))
    table.add_row("Households reached", "", str(newcomers["households"]))
    table.add_row("Sponsorships started", "", str(states["started"]))
    table.add_row("  running / ended", "", f"{states['running']} / {states['ended']}")
    table.add_row("Recruits of the hospital: reported", "", str(recruits["reported"]))
    table.add_row("  offered a place after three months", "", str(recruits["offered"]))
    table.add_row("  joined / withdrawn", "", f"{recruits['joined']} / {recruits['withdrawn']}")
    return table


_CATEGORIES = {
    "work": "Work",
    "counselling": "Counselling",
    "emergency": "Emergency services",
    "engagement": "Engagement",
    "language_education": "Language and education",
    "arts_culture": "Arts and culture",
}


def _network(figures: Mapping[str, Any]) -> Table:
    actors, evaluation = figures["actors"], figures["evaluation"]
    table = _table("Ludwigsburger Akteure für Integration", "", "actual")
    table.add_row("Actors", str(actors["total"]))
    for key, title in _CATEGORIES.items():
        table.add_row(f"  {title}", str(actors[key]))
    table.add_row("Network meetings", str(evaluation["meetings"]))
    table.add_row("Evaluation forms", str(evaluation["forms"]))
    table.add_row("  return rate", _share(evaluation["return_rate"]))
    need = evaluation["need_for_network_mean"]
    table.add_row(
        "  need for the network (1 fully ... 6 not)", "too few" if need is None else str(need)
    )
    table.add_row("Trainings held", str(figures["trainings"]["held"]))
    return table


def _money(money: Mapping[str, Any]) -> Table:
    table = _table("Money", "", "EUR")
    table.add_row("Costs of both programmes, April 2015 to March 2018", _euro(money["total_eur"]))
    table.add_row(f"  funded ({_share(money['funded_share'])})", _euro(money["funded_eur"]))
    for programme, amount in money["per_programme_eur"].items():
        table.add_row(f"April to December 2018: {programme}", _euro(amount))
    return table


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", min_width=72)
    for position, column in enumerate(columns):
        table.add_column(column, justify="right" if position else "left")
    return table


def _span(planned: int | list[int]) -> str:
    if isinstance(planned, int):
        return str(planned)
    return f"{planned[0]} to {planned[1]}"


def _share(share: float | None) -> str:
    return "too few" if share is None else f"{share:.0%}"


def _euro(amount: int) -> str:
    return f"{amount:,}"
