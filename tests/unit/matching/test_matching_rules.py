"""Weights and ladder: data with a day from which they hold, checked, and all of it on record."""

from datetime import date, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from services.matching import engine
from services.matching.domain.log import Stamp
from services.matching.domain.matching_rules import Kind, MatchingRules, set_ladder, set_weights
from services.matching.domain.pairing import inputs_of
from shared.contracts.desk_sessions import Rung, SetLadder, SetWeights, Weighed
from shared.contracts.matching_sessions import LadderSet, MatchingRuleRefused, WeightsSet
from shared.messaging import Facts

from .builders import NOW, TODAY, household, sponsor

JUNE = date(2016, 6, 1)
STAMP = Stamp("staff-01", NOW)
EVENLY = dict.fromkeys(Weighed, 2_000)
STRICT = [Rung(after_days=0, minimum_score=6_000)]


def weigh(effective: date = JUNE, **other: Any) -> SetWeights:
    values = {
        "staff_id": "staff-01",
        "effective_on": effective,
        "criteria": EVENLY,
        "per_day": 20,
        "load": [0, 500],
        "match_worth": 1_000_000,
        "note": "decided in the meeting",
    }
    return SetWeights.model_validate(values | other)


def climb(rungs: list[Rung], effective: date = JUNE) -> SetLadder:
    return SetLadder(staff_id="staff-01", effective_on=effective, rungs=rungs, note="as agreed")


def weighed(told: SetWeights, rules: MatchingRules | None = None) -> tuple[MatchingRules, Facts]:
    return set_weights(rules or MatchingRules(), told, STAMP, TODAY)


def climbed(told: SetLadder, rules: MatchingRules | None = None) -> tuple[MatchingRules, Facts]:
    return set_ladder(rules or MatchingRules(), told, STAMP, TODAY)


def test_weights_hold_from_their_day_on() -> None:
    rules, [fact] = weighed(weigh())
    assert isinstance(fact, WeightsSet)
    assert (fact.version, fact.effective_on, fact.criteria) == ("2", JUNE, EVENLY)
    assert rules.weights_on(JUNE - timedelta(days=1)) == engine.Weights()
    holds = rules.weights_on(JUNE)
    assert (holds.version, holds.language, holds.per_day, holds.load) == ("2", 2_000, 20, (0, 500))


def test_a_ladder_holds_from_its_day_on() -> None:
    rules, [fact] = climbed(climb(STRICT))
    assert isinstance(fact, LadderSet)
    assert (fact.version, fact.rungs) == ("2", STRICT)
    assert rules.ladder_on(JUNE - timedelta(days=1)) == engine.Ladder()
    assert rules.ladder_on(JUNE).rungs == (engine.Rung(0, 6_000),)


def test_of_two_from_the_same_day_the_last_one_holds_and_both_stay_on_record() -> None:
    once, _ = weighed(weigh())
    twice, _ = weighed(weigh(per_day=30), once)
    assert twice.weights_on(JUNE).per_day == 30
    assert [(each.kind, each.version) for each in twice.record] == [
        (Kind.WEIGHTS, "2"),
        (Kind.WEIGHTS, "3"),
    ]
    assert (twice.record[0].entered, twice.record[0].why) == (STAMP, "decided in the meeting")


def test_a_later_version_still_takes_over_on_its_day() -> None:
    july = date(2016, 7, 1)
    later, _ = weighed(weigh(july))
    both, _ = weighed(weigh(per_day=30), later)
    assert [both.weights_on(day).version for day in (TODAY, JUNE, july)] == ["1", "3", "2"]


def test_the_engine_is_told_what_holds_on_the_day_of_the_session() -> None:
    rules, _ = climbed(climb(STRICT), weighed(weigh())[0])
    before, after = (inputs_of([household()], [sponsor()], rules, day) for day in (TODAY, JUNE))
    assert (before.weights.version, before.ladder.version) == ("1", "1")
    assert (after.weights.version, after.ladder.version) == ("2", "2")


@pytest.mark.parametrize(
    ("told", "word"),
    [
        (weigh(TODAY - timedelta(days=1)), "from today on"),
        (weigh(date(1016, 1, 1)), "from today on"),
        (weigh(date(9999, 12, 31)), "within 5 years"),
        (weigh(criteria=EVENLY | {Weighed.TIME: 1_999}), "add up to 10,000"),
        (weigh(load=[100]), "costs nothing"),
        (weigh(load=[0, 300, 200]), "costs nothing"),
    ],
)
def test_weights_that_cannot_be_are_refused_in_words(told: SetWeights, word: str) -> None:
    rules, [fact] = weighed(told)
    assert rules == MatchingRules()
    assert isinstance(fact, MatchingRuleRefused)
    assert word in fact.reason


@pytest.mark.parametrize(
    "rungs",
    [
        [Rung(after_days=1, minimum_score=0)],
        [Rung(after_days=0, minimum_score=0), Rung(after_days=10, minimum_score=1)],
        [Rung(after_days=0, minimum_score=9), Rung(after_days=0, minimum_score=8)],
        [
            Rung(after_days=0, minimum_score=0, interpreter=True),
            Rung(after_days=9, minimum_score=0),
        ],
    ],
)
def test_a_ladder_that_asks_more_of_who_waits_longer_is_refused_in_words(rungs: list[Rung]) -> None:
    rules, [fact] = climbed(climb(rungs))
    assert rules == MatchingRules()
    assert isinstance(fact, MatchingRuleRefused)
    assert "asks the same or less" in fact.reason


@pytest.mark.parametrize("protection", ["training", "trained", "certificate", "capacity"])
def test_what_protects_people_is_nothing_that_a_ladder_can_relax(protection: str) -> None:
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        Rung.model_validate({"after_days": 90, "minimum_score": 0, protection: False})


def test_the_five_criteria_are_all_there_is() -> None:
    four = {name: 2_500 for name in Weighed if name is not Weighed.TIME}
    for criteria in (four, EVENLY | {"training": 0}):
        with pytest.raises(ValidationError):
            weigh(criteria=criteria)
