"""Which sponsor to recruit next: made-up profiles are let into the market, the best one stays.

One profile for each language of those who wait unmatched, shaped after its speakers; its gain is
what the optimum with it has more than the optimum without, matches first.
"""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import product
from typing import TypeVar

from .compare import compare
from .matching import NOBODY
from .model import SLOTS, Household, Sponsor
from .state import State

MOST_PROFILES = 12
LEVEL = 5
TOPICS = 3
HOURS = 5
T = TypeVar("T", str, int)


@dataclass(frozen=True, slots=True)
class Advice:
    """A profile worth recruiting, after those before it, and who would find a sponsor by it."""

    profile: Sponsor
    matches_gained: int
    points_gained: int
    helped: tuple[str, ...]


def advise_recruiting(state: State, count: int = 3, capacity: int = 1) -> list[Advice]:
    """The `count` profiles to recruit, in this order; fewer if no more would help.

    The matching is left as it is; the market only lends positions.
    """
    profiles = [replace(p, capacity=capacity) for p in _profiles(state)]
    tries = [
        [replace(p, id=f"profile {turn}: {p.id}") for p in profiles] for turn in range(1, count + 1)
    ]
    positions = {p.id: state.market.put_sponsor(p) for turn in tries for p in turn}
    state.fit()
    try:
        return _best_each_turn(state.fork(), tries, positions)
    finally:
        for who in positions:
            state.market.sponsors.leave(who)


def _best_each_turn(
    base: State, tries: list[list[Sponsor]], positions: dict[str, int]
) -> list[Advice]:
    advice = []
    for turn in tries:
        found = []
        for profile in turn:
            trial = base.fork()
            trial.bring_sponsor(positions[profile.id])
            found.append((compare(base, trial), profile, trial))
        if not found:
            break
        gain, profile, base = max(found, key=lambda f: f[0].worth)
        if gain.worth <= 0:
            break
        helped = tuple(c.household_id for c in gain.changes if c.before is None)
        advice.append(Advice(profile, gain.matches, gain.points, helped))
    return advice


def _profiles(state: State) -> list[Sponsor]:
    """One for each of the languages that most of the unmatched speak."""
    waiting = [who for j, who in state.market.households if state.owner.item(j) == NOBODY]
    languages = Counter(code for w in waiting for code, level in w.languages.items() if level > 1)
    return [
        _profile(state, code, [who for who in waiting if who.languages.get(code, 0) > 1])
        for code in _most(languages, MOST_PROFILES)
    ]


def _profile(state: State, language: str, speakers: list[Household]) -> Sponsor:
    """Whom these households would need: their times, district, topics and wish."""
    slots = Counter(s for who, s in product(speakers, range(SLOTS)) if who.slots >> s & 1)
    genders = Counter(g for who in speakers for g in who.accepts or "fm")
    return Sponsor(
        id=language,
        languages={language: LEVEL},
        slots=sum(1 << s for s in _most(slots, HOURS)),
        district=_most(Counter(who.district for who in speakers), 1)[0],
        gender=_most(genders, 1)[0],
        topics=frozenset(_most(Counter(t for who in speakers for t in who.topics), TOPICS)),
        certificate_until=state.market.today + timedelta(days=365),
        children=True,
    )


def _most(counts: Counter[T], k: int) -> list[T]:
    """The k most frequent, in an order that does not depend on who came first."""
    return sorted(counts, key=lambda name: (-counts[name], name))[:k]
