"""Households that were perhaps referred twice: what they have in common, and what staff decide."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from services.matching.domain import duplicates
from services.matching.domain.duplicates import MOST_SHARED, Duplicate, DuplicateStatus, Mark
from services.matching.domain.household import Household, HouseholdStatus, Origin
from services.matching.domain.log import Stamp
from shared.contracts.matching import ReferralAnswered
from shared.contracts.matching_duplicates import DuplicateRefused, Sign
from shared.contracts.people import Contact, HouseholdDetails
from shared.messaging import Facts

from .builders import NOW, TODAY, details, household, names

STAMP = Stamp("staff-01", NOW)


def person(name: str = "Amal Testari", **other: object) -> Contact:
    return Contact.model_validate({"name": name} | other)


def common(first: HouseholdDetails, second: HouseholdDetails) -> set[Sign]:
    mine, yours = duplicates.marks_of(first), duplicates.marks_of(second)
    return {sign for sign, mark in mine.items() if yours.get(sign) == mark}


def first() -> Household:
    return household("r-1")


def second() -> Household:
    """The same people, referred by another partner a day later."""
    later = NOW + timedelta(days=1)
    other = household("r-2")
    return replace(other, origin=Origin("kifa", "r-2", ""), waiting_since=later)


def case() -> Duplicate:
    return duplicates.find(first(), second(), (Sign.EMAIL,))[0]


def merged() -> tuple[Duplicate, duplicates.Pair]:
    decided, pair, _ = duplicates.merge(case(), first(), second(), STAMP)
    return decided, pair


def reasons(facts: Facts) -> list[str]:
    return [fact.reason for fact in facts if isinstance(fact, DuplicateRefused)]


def answers(facts: Facts) -> list[tuple[str, str, str]]:
    return [
        (fact.partner, fact.reference, fact.status)
        for fact in facts
        if isinstance(fact, ReferralAnswered)
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Leyla Öztürk", "OEZTUERK, Leyla"),
        ("Leyla Öztürk", "Leyla Ozturk"),
        ("José Muñoz", "Jose MUNOZ"),
        ("Anna-Lena Groß", "Anna Lena Gross"),
        ("Işık Yıldız", "Isik Yildiz"),  # noqa: RUF001 - that is how it is written
        ("Łukasz Nowak", "Lukasz Nowak"),
        ("أمل التجربة", "التجربة أمل"),
    ],
)
def test_a_name_is_known_again_however_it_is_written(one: str, other: str) -> None:
    found = common(details(contact=person(one)), details(contact=person(other)))
    assert found == {Sign.NAME_AND_CHILDREN}


def test_a_number_is_known_again_with_and_without_the_country() -> None:
    one = details(contact=person("A", phone="+49 7141 12345 67"), children=[])
    other = details(contact=person("B", phone="07141/1234567"), children=[])
    assert common(one, other) == {Sign.PHONE}


def test_an_address_is_known_again_in_any_case() -> None:
    one = details(contact=person("A", email="Amal@mail.example"))
    assert common(one, details(contact=person("B", email="amal@mail.example"))) == {Sign.EMAIL}


@pytest.mark.parametrize(
    "other",
    [
        details(contact=person("Amal Anders")),
        details(contact=person(), children=[date(2011, 3, 4)]),
        details(contact=person(), children=[]),
    ],
)
def test_other_people_have_nothing_in_common(other: HouseholdDetails) -> None:
    assert common(details(contact=person()), other) == set()


def test_without_children_name_and_countries_are_compared() -> None:
    alone = details(contact=person(), children=[], adults=1)
    assert common(alone, alone) == {Sign.NAME_AND_COUNTRIES}
    assert (
        common(alone, details(contact=person(), children=[], adults=1, countries=["IT"])) == set()
    )


def test_marks_say_nothing_to_who_reads_them() -> None:
    assert "testari" not in str(duplicates.marks_of(details()).values()).casefold()


def test_what_many_share_tells_nothing() -> None:
    mark = Mark("m")
    for number in range(MOST_SHARED + 3):
        mark = mark.seen_at(f"household-{number}")
    assert len(mark.households) == MOST_SHARED
    assert not mark.tells


def test_staff_hear_ids_and_codes_and_no_partner_hears_anything() -> None:
    found, facts = duplicates.find(first(), second(), (Sign.EMAIL,))
    assert names(facts) == ["DuplicateFound"]
    assert found.id == duplicates.case_id(second().id, first().id)
    assert "zeytin" not in str(facts)


def test_who_waits_longer_is_kept_and_who_has_a_sponsor_before_all() -> None:
    assert duplicates.in_order((second(), first())) == (first(), second())
    helped = replace(second(), status=HouseholdStatus.MATCHED)
    assert duplicates.in_order((first(), helped)) == (helped, first())


def test_of_one_household_both_partners_hear_each_under_its_own_reference() -> None:
    _, (kept, gone) = merged()
    assert gone.status is HouseholdStatus.MERGED
    assert gone.merged_into == kept.id
    assert answers(kept.told()) == [
        ("zeytin", "r-1", "accepted"),
        ("kifa", "r-2", "accepted"),
    ]


def test_a_partner_hears_at_once_that_its_household_has_a_sponsor() -> None:
    helped = replace(first(), status=HouseholdStatus.MATCHED)
    _, _, facts = duplicates.merge(case(), helped, second(), STAMP)
    assert answers(facts) == [("kifa", "r-2", "matched")]


def test_whom_one_of_them_must_not_meet_both_must_not() -> None:
    tried = replace(second(), excluded=("sponsor-1",))
    decided, pair, _ = duplicates.merge(case(), first(), tried, STAMP)
    assert pair[0].excluded == ("sponsor-1",)
    _, (kept, _), _ = duplicates.undo(decided, pair, TODAY)
    assert kept.excluded == ()


def test_undone_everything_is_as_before_and_to_be_decided() -> None:
    decided, pair = merged()
    opened, (kept, back), facts = duplicates.undo(decided, pair, TODAY)
    assert opened == case()
    assert kept == first()
    assert back == replace(second(), confirmed_on=TODAY)
    assert names(facts) == ["DuplicateUndone", "ReferralAnswered"]
    assert answers(facts) == [("kifa", "r-2", "accepted")]


def test_two_that_are_different_are_left_alone() -> None:
    pair = (first(), second())
    decided, after, facts = duplicates.tell_apart(case(), pair, STAMP)
    assert decided.status is DuplicateStatus.DIFFERENT
    assert after == pair
    assert names(facts) == ["DuplicateDecided"]
    assert reasons(duplicates.tell_apart(decided, pair, STAMP)[2])
    assert duplicates.undo(decided, pair, TODAY)[0] == case()


def test_what_cannot_be_made_one_is_refused_in_words() -> None:
    helped = [replace(each, status=HouseholdStatus.MATCHED) for each in (first(), second())]
    closed = replace(second(), status=HouseholdStatus.CLOSED)
    said = [
        duplicates.why_not(merged()[0], (first(), second())),
        duplicates.why_not(case(), (helped[0], helped[1])),
        duplicates.why_not(case(), (first(), closed)),
    ]
    assert all(reason and len(reason.split()) > 4 for reason in said)
    assert duplicates.why_not(case(), (first(), second())) is None


def test_what_nobody_decided_or_what_is_gone_is_not_undone() -> None:
    pair = (first(), second())
    assert reasons(duplicates.undo(case(), pair, TODAY)[2])
    decided, (kept, gone) = merged()
    closed = replace(gone, merged_into=None, status=HouseholdStatus.CLOSED)
    assert reasons(duplicates.undo(decided, (kept, closed), TODAY)[2])
