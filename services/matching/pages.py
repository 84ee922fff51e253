"""What is shown of sessions and of the rules they follow: ids, versions and counts, of nobody what
a session was told of them; who set a rule and when, but not the note, which may name somebody.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from pydantic import TypeAdapter

from shared.contracts.matching_sessions import LadderSet, WeightsSet
from shared.questions import BadQuestionError

from . import engine
from .domain.calendar import local_day
from .domain.fairness import Audit
from .domain.matching_rules import Kind, MatchingRules, ladder_set, weights_set
from .domain.run import KEEP_INPUTS, Run
from .period_figures import period_figures, trace
from .store import MatchingStore
from .tentative_page import tentative

MOST = 1_000
USUAL = 50
RUN = TypeAdapter(Run)
AUDIT = TypeAdapter(Audit)


async def runs(store: MatchingStore, asked: Mapping[str, str], _: datetime) -> list[Any]:
    """The latest sessions that proposed something, the latest first, without their pairs."""
    limit = asked.get("limit", str(USUAL))
    if not re.fullmatch(r"\d{1,6}", limit, re.ASCII):
        raise BadQuestionError("limit is a whole number")
    latest = await store.latest_runs(max(1, min(int(limit), MOST)))
    return [_shown(each) | {"pairs": len(each.pairs)} for each in latest]


async def run(store: MatchingStore, asked: Mapping[str, str], _: datetime) -> dict[str, Any] | None:
    """A session with its pairs; its id may be shortened."""
    found = await _one(store, asked["run_id"])
    if found is None:
        return None
    replayable = await store.run_inputs.get(found.id) is not None
    until = found.day + KEEP_INPUTS
    return _shown(found) | {"replayable": replayable, "inputs_until": until.isoformat()}


async def fairness(
    store: MatchingStore, asked: Mapping[str, str], _: datetime
) -> dict[str, Any] | None:
    """The audit of a session; its id may be shortened. None too if it was held before there were
    audits.
    """
    found = await _one(store, asked["run_id"])
    audit = await store.audits.get(found.id) if found else None
    return AUDIT.dump_python(audit, mode="json") if audit else None


async def rules(store: MatchingStore, asked: Mapping[str, str], now: datetime) -> dict[str, Any]:
    """All weights and ladders that were ever set, and which hold on a day, today if none is given.

    Those that are set for days to come are among them.
    """
    day = _day(asked["on"]) if "on" in asked else local_day(now)
    kept = await store.rules_of_matching()
    return {
        "on": day.isoformat(),
        "weights_in_force": kept.weights_on(day).version,
        "ladder_in_force": kept.ladder_on(day).version,
        "weights": _versions(kept, Kind.WEIGHTS, map(weights_set, kept.weights)),
        "ladders": _versions(kept, Kind.LADDER, map(ladder_set, kept.ladders)),
    }


async def _one(store: MatchingStore, run_id: str) -> Run | None:
    found = await store.runs_beginning(run_id)
    if len(found) > 1:
        raise BadQuestionError("more than one session has an id that begins so")
    return found[0] if found else None


def _day(text: str) -> date:
    try:
        return max(date.fromisoformat(text), engine.Weights().effective)
    except ValueError:
        raise BadQuestionError("a day is written 2026-12-01") from None


def _shown(run: Run) -> dict[str, Any]:
    shown: dict[str, Any] = RUN.dump_python(run, mode="json")
    return shown


def _versions(
    rules: MatchingRules, kind: Kind, told: Iterable[WeightsSet | LadderSet]
) -> list[dict[str, Any]]:
    entered = {
        change.version: {
            "staff_id": change.entered.staff_id,
            "entered_at": change.entered.at.isoformat(),
        }
        for change in rules.record
        if change.kind is kind
    }
    return [each.model_dump(mode="json") | entered.get(each.version, {}) for each in told]


PAGES = {
    "/runs": runs,
    "/runs/{run_id}": run,
    "/runs/{run_id}/fairness": fairness,
    "/rules": rules,
    "/tentative": tentative,
    "/figures/period": period_figures,
    "/figures/trace": trace,
}
