"""Keeps the files of the published contracts: writes what is missing, never changes what is there.

`contracts/schemas` and `contracts/examples` hold a file for every type and version that was ever
published; `docs/events.md` and `contracts/asyncapi` are written anew each time.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shared.contracts import Contract
from willkommen.contracts.asyncapi import applications, document
from willkommen.contracts.catalogue import Catalogue
from willkommen.contracts.examples import drafts
from willkommen.contracts.published import version_of
from willkommen.contracts.schemas import differences, frozen_schema

PROJECT = Path(__file__).resolve().parents[2]
WRITE = "run `willkommen contracts write`"


class ContractChangedError(Exception):
    """A published contract is no longer what it was; the message says what to do."""


@dataclass(frozen=True)
class Upkeep:
    """The files of a project and the contracts that they should describe."""

    contracts: Mapping[str, type[Contract]]
    catalogue: Catalogue
    project: Path = PROJECT

    def schema_file(self, kind: str) -> Path:
        """Where the frozen schema of a type is kept."""
        return self.project / "contracts" / "schemas" / f"{kind}.json"

    def example_file(self, kind: str) -> Path:
        """Where the examples of a type are kept: a list of data, each as it would be sent."""
        return self.project / "contracts" / "examples" / f"{kind}.json"

    @property
    def events_file(self) -> Path:
        """The event catalogue."""
        return self.project / "docs" / "events.md"

    @property
    def asyncapi_folder(self) -> Path:
        """The AsyncAPI documents, one for each application."""
        return self.project / "contracts" / "asyncapi"

    def examples(self, kind: str) -> list[dict[str, Any]]:
        """The published examples of a type."""
        found: list[dict[str, Any]] = json.loads(self.example_file(kind).read_text())
        return found

    def generated(self) -> dict[Path, str]:
        """What follows from contracts, examples and subscriptions: the text of each file."""
        everybody = applications(self.contracts, self.catalogue.services)
        documents = {
            self.asyncapi_folder / f"{each.name}.json": _json(
                document(each, everybody, self.examples)
            )
            for each in everybody
        }
        return {self.events_file: self.catalogue.document(), **documents}

    def changed(self) -> list[str]:
        """A sentence for each published contract that changed or went away, and what to do."""
        frozen = sorted(path.stem for path in self.schema_file("any").parent.glob("*.json"))
        return [sentence for kind in frozen for sentence in self._broken(kind)]

    def missing(self) -> list[str]:
        """A sentence for each file that is missing or out of date."""
        files = [
            path
            for kind in self.contracts
            for path in (self.schema_file(kind), self.example_file(kind))
            if not path.exists()
        ]
        missing = [f"{path.relative_to(self.project)} is missing: {WRITE}" for path in files]
        return missing or self._stale()

    def _stale(self) -> list[str]:
        """A sentence for each generated file that is not what it would be if written now."""
        wanted = self.generated()
        left_over = set(self.asyncapi_folder.glob("*")) - wanted.keys()
        return [
            *(
                f"{path.relative_to(self.project)} is out of date: {WRITE}"
                for path, text in wanted.items()
                if not path.exists() or path.read_text() != text
            ),
            *(
                f"{path.relative_to(self.project)} belongs to nobody: delete it"
                for path in sorted(left_over)
            ),
        ]

    def write(self) -> list[Path]:
        """Write what is missing and give back the new files.

        Raises `ContractChangedError`, before anything is written, when a published one changed.
        """
        if changed := self.changed():
            raise ContractChangedError("\n".join(changed))
        fresh = dict(self._fresh())
        _write(fresh)
        _write(self.generated())
        return list(fresh)

    def _fresh(self) -> Iterator[tuple[Path, str]]:
        for kind, contract in self.contracts.items():
            if not self.schema_file(kind).exists():
                yield self.schema_file(kind), _json(frozen_schema(contract))
            if not self.example_file(kind).exists():
                yield self.example_file(kind), _json(drafts(contract))

    def _broken(self, kind: str) -> Iterator[str]:
        if kind not in self.contracts:
            yield (
                f"{kind} was published and has no class any more. Messages of this version may"
                " still be on their way or in the history: bring the class back."
            )
            return
        frozen = json.loads(self.schema_file(kind).read_text())
        if found := list(differences(frozen, frozen_schema(self.contracts[kind]))):
            yield (
                f"{kind} was published and has changed: {'; '.join(found)}. A published version"
                f" stays as it is: undo this, write a new class with version {version_of(kind) + 1}"
                f" beside it, and {WRITE}."
            )


def _write(files: Mapping[Path, str]) -> None:
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def _json(document: Any) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
