"""A field that is nearly known was meant to be that one: the partner is asked."""

import pytest
from pydantic import BaseModel

from shared.contracts.partners import ReferralSubmitted
from shared.messaging.envelope import read
from shared.messaging.failures import Poison
from shared.messaging.misspelt import misspelt
from tests.unit.shared.builders import CONTRACTS, HOUSEHOLD, NOW, referral


def found(household: object) -> list[str]:
    return list(misspelt({"reference": "ZT-1", "household": household}, ReferralSubmitted))


def test_a_well_spelt_message_has_nothing_to_ask() -> None:
    assert found(HOUSEHOLD) == []


@pytest.mark.parametrize(
    ("key", "meant"),
    [("childrens", "children"), ("adult", "adults"), ("arived_on", "arrived_on")],
)
def test_a_misspelt_field_is_asked_about(key: str, meant: str) -> None:
    assert found(HOUSEHOLD | {key: []}) == [
        f"data.household: unknown field '{key}'; did you mean '{meant}'?"
    ]


def test_parts_and_lists_of_parts_are_looked_into() -> None:
    skills = [{"code": "ar", "level": "native", "levle": "B1"}]
    contact = {"name": "Amal Testari", "e-mail": "amal@mail.example"}
    assert found(HOUSEHOLD | {"languages": skills, "contact": contact}) == [
        "data.household.contact: unknown field 'e-mail'; did you mean 'email'?",
        "data.household.languages: unknown field 'levle'; did you mean 'level'?",
    ]


def test_an_unlike_field_may_stand() -> None:
    assert found(HOUSEHOLD | {"x_case_number": 7}) == []


def test_a_flood_of_unknown_fields_is_not_compared_to_its_end() -> None:
    flood = {f"x_{number}": 0 for number in range(199)}
    assert len(found(HOUSEHOLD | flood | {"childrens": []})) == 1
    assert found(HOUSEHOLD | flood | {"x_199": 0, "childrens": []}) == []


@pytest.mark.parametrize("data", [None, 7, "text", [], [{}], {"household": 7}])
def test_what_is_no_object_is_left_to_the_contract(data: object) -> None:
    assert list(misspelt(data, ReferralSubmitted)) == []


def test_a_part_that_may_be_missing_is_looked_into() -> None:
    class Inner(BaseModel):
        colour: str = ""

    class Outer(BaseModel):
        inner: Inner | None = None

    asked = list(misspelt({"inner": {"color": "red"}}, Outer))
    assert asked == ["data.inner: unknown field 'color'; did you mean 'colour'?"]


def test_intake_refuses_a_misspelt_message() -> None:
    with pytest.raises(Poison, match="did you mean 'children'"):
        read(referral(HOUSEHOLD | {"childrens": []}), CONTRACTS, NOW)
