"""Whoever breaks a promise to others is stopped: each violation, made in a copy of the project,
fails the tests of the contracts.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.architecture.sources import PROJECT, files

NEEDED = (
    "contracts/",
    "data/ludwigsburg/partners.json",
    "docs/events.md",
    "local/",
    "pyproject.toml",
    "services/",
    "shared/",
    "tests/",
    "willkommen/",
)
CLOSED = "willkommen.household.closed.v1"
CONTRACTS = "shared/contracts/matching.py"
NEW_EVENT = '''

@message("household.moved", 1, Exchange.EVENTS, subject="household_id")
class HouseholdMoved(Contract):
    """A household moved within the city."""

    household_id: Id
'''


@dataclass(frozen=True)
class Copy:
    """The project in another folder, where anything may be broken."""

    folder: Path

    def replace(self, file: str, old: str, new: str) -> None:
        """Change a text that must be there."""
        text = (self.folder / file).read_text()
        assert old in text, f"{file} has no {old!r}"
        (self.folder / file).write_text(text.replace(old, new))

    def tests(self, file: str) -> subprocess.CompletedProcess[str]:
        """Run a file of the contracts' tests there."""
        options = ("-vv", "--no-header", "-p", "no:cacheprovider", "-o", "addopts=")
        return subprocess.run(
            [sys.executable, "-m", "pytest", *options, f"tests/contracts/{file}"],
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    for path in files():
        if path.startswith(NEEDED):
            target = tmp_path / path
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(PROJECT / path, target)
    return Copy(tmp_path)


def change_a_schema(copy: Copy) -> None:
    copy.replace(CONTRACTS, "    household_id: Id\n    partner: Id\n", "    household_id: Id\n")


def remove_a_class(copy: Copy) -> None:
    copy.replace(CONTRACTS, '"household.declined", 1', '"household.declined", 2')


def remove_the_examples(copy: Copy) -> None:
    (copy.folder / "contracts" / "examples" / f"{CLOSED}.json").unlink()


def remove_one_example(copy: Copy) -> None:
    path = copy.folder / "contracts/examples/willkommen.referral.submitted.v1.json"
    path.write_text(json.dumps(json.loads(path.read_text())[:-1]))


def add_an_event_without_a_word(copy: Copy) -> None:
    path = copy.folder / CONTRACTS
    path.write_text(path.read_text() + NEW_EVENT)


def publish_what_is_not_declared(copy: Copy) -> None:
    path = copy.folder / "services/notifications/handlers.py"
    said = "from shared.contracts.matching import HouseholdClosedV1\n\n"
    said += "SAID = HouseholdClosedV1(household_id='h-1')\n"
    path.write_text(f"{path.read_text()}\n\n{said}")


def edit_a_document(copy: Copy) -> None:
    copy.replace("contracts/asyncapi/partners.json", "referral.{partner}.submitted", "anywhere")


def edit_the_catalogue(copy: Copy) -> None:
    copy.replace("docs/events.md", "A household", "A family")


def forget_a_document(copy: Copy) -> None:
    (copy.folder / "contracts/asyncapi/network.json").unlink()


def keep_a_document_of_nobody(copy: Copy) -> None:
    folder = copy.folder / "contracts/asyncapi"
    shutil.copyfile(folder / "network.json", folder / "ministry.json")


def listen_to_more(copy: Copy) -> None:
    copy.replace(
        "services/network/app.py",
        "PARTS = Parts(",
        "from shared.contracts.matching import HouseholdClosedV1\n\n"
        "subscriptions.to(HouseholdClosedV1)(lambda message, store: None)\n"
        "PARTS = Parts(",
    )


VIOLATIONS: list[tuple[Callable[[Copy], None], str, str]] = [
    (change_a_schema, "test_frozen_schemas.py", "write a new class with version 2 beside it"),
    (remove_a_class, "test_frozen_schemas.py", "has no class any more"),
    (remove_the_examples, "test_examples.py", f"{CLOSED}.json"),
    (remove_one_example, "test_frozen_schemas.py", "partners.json is out of date"),
    (add_an_event_without_a_word, "test_frozen_schemas.py", "household.moved.v1.json is missing"),
    (publish_what_is_not_declared, "test_declarations.py", "does not declare"),
    (edit_a_document, "test_frozen_schemas.py", "partners.json is out of date"),
    (edit_the_catalogue, "test_catalogue.py", "willkommen contracts write"),
    (forget_a_document, "test_frozen_schemas.py", "network.json is out of date"),
    (keep_a_document_of_nobody, "test_frozen_schemas.py", "ministry.json belongs to nobody"),
    (listen_to_more, "test_frozen_schemas.py", "network.json is out of date"),
]


@pytest.mark.parametrize("file", sorted({file for _, file, _ in VIOLATIONS}))
def test_the_copy_itself_is_in_order(copy: Copy, file: str) -> None:
    ended = copy.tests(file)
    assert ended.returncode == 0, ended.stdout[-2000:]


@pytest.mark.parametrize(
    ("violate", "file", "reason"), VIOLATIONS, ids=[each[0].__name__ for each in VIOLATIONS]
)
def test_a_violation_fails(
    copy: Copy, violate: Callable[[Copy], None], file: str, reason: str
) -> None:
    violate(copy)
    ended = copy.tests(file)
    assert ended.returncode == 1, ended.stdout[-2000:]
    assert reason in ended.stdout, ended.stdout[-2000:]
