"""A matching session: when it takes place, and what comes of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from .calendar import local_day, moment, monday_from
from .household import Household
from .inputs import Inputs
from .match import Outcomes, propose
from .matching_rules import MatchingRules
from .pairing import Best, best_pairs, inputs_of
from .policy import Rhythm
from .sponsor import Sponsor

SESSION_AT: Final = time(6)


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
class Session:
    """What a session was told, what the engine found, and the matches that come of it."""

    inputs: Inputs
    best: Best
    outcomes: list[Outcomes]


def hold(
    households: Iterable[Household],
    sponsors: Iterable[Sponsor],
    rules: MatchingRules,
    now: datetime,
) -> Session:
    """Propose the best set of pairs; a sponsor with room for several may get several."""
    waiting = {household.id: household for household in households}
    available = {sponsor.id: sponsor for sponsor in sponsors}
    inputs = inputs_of(waiting.values(), available.values(), rules, local_day(now))
    best = best_pairs(inputs)
    outcomes = []
    for pair in best.pairs:
        household, sponsor = waiting[pair.household_id], available[pair.sponsor_id]
        match, facts = propose(household, sponsor, pair.reasons, now)
        available[sponsor.id] = match.sponsor
        outcomes.append((match, facts))
    return Session(inputs, best, outcomes)
