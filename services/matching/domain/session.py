"""A matching session: when it takes place, and what comes of it."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Final

from .calendar import local_day, moment, monday_from
from .household import Household
from .match import Outcomes, propose
from .pairing import best_pairs
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


def hold(
    households: Iterable[Household], sponsors: Iterable[Sponsor], now: datetime
) -> list[Outcomes]:
    """Propose the best set of pairs; a sponsor with room for several may get several."""
    waiting = {household.id: household for household in households}
    available = {sponsor.id: sponsor for sponsor in sponsors}
    outcomes = []
    for pair in best_pairs(waiting.values(), available.values(), local_day(now)):
        household, sponsor = waiting[pair.household_id], available[pair.sponsor_id]
        match, facts = propose(household, sponsor, pair.reasons, now)
        available[sponsor.id] = match.sponsor
        outcomes.append((match, facts))
    return outcomes
