"""What a session meant to groups of households, and what is not told of small ones."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.matching.domain.fairness import (
    FEWEST,
    Audit,
    Comparison,
    Group,
    Trait,
    audit,
    withheld,
)
from services.matching.domain.household import Household, Origin
from services.matching.domain.pairing import Pair
from shared.contracts.people import Gender, LanguageSkill, Level
from tests.unit.matching.builders import NOW, TODAY, household, reasons

SIZES = st.dictionaries(st.text("abcdefgh", min_size=1, max_size=2), st.integers(1, 40), max_size=8)


def speaker(number: int, code: str, waited: int = 0, **other: object) -> Household:
    """One who waits, native in a language, for so many days."""
    skills = [LanguageSkill(code=code, level=Level.NATIVE)]
    who = household(f"{code}-{number}", languages=skills, **other)
    return replace(who, waiting_since=NOW - timedelta(days=waited))


def pair(who: Household, score: int = 7_000) -> Pair:
    return Pair(who.id, "sponsor", reasons(score))


def comparison(found: Audit, trait: Trait) -> Comparison:
    [one] = [each for each in found.comparisons if each.trait is trait]
    return one


def test_numbers_of_a_group_add_up() -> None:
    arabic = [speaker(n, "ar", waited=10 * n) for n in range(5)]
    turkish = [speaker(n, "tr", waited=1) for n in range(7)]
    pairs = [*(pair(each, 6_000) for each in arabic), *(pair(each, 8_000) for each in turkish[:6])]
    found = audit("run", TODAY, [*arabic, *turkish], pairs)
    assert found.everybody == Group("", 12, 11, 1, 7_091)
    assert comparison(found, Trait.LANGUAGE).groups == (
        Group("ar", 5, 5, 20, 6_000),
        Group("tr", 7, 6, 1, 8_000),
    )


@pytest.mark.parametrize(
    ("trait", "name", "other"),
    [
        (Trait.GENDER, "female", {}),
        (Trait.FAMILY_SIZE, "3-4", {}),
        (Trait.FAMILY_SIZE, "1", {"adults": 1, "children": []}),
        (Trait.FAMILY_SIZE, "5+", {"adults": 2, "children": [date(2010, 1, 1)] * 7}),
        (Trait.SOURCE, "zeytin", {}),
        (Trait.LANGUAGE, "unknown", {"languages": []}),
    ],
)
def test_households_are_told_apart(trait: Trait, name: str, other: dict[str, object]) -> None:
    who = [household(f"r-{n}", **other) for n in range(FEWEST)]
    [group] = comparison(audit("run", TODAY, who, ()), trait).groups
    assert (group.name, group.waiting, group.matched) == (name, FEWEST, 0)


def test_what_is_spoken_best_counts() -> None:
    skills = [
        LanguageSkill(code="de", level=Level.A2),
        LanguageSkill(code="ku", level=Level.NATIVE),
        LanguageSkill(code="ar", level=Level.NATIVE),
    ]
    who = [household(f"r-{n}", languages=skills) for n in range(FEWEST)]
    [group] = comparison(audit("run", TODAY, who, ()), Trait.LANGUAGE).groups
    assert group.name == "ar"


def test_of_fewer_than_five_households_nothing_is_said() -> None:
    who = [household(f"r-{n}") for n in range(FEWEST - 1)]
    assert audit("run", TODAY, who, ()) == Audit("run", TODAY, None, ())


def test_a_small_group_is_hidden_and_another_with_it_so_that_the_sum_does_not_give_it_away() -> (
    None
):
    who = [
        *(speaker(n, "ar") for n in range(20)),
        *(speaker(n, "tr") for n in range(9)),
        speaker(0, "ti"),
    ]
    languages = comparison(audit("run", TODAY, who, ()), Trait.LANGUAGE)
    assert [each.name for each in languages.groups] == ["ar"]
    assert languages.hidden == 2


def test_a_score_of_a_few_is_hidden_though_the_group_is_large() -> None:
    arabic, turkish, polish = ([speaker(n, code) for n in range(10)] for code in ("ar", "tr", "pl"))
    matched = [*arabic[:8], *turkish[:2], *polish[:9]]
    found = audit("run", TODAY, [*arabic, *turkish, *polish], map(pair, matched))
    scores = {each.name: each.mean_score for each in comparison(found, Trait.LANGUAGE).groups}
    assert scores == {"ar": None, "pl": 7_000, "tr": None}


def test_a_group_that_is_matched_less_than_chance_explains_stands_out() -> None:
    arabic, turkish = ([speaker(n, code) for n in range(40)] for code in ("ar", "tr"))
    unfair = audit("run", TODAY, [*arabic, *turkish], map(pair, [*arabic[:30], *turkish[:5]]))
    fair = audit("run", TODAY, [*arabic, *turkish], map(pair, [*arabic[:30], *turkish[:26]]))
    assert [each.stands_out for each in comparison(unfair, Trait.LANGUAGE).groups] == [True] * 2
    assert [each.stands_out for each in comparison(fair, Trait.LANGUAGE).groups] == [False] * 2


def test_each_household_counts_once_for_each_trait() -> None:
    who = [
        replace(
            speaker(n, "ar" if n % 2 else "tr"),
            origin=Origin("kifa" if n % 3 else "zeytin", f"r-{n}", ""),
        )
        for n in range(60)
    ]
    found = audit("run", TODAY, who, map(pair, who[:30]))
    for trait in Trait:
        groups = comparison(found, trait).groups
        assert sum(each.waiting for each in groups) == 60
        assert sum(each.matched for each in groups) == 30
    assert Counter(each.name for each in comparison(found, Trait.GENDER).groups) == {
        Gender.FEMALE.value: 1
    }


@given(SIZES)
def test_nothing_hidden_can_be_found_from_a_sum(sizes: dict[str, int]) -> None:
    hidden = withheld(sizes)
    assert all(size >= FEWEST for name, size in sizes.items() if name not in hidden)
    if hidden and len(hidden) < len(sizes):  # the sum of all less those shown
        assert len(hidden) > 1
        assert sum(sizes[name] for name in hidden) >= FEWEST


@given(SIZES, st.sets(st.text("abcdefgh", min_size=1, max_size=2)))
def test_what_is_hidden_already_stays_hidden(sizes: dict[str, int], already: set[str]) -> None:
    hidden = withheld(sizes, already)
    assert already & sizes.keys() <= hidden
    if hidden and len(hidden) < len(sizes):
        assert len(hidden) > 1
        assert sum(sizes[name] for name in hidden) >= FEWEST


@given(SIZES)
def test_no_more_is_hidden_than_it_takes(sizes: dict[str, int]) -> None:
    if sizes and min(sizes.values()) >= FEWEST:
        assert withheld(sizes) == set()
