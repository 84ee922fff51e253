"""What can happen to a city, and how the optimum follows: one small repair for each event.

An event that makes no sense (unknown, doubled, out of order) changes nothing and says why.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from .compare import Change, changes
from .model import Household, Ladder, Sponsor, Weights
from .search import fill
from .state import State


@dataclass(frozen=True, slots=True)
class HouseholdWaits:
    """A household waits for a sponsor, or has changed while it waits."""

    household: Household


@dataclass(frozen=True, slots=True)
class HouseholdLeft:
    """A household waits no longer."""

    household_id: str


@dataclass(frozen=True, slots=True)
class SponsorReady:
    """A sponsor is ready for households, or has changed: room, times, certificate and so on."""

    sponsor: Sponsor


@dataclass(frozen=True, slots=True)
class SponsorLeft:
    """A sponsor pauses or leaves; sponsorships under way are not the engine's matter."""

    sponsor_id: str


@dataclass(frozen=True, slots=True)
class PairExcluded:
    """The two declined each other or failed before: never propose them again."""

    household_id: str
    sponsor_id: str


@dataclass(frozen=True, slots=True)
class PairAllowed:
    """The two were kept apart by mistake: they may be proposed again."""

    household_id: str
    sponsor_id: str


@dataclass(frozen=True, slots=True)
class PairCommitted:
    """Staff decided for this pair, proposed or not: the household leaves, the place is taken."""

    household_id: str
    sponsor_id: str


@dataclass(frozen=True, slots=True)
class PlaceFreed:
    """A sponsorship of this sponsor ended."""

    sponsor_id: str


@dataclass(frozen=True, slots=True)
class DayBegan:
    """A new day: households climb the ladder, certificates expire."""

    today: date


@dataclass(frozen=True, slots=True)
class RulesChanged:
    """Other weights or another ladder take effect."""

    weights: Weights
    ladder: Ladder


Event = (
    HouseholdWaits
    | HouseholdLeft
    | SponsorReady
    | SponsorLeft
    | PairExcluded
    | PairAllowed
    | PairCommitted
    | PlaceFreed
    | DayBegan
    | RulesChanged
)


@dataclass(frozen=True, slots=True)
class Diff:
    """What an event changed; `ignored` says why it changed nothing, or is empty."""

    changes: tuple[Change, ...] = ()
    ignored: str = ""


def apply(state: State, event: Event) -> Diff:
    """Bring the state to the optimum after the event. BadInputError leaves it as it was."""
    state.before.clear()
    ignored = _HANDLERS[type(event)](state, event)
    return Diff(changes(state), ignored)


def _household_waits(state: State, event: HouseholdWaits) -> str:
    households, household = state.market.households, event.household
    known = households.position.get(household.id)
    if known is not None and households.at(known) == household:
        return "already known"
    j = state.market.put_household(household)
    state.fit()
    if known is None:
        state.bring_household(j)
    else:
        state.review_household(j)
    return ""


def _household_left(state: State, event: HouseholdLeft) -> str:
    j = state.market.households.position.get(event.household_id)
    if j is None:
        return "unknown household"
    state.take_household(j)
    state.market.households.leave(event.household_id)
    return ""


def _sponsor_ready(state: State, event: SponsorReady) -> str:
    sponsors, sponsor = state.market.sponsors, event.sponsor
    known = sponsors.position.get(sponsor.id)
    if known is not None and sponsors.at(known) == sponsor:
        return "already known"
    i = state.market.put_sponsor(sponsor)
    state.fit()
    if known is not None:
        state.take_sponsor(i)
    state.bring_sponsor(i)
    return ""


def _sponsor_left(state: State, event: SponsorLeft) -> str:
    i = state.market.sponsors.position.get(event.sponsor_id)
    if i is None:
        return "unknown sponsor"
    state.take_sponsor(i)
    state.market.sponsors.leave(event.sponsor_id)
    return ""


def _pair_excluded(state: State, event: PairExcluded) -> str:
    market = state.market
    if event.sponsor_id in market.households.excluded.get(event.household_id, ()):
        return "already excluded"
    market.exclude(event.household_id, event.sponsor_id)
    _review_pair(state, event)
    return ""


def _pair_allowed(state: State, event: PairAllowed) -> str:
    market = state.market
    if event.sponsor_id not in market.households.excluded.get(event.household_id, ()):
        return "not excluded"
    market.allow(event.household_id, event.sponsor_id)
    _review_pair(state, event)
    return ""


def _review_pair(state: State, event: PairExcluded | PairAllowed) -> None:
    j = state.market.households.position.get(event.household_id)
    if j is not None and event.sponsor_id in state.market.sponsors.position:
        state.review_household(j)


def _pair_committed(state: State, event: PairCommitted) -> str:
    market = state.market
    j = market.households.position.get(event.household_id)
    i = market.sponsors.position.get(event.sponsor_id)
    if j is None or i is None:
        return "unknown household" if j is None else "unknown sponsor"
    sponsor = market.sponsors.at(i)
    if sponsor.active >= sponsor.capacity:
        return "sponsor has no room"
    never = market.never_waived(j, i)
    if never:
        return f"never waived: {never}"
    taken = replace(sponsor, active=sponsor.active + 1)
    if state.owner.item(j) == i:
        state.detach(j)
        state.gains[j] = state.scale.absent
        market.put_sponsor(taken)
        state.read_room(i)
    else:
        state.take_household(j)
        _sponsor_ready(state, SponsorReady(taken))
    market.households.leave(event.household_id)
    return ""


def _place_freed(state: State, event: PlaceFreed) -> str:
    sponsors = state.market.sponsors
    i = sponsors.position.get(event.sponsor_id)
    if i is None:
        return "unknown sponsor"
    sponsor = sponsors.at(i)
    if not sponsor.active:
        return "sponsor has no sponsorship"
    state.market.put_sponsor(replace(sponsor, active=sponsor.active - 1))
    state.read_room(i)
    fill(state, i)
    return ""


def _day_began(state: State, event: DayBegan) -> str:
    market, before = state.market, state.market.today
    if event.today <= before:
        return "the day does not go back"
    rungs = {j: market.rung_of(household) for j, household in market.households}
    market.today = event.today
    for i, sponsor in list(market.sponsors):
        until = sponsor.certificate_until
        if until and before <= until < event.today:
            state.take_sponsor(i)
            market.put_sponsor(sponsor)
            state.bring_sponsor(i)
    for j, rung in rungs.items():
        household = market.households.at(j)
        if market.rung_of(household) != rung:
            market.put_household(household)
            state.review_household(j)
    return ""


def _rules_changed(state: State, event: RulesChanged) -> str:
    if (event.weights, event.ladder) == (state.market.weights, state.market.ladder):
        return "already in force"
    state.market.change_rules(event.weights, event.ladder)
    state.start_again()
    return ""


_HANDLERS: dict[type[Any], Callable[[State, Any], str]] = {
    HouseholdWaits: _household_waits,
    HouseholdLeft: _household_left,
    SponsorReady: _sponsor_ready,
    SponsorLeft: _sponsor_left,
    PairExcluded: _pair_excluded,
    PairAllowed: _pair_allowed,
    PairCommitted: _pair_committed,
    PlaceFreed: _place_freed,
    DayBegan: _day_began,
    RulesChanged: _rules_changed,
}
