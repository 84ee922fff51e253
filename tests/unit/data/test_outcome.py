"""Whichever admissible pairs are chosen, the sample data comes to the figures of the paper."""

from random import Random

import pytest

from shared.contracts.partners import ReferralSubmitted
from tests.unit.data.participants import END, Household, Sponsor, may_join, recruits_of, understood
from tests.unit.data.simulation import Choice, Simulation, admissible

ENDED = 38
REACHED = {"households": 48, "people": 130, "children": 54, "countries": 24}


def first(_: Household, possible: list[Sponsor], __: list[Household]) -> Sponsor:
    return possible[0]


def last(_: Household, possible: list[Sponsor], __: list[Household]) -> Sponsor:
    return possible[-1]


def most_wanted(_: Household, possible: list[Sponsor], waiting: list[Household]) -> Sponsor:
    """Unkind on purpose: takes the sponsor away whom most of the others could have."""
    day = max(household.waits_from for household in waiting)
    return max(possible, key=lambda s: sum(admissible(s, other, day) for other in waiting))


def rarest(_: Household, possible: list[Sponsor], __: list[Household]) -> Sponsor:
    """Unkind on purpose: takes sponsors with languages that few others speak."""
    return max(possible, key=lambda s: len({skill.code for skill in s.told.languages} - {"de"}))


def at_random(seed: int) -> Choice:
    rng = Random(seed)
    return lambda _, possible, __: rng.choice(possible)


CHOICES: dict[str, Choice] = {
    "first": first,
    "last": last,
    "most wanted": most_wanted,
    "rarest": rarest,
}
CHOICES |= {f"random {seed}": at_random(seed) for seed in range(20)}


def sponsorship_ended(sponsor: Sponsor) -> int:
    return sum(until <= END for until in sponsor.ends)


@pytest.fixture(params=[1, 7], ids=["daily", "weekly"])
def every_days(request: pytest.FixtureRequest) -> int:
    days: int = request.param
    return days


@pytest.fixture(params=list(CHOICES.values()), ids=list(CHOICES))
def simulation(request: pytest.FixtureRequest, every_days: int) -> Simulation:
    simulation = Simulation.of(request.param)
    simulation.every_days = every_days
    return simulation


def test_every_accepted_household_is_reached(simulation: Simulation) -> None:
    reached = simulation.run()
    assert {
        "households": len(reached),
        "people": sum(h.people for h in reached),
        "children": sum(len(h.details.children) for h in reached),
        "countries": len({c for h in reached for c in h.details.countries}),
    } == REACHED
    assert simulation.proposals == {"started": 48, "failed": 9}
    assert sum(sponsorship_ended(s) for s in simulation.sponsors) == ENDED
    missing = [h for h in simulation.households.values() if h not in reached]
    assert [h.waits_until.isoformat() for h in missing] == ["2016-09-20"]


def test_nobody_waits_long_for_a_first_proposal(simulation: Simulation) -> None:
    began = {h.id: h.waits_from for h in simulation.households.values()}
    reached = simulation.run()
    waits = sorted((h.started - began[h.id]).days for h in reached if h.started)
    assert waits[len(waits) // 2] <= 14
    assert waits[-1] <= 120


def test_no_household_depends_on_a_single_sponsor() -> None:
    simulation = Simulation.of(first)
    for household in simulation.run():
        assert household.started is not None
        household.tried = set()
        day = household.started
        able = [s for s in simulation.sponsors if admissible(s, household, day)]
        assert len(able) >= 2, household.details.contact.name


def test_the_recruits_come_out_as_told() -> None:
    simulation = Simulation.of(first)
    recruits = recruits_of(simulation.timeline).values()
    answers = simulation.timeline.offers.by_recruit.values()
    assert len(recruits) == 14
    assert sum(r.offered is not None for r in recruits) == 11
    assert sum(r.withdrawn.year < 9999 for r in recruits) == 2
    assert sorted(answer.accepted for answer in answers) == [False] + [True] * 9
    eligible = [str(r.eligible) for r in recruits]
    assert eligible[:4] == ["2015-11-30", "2016-02-29", "2016-04-30", "2016-05-29"]


def test_four_households_are_declined_by_the_rule() -> None:
    simulation = Simulation.of(first)
    submitted = [understood(message) for message in simulation.timeline.published()]
    refused = [
        r.household.has_social_worker
        for r in submitted
        if isinstance(r, ReferralSubmitted) and not may_join(r.household)
    ]
    assert sorted(refused) == [False, False, True, True]
    assert submitted.count(None) == 5
