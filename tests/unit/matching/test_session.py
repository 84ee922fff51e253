"""Matching sessions: when they take place and whom they bring together."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from services.matching.domain import session
from services.matching.domain.certificate import Certificate
from services.matching.domain.household import Household
from services.matching.domain.match import Outcomes
from services.matching.domain.matching_rules import MatchingRules
from services.matching.domain.pairing import Pair, next_relaxation
from services.matching.domain.policy import Rhythm
from services.matching.domain.sponsor import Sponsor
from services.matching.engine import Ladder
from shared.contracts.matching import MatchProposed

from . import sessions
from .builders import NOW, TODAY, household, reasons, sponsor

LADDER = Ladder()


def hold(
    households: Iterable[Household], sponsors: Iterable[Sponsor], now: datetime = NOW
) -> list[Outcomes]:
    return sessions.hold(list(households), list(sponsors), MatchingRules(), now).outcomes


def utc(month: int, day: int, hour: int) -> datetime:
    return datetime(2016, month, day, hour, tzinfo=UTC)


@pytest.mark.parametrize(
    ("rhythm", "now", "due"),
    [
        (Rhythm.AT_ONCE, utc(5, 2, 9), utc(5, 2, 9)),
        (Rhythm.DAILY, utc(5, 2, 3), utc(5, 2, 4)),
        (Rhythm.DAILY, utc(5, 2, 4), utc(5, 3, 4)),
        (Rhythm.DAILY, utc(1, 4, 9), utc(1, 5, 5)),
        (Rhythm.WEEKLY, utc(5, 2, 3), utc(5, 2, 4)),
        (Rhythm.WEEKLY, utc(5, 2, 4), utc(5, 9, 4)),
        (Rhythm.WEEKLY, utc(5, 8, 22), utc(5, 9, 4)),
    ],
)
def test_the_next_session_follows_the_rhythm_at_six_local_time(
    rhythm: Rhythm, now: datetime, due: datetime
) -> None:
    assert session.next_session(rhythm, now) == due


def test_a_pair_that_fits_is_proposed_with_points_that_add_up() -> None:
    [(match, facts)] = hold([household()], [sponsor()])
    assert (match.household.id, match.sponsor.id) == ("household-r-1", "sponsor-s-1")
    points = [part.points for part in match.sponsorship.reasons.criteria]
    assert facts == (MatchProposed(**match.ids, score=sum(points)),)
    assert match.sponsorship.reasons.language == "ar"


def test_a_sponsor_with_room_for_two_gets_two() -> None:
    waiting = [household("r-1"), household("r-2")]
    outcomes = hold(waiting, [sponsor(capacity=2)])
    assert {match.household.id for match, _ in outcomes} == {"household-r-1", "household-r-2"}
    assert len(outcomes[-1][0].sponsor.holds) == 2


def test_a_place_that_is_taken_is_not_given_again() -> None:
    busy = sponsor(capacity=2).hold("another")
    assert len(hold([household("r-1"), household("r-2")], [busy])) == 1


@pytest.mark.parametrize(
    "other",
    [
        {"trained_on": None},
        {"certificate": None},
        {"capacity": 0},
        {"languages": ()},
        {"availability": ("wed-morning",)},
    ],
)
def test_a_pair_that_breaks_a_hard_rule_is_not_proposed(other: dict[str, object]) -> None:
    assert hold([household()], [replace(sponsor(), **other)]) == []  # type: ignore[arg-type]


def test_an_expired_certificate_counts_like_none() -> None:
    later = NOW.replace(year=2021, month=6)
    assert hold([household()], [sponsor()], later) == []
    assert len(hold([household(children=[])], [sponsor()], later)) == 1


def test_a_certificate_of_another_century_does_not_stop_the_session() -> None:
    ancient = Certificate(inspected_on=date(1016, 4, 2))
    odd = replace(sponsor(), certificate=ancient)
    [(match, _)] = hold([household()], [odd, sponsor("s-2")])
    assert match.sponsor.id == "sponsor-s-2"


def test_a_pair_that_failed_before_is_not_proposed_again() -> None:
    tried = replace(household(), excluded=("sponsor-s-1",))
    assert hold([tried], [sponsor()]) == []


def test_whoever_waits_is_looked_at_again_when_the_ladder_asks_less() -> None:
    first = LADDER.rungs[1].after_days
    assert next_relaxation([household()], LADDER, TODAY) == TODAY + timedelta(days=first)


def test_nobody_is_looked_at_again_after_the_last_rung() -> None:
    assert next_relaxation([household()], LADDER, date(2019, 1, 1)) is None


def test_pairs_are_proposed_some_at_a_time_and_those_of_a_sponsor_together() -> None:
    pairs = [Pair(f"r-{n:03}", f"s-{n * 7 % 30:03}", reasons()) for n in range(100)]
    versions = {each: 3 for pair in pairs for each in (pair.household_id, pair.sponsor_id)}
    parts = session.in_parts("run-1", pairs, versions)
    assert (
        sorted((pair for part in parts for pair in part.pairs), key=lambda pair: pair.household_id)
        == pairs
    )
    assert all(session.PART <= len(part.pairs) < session.PART + 4 for part in parts[:-1])
    where = [{pair.sponsor_id for pair in part.pairs} for part in parts]
    assert sum(map(len, where)) == len(set().union(*where))
    assert [each.id for each in parts] == sorted(each.id for each in parts)
    assert parts[0].versions.keys() == where[0] | {each.household_id for each in parts[0].pairs}
