"""A city alive: everybody who waits and everybody with room, as the records say, with the optimum
over them, which follows each change of a record.

A record may be told late, twice or in any order: its version says which one counts.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Self, TypeVar

from .. import engine
from .household import Household, HouseholdStatus
from .inputs import Inputs
from .matching_rules import MatchingRules
from .pairing import household_told, inputs_of, sponsor_told
from .sponsor import Sponsor
from .tentative import Cause, Difference, Place

Versions = Mapping[str, int]
Who = TypeVar("Who", engine.Sponsor, engine.Household)


@dataclass(frozen=True, slots=True)
class Records:
    """Everybody who waits and everybody with room, and how often each record had been written."""

    households: Sequence[Household]
    sponsors: Sequence[Sponsor]
    rules: MatchingRules
    versions: Versions


class City:
    """Mutable, with a single writer. Every method that is told something gives what it changed."""

    def __init__(
        self, records: Records, today: date, state: engine.State, unusable: Mapping[str, str]
    ) -> None:
        self.households = {each.id: each for each in records.households}
        self.sponsors = {each.id: each for each in records.sponsors}
        self.rules, self.today, self.state = records.rules, today, state
        self.versions = dict(records.versions)
        self.unusable = dict(unusable)
        """Why the engine cannot use a record, by id; such a household or sponsor stays unmatched
        until its record changes, and hinders nobody else.
        """
        self.places: dict[str, Place] = {}
        """With whom each household would be, if a session were held now."""

    @classmethod
    def solved(cls, records: Records, today: date) -> Self:
        """The city with its optimum found from nothing."""
        market, unusable = _market(records, today)
        return cls(records, today, engine.solve(market), unusable)

    @classmethod
    def restored(cls, records: Records, today: date, stored: Mapping[str, Any]) -> Self:
        """The city with a stored optimum; StaleSnapshotError if that is not proven to be one."""
        market, unusable = _market(records, today)
        return cls(records, today, engine.restore(market, dict(stored)), unusable)

    @classmethod
    def guessed(cls, records: Records, today: date, stored: Mapping[str, Any]) -> Self:
        """The city with its optimum found anew, sooner by prices that held before."""
        market, unusable = _market(records, today)
        return cls(records, today, engine.solve(market, stored["prices"]), unusable)

    def household_is(self, household: Household, version: int) -> list[Difference]:
        """A household's record was written."""
        if self._is_old(household.id, version):
            return []
        if household.status is not HouseholdStatus.WAITING:
            return self.household_gone(household.id)
        self.households[household.id] = household
        return self._told(household.id, Cause.HOUSEHOLD_WAITS)

    def household_gone(self, household_id: str) -> list[Difference]:
        """A household waits no longer, or its record is gone."""
        self.households.pop(household_id, None)
        return self._told(household_id, Cause.HOUSEHOLD_LEFT)

    def sponsor_is(self, sponsor: Sponsor, version: int) -> list[Difference]:
        """A sponsor's record was written."""
        if self._is_old(sponsor.id, version):
            return []
        if not sponsor.available:
            return self.sponsor_gone(sponsor.id)
        self.sponsors[sponsor.id] = sponsor
        return self._told(sponsor.id, Cause.SPONSOR_READY)

    def sponsor_gone(self, sponsor_id: str) -> list[Difference]:
        """A sponsor is full, pauses or left, or its record is gone."""
        self.sponsors.pop(sponsor_id, None)
        return self._told(sponsor_id, Cause.SPONSOR_LEFT)

    def rules_are(self, rules: MatchingRules, version: int) -> list[Difference]:
        """Weights or a ladder were set, perhaps for days to come."""
        if self._is_old(rules.id, version):
            return []
        self.rules = rules
        return self._rules_of_the_day()

    def day_is(self, today: date) -> list[Difference]:
        """A new day: ladders and certificates, rules that begin to hold, records that count anew.

        ValueError if the day goes back, which the engine cannot.
        """
        if today < self.today:
            raise ValueError(f"the day goes back from {self.today} to {today}")
        if today == self.today:
            return []
        self.today = today
        engine.apply(self.state, engine.DayBegan(today))
        differences = self._rules_of_the_day()
        self.unusable.clear()
        for event in list(self._events_of_all()):
            self._apply(event)
        return [*differences, *self._differences(self._everybody(), Cause.DAY_BEGAN)]

    def all(self, cause: Cause = Cause.BEGUN) -> list[Difference]:
        """Every household that would be with somebody else than was noted."""
        return self._differences(self._everybody(), cause)

    @property
    def inputs(self) -> Inputs:
        """What the engine is told, as a session keeps it."""
        usable = self.unusable.keys()
        return inputs_of(
            (each for each in self.households.values() if each.id not in usable),
            (each for each in self.sponsors.values() if each.id not in usable),
            self.rules,
            self.today,
        )

    # --- how it follows ---

    def _is_old(self, key: str, version: int) -> bool:
        if version < self.versions.get(key, 0):
            return True
        self.versions[key] = version
        return False

    def _told(self, key: str, cause: Cause) -> list[Difference]:
        self.unusable.pop(key, None)
        touched = {key}
        for event in list(self._events_of(key)):
            touched |= {change.household_id for change in self._apply(event)}
        touched |= self._members(key)
        return self._differences(touched, cause, key)

    def _events_of(self, key: str) -> Iterator[engine.Event]:
        """What the engine must hear so that it knows the present record of this id."""
        market = self.state.market
        if household := self.households.get(key):
            kept_apart = set(market.households.excluded.get(key, ()))
            for other in sorted(kept_apart - set(household.excluded)):
                yield engine.PairAllowed(key, other)
            for other in sorted(set(household.excluded) - kept_apart):
                yield engine.PairExcluded(key, other)
            yield engine.HouseholdWaits(household_told(household, self.today))
        elif key in market.households.position:
            yield engine.HouseholdLeft(key)
        if sponsor := self.sponsors.get(key):
            yield engine.SponsorReady(_sponsor(sponsor, self.today))
        elif key in market.sponsors.position:
            yield engine.SponsorLeft(key)

    def _events_of_all(self) -> Iterator[engine.Event]:
        for key in [*self.sponsors, *self.households]:
            yield from self._events_of(key)

    def _apply(self, event: engine.Event) -> tuple[engine.Change, ...]:
        """A record that the engine cannot use counts as gone, and is remembered with the reason."""
        try:
            return engine.apply(self.state, event).changes
        except engine.BadInputError as error:
            self.unusable[error.subject] = str(error)
            gone = (
                engine.HouseholdLeft(error.subject)
                if isinstance(event, engine.HouseholdWaits)
                else engine.SponsorLeft(error.subject)
            )
            return engine.apply(self.state, gone).changes

    def _rules_of_the_day(self) -> list[Difference]:
        weights, ladder = self.rules.weights_on(self.today), self.rules.ladder_on(self.today)
        diff = engine.apply(self.state, engine.RulesChanged(weights, ladder))
        return [] if diff.ignored else self._differences(self._everybody(), Cause.RULES_CHANGED)

    def _members(self, key: str) -> set[str]:
        i = self.state.market.sponsors.position.get(key)
        members = self.state.members[i] if i is not None else []
        return {self.state.market.households.names[j] for j in members}

    def _everybody(self) -> set[str]:
        return self.households.keys() | self.places.keys()

    def _differences(self, households: set[str], cause: Cause, about: str = "") -> list[Difference]:
        found = []
        for key in sorted(households & self._everybody()):
            before, now = self.places.get(key), self._place(key)
            if now == before:
                continue
            if now:
                self.places[key] = now
            else:
                del self.places[key]
            found.append(Difference(key, before, now, cause, about))
        return found

    def _place(self, household_id: str) -> Place | None:
        found = self.state.score_of(household_id)
        return Place(*found) if found else None


def _market(records: Records, today: date) -> tuple[engine.Market, dict[str, str]]:
    """Everybody whose record can be used, compiled; and why the others' cannot, by id."""
    unusable: dict[str, str] = {}
    sponsors = [
        who
        for who in (_sponsor(each, today) for each in records.sponsors)
        if _usable(unusable, engine.check_sponsor, who, today)
    ]
    households = [
        who
        for who in (household_told(each, today) for each in records.households)
        if _usable(unusable, engine.check_household, who, today)
    ]
    apart = ((each.id, other) for each in records.households for other in each.excluded)
    rules = records.rules
    weights, ladder = rules.weights_on(today), rules.ladder_on(today)
    return engine.compile_market(sponsors, households, weights, ladder, apart, today), unusable


def _usable(
    unusable: dict[str, str], check: Callable[[Who, date], None], who: Who, today: date
) -> bool:
    try:
        check(who, today)
    except engine.BadInputError as error:
        unusable[error.subject] = str(error)
        return False
    return True


def _sponsor(sponsor: Sponsor, today: date) -> engine.Sponsor:
    """With the last day of the certificate, so that the engine sees by itself when it ends."""
    told = sponsor_told(sponsor, today)
    until = sponsor.certificate.valid_until if sponsor.certificate else None
    return replace(told, certificate_until=until if told.children else None)
