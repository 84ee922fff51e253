"""Facts hold ids, codes and counts; personal data travels only where few may read."""

from datetime import date
from typing import Annotated

import pytest
from pydantic import Field

from shared.contracts import Classification, Contract, Exchange
from shared.contracts.codes import LanguageCode
from shared.contracts.people import Contact, Gender, HouseholdDetails, Id, Part
from tests.contracts.made_up import KiteFlown
from tests.contracts.personal import free_text, personal_fields
from willkommen.contracts.published import published

CONFINED = {Exchange.INTAKE, Exchange.COMMANDS, Exchange.PRIVATE}
FACTS = [kind for kind, each in published().items() if each.wire.exchange is Exchange.EVENTS]
PERSONAL = Classification.PERSONAL

REASONS = {
    "willkommen.duplicate.refused.v1",
    "willkommen.household.refused.v1",
    "willkommen.match.override-refused.v1",
    "willkommen.match.refused.v1",
    "willkommen.matching.refused.v1",
    "willkommen.message.failed.v1",
    "willkommen.message.failed.v2",
    "willkommen.participation.refused.v1",
    "willkommen.question.refused.v1",
    "willkommen.recruit.refused.v1",
    "willkommen.request.refused.v1",
    "willkommen.session.refused.v1",
    "willkommen.sponsor.refused.v1",
}
"""Facts with a reason in words; the services choose it from their own sentences."""


class Owner(Part):
    """Whom a kite belongs to."""

    favourite: Contact


class KiteLost(Contract):
    """A fact that says too much, in every way that is looked for."""

    kite_id: Id
    finder_name: str
    found_by: Contact | None
    household: HouseholdDetails
    owners: list[Owner]
    gender: Gender
    born_on: date


class KiteSeen(Contract):
    """A fact with room for anything, beside fields that are bound."""

    kite_id: Id
    remark: str
    remarks: Annotated[list[str], Field(max_length=3)]
    answers: dict[Id, int]
    language: LanguageCode
    languages: list[LanguageCode]
    reply: Annotated[str, Field(max_length=500)] | None


@pytest.mark.parametrize("kind", FACTS)
def test_a_fact_has_no_field_for_personal_data(kind: str) -> None:
    assert list(personal_fields(published()[kind])) == []


@pytest.mark.parametrize("kind", FACTS)
def test_a_fact_has_no_free_text_but_a_reason(kind: str) -> None:
    allowed = {"reason"} if kind in REASONS else set()
    assert set(free_text(published()[kind])) == allowed


@pytest.mark.parametrize("kind", published())
def test_personal_data_travels_only_where_few_may_read(kind: str) -> None:
    wire = published()[kind].wire
    assert wire.classification is not PERSONAL or wire.exchange in CONFINED


@pytest.mark.parametrize("kind", published())
def test_what_holds_personal_data_says_so(kind: str) -> None:
    contract = published()[kind]
    if list(personal_fields(contract)):
        assert contract.wire.classification is PERSONAL


def test_personal_fields_are_found_by_name_and_by_kind() -> None:
    assert set(personal_fields(KiteLost)) >= {
        "finder_name",
        "found_by",
        "household",
        "owners.favourite",
        "owners.favourite.email",
        "gender",
        "born_on",
    }
    assert "kite_id" not in set(personal_fields(KiteLost))


def test_free_text_is_found_where_nothing_binds_it() -> None:
    assert list(free_text(KiteSeen)) == ["remark", "remarks", "reply"]


def test_a_fact_of_ids_and_numbers_is_clean() -> None:
    assert list(personal_fields(KiteFlown)) == list(free_text(KiteFlown)) == []
