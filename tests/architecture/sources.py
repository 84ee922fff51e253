"""The files of the project and what they import, as the rules look at them."""

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
OURS = frozenset({"benchmarks", "data", "local", "services", "shared", "tests", "willkommen"})


@dataclass(frozen=True)
class Import:
    """One imported name with its whole path, and whether it was written with leading dots."""

    line: int
    name: str
    relative: bool

    def within(self, *packages: str) -> bool:
        """Whether it lies in one of these packages."""
        return any(f"{self.name}.".startswith(f"{package}.") for package in packages)


@dataclass(frozen=True)
class Source:
    """A Python file by its path in the project."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, self.path)

    @property
    def service(self) -> str:
        """The service that it belongs to, else empty."""
        parts = self.path.split("/")
        return parts[1] if parts[0] == "services" and len(parts) > 2 else ""

    @cached_property
    def imports(self) -> list[Import]:
        """All imports, also those inside functions."""
        return [each for node in ast.walk(self.tree) for each in self._imported(node)]

    def _imported(self, node: ast.AST) -> Iterator[Import]:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(node.lineno, alias.name, relative=False)
        elif isinstance(node, ast.ImportFrom):
            package = self.path.split("/")[: -node.level] if node.level else []
            module = ".".join([*package, *([node.module] if node.module else [])])
            for alias in node.names:
                yield Import(node.lineno, f"{module}.{alias.name}", relative=node.level > 0)


def _git(*arguments: str) -> list[str]:
    command = ["git", "-C", str(PROJECT), "ls-files", "-z", *arguments]  # by PATH, as people do
    listed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return [path for path in listed.split("\0") if path and (PROJECT / path).is_file()]


@lru_cache
def tracked() -> tuple[str, ...]:
    """The files that git knows."""
    return tuple(_git())


@lru_cache
def files() -> tuple[str, ...]:
    """The files that git knows, and the new ones that it does not ignore."""
    return tuple(sorted(set(_git("--cached", "--others", "--exclude-standard"))))


@lru_cache
def sources(*folders: str) -> tuple[Source, ...]:
    """The Python files in some folders; in all when none is named."""
    return tuple(
        Source(path, (PROJECT / path).read_text())
        for path in files()
        if path.endswith(".py") and (not folders or path.startswith(folders))
    )
