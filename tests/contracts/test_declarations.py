"""A service publishes what it declares and declares what it publishes: users' rights, the event
catalogue and the AsyncAPI documents follow from that.
"""

from pathlib import Path

import pytest

from shared.contracts import Contract
from shared.contracts.matching_households import HouseholdClosed
from shared.contracts.network import ActorRegistered
from tests.contracts.declarations import mentioned, undeclared
from willkommen.contracts.published import published
from willkommen.system import SERVICES

PROJECT = Path(__file__).resolve().parents[2]
HEART = PROJECT / "shared" / "messaging"


def sources(folder: Path) -> list[Path]:
    """The Python files of a folder, but for the one that declares."""
    return [path for path in sorted(folder.rglob("*.py")) if path.name != "app.py"]


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_makes_only_messages_that_it_declares(service: str) -> None:
    declared = SERVICES[service].publishes
    found = [
        f"{path.relative_to(PROJECT)} {sentence}"
        for path in sources(PROJECT / "services" / service)
        for sentence in undeclared(path.read_text(), published().values(), declared)
    ]
    assert found == []


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_has_a_place_where_it_makes_what_it_declares(service: str) -> None:
    paths = [*sources(PROJECT / "services" / service), *sources(HEART)]
    said = set[str]().union(*(mentioned(path.read_text()) for path in paths))
    declared = {each.__name__ for each in SERVICES[service].publishes if each.wire.type in latest()}
    assert declared - said == set()


def latest() -> set[str]:
    """The newest version of each message; older ones may be kept for their readers alone."""
    newest = {kind.rpartition(".v")[0]: kind for kind in sorted(published(), key=_version)}
    return set(newest.values())


def _version(kind: str) -> int:
    return int(kind.rpartition(".v")[2])


def test_what_is_not_declared_is_found() -> None:
    source = "facts = [HouseholdClosed(household_id='h'), network.ActorRegistered()]"
    contracts: list[type[Contract]] = [HouseholdClosed, ActorRegistered]
    assert list(undeclared(source, contracts, [HouseholdClosed])) == [
        "line 1 makes ActorRegistered, which the service does not declare in its `publishes`"
    ]
    assert list(undeclared(source, contracts, contracts)) == []
