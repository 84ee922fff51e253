"""Who may take part, before and after the opening of April 2018."""

from datetime import date

import pytest

from services.matching.domain.participation import obstacle
from shared.contracts.matching import DeclineReason
from shared.contracts.people import History, Housing

from .builders import details

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
