"""Commits rest when that brings messages together, and not when each waits for the one before."""

from shared.messaging.pace import MOST_REST_SECONDS, Pace

COMMIT = 0.01


def commits_one_by_one(pace: Pace, seconds: float, between: float) -> list[float]:
    """The rests after commits of a single message each, so far apart."""
    rests, now = [], 100.0
    while now < 100.0 + seconds:
        rests.append(pace.rest(1, 0, now, now + COMMIT))
        now += COMMIT + between + rests[-1]
    return rests


def test_an_idle_service_never_rests() -> None:
    assert set(commits_one_by_one(Pace(), seconds=60, between=1.0)) == {0.0}


def test_messages_that_come_together_are_given_time_to_be_more() -> None:
    assert Pace().rest(2, 0, 1.0, 1.0 + COMMIT) == MOST_REST_SECONDS
    assert Pace().rest(1, 1, 1.0, 1.0 + COMMIT) == MOST_REST_SECONDS


def test_a_busy_service_tries_once_a_second_whether_a_rest_brings_company() -> None:
    rests = commits_one_by_one(Pace(), seconds=10, between=0.001)
    assert 8 <= sum(rest > 0 for rest in rests) <= 11
    assert sum(rests) < 0.06 * 10


def test_a_service_for_which_nobody_waits_rests_longer() -> None:
    assert Pace(0.25).rest(2, 0, 1.0, 1.0 + COMMIT) == 0.25
    assert set(commits_one_by_one(Pace(0.25), seconds=60, between=1.0)) == {0.0}
