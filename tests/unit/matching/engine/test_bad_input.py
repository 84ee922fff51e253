"""Whatever the engine is given has a stated outcome."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from services.matching.engine import (
    BadInputError,
    Household,
    Ladder,
    Rung,
    Sponsor,
    Weights,
    in_force,
    propose,
    sentences,
)

from .cities import (
    LADDER,
    TODAY,
    WEIGHTS,
    household,
    market,
    sponsor,
)

BAD: dict[str, Sponsor | Household] = {
    "no id": household(""),
    "came tomorrow": household(waited=-1),
    "came in the last century": household(waited=365 * 60),
    "a slot that does not exist": household(slots=1 << 21),
    "a level that does not exist": household(languages={"ar": 7}),
    "a gender that does not exist": household(gender="x"),
    "a wish that does not exist": household(accepts=frozenset({"x"})),
    "no place for so many": household(minors=99),
    "capacity 51": sponsor(capacity=51),
    "capacity -1": sponsor(capacity=-1),
    "a certificate of the next century": sponsor(certificate_until=date(2126, 1, 1)),
    "a certificate of the last century": sponsor(certificate_until=date(1926, 1, 1)),
    "too many topics": sponsor(topics=frozenset(map(str, range(31)))),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_refused_by_name_and_field(case: str) -> None:
    who = BAD[case]
    some = [who] if isinstance(who, Sponsor) else []
    others = [who] if isinstance(who, Household) else []
    with pytest.raises(BadInputError) as refused:
        propose(some, others, WEIGHTS, LADDER, [], TODAY)
    assert refused.value.subject == who.id
    assert refused.value.field
    assert refused.value.reason


def test_the_same_id_twice_is_refused() -> None:
    with pytest.raises(BadInputError, match="twice"):
        market([sponsor()], [household(), household()])


NO_MATCH: dict[str, tuple[Sponsor, dict[str, object]]] = {
    "contradictory wishes": (
        sponsor(gender="m", accepts=frozenset("f")),
        {"accepts": frozenset("f")},
    ),
    "no language at all": (sponsor(), {"languages": {}}),
    "times that never overlap": (sponsor(slots=0b1111 << 4), {}),
    "no time at all": (sponsor(), {"slots": 0}),
    "capacity 0": (sponsor(capacity=0), {}),
    "more active than capacity": (sponsor(capacity=1, active=2), {}),
    "a certificate older than allowed": (
        sponsor(certificate_until=TODAY - timedelta(1)),
        {"minors": 1},
    ),
}


@pytest.mark.parametrize("case", NO_MATCH)
def test_odd_but_valid_input_stays_unmatched_and_explained(case: str) -> None:
    helper, facts = NO_MATCH[case]
    waiting = replace(household(), **facts)  # type: ignore[arg-type]
    (told,) = propose([helper], [waiting], WEIGHTS, LADDER, [], TODAY)
    assert told.sponsor_id is None
    assert told.explanation.blocking or not told.explanation.with_room
    assert len(sentences(told.explanation, "en")) > 1


def test_a_sponsor_may_have_fifty_households() -> None:
    crowd = [household(f"h{k}") for k in range(60)]
    told = propose([sponsor(capacity=50)], crowd, WEIGHTS, LADDER, [], TODAY)
    assert sum(p.sponsor_id == "s" for p in told) == 50


def test_weights_and_ladders_that_make_no_sense_are_refused() -> None:
    with pytest.raises(BadInputError):
        Weights(language=3001)
    with pytest.raises(BadInputError):
        Weights(load=(0, 300, 200))
    with pytest.raises(BadInputError):
        Weights(per_day=101)
    with pytest.raises(BadInputError):
        Ladder(rungs=(Rung(1, 0),))
    with pytest.raises(BadInputError):
        Ladder(rungs=(Rung(0, 0), Rung(10, 100)))


def test_rules_take_effect_on_their_day() -> None:
    old, new = Weights("1"), Weights("2", effective=TODAY)
    assert in_force([new, old], TODAY - timedelta(1)) is old
    assert in_force([new, old], TODAY) is new
