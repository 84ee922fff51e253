"""Puts the files of a folder together; raises with everything that is wrong in any of them."""

from collections.abc import Collection, Mapping
from datetime import datetime
from operator import attrgetter
from pathlib import Path
from typing import TypeVar, cast

from pydantic import BaseModel

from shared.contracts.desk import Command
from willkommen.timeline.actions import Action, Enter, Timeline
from willkommen.timeline.columns import Table
from willkommen.timeline.decisions import DECISIONS, OFFERS, Decision, Decisions, Offers
from willkommen.timeline.messages import read_messages, read_partners
from willkommen.timeline.problems import BadDataError, Problem
from willkommen.timeline.rows import Reader, references
from willkommen.timeline.tables import ENTRIES

C = TypeVar("C", bound=Command)
M = TypeVar("M", bound=BaseModel)


def read_entries(
    path: Path,
    table: Table[C],
    *,
    known: Mapping[str, Collection[str]] | None = None,
    defaults: Mapping[str, object] | None = None,
) -> tuple[list[Enter], list[Problem]]:
    """The right rows of a file as commands, and a problem for each that is not.

    `defaults` may give `at` and `staff_id`, so that the file needs no such columns.
    """
    reader = Reader(table, known or {}, defaults or {})
    rows = reader.read(path)
    return [Enter(cast("datetime", row.values["at"]), row.model) for row in rows], reader.problems


def read_timeline(folder: Path) -> Timeline:
    """Everything in the folder. Raises `BadDataError` with all problems of all files."""
    partners, problems = read_partners(folder / "partners.json")
    published, bad = read_messages(folder / "messages", {partner.id for partner in partners})
    problems += bad
    entered = _entered(folder, problems)
    decisions = _decisions(folder, problems)
    offers = _models(folder, OFFERS, problems)
    if problems or decisions is None:
        raise BadDataError(problems)
    actions: list[Action] = sorted([*entered, *published], key=attrgetter("at"))
    return Timeline(partners, tuple(actions), decisions, Offers.of(offers))


def _entered(folder: Path, problems: list[Problem]) -> list[Enter]:
    known: dict[str, set[str]] = {}
    entered: list[Enter] = []
    for table in ENTRIES.values():
        reader = Reader(table, known)
        rows = reader.read(folder / f"{table.name}.csv")
        known[table.name] = references(rows)
        entered += [Enter(cast("datetime", row.values["at"]), row.model) for row in rows]
        problems += reader.problems
    return entered


def _decisions(folder: Path, problems: list[Problem]) -> Decisions | None:
    rows: list[Decision] = _models(folder, DECISIONS, problems)
    try:
        return Decisions.of(rows)
    except ValueError as error:
        problems.append(Problem("decisions.csv", 1, "", str(error)))
        return None


def _models(folder: Path, table: Table[M], problems: list[Problem]) -> list[M]:
    reader = Reader(table)
    rows = reader.read(folder / f"{table.name}.csv")
    problems += reader.problems
    return [row.model for row in rows]
