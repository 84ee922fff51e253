"""Figures of a period by a funder's definition, and the records behind one: ids and days only."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from shared.questions import BadQuestionError

from .domain.calendar import local_day
from .domain.counting import Records, counted
from .domain.definitions import DEFINITIONS, Definition, Measure
from .domain.period import Period, period_of
from .store import MatchingStore


async def period_figures(
    store: MatchingStore, asked: Mapping[str, str], now: datetime
) -> dict[str, Any]:
    """Every figure of a definition; raises `BadQuestionError` for what cannot be answered."""
    period, definition = period_of(asked, local_day(now)), _definition(asked.get("definition", ""))
    records = await _records(store)
    return {
        **_told(period, definition),
        "figures": [
            {
                "figure": each.figure,
                "title": each.title,
                "planned": each.planned.value if each.planned else None,
                "actual": sum(part.number for part in counted(each, records, period)),
            }
            for each in definition.measures
        ],
    }


async def trace(store: MatchingStore, asked: Mapping[str, str], now: datetime) -> dict[str, Any]:
    """What one figure is made of."""
    period, definition = period_of(asked, local_day(now)), _definition(asked.get("definition", ""))
    measure = _measure(definition, asked.get("figure", ""))
    parts = counted(measure, await _records(store), period)
    return {
        **_told(period, definition),
        "figure": measure.figure,
        "counts": measure.counts.value,
        "actual": sum(part.number for part in parts),
        "parts": [
            {"id": part.id, "on": part.on.isoformat(), "number": part.number} for part in parts
        ],
    }


async def _records(store: MatchingStore) -> Records:
    started = {"started_on": {"$ne": None}}
    return Records(
        sponsors=await store.sponsors.find({"trained_on": {"$ne": None}}),
        households=await store.households.find({"first_matched_on": {"$ne": None}}),
        sponsorships=await store.sponsorships.find(started),
    )


def _told(period: Period, definition: Definition) -> dict[str, str]:
    return {
        "definition": definition.name,
        "title": definition.title,
        "from": period.first.isoformat(),
        "to": period.last.isoformat(),
        "as_of": period.as_of.isoformat(),
    }


def _definition(name: str) -> Definition:
    if name not in DEFINITIONS:
        known = ", ".join(DEFINITIONS)
        raise BadQuestionError(f"there is no definition {name[:40]!r}; there are: {known}")
    return DEFINITIONS[name]


def _measure(definition: Definition, figure: str) -> Measure:
    for each in definition.measures:
        if each.figure == figure:
            return each
    known = ", ".join(each.figure for each in definition.measures)
    raise BadQuestionError(f"{definition.name} has no figure {figure[:40]!r}; it has: {known}")
