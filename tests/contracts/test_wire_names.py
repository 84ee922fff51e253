"""Wire names and versions are written by hand, unique, and say what they are about."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

import shared.contracts
from shared.contracts import Classification, Exchange, catalogue
from shared.contracts.base import message
from tests.contracts.made_up import KiteFlown
from willkommen.contracts.published import published

PROJECT = Path(__file__).resolve().parents[2]
SOURCES = sorted((PROJECT / "shared" / "contracts").glob("*.py"))
NAME = re.compile(r"[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*")
CASUAL = "@message(NAME, 1 + 1, Exchange.EVENTS, subject='x')\nclass Kite(Contract): ..."


def written(source: str) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Name and version of each contract as they stand in a source."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ClassDef):
            for call in node.decorator_list:
                if isinstance(call, ast.Call) and ast.unparse(call.func) == "message":
                    yield call.args[0], call.args[1]


def by_hand(source: str) -> Iterator[tuple[str, int]]:
    """Names and versions; raises `TypeError` for one that is worked out."""
    for name, version in written(source):
        if not isinstance(name, ast.Constant) or not isinstance(version, ast.Constant):
            raise TypeError(f"write name and version by hand: {ast.unparse(name)}")
        yield str(name.value), int(str(version.value))


def test_names_and_versions_are_written_by_hand_and_once() -> None:
    found = Counter(pair for path in SOURCES for pair in by_hand(path.read_text()))
    assert {f"willkommen.{name}.v{version}" for name, version in found} == set(published())
    assert set(found.values()) == {1}


def test_a_name_that_is_worked_out_is_found() -> None:
    with pytest.raises(TypeError, match="by hand: NAME"):
        list(by_hand(CASUAL))


def test_a_type_cannot_be_taken_twice() -> None:
    taken = message("match.proposed", 1, Exchange.EVENTS, subject="kite_id")
    with pytest.raises(ValueError, match="taken by MatchProposed"):
        taken(KiteFlown)


def test_a_subject_must_be_a_field() -> None:
    before = dict(catalogue)
    with pytest.raises(TypeError, match="has no field 'colour'"):
        message("kite.painted", 1, Exchange.EVENTS, subject="colour")(KiteFlown)
    assert catalogue == before


@pytest.mark.parametrize("kind", published())
def test_a_type_is_aggregate_and_fact_with_a_version(kind: str) -> None:
    prefix, name, version = re.fullmatch(r"(willkommen)\.(.+)\.v([1-9]\d*)", kind).groups()  # type: ignore[union-attr]
    assert prefix
    assert version
    assert NAME.fullmatch(name)


@pytest.mark.parametrize("kind", published())
def test_a_contract_has_a_meaning_a_subject_and_a_classification(kind: str) -> None:
    contract = published()[kind]
    assert "__doc__" in vars(contract)
    assert (contract.__doc__ or "").strip().endswith((".", "`"))
    subject = contract.model_fields[contract.wire.subject]
    assert subject.is_required()
    assert contract.wire.classification in Classification


def test_a_version_follows_the_one_before_it() -> None:
    versions: dict[str, set[int]] = {}
    for kind in published():
        name, _, version = kind.rpartition(".v")
        versions.setdefault(name, set()).add(int(version))
    gaps = {name for name, each in versions.items() if each != set(range(1, len(each) + 1))}
    assert gaps == set()


def test_the_package_offers_every_publishers_module() -> None:
    homes = {contract.__module__.rpartition(".")[2] for contract in published().values()}
    assert homes <= set(shared.contracts.__all__)
