"""A city that is told of every change of its records: however they come, it ends as if it had been
solved from the last ones.
"""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest

from services.matching import engine
from services.matching.domain.certificate import Certificate
from services.matching.domain.city import City, Records
from services.matching.domain.household import Household, HouseholdStatus
from services.matching.domain.matching_rules import MatchingRules
from services.matching.domain.pairing import best_of, best_pairs
from services.matching.domain.sponsor import Sponsor, Stage
from services.matching.domain.tentative import Cause
from shared.contracts.codes import SLOTS
from shared.contracts.people import District, LanguageSkill, Level

from .builders import NOW, TODAY, household, sponsor

RULES = MatchingRules()
ROUNDS = 60
Record = Household | Sponsor
Told = tuple[Record, int]
"""A record and its version."""


class Town:
    """Draws lives of households and sponsors: what is written of each, version by version."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def lives(self, number: int = 6) -> list[list[Told]]:
        ids = range(number)
        return [
            *(self._life(f"r-{n}", self._household) for n in ids),
            *(self._life(f"s-{n}", self._sponsor) for n in ids),
        ]

    def disorder(self, lives: list[list[Told]]) -> list[Told]:
        """All that was written, in any order, some of it twice."""
        told = [each for life in lives for each in life]
        told += self.random.sample(told, len(told) // 3)
        self.random.shuffle(told)
        return told

    def _life(self, reference: str, one: object) -> list[Told]:
        assert callable(one)
        versions = range(1, self.random.randint(2, 5))
        return [(one(reference), version) for version in versions]

    def _languages(self) -> list[LanguageSkill]:
        codes = self.random.sample(["ar", "de", "en", "uk"], self.random.randint(0, 3))
        return [LanguageSkill(code=code, level=self.random.choice(list(Level))) for code in codes]

    def _slots(self) -> list[str]:
        return self.random.sample(list(SLOTS), self.random.randint(0, 12))

    def _household(self, reference: str) -> Household:
        drawn = household(
            reference,
            languages=self._languages() or [LanguageSkill(code="so", level=Level.A1)],
            availability=self._slots() or ["mon-evening"],
            district=self.random.choice(list(District)),
            children=[date(2010, 3, 4)] * self.random.randint(0, 1),
        )
        status = self.random.choice(3 * [HouseholdStatus.WAITING] + [HouseholdStatus.PROPOSED])
        apart = self.random.sample([f"sponsor-s-{n}" for n in range(6)], self.random.randint(0, 2))
        since = NOW - timedelta(days=self.random.randint(-2, 200))
        return replace(drawn, status=status, excluded=tuple(apart), waiting_since=since)

    def _sponsor(self, reference: str) -> Sponsor:
        capacity = self.random.randint(1, 3)
        drawn = sponsor(
            reference,
            languages=self._languages() or [LanguageSkill(code="de", level=Level.C1)],
            availability=self._slots() or ["mon-evening"],
            district=self.random.choice(list(District)),
            capacity=capacity,
        )
        held = tuple(f"held-{n}" for n in range(self.random.randint(0, capacity)))
        stage = self.random.choice(4 * [Stage.ACTIVE] + [Stage.PAUSED])
        inspected = TODAY - timedelta(days=self.random.choice([0, 365 * 5 - 1, 365 * 6]))
        certificate = self.random.choice([None, Certificate(inspected)])
        return replace(drawn, holds=held, stage=stage, certificate=certificate)


def records_of(told: Sequence[Told], rules: MatchingRules = RULES) -> Records:
    """The records as a reading of the database would find them."""
    return Records(
        [
            each
            for each, _ in told
            if isinstance(each, Household) and each.status is HouseholdStatus.WAITING
        ],
        [each for each, _ in told if isinstance(each, Sponsor) and each.available],
        rules,
        {each.id: version for each, version in told},
    )


def tell(city: City, told: Sequence[Told]) -> None:
    for each, version in told:
        if isinstance(each, Household):
            city.household_is(each, version)
        else:
            city.sponsor_is(each, version)


def begun(city: City) -> City:
    """With what it begins with noted."""
    city.all()
    return city


def empty() -> City:
    return City.solved(records_of([]), TODAY)


@pytest.mark.parametrize("draw", range(ROUNDS))
def test_any_order_and_doubling_gives_the_optimum_of_the_last_records(draw: int) -> None:
    town = Town(draw)
    lives = town.lives()
    read = [life[town.random.randrange(len(life))] for life in lives if town.random.random() < 0.5]
    city = begun(City.solved(records_of(read), TODAY))
    tell(city, town.disorder(lives))
    whole = begun(City.solved(records_of([life[-1] for life in lives]), TODAY))
    assert city.places == whole.places
    assert city.inputs == whole.inputs
    assert engine.certify(city.state).optimal
    best = best_of(city.inputs, city.state)
    assert best == best_pairs(city.inputs)
    assert {pair.household_id: pair.reasons.score for pair in best.pairs} == {
        key: place.score for key, place in city.places.items()
    }


@pytest.mark.parametrize("draw", range(ROUNDS // 2))
def test_days_that_pass_give_the_optimum_of_the_last_day(draw: int) -> None:
    town = Town(draw)
    lives = town.lives()
    city, day = begun(City.solved(records_of([]), TODAY)), TODAY
    tell(city, town.disorder(lives))
    for _ in range(6):
        day += timedelta(days=town.random.choice([0, 1, 13]))
        city.day_is(day)
        whole = begun(City.solved(records_of([life[-1] for life in lives]), day))
        assert city.places == whole.places
        assert engine.certify(city.state).optimal
    whole = begun(City.solved(records_of([life[-1] for life in lives]), day))
    assert city.places == whole.places
    assert city.inputs == whole.inputs


def test_a_household_that_comes_is_told_as_a_difference_with_its_cause() -> None:
    city = empty()
    assert city.sponsor_is(sponsor(), 1) == []
    [told] = city.household_is(household(), 1)
    assert (told.household_id, told.before, told.cause, told.about) == (
        "household-r-1",
        None,
        Cause.HOUSEHOLD_WAITS,
        "household-r-1",
    )
    assert told.after == city.places["household-r-1"]
    assert told.after.sponsor_id == "sponsor-s-1"


def test_a_household_that_takes_another_s_place_makes_two_differences() -> None:
    city = empty()
    tell(city, [(sponsor(), 1), (household("r-late"), 1)])
    early = replace(household("r-early"), waiting_since=NOW - timedelta(days=30))
    place = city.places["household-r-late"]
    told = {each.household_id: (each.before, each.after) for each in city.household_is(early, 1)}
    assert told == {"household-r-early": (None, place), "household-r-late": (place, None)}


def test_a_better_score_with_the_same_sponsor_is_a_difference() -> None:
    city = empty()
    tell(city, [(sponsor(district=District.OST), 1), (household(), 1)])
    [told] = city.sponsor_is(sponsor(), 2)
    assert told.before
    assert told.after
    assert told.before.sponsor_id == told.after.sponsor_id
    assert told.before.score < told.after.score


def test_what_is_known_already_changes_nothing() -> None:
    city = empty()
    tell(city, [(sponsor(), 1), (household(), 3)])
    assert city.household_is(household(), 3) == []
    assert city.household_is(replace(household(), status=HouseholdStatus.CLOSED), 2) == []
    assert city.household_gone("household-unheard-of") == []
    assert city.day_is(TODAY) == []
    assert city.rules_are(RULES, 1) == []


def test_a_record_that_cannot_be_used_hinders_nobody() -> None:
    long_ago = replace(household("r-2"), waiting_since=NOW.replace(year=1816))
    for city in (
        begun(City.solved(records_of([(long_ago, 1), (household(), 1), (sponsor(), 1)]), TODAY)),
        empty(),
    ):
        tell(city, [(long_ago, 1), (household(), 1), (sponsor(), 1)])
        assert list(city.places) == ["household-r-1"]
        assert "arrived" in city.unusable["household-r-2"]
        assert [each.id for each in city.inputs.households] == ["household-r-1"]
        tell(city, [(household("r-2"), 2)])
        assert city.unusable == {}


def test_a_record_that_becomes_unusable_gives_its_place_back() -> None:
    city = begun(City.solved(records_of([(household(), 1), (sponsor(), 1)]), TODAY))
    wrong = replace(household(), waiting_since=NOW.replace(year=1816))
    [told] = city.household_is(wrong, 2)
    assert told.after is None


@pytest.mark.parametrize("number", range(8))
def test_who_waits_from_days_to_come_counts_from_then(number: int) -> None:
    sooner = replace(household(f"r-{number}"), waiting_since=NOW + timedelta(days=1))
    later = replace(household(f"r-{number + 100}"), waiting_since=NOW + timedelta(days=2))
    city = empty()
    tell(city, [(sponsor(), 1), (sooner, 1), (later, 1)])
    city.day_is(TODAY + timedelta(days=2))
    assert list(city.places) == [sooner.id]


def test_the_day_does_not_go_back() -> None:
    with pytest.raises(ValueError, match="goes back"):
        empty().day_is(TODAY - timedelta(days=1))
