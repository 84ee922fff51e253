"""Who may take part, before and after the opening of April 2018, and by a rule that staff set."""

from datetime import date, timedelta

import pytest

from services.matching.domain.log import Stamp
from services.matching.domain.participation import Rulebook, obstacle, rule_on, set_rule
from shared.contracts.desk_rules import Ground
from shared.contracts.matching import DeclineReason
from shared.contracts.matching_households import ParticipationRuleRefused
from shared.contracts.people import History, Housing
from shared.messaging import Facts

from .builders import NOW, TODAY, details, names

LAST_DAY_BEFORE = date(2018, 3, 31)
OPENING = date(2018, 4, 1)


def shared_accommodation(*, has_social_worker: bool) -> dict[str, object]:
    return {
        "history": History.REFUGEE,
        "housing": Housing.SHARED_ACCOMMODATION,
        "has_social_worker": has_social_worker,
    }


@pytest.mark.parametrize("day", [LAST_DAY_BEFORE, OPENING])
def test_newcomers_without_refugee_history_may_always_join(day: date) -> None:
    supported = details(
        history=History.NONE, housing=Housing.SHARED_ACCOMMODATION, has_social_worker=True
    )
    assert obstacle(supported, day) is None


@pytest.mark.parametrize("day", [LAST_DAY_BEFORE, OPENING])
def test_refugees_in_private_housing_may_always_join(day: date) -> None:
    supported = details(history=History.REFUGEE, housing=Housing.PRIVATE, has_social_worker=True)
    assert obstacle(supported, day) is None


def test_refugees_without_a_social_worker_may_join_from_the_opening_on() -> None:
    alone = details(**shared_accommodation(has_social_worker=False))
    assert obstacle(alone, LAST_DAY_BEFORE) is DeclineReason.NOT_IN_PRIVATE_HOUSING
    assert obstacle(alone, OPENING) is None


@pytest.mark.parametrize("day", [LAST_DAY_BEFORE, OPENING])
def test_refugees_with_a_social_worker_in_shared_accommodation_are_told_why(day: date) -> None:
    supported = details(**shared_accommodation(has_social_worker=True))
    assert obstacle(supported, day) is DeclineReason.HAS_SOCIAL_WORKER


STAMP = Stamp("staff-01", NOW)
NARROW = [Ground.PRIVATE_HOUSING]
JUNE = date(2016, 6, 1)


def told(
    effective: date, grounds: list[Ground], book: Rulebook | None = None
) -> tuple[Rulebook, Facts]:
    return set_rule(book or Rulebook(), effective, grounds, STAMP, TODAY)


def test_a_rule_holds_from_its_day_on_until_the_next() -> None:
    book, facts = told(JUNE, NARROW)
    newcomers = details(housing=Housing.SHARED_ACCOMMODATION)
    assert names(facts) == ["ParticipationRuleSet"]
    assert obstacle(newcomers, JUNE - timedelta(days=1), book.rules) is None
    assert obstacle(newcomers, JUNE, book.rules) is DeclineReason.NOT_IN_PRIVATE_HOUSING
    assert obstacle(newcomers, OPENING, book.rules) is None


def test_of_two_rules_from_the_same_day_the_last_one_holds_and_both_stay_on_record() -> None:
    once, _ = told(JUNE, NARROW)
    twice, _ = told(JUNE, list(Ground), once)
    assert rule_on(JUNE, twice.rules).grounds == frozenset(Ground)
    assert [rule.effective for rule in twice.rules].count(JUNE) == 2
    assert twice.rules[-1].entered == STAMP


def test_the_same_rule_again_is_no_news() -> None:
    once, _ = told(JUNE, NARROW)
    assert told(JUNE, NARROW, once) == (once, ())


@pytest.mark.parametrize(
    ("effective", "grounds"),
    [
        (TODAY - timedelta(days=1), NARROW),
        (date(1016, 1, 1), NARROW),
        (date(9999, 12, 31), NARROW),
        (JUNE, [Ground.NO_REFUGEE_HISTORY]),
    ],
)
def test_a_rule_that_cannot_be_is_refused_in_words(effective: date, grounds: list[Ground]) -> None:
    book, facts = told(effective, grounds)
    assert book == Rulebook()
    [refused] = facts
    assert isinstance(refused, ParticipationRuleRefused)
    assert len(refused.reason.split()) > 3
