"""A published message stays what it was: every class equals its frozen schema."""

import json
from pathlib import Path

import pytest

from shared.contracts import Classification, Contract, Exchange
from shared.contracts.people import Id
from tests.contracts.made_up import KiteFlown, travelling
from willkommen.commands.contracts import upkeep
from willkommen.contracts.catalogue import Catalogue
from willkommen.contracts.published import published
from willkommen.contracts.schemas import differences, frozen_schema
from willkommen.contracts.upkeep import ContractChangedError, Upkeep

KIND = KiteFlown.wire.type
FROZEN = sorted(path.stem for path in upkeep().schema_file("any").parent.glob("*.json"))


class KiteHigher(Contract):
    """A kite was flown, and how far up."""

    kite_id: Id
    feet: int


class KiteNote(Contract):
    """The same promise in other words."""

    kite_id: Id
    metres: int


class KiteTitled(Contract):
    """Fields that have the names of prose."""

    kite_id: Id
    title: str
    description: int


@pytest.mark.parametrize("kind", published())
def test_a_contract_equals_its_frozen_schema(kind: str) -> None:
    files = upkeep()
    frozen = json.loads(files.schema_file(kind).read_text())
    assert list(differences(frozen, frozen_schema(published()[kind]))) == [], files.changed()


@pytest.mark.parametrize("kind", FROZEN)
def test_a_frozen_schema_has_a_class(kind: str) -> None:
    assert kind in published(), upkeep().changed()


def test_the_check_finds_nothing_to_complain_about() -> None:
    files = upkeep()
    assert [*files.changed(), *files.missing()] == []


def upkeep_of(project: Path, *contracts: type[Contract]) -> Upkeep:
    """The files of a project in a folder of the test."""
    kinds = {contract.wire.type: contract for contract in contracts}
    return Upkeep(kinds, Catalogue(kinds, {}), project)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project that has published the flight of a kite."""
    files = upkeep_of(tmp_path, KiteFlown)
    files.schema_file(KIND).parent.mkdir(parents=True)
    files.example_file(KIND).parent.mkdir(parents=True)
    files.example_file(KIND).write_text('[{"kite_id": "k-1", "metres": 40}]')
    files.write()
    return tmp_path


def test_a_changed_field_is_reported_with_what_to_do(project: Path) -> None:
    changed = upkeep_of(project, travelling(KiteHigher)).changed()
    assert len(changed) == 1
    assert changed[0].startswith(
        "willkommen.kite.flown.v1 was published and has changed: properties.feet is new;"
        " properties.metres is gone; required was ['kite_id', 'metres'] and is ['kite_id', 'feet']"
    )
    assert "write a new class with version 2 beside it" in changed[0]


def test_nothing_is_written_over_a_changed_contract(project: Path) -> None:
    before = upkeep_of(project).schema_file(KIND).read_text()
    with pytest.raises(ContractChangedError, match=r"properties\.feet is new"):
        upkeep_of(project, travelling(KiteHigher)).write()
    assert upkeep_of(project).schema_file(KIND).read_text() == before


def test_another_exchange_is_a_change(project: Path) -> None:
    elsewhere = travelling(KiteNote, exchange=Exchange.PRIVATE)
    assert "x-exchange was 'events' and is 'private'" in upkeep_of(project, elsewhere).changed()[0]


def test_another_classification_is_a_change(project: Path) -> None:
    open_to_all = travelling(KiteNote, classification=Classification.PUBLIC)
    assert "x-classification was 'internal'" in upkeep_of(project, open_to_all).changed()[0]


def test_better_prose_is_no_change(project: Path) -> None:
    assert upkeep_of(project, travelling(KiteNote)).changed() == []


def test_a_removed_class_is_reported(project: Path) -> None:
    assert "has no class any more" in upkeep_of(project).changed()[0]


def test_a_new_version_beside_the_old_one_is_written(project: Path) -> None:
    second = travelling(KiteHigher, "willkommen.kite.flown.v2")
    files = upkeep_of(project, KiteFlown, second)
    files.example_file("willkommen.kite.flown.v2").write_text("[]")
    assert files.write() == [files.schema_file("willkommen.kite.flown.v2")]
    assert [*files.changed(), *files.missing()] == []


def test_a_missing_file_is_named(project: Path) -> None:
    files = upkeep_of(project, KiteFlown)
    files.example_file(KIND).unlink()
    assert files.missing() == [
        f"contracts/examples/{KIND}.json is missing: run `willkommen contracts write`"
    ]


def test_fields_named_like_prose_are_kept() -> None:
    schema = frozen_schema(travelling(KiteTitled))
    assert schema["properties"].keys() == {"kite_id", "title", "description"}
    assert "title" not in schema["properties"]["title"]
