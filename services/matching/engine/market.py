"""Everybody who waits or helps, compiled from records to integers; no matching, only facts.

Hard rules become bits that clash, criteria tables of points.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from .checks import check_household, check_sponsor
from .model import GENDERS, SLOTS, BadInputError, Household, Ladder, Sponsor, Weights
from .side import Ints, Person, Side

Points = npt.NDArray[np.int16]
Field = int | Ints
# Bits of `clash`: what one side is or lacks, and the other side rules out; a shared bit blocks.
CLASH = {"household_wish": 0x00F, "sponsor_wish": 0x0F0, "training": 0x100, "certificate": 0x200}
NEVER_WAIVED = ("training", "certificate", "excluded")
ANY_TOPIC = 1 << 30
MOST_TOPICS = 30
WISHES = MOST_TOPICS + 2
ENOUGH_SLOTS = 4


class SponsorTraits(NamedTuple):
    """A sponsor's facts as integers, or those of all sponsors as arrays [sponsors]."""

    slots: Field
    topics: Field
    district: Field
    clash: Field
    interpreter: Field
    children: Field


class HouseholdTraits(NamedTuple):
    """A household's facts as integers, or those of all households as arrays [households].

    `wishes` is where the household's part of the table of topics begins.
    """

    slots: Field
    topics: Field
    wishes: Field
    district: Field
    clash: Field
    minors: Field
    interpreter: Field
    level: Field
    minimum: Field


def _codes() -> defaultdict[str, int]:
    codes: defaultdict[str, int] = defaultdict()
    codes.default_factory = codes.__len__
    return codes


@cache
def _genders(names: Iterable[str], rule: str) -> int:
    return sum(CLASH[rule] & (0x11 << GENDERS.index(name)) for name in names)


@cache
def _unwanted(accepts: frozenset[str], rule: str) -> int:
    """Genders that a wish rules out; no wish rules out nobody."""
    return _genders(frozenset(GENDERS) - accepts, rule) if accepts else 0


class Tables(NamedTuple):
    """Points of a criterion by what two have in common: best level, topics, number of slots.

    `topics` has a part of its own for each number of wishes; see HouseholdTraits.wishes.
    """

    language: Points
    topics: Points
    time: Points


def _tables(weights: Weights) -> Tables:
    topics = [
        weights.topics * min(common, wishes) // max(wishes, 1)
        for wishes in range(WISHES)
        for common in range(WISHES)
    ]
    time = [weights.time * min(slots, ENOUGH_SLOTS) // ENOUGH_SLOTS for slots in range(SLOTS + 1)]
    language = [weights.language * level // 6 for level in range(7)]
    return Tables(*(np.array(points, np.int16) for points in (language, topics, time)))


@dataclass
class Market:
    """Both sides, the rules in force and today's date, with the codes that names were given."""

    weights: Weights
    ladder: Ladder
    today: date
    sponsors: Side[Sponsor]
    households: Side[Household]
    language: dict[str, int] = field(default_factory=_codes)
    topic: dict[str, int] = field(default_factory=_codes)
    district: dict[str, int] = field(default_factory=_codes)
    near: Points = field(init=False)
    tables: Tables = field(init=False)
    topic_masks: dict[frozenset[str], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Read the tables of points from the weights."""
        self.tables, self.near = _tables(self.weights), np.zeros((0, 0), np.int16)

    def put_sponsor(self, sponsor: Sponsor) -> int:
        """Add or replace a sponsor; gives the position. BadInputError leaves all as it was."""
        check_sponsor(sponsor, self.today)
        until, side = sponsor.certificate_until, self.sponsors
        traits = SponsorTraits(
            slots=sponsor.slots,
            topics=self._topics(sponsor) | ANY_TOPIC,
            district=self._district(sponsor.district),
            clash=(0 if sponsor.trained else CLASH["training"])
            | (0 if until and until >= self.today else CLASH["certificate"])
            | _genders((sponsor.gender,), "household_wish")
            | _unwanted(sponsor.accepts, "sponsor_wish"),
            interpreter=sponsor.interpreter,
            children=sponsor.children,
        )
        return self._put(side, sponsor, traits)

    def put_household(self, household: Household) -> int:
        """Add or replace a household; gives the position. BadInputError leaves all as it was."""
        check_household(household, self.today)
        rung = self.ladder.rungs[self.rung_of(household)]
        topics = self._topics(household) or ANY_TOPIC
        traits = HouseholdTraits(
            slots=household.slots,
            topics=topics,
            wishes=topics.bit_count() * WISHES,
            district=self._district(household.district),
            clash=CLASH["training"]
            | (CLASH["certificate"] if household.minors else 0)
            | _unwanted(household.accepts, "household_wish")
            | _genders((household.gender,), "sponsor_wish"),
            minors=household.minors > 0,
            interpreter=rung.interpreter,
            level=rung.minimum_level,
            minimum=rung.minimum_score,
        )
        return self._put(self.households, household, traits)

    def rung_of(self, household: Household) -> int:
        """Index of the ladder's rung that the household has reached today."""
        return self.ladder.step((self.today - household.arrived).days)

    def exclude(self, household: str, sponsor: str) -> None:
        """Never propose this pair again, whether or not the two are known yet."""
        self.households.excluded[household].add(sponsor)
        self.sponsors.excluded[sponsor].add(household)

    def allow(self, household: str, sponsor: str) -> None:
        """Take back that this pair is never proposed."""
        self.households.excluded[household].discard(sponsor)
        self.sponsors.excluded[sponsor].discard(household)

    def never_waived(self, j: int, i: int) -> str:
        """The rule against a pair that no ladder and no person can waive, or nothing."""
        if self.sponsors.names[i] in self.households.excluded.get(self.households.names[j], ()):
            return "excluded"
        household = HouseholdTraits(*self.households.traits[:, j].tolist())
        sponsor = SponsorTraits(*self.sponsors.traits[:, i].tolist())
        clash = household.clash & sponsor.clash
        return next((rule for rule in ("training", "certificate") if clash & CLASH[rule]), "")

    def change_rules(self, weights: Weights, ladder: Ladder) -> None:
        """Put other weights and another ladder in force for everybody."""
        self.weights, self.ladder = weights, ladder
        self.district.clear()
        self.__post_init__()
        for _, sponsor in list(self.sponsors):
            self.put_sponsor(sponsor)
        for _, household in list(self.households):
            self.put_household(household)

    def _put(self, side: Side[Person], who: Person, traits: Iterable[Field]) -> int:
        k = side.position[who.id] if who.id in side.position else side.enter(who)
        side.people[k] = who
        side.traits[:, k] = list(traits)
        spoken = tuple((self.language[code], level) for code, level in who.languages.items())
        if len(self.language) > len(side.levels):
            for each in (self.sponsors, self.households):
                missing = len(self.language) - len(each.levels)
                each.levels = np.pad(each.levels, ((0, missing), (0, 0)))
        for code, _ in side.spoken[k]:
            side.levels[code, k] = 0
        for code, level in spoken:
            side.levels[code, k] = level
        side.spoken[k] = spoken
        return k

    def _topics(self, who: Sponsor | Household) -> int:
        known = self.topic_masks.get(who.topics)
        if known is None:
            if len(self.topic.keys() | who.topics) > MOST_TOPICS:
                raise BadInputError(who.id, "topics", "would be more than 30 different ones")
            known = sum(1 << self.topic[name] for name in sorted(who.topics))
            self.topic_masks[who.topics] = known
        return known

    def _district(self, name: str) -> int:
        """Code of a district; `near` has the points of two: all in the same, half if neighbours."""
        code = self.district[name]
        if code == len(self.near):
            self.near = np.pad(self.near, (0, 1))
            for other, k in self.district.items():
                pairs = {(name, other), (other, name)} & self.weights.neighbours
                self.near[code, k] = self.near[k, code] = self.weights.district // 2 if pairs else 0
            self.near[code, code] = self.weights.district if name else 0
        return code


def compile_market(
    sponsors: Iterable[Sponsor],
    households: Iterable[Household],
    weights: Weights,
    ladder: Ladder,
    excluded_pairs: Iterable[tuple[str, str]],
    today: date,
) -> Market:
    """Compile records to arrays; pairs are (household id, sponsor id). Raises BadInputError."""
    given, waiting = list(sponsors), list(households)
    market = Market(
        weights,
        ladder,
        today,
        Side[Sponsor](len(SponsorTraits._fields), len(given)),
        Side[Household](len(HouseholdTraits._fields), len(waiting)),
    )
    for sponsor in given:
        market.put_sponsor(sponsor)
    for household in waiting:
        market.put_household(household)
    for pair in excluded_pairs:
        market.exclude(*pair)
    for side, people in ((market.sponsors, given), (market.households, waiting)):
        if len(side.position) != len(people):
            raise BadInputError("market", "id", "is given twice")
    return market
