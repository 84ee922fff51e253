"""AsyncAPI's own parser and the specification's own JSON Schema, as judges of documents."""

import json
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from jsonschema import (  # type: ignore[import-untyped]  # it has no types of its own
    Draft7Validator,
)

from local.asyncapi import ensure_packages
from local.servers import STATE_FOLDER

SOURCES = Path(__file__).parent / "parser"
PACKAGES = STATE_FOLDER / "asyncapi"
SPECIFICATION = "node_modules/@asyncapi/specs/schemas/3.1.0.json"


class Judges:
    """Both judges, installed when they are not here yet."""

    def __init__(self) -> None:
        self._node = ensure_packages(SOURCES, PACKAGES)
        schema = json.loads((PACKAGES / SPECIFICATION).read_text())
        self._specification = Draft7Validator(schema)

    def parser_says(self, *files: Path) -> Mapping[Path, list[str]]:
        """Errors, warnings and advice of the parser for each file."""
        ended = subprocess.run(
            [self._node.node, SOURCES / "diagnose.cjs", *files],
            capture_output=True,
            text=True,
            check=True,
            env=self._node.environment | {"NODE_PATH": str(PACKAGES / "node_modules")},
            stdin=subprocess.DEVNULL,
        )
        return {Path(file): said for file, said in json.loads(ended.stdout).items()}

    def specification_says(self, document: Any) -> Iterator[str]:
        """Where a document is not what the specification's schema asks for."""
        for error in self._specification.iter_errors(document):
            yield f"{error.json_path}: {error.message[:200]}"
