"""A matching session: when it takes place, and what comes of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Final

from . import run
from .calendar import local_day, moment, monday_from
from .city import City
from .fairness import Audit, audit
from .household import Household
from .match import Outcomes, propose
from .pairing import Pair, best_of, next_relaxation
from .policy import Rhythm
from .run import Run, RunInputs, RunPair
from .sponsor import Sponsor

SESSION_AT: Final = time(6)
PART: Final = 25
"""So many pairs, or a few more, are proposed in one commit."""


def session_on(rhythm: Rhythm, day: date) -> datetime:
    """The first session on this day or after it."""
    return moment(monday_from(day) if rhythm is Rhythm.WEEKLY else day, SESSION_AT)


def next_session(rhythm: Rhythm, now: datetime) -> datetime:
    """The next session after something changed now: at once, the next morning, next Monday."""
    if rhythm is Rhythm.AT_ONCE:
        return now
    today = local_day(now)
    due = session_on(rhythm, today)
    return due if due > now else session_on(rhythm, today + timedelta(days=1))


def session_from(rhythm: Rhythm, day: date, now: datetime) -> datetime:
    """The first session on this day or after it that is still to come."""
    return max(session_on(rhythm, day), next_session(rhythm, now))


@dataclass(frozen=True, slots=True)
class Solution:
    """What a session comes to: the records that it will leave, if there are pairs; `relaxation` is
    the next day on which the ladder asks less for one of the others.
    """

    run: Run | None = None
    inputs: RunInputs | None = None
    relaxation: date | None = None
    audit: Audit | None = None


@dataclass(frozen=True, slots=True)
class DueSession:
    """A session that is to be held: it stays until what it came to has taken effect."""

    id: str
    asked_at: datetime
    solution: Solution | None = None


@dataclass(frozen=True, slots=True)
class SessionPart:
    """Some of a session's pairs, all those of each sponsor, proposed together, so that no commit
    takes long; `proposed` are those that were, None before.
    """

    id: str
    session_id: str
    pairs: tuple[Pair, ...]
    versions: Mapping[str, int]
    proposed: tuple[RunPair, ...] | None = None


def solve(city: City, run_id: str, now: datetime) -> tuple[Solution, list[SessionPart]]:
    """Everybody who waits, everybody with room, the best set of pairs, proven, and in parts."""
    if not city.sponsors:
        return Solution(), []
    inputs = city.inputs
    best = best_of(inputs, city.state)
    matched = {pair.household_id for pair in best.pairs}
    others = (each for key, each in city.households.items() if key not in matched)
    relaxation = next_relaxation(others, inputs.ladder, city.today)
    if not best.pairs:
        return Solution(relaxation=relaxation), []
    entry = run.record(run_id, now, inputs, best)
    told = [*(each.id for each in inputs.households), *(each.id for each in inputs.sponsors)]
    versions = {key: city.versions[key] for key in told}
    kept = run.kept_inputs(entry, inputs, versions)
    audited = audit(run_id, city.today, city.households.values(), best.pairs)
    solution = Solution(entry, kept, relaxation, audited)
    return solution, in_parts(run_id, best.pairs, versions)


def in_parts(
    session_id: str, pairs: Iterable[Pair], versions: Mapping[str, int]
) -> list[SessionPart]:
    """The pairs some at a time: a sponsor's record is written once, so its pairs stay together."""
    several: list[list[Pair]] = [[]]
    for _, of_one in groupby(sorted(pairs, key=_sponsor_first), key=lambda each: each.sponsor_id):
        if len(several[-1]) >= PART:
            several.append([])
        several[-1] += of_one
    return [
        SessionPart(
            f"{session_id}/{number:05}",
            session_id,
            tuple(part),
            {key: versions[key] for each in part for key in (each.household_id, each.sponsor_id)},
        )
        for number, part in enumerate(several, start=1)
    ]


def _sponsor_first(pair: Pair) -> tuple[str, str]:
    return pair.sponsor_id, pair.household_id


def propose_all(
    pairs: Iterable[Pair],
    households: Mapping[str, Household],
    sponsors: Mapping[str, Sponsor],
    now: datetime,
) -> list[Outcomes]:
    """Put pairs to staff; a sponsor with room for several may get several."""
    available, outcomes = dict(sponsors), []
    for pair in pairs:
        household, sponsor = households[pair.household_id], available[pair.sponsor_id]
        match, facts = propose(household, sponsor, pair.reasons, now)
        available[sponsor.id] = match.sponsor
        outcomes.append((match, facts))
    return outcomes
